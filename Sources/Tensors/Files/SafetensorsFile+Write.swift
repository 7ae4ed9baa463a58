internal import Documents

extension SafetensorsFile {
  /// Writes tensors to a safetensors file, which appears whole or not at all.
  ///
  /// The data starts on a 64-byte border, and tensors with wide elements come first, so that every
  /// tensor is aligned for its type; equal tensors give equal bytes, in whatever order they come.
  package static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:],
    to path: String
  ) throws(TensorError) {
    let ordered = tensors.sorted { left, right in
      (-left.tensor.dtype.size, left.name) < (-right.tensor.dtype.size, right.name)
    }
    var members: [String: JSON] = [:]
    if !metadata.isEmpty { members["__metadata__"] = .object(metadata.mapValues(JSON.string)) }
    var end = 0
    for (name, tensor) in ordered {
      guard name != "__metadata__", !name.unicodeScalars.contains("\0"),
        let code = SafetensorsEntry.codes[tensor.dtype]
      else { throw TensorError("'\(name)' cannot be the name of a tensor", path: path) }
      guard tensor.shape.rank <= Shape.maximumRank else {
        throw TensorError(
          "the tensor '\(name)' has \(tensor.shape.rank) axes; at most \(Shape.maximumRank) can "
            + "be written", path: path)
      }
      let start = end
      end += tensor.byteCount
      let entry: JSON = [
        "dtype": .string(code), "shape": .array(tensor.shape.extents.map(JSON.init)),
        "data_offsets": [JSON(start), JSON(end)],
      ]
      guard members.updateValue(entry, forKey: name) == nil else {
        throw TensorError("two tensors have the name '\(name)'", path: path)
      }
    }
    var text = Array(JSON.object(members).canonicalText.utf8)
    text += [UInt8](repeating: 0x20, count: (64 - (8 + text.count) % 64) % 64)
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init)
    try writeFile(path, header: length + text, tensors: ordered.map(\.tensor))
  }
}
