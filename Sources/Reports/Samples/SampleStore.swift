package import Documents
internal import Glibc
package import Tensors

/// Why per-sample outcomes could not be kept or read.
package struct SampleStoreError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// The folder of per-sample outcomes beside a report: one `.npy` file per column, named by the first
/// 16 digits of the SHA-256 of its bytes.
///
/// A file is written once and never changed, so that equal columns of many trials share one file,
/// and threads and runs may write to one store at the same time.
package struct SampleStore: Sendable {
  package let directory: String

  package init(directory: String) { self.directory = directory }

  /// The store that belongs to a report: `out/report.samples` beside `out/report.json`.
  package init(besideReport path: String) {
    let base = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
    self.init(directory: base + ".samples")
  }

  // MARK: Writing

  /// Keeps columns and returns their digests by name.
  package func write(_ columns: [String: Tensor]) throws(SampleStoreError) -> [String: Digest] {
    var digests: [String: Digest] = [:]
    for (name, column) in columns { digests[name] = try write(column) }
    return digests
  }

  /// Keeps one column.
  package func write(_ column: Tensor) throws(SampleStoreError) -> Digest {
    guard mkdir(directory, 0o777) == 0 || errno == EEXIST else {
      throw SampleStoreError(
        description: "the folder \(directory) cannot be made: \(systemMessage())")
    }
    let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let temporary = "\(directory)/.\(number).tmp"
    defer { unlink(temporary) }
    let digest: Digest
    do {
      try column.writeNPY(to: temporary)
      digest = Self.digest(try fileContents(temporary))
    } catch {
      throw SampleStoreError(description: "a column cannot be kept in \(directory): \(error)")
    }
    let path = path(of: digest)
    if isIntact(path, digest) { return digest }
    guard rename(temporary, path) == 0 else {
      throw SampleStoreError(description: "\(path) cannot be written: \(systemMessage())")
    }
    return digest
  }

  // MARK: Reading

  /// Reads the columns that a trial names.
  package func read(_ digests: [String: Digest]) throws(SampleStoreError) -> [String: Tensor] {
    var columns: [String: Tensor] = [:]
    for name in digests.keys.sorted() {
      if let digest = digests[name] { columns[name] = try read(digest) }
    }
    return columns
  }

  /// Reads one column; a file whose bytes are not those that were written is refused.
  package func read(_ digest: Digest) throws(SampleStoreError) -> Tensor {
    let path = path(of: digest)
    do {
      guard Self.digest(try fileContents(path)) == digest else {
        throw SampleStoreError(
          description: "\(path) was changed after it was written; run the trials again")
      }
      return try Tensor.reading(npy: path)
    } catch let error as SampleStoreError {
      throw error
    } catch {
      throw SampleStoreError(description: "\(path): \(error)")
    }
  }

  /// Where a column lies.
  package func path(of digest: Digest) -> String { "\(directory)/\(digest.short).npy" }

  private func isIntact(_ path: String, _ digest: Digest) -> Bool {
    (try? fileContents(path)).map(Self.digest) == digest
  }

  private static func digest(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { Digest(of: $0) }
  }
}
