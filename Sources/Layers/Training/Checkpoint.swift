package import Autograd
package import Tensors

/// Parameters in a safetensors file, by their names.
///
///     try Checkpoint.write(model.parameters, to: "model.safetensors")
///     try Checkpoint.read("model.safetensors", into: model.parameters)
package enum Checkpoint {
  /// Writes all parameters as f32; the file appears whole or not at all.
  package static func write(
    _ parameters: [NetworkParameter], metadata: [String: String] = [:], to path: String
  ) throws(TensorError) {
    let tensors = parameters.map { (name: $0.name, tensor: Tensor($0.numbers, shape: $0.shape)) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: path)
  }

  /// Reads numbers of any floating type into parameters of the same names and shapes.
  ///
  /// Tensors that no parameter asks for are left out, and their names returned, sorted. A tensor
  /// that is missing, or has another shape, throws before any parameter is changed.
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
