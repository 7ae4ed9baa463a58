internal import CConvert

/// Reads chosen rows of a tensor `[N, ...]` of any element type as f32, in one pass over memory.
///
///     let source = try RowReader.source(
///       name: "train.features", tensor: features, rows: [4, 0, 7], normalised: true)
///
/// Normalising divides each vector along the last axis by its L2 norm, which is summed in f64; so
/// `[K, P, D]` gives `K * P` vectors of length 1. A zero vector stays zero, and a vector with a norm
/// that is not finite becomes NaN. The same bits come out on every machine.
package struct RowReader: Sendable {
  let tensor: Tensor
  /// The number of rows, N.
  package let rowCount: Int
  /// The number of elements of one row.
  package let rowLength: Int

  /// Takes over a tensor of at least one axis.
  package init(_ tensor: Tensor) throws(TensorError) {
    guard let rowCount = tensor.shape.extents.first else {
      throw TensorError("a scalar has no rows; a shape [N, ...] is wanted")
    }
    self.tensor = tensor
    self.rowCount = rowCount
    rowLength = tensor.shape.extents.dropFirst().reduce(1, *)
  }

  /// The shape that the given rows have; nil means all rows.
  package func shape(rows: [Int]? = nil) -> Shape {
    Shape([rows?.count ?? rowCount] + tensor.shape.extents.dropFirst())
  }

  /// Writes rows as f32 to given memory, which must be of exactly their size and aligned for f32.
  ///
  /// - Parameter rows: Row numbers in `0 ..< N`, in any order and with repeats; nil means all rows.
  package func write(
    rows: [Int]? = nil, normalised: Bool = false, to bytes: UnsafeMutableRawBufferPointer
  ) throws(TensorError) {
    try check(rows: rows, normalised: normalised)
    let shape = shape(rows: rows)
    guard bytes.count == shape.count * MemoryLayout<Float>.size else {
      throw TensorError(
        "\(bytes.count) bytes of memory are given, but f32 \(shape) takes "
          + "\(shape.count * MemoryLayout<Float>.size)")
    }
    guard shape.count > 0, let target = bytes.baseAddress else { return }
    tensor.withBytes { source in
      guard let source = source.baseAddress else { return }
      write(rows, normalised, from: source, to: target.assumingMemoryBound(to: Float.self))
    }
  }

  /// The rows as a new f32 tensor.
  package func tensor(
    rows: [Int]? = nil, normalised: Bool = false
  ) throws(TensorError) -> Tensor {
    let result = Tensor(dtype: .f32, shape: shape(rows: rows)) { _ in }
    let base = UnsafeMutableRawBufferPointer(start: result.storage.base, count: result.byteCount)
    try write(rows: rows, normalised: normalised, to: base)
    return result
  }

  /// A source that reads the rows when it is written; rows are checked now.
  package static func source(
    name: String, tensor: Tensor, rows: [Int]? = nil, normalised: Bool = false,
    sharingKey: String? = nil
  ) throws(TensorError) -> TensorSource {
    let reader = try RowReader(tensor)
    try reader.check(rows: rows, normalised: normalised)
    return TensorSource(
      name: name, dtype: .f32, shape: reader.shape(rows: rows), sharingKey: sharingKey
    ) { bytes in try reader.write(rows: rows, normalised: normalised, to: bytes) }
  }

  /// The row and the place in it of the first number that is not finite as f32; nil if all are.
  package func firstNotFinite(rows: [Int]? = nil) -> (row: Int, place: Int)? {
    let element = tensor.dtype.element
    return tensor.withBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      guard let rows else {
        let found = assay_first_not_finite(element, base, tensor.count)
        return found < tensor.count ? (found / rowLength, found % rowLength) : nil
      }
      for row in rows {
        let place = assay_first_not_finite(
          element, base + row * rowLength * tensor.dtype.size, rowLength)
        if place < rowLength { return (row, place) }
      }
      return nil
    }
  }

  // MARK: Parts

  private func check(rows: [Int]?, normalised: Bool) throws(TensorError) {
    guard !normalised || tensor.shape.rank >= 2 else {
      throw TensorError(
        "only vectors can be normalised: the shape is \(tensor.shape), wanted is [N, ..., D]")
    }
    try checkRows(rows ?? [], below: rowCount)
  }

  /// The memory is walked once: each row is converted and scaled while it lies in the cache.
  private func write(
    _ rows: [Int]?, _ normalised: Bool, from source: UnsafeRawPointer,
    to target: UnsafeMutablePointer<Float>
  ) {
    let element = tensor.dtype.element
    guard normalised || rows != nil else {
      return assay_convert_to_f32(element, source, target, tensor.count)
    }
    let stride = rowLength * tensor.dtype.size
    let width = tensor.shape.extents.last ?? 1
    for index in 0..<(rows?.count ?? rowCount) {
      let row = source + (rows?[index] ?? index) * stride
      let output = target + index * rowLength
      guard normalised else {
        assay_convert_to_f32(element, row, output, rowLength)
        continue
      }
      for start in Swift.stride(from: 0, to: rowLength, by: width) {
        let vector = row + start * tensor.dtype.size
        if tensor.dtype == .f64 {
          assay_normalise_f64(vector.assumingMemoryBound(to: Double.self), output + start, width)
        } else {
          assay_convert_to_f32(element, vector, output + start, width)
          assay_normalise_f32(output + start, width)
        }
      }
    }
  }
}

/// Refuses row numbers outside `0 ..< count`.
func checkRows(_ rows: [Int], below count: Int) throws(TensorError) {
  if let place = rows.firstIndex(where: { $0 < 0 || $0 >= count }) {
    throw TensorError(
      "row \(rows[place]), the choice at \(place), is not in 0 ..< \(count)")
  }
}

extension DType {
  /// The same type for the C kernels.
  var element: assay_element {
    switch self {
    case .bool: ASSAY_ELEMENT_BOOL
    case .u8: ASSAY_ELEMENT_U8
    case .i8: ASSAY_ELEMENT_I8
    case .u16: ASSAY_ELEMENT_U16
    case .i16: ASSAY_ELEMENT_I16
    case .u32: ASSAY_ELEMENT_U32
    case .i32: ASSAY_ELEMENT_I32
    case .u64: ASSAY_ELEMENT_U64
    case .i64: ASSAY_ELEMENT_I64
    case .f16: ASSAY_ELEMENT_F16
    case .bf16: ASSAY_ELEMENT_BF16
    case .f32: ASSAY_ELEMENT_F32
    case .f64: ASSAY_ELEMENT_F64
    }
  }
}
