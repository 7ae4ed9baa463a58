internal import Datasets
internal import Documents
internal import Encoders
internal import Evaluation
internal import Glibc
internal import Reports
internal import Suites
internal import Tensors

/// A reader of what strangers may have written: whatever the bytes, it ends in a value or an error.
package enum Reader: String, CaseIterable, Sendable {
  case npy, safetensors, manifest, suite, report, config, control, description, store
  case picture

  /// Whether the bytes are read from memory, not from a file.
  fileprivate var isInMemory: Bool { [.control, .description, .config, .picture].contains(self) }
}

/// A folder in memory whose one file is written anew for each input.
package final class ReaderFolder {
  private let path: String
  private let file: String
  private let reader: Reader

  /// Makes the folder; `place` is a folder in memory or on a disk.
  package init(_ reader: Reader, in place: String) {
    var template = Array("\(place)/assay-fuzz-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { fatalError("cannot make a folder in \(place)") }
    path = String(cString: made)
    let name =
      switch reader {
      case .npy: "x.npy"
      case .safetensors: "x.safetensors"
      case .manifest: "dataset.json"
      case .suite, .report, .config, .control, .description, .picture: "x.json"
      case .store: "x.store"
      }
    file = "\(path)/\(name)"
    self.reader = reader
    // Manifests name these, so that opening goes beyond the manifest.
    if reader == .manifest {
      try? Tensor([Float](repeating: 1, count: 12), shape: [3, 4]).writeNPY(to: "\(path)/x.npy")
      try? Tensor([Int32(0), 1, 2], shape: [3]).writeNPY(to: "\(path)/y.npy")
      write(Array("ant\nbee\ncat\n".utf8), to: "\(path)/names.txt")
    }
  }

  deinit {
    for name in [
      "x.npy", "y.npy", "names.txt", "x.safetensors", "dataset.json", "x.json", "x.store",
    ] {
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }

  /// Has the reader read the bytes; true when it took them.
  @discardableResult
  package func read(_ bytes: [UInt8]) -> Bool {
    if !reader.isInMemory { write(bytes, to: file) }
    do {
      switch reader {
      case .npy:
        let tensor = try Tensor.reading(npy: file)
        if tensor.shape.rank > 0 { _ = try RowReader(tensor).tensor() }
      case .safetensors:
        let opened = try SafetensorsFile(path: file)
        for name in opened.names { _ = try opened.tensor(named: name) }
      case .manifest: _ = try Dataset.open(path)
      case .suite: _ = try Suite.read(file)
      case .report: _ = try Report(path: file)
      case .config: try readConfig(bytes)
      case .control: return Channel.readTrial(bytes)
      case .description: return Channel.readDescription(bytes)
      case .store: return try readStore()
      case .picture: try readPicture(bytes)
      }
      return true
    } catch {
      // An error has a sentence, whatever the bytes were.
      precondition(!"\(error)".isEmpty)
      return false
    }
  }

  /// Opens a store as a run does; true when a trial of it can be reused.
  private func readStore() throws -> Bool {
    defer { for ending in [".broken", "-wal", "-shm", "-journal"] { unlink(file + ending) } }
    let store = try TrialStore(writing: file, fresh: false)
    return store.existing.contains { store.holds($0) }
  }

  /// A picture, decoded where a sanitizer sees it.
  private func readPicture(_ bytes: [UInt8]) throws {
    var limits = PictureLimits()
    // What is allowed is decoded, and a million pixels a run are a long wait.
    limits.pixels = 1 << 14
    let picture = try PictureDecoder(limits: limits, in: .here).picture(of: bytes, path: "x")
    precondition(picture.width * picture.height <= limits.pixels)
    precondition(picture.bytes.count == picture.width * picture.height * 3)
  }

  /// A schema, a NUL and a config that is held against it and completed.
  private func readConfig(_ bytes: [UInt8]) throws {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let schema = try JSONSchema(try Document(text: Array(parts[0]), path: "schema").value)
    let config = try Document(text: parts.count > 1 ? Array(parts[1]) : [], path: "config").value
    if schema.validate(config, source: nil).isEmpty {
      let complete = schema.completing(config)
      // A completed config is written and read again without a change.
      let text = complete.canonicalText
      let again = try Document(text: Array(text.utf8), path: "config").value
      precondition(again.canonicalText == text)
    }
  }

  private func write(_ bytes: [UInt8], to file: String) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { fatalError("cannot write \(file)") }
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }
}
