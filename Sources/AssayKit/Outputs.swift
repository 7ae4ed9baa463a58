internal import CAssay
public import LinearAlgebra

/// The tensors that one call has to write, by name.
///
/// An output of known shape is lent as it is; one of open shape is allocated by asking for it, once.
public struct Outputs {
  private let host: Host
  private let tensors: UnsafeMutableBufferPointer<assay_tensor>

  init(_ call: assay_call, host: Host) {
    self.host = host
    tensors = UnsafeMutableBufferPointer(start: call.out, count: call.out_count)
  }

  /// The names of the outputs wanted, in contract order.
  public var names: [String] { tensors.map { String(assay: $0.name) } }

  /// Tells whether an output is wanted.
  public func wants(_ name: String) -> Bool { names.contains(name) }

  /// An f32 output `[rows, columns]` for writing.
  public func matrix(
    _ name: String, rows: Int, columns: Int
  ) throws(MethodError) -> MutableMatrixView<Float> {
    MutableMatrixView(
      try elements(name, of: Float.self, shape: [rows, columns]), rows: rows, columns: columns)
  }

  /// The elements of an output of the given type and shape, for writing.
  public func elements<T: TensorElement>(
    _ name: String, of type: T.Type, shape: [Int]
  ) throws(MethodError) -> UnsafeMutableBufferPointer<T> {
    guard let tensor = tensors.first(where: { String(assay: $0.name) == name }) else {
      throw .contract("output '\(name)' is not wanted; wanted: \(names.joined(separator: ", "))")
    }
    if tensor.flags & UInt64(ASSAY_TENSOR_DYNAMIC) != 0 {
      let count = shape.reduce(1, *)
      let data = try host.allocateOutput(name, T.elementType, shape)
      return UnsafeMutableBufferPointer(start: data?.assumingMemoryBound(to: T.self), count: count)
    }
    let view = try TensorView(reading: tensor)
    guard view.type == T.elementType, view.shape == shape else {
      throw .contract("\(view.described), but the method has \(T.elementType.rawValue) \(shape)")
    }
    return UnsafeMutableRawBufferPointer(mutating: view.bytes).assumingMemoryBound(to: T.self)
  }

  /// Writes strings, which travel as `name.bytes` (u8) and `name.offsets` (i64), both of open shape.
  public func write(_ strings: [String], to name: String) throws(MethodError) {
    let texts = strings.map { Array($0.utf8) }
    let bytes = try elements(
      "\(name).bytes", of: UInt8.self, shape: [texts.reduce(0) { $0 + $1.count }])
    let offsets = try elements("\(name).offsets", of: Int64.self, shape: [texts.count + 1])
    var end = 0
    offsets[0] = 0
    for (index, text) in texts.enumerated() {
      for byte in text {
        bytes[end] = byte
        end += 1
      }
      offsets[index + 1] = Int64(end)
    }
  }
}
