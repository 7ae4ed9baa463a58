internal import Datasets
internal import Tensors

/// Array files and dataset folders, as the `data` verb sees them.
enum ArrayFile {
  /// The named arrays of a dataset folder, a .npy or a .safetensors file, sorted by name.
  static func tensors(at path: String) throws -> [(name: String, tensor: Tensor)] {
    if Locations.isFolder(path) {
      let dataset = try Dataset.open(path)
      return dataset.arrays.keys.sorted().compactMap { name in
        dataset.arrays[name].map { (name, $0.tensor) }
      }
    }
    if path.hasSuffix(".safetensors") {
      let file = try SafetensorsFile(path: path)
      return try file.names.sorted().map { ($0, try file.tensor(named: $0)) }
    }
    let name = path.split(separator: "/").last ?? ""
    let stem = name.hasSuffix(".npy") ? String(name.dropLast(4)) : String(name)
    return [(stem, try Tensor.reading(npy: path))]
  }

  /// Writes arrays to one .safetensors file, one .npy file, or a folder of .npy files.
  static func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
    if path.hasSuffix(".safetensors") {
      try SafetensorsFile.write(tensors, to: path)
    } else if path.hasSuffix(".npy") {
      guard tensors.count == 1, let only = tensors.first else {
        throw UsageError(
          description: "\(path) holds one array, but there are \(tensors.count): name a folder")
      }
      try only.tensor.writeNPY(to: path)
    } else {
      try OutputFiles.makeFolder(path)
      for (name, tensor) in tensors {
        guard !name.contains("/"), !name.hasPrefix(".") else {
          throw UsageError(description: "the array '\(name)' has a name that is no file name")
        }
        try tensor.writeNPY(to: "\(path)/\(name).npy")
      }
    }
  }
}
