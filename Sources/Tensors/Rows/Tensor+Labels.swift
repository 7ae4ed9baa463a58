extension Tensor {
  /// The values of the chosen rows of an integer tensor `[N, ...]` as i32, row after row.
  ///
  /// - Parameter rows: Row numbers in `0 ..< N`, in any order and with repeats; nil means all rows.
  /// - Throws: An error that names the first value outside the range of i32, the first row that does
  ///   not exist, or the element type when it is no integer (bool counts as 0 and 1).
  package func int32Values(rows: [Int]? = nil) throws(TensorError) -> [Int32] {
    switch dtype {
    case .bool: try gathered(rows, UInt8.self).map { $0 == 0 ? 0 : 1 }
    case .u8: try gathered(rows, UInt8.self).map(Int32.init)
    case .i8: try gathered(rows, Int8.self).map(Int32.init)
    case .u16: try gathered(rows, UInt16.self).map(Int32.init)
    case .i16: try gathered(rows, Int16.self).map(Int32.init)
    case .i32: try gathered(rows, Int32.self)
    case .u32: try Tensor.narrowed(gathered(rows, UInt32.self))
    case .u64: try Tensor.narrowed(gathered(rows, UInt64.self))
    case .i64: try Tensor.narrowed(gathered(rows, Int64.self))
    case .f16, .bf16, .f32, .f64:
      throw TensorError(
        "labels must be integers, but the elements are \(dtype.rawValue); save them as an integer "
          + "type")
    }
  }

  private func gathered<T: FixedWidthInteger & BitwiseCopyable>(
    _ rows: [Int]?, _ type: T.Type
  ) throws(TensorError) -> [T] {
    guard let rowCount = shape.extents.first else {
      throw TensorError("a scalar has no rows; labels of the shape [N] are wanted")
    }
    try checkRows(rows ?? [], below: rowCount)
    return withElements(of: type) { elements in
      guard let rows else { return Array(elements) }
      let length = shape.extents.dropFirst().reduce(1, *)
      if length == 1 { return rows.map { elements[$0] } }
      return rows.flatMap { elements[($0 * length)..<(($0 + 1) * length)] }
    }
  }

  private static func narrowed(
    _ values: [some FixedWidthInteger]
  ) throws(TensorError) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let label = Int32(exactly: value) else {
        throw TensorError("the label \(value), number \(index), does not fit in 32 bits with sign")
      }
      result.append(label)
    }
    return result
  }
}
