package import Documents
internal import Glibc
internal import Tensors

extension ScenePlan {
  /// Writes the dataset: `dataset.json`, `generator.json`, and for each split arrays and texts.
  ///
  /// - Parameter folder: A folder that is there or whose parent is; files of the same names are
  ///   replaced. The manifest is written last.
  /// - Returns: The digest of the arrays and texts, which is the same on every machine.
  @discardableResult
  package func write(to folder: String) throws(SceneError) -> Digest {
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw SceneError(
        .notWritten, "cannot make the folder \(folder): \(String(cString: strerror(errno)))")
    }
    var (digests, extra, files): ([String: JSON], [String: JSON], [String: JSON]) = ([:], [:], [:])
    for split in Split.allCases {
      let count = set.count(split, extent)
      guard count > 0 else { continue }
      let columns = set.columns(recipe, split, count: count)
      let tensors = columns.columns.map { (name: $0.name, tensor: $0.tensor) }
      let arrays = "\(split).safetensors"
      do throws(TensorError) {
        try SafetensorsFile.write(tensors, to: "\(folder)/\(arrays)")
      } catch {
        throw SceneError(.notWritten, "\(error)")
      }
      digests[arrays] = try digest(of: arrays, in: folder)
      for column in columns.columns {
        extra["\(split).\(column.name)"] = [
          "file": .string(arrays), "key": .string(column.name),
          "summary": .string("\(column.tensor.shape): \(column.summary)"),
        ]
      }
      for (name, lines) in columns.lines.sorted(by: { $0.key < $1.key }) {
        let file = "\(split).\(name).txt"
        try write(lines.map { $0 + "\n" }.joined(), to: "\(folder)/\(file)")
        digests[file] = try digest(of: file, in: folder)
        files["\(split).\(name)"] = .string(file)
      }
    }
    let total = Digest(of: .object(digests))
    var generator = document.object ?? [:]
    generator["files"] = .object(digests)
    generator["digest"] = .string(total.description)
    try write(JSON.object(generator).prettyText + "\n", to: "\(folder)/generator.json")
    files["generator"] = "generator.json"
    let manifest = manifest(extra: extra, files: files)
    try write(manifest.prettyText + "\n", to: "\(folder)/dataset.json")
    return total
  }

  private func manifest(extra: [String: JSON], files: [String: JSON]) -> JSON {
    let command =
      "assay data plant \(set) --preset \(recipe.preset.name) --seed \(recipe.seed)"
      + " --side \(recipe.side) --extent \(extent)"
    return [
      "schema": "assay.dataset/1", "id": .string(id),
      "version": .string("\(ScenePlan.version).0.0"), "title": .string(set.title),
      "description": .string(
        "Made pictures, the same bytes for a seed on every machine; generator.json has the knobs, "
          + "the names of the numbers in the arrays, and the digests of the files."),
      "source": .string("made by: \(command)"), "licence": "CC0-1.0",
      "extra": .object(extra), "files": .object(files),
    ]
  }

  private func write(_ text: String, to path: String) throws(SceneError) {
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(to: path) { file throws(AtomicFile.Failure) in
        try file.write(Array(text.utf8))
      }
    } catch {
      throw SceneError(.notWritten, "\(path): \(error)")
    }
  }

  private func digest(of file: String, in folder: String) throws(SceneError) -> JSON {
    guard let digest = fileDigest("\(folder)/\(file)") else {
      throw SceneError(.notWritten, "\(folder)/\(file) cannot be read again")
    }
    return .string(digest.description)
  }
}

/// The digest of a file's bytes; nil where it cannot be read.
func fileDigest(_ path: String) -> Digest? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var hasher = Hasher256()
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return ferror(file) == 0 ? hasher.finish() : nil }
    buffer[..<count].withUnsafeBytes { hasher.update($0) }
  }
}
