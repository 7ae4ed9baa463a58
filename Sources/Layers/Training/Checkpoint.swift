package import Autograd
package import Tensors

/// Parameters in a safetensors file, by their names.
///
///     try Checkpoint.write(model.parameters, to: "model.safetensors")
///     try Checkpoint.read("model.safetensors", into: model.parameters)
package enum Checkpoint {
  /// Writes all parameters as f32, f16 or bf16; the file appears whole or not at all.
  ///
  /// Numbers are rounded to the nearest of the type, halves to even; beyond the range of f16 they
  /// become infinite.
  package static func write(
    _ parameters: [NetworkParameter], as dtype: DType = .f32, metadata: [String: String] = [:],
    to path: String
  ) throws(TensorError) {
    guard [.f32, .f16, .bf16].contains(dtype) else {
      throw TensorError(
        "weights are written as f32, f16 or bf16, not \(dtype.rawValue)", path: path)
    }
    let tensors = parameters.map { (name: $0.name, tensor: tensor(of: $0, dtype)) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: path)
  }

  private static func tensor(of parameter: NetworkParameter, _ dtype: DType) -> Tensor {
    let numbers = parameter.numbers
    guard dtype != .f32 else { return Tensor(numbers, shape: parameter.shape) }
    let halves = numbers.map { number in
      guard dtype == .bf16 else { return Float16(number).bitPattern }
      let bits = number.bitPattern
      // What is no number stays none, whose bits rounding could carry into infinity.
      guard !number.isNaN else { return UInt16(truncatingIfNeeded: bits >> 16) | 1 << 6 }
      return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
    }
    return Tensor(dtype: dtype, shape: parameter.shape) { bytes in
      halves.withUnsafeBytes(bytes.copyMemory)
    }
  }

  /// Reads numbers of any floating type into parameters of the same names and shapes.
  ///
  /// Numbers of f32 stay in the mapped file until they are written for the first time. Tensors that
  /// no parameter asks for are left out, and their names returned, sorted. A tensor that is missing,
  /// or has another shape, throws before any parameter is changed.
  @discardableResult
  package static func read(
    _ path: String, into parameters: [NetworkParameter]
  ) throws(TensorError) -> [String] {
    let file = try SafetensorsFile(path: path)
    for parameter in parameters {
      let form = try file.form(of: parameter.name)
      guard form.shape == parameter.shape, form.dtype?.isFloat == true else {
        throw TensorError(
          "the tensor '\(parameter.name)' is \(form.dtype?.rawValue ?? "of an unknown type") "
            + "\(form.shape), but the parameter has floating numbers \(parameter.shape)",
          path: path)
      }
    }
    for parameter in parameters {
      let tensor = try file.tensor(named: parameter.name)
      if tensor.dtype == .f32 {
        parameter.borrow(tensor)
        continue
      }
      let flat = Tensor(
        dtype: tensor.dtype, shape: [1, tensor.count], storage: tensor.storage,
        byteOffset: tensor.byteOffset)
      let reader = try RowReader(flat)
      try parameter.withNumbers { (numbers) throws(TensorError) in
        try reader.write(to: UnsafeMutableRawBufferPointer(numbers))
      }
    }
    let wanted = Set(parameters.map(\.name))
    return file.names.filter { !wanted.contains($0) }
  }
}
