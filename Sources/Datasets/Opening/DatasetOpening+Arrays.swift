internal import Documents
internal import Tensors

extension DatasetOpening {
  mutating func load(_ reference: ArrayReference) -> DatasetArray? {
    let found =
      if let lines = reference.lines {
        textLines(reference.file, lines, reference.pointer)
      } else { tensor(reference.file, reference.key, reference.pointer) }
    guard let whole = found else { return nil }
    guard reference.at.count < whole.shape.rank else {
      report(
        reference.pointer,
        "'\(reference.file)' has shape \(whole.shape); \(reference.at.count) indexes in 'at' "
          + "leave no axis for rows")
      return nil
    }
    var tensor = whole
    for (axis, index) in reference.at.enumerated() {
      guard index < tensor.shape[0] else {
        report(
          "\(reference.pointer)/at/\(axis)",
          "index \(index) is past axis \(axis) of '\(reference.file)', which has shape "
            + "\(whole.shape)")
        return nil
      }
      let rest = Shape(Array(tensor.shape.extents.dropFirst()))
      tensor = Tensor(
        dtype: tensor.dtype, shape: rest, storage: tensor.storage,
        byteOffset: tensor.byteOffset + index * rest.count * tensor.dtype.size)
    }
    var selected: [Int]?
    if let selection = reference.rows {
      selected = rows(selection, of: tensor.shape[0], "\(reference.pointer)/rows")
      guard selected != nil else { return nil }
    }
    if reference.normalisation == .l2, tensor.shape.rank < 2 {
      report(
        "\(reference.pointer)/normalize",
        "rows of '\(reference.file)' are single numbers, which have no length to normalise")
      return nil
    }
    let identity = reference.identity.canonicalText
    let contents = reference.files.map { fileDigests[$0]?.description ?? "" }
    return DatasetArray(
      tensor: tensor, rows: selected, normalisation: reference.normalisation,
      sharingKey: "\(digest) \(identity)",
      contentKey: contents.contains("") ? nil : "\(contents.joined(separator: " ")) \(identity)")
  }

  private mutating func tensor(_ file: String, _ key: String?, _ pointer: String) -> Tensor? {
    guard let resolved = files[file] else { return nil }
    do {
      guard file.hasSuffix(".safetensors") else {
        if key != nil {
          report(pointer, "'key' is for .safetensors files, not for '\(file)'")
          return nil
        }
        let opened = try mapped[resolved] ?? Tensor.reading(npy: resolved, followingLinks: false)
        mapped[resolved] = opened
        return opened
      }
      let opened =
        try safetensors[resolved] ?? SafetensorsFile(path: resolved, followingLinks: false)
      safetensors[resolved] = opened
      guard let key else {
        report(pointer, "name the tensor of '\(file)' with 'key'")
        return nil
      }
      return try opened.tensor(named: key)
    } catch {
      report(pointer, "\(error)")
      return nil
    }
  }

  /// The lines of a text file as one of the two arrays that hold them.
  private mutating func textLines(
    _ file: String, _ lines: TextLines, _ pointer: String
  ) -> Tensor? {
    guard files[file] != nil else { return nil }
    guard file.hasSuffix(".txt") else {
      report(pointer, "'lines' is for .txt files, not for '\(file)'")
      return nil
    }
    let names = names(.file(file), pointer)
    guard !names.isEmpty else { return nil }
    switch lines {
    case .bytes:
      let bytes = names.flatMap { Array($0.utf8) }
      return Tensor(dtype: .u8, shape: [bytes.count]) { bytes.withUnsafeBytes($0.copyMemory) }
    case .offsets:
      let offsets = names.reduce(into: [Int64(0)]) {
        $0.append($0[$0.count - 1] + Int64($1.utf8.count))
      }
      return Tensor(dtype: .i64, shape: [offsets.count]) { offsets.withUnsafeBytes($0.copyMemory) }
    }
  }

  /// The row numbers of a selection, or nil with a problem.
  mutating func rows(
    _ selection: RowSelection, of count: Int, _ pointer: String
  ) -> [Int]? {
    switch selection {
    case .range(let from, let to):
      guard from <= to, to <= count else {
        report(pointer, "rows \(from) ..< \(to) are not in 0 ..< \(count)")
        return nil
      }
      return Array(from..<to)
    case .file(let file, let key):
      guard let numbers = tensor(file, key, pointer) else { return nil }
      guard numbers.shape.rank == 1, let values = try? numbers.int32Values() else {
        report(
          pointer,
          "row numbers are integers [N], but '\(file)' holds \(numbers.dtype) \(numbers.shape)")
        return nil
      }
      if let bad = values.first(where: { $0 < 0 || $0 >= count }) {
        report(pointer, "row \(bad) of '\(file)' is not in 0 ..< \(count)")
        return nil
      }
      return values.map(Int.init)
    }
  }
}
