package import Documents
package import Evaluation
internal import Glibc
package import Tensors

/// Why per-sample outcomes could not be kept or read.
package struct SampleStoreError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// The folder of per-sample outcomes beside a report: one `.npy` file per column, named by the first
/// 16 digits of the SHA-256 of its bytes.
///
/// A file appears whole and is never changed, so that equal columns of many trials share one file,
/// and threads and runs may write to one store at the same time. Files are not synced one by one,
/// which would cost more than many a trial: should the machine fail, the digest tells a file that
/// was cut short.
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
    let bytes: [UInt8]
    do {
      bytes = try column.npyHeader() + column.withBytes { Array($0) }
    } catch {
      throw SampleStoreError(description: "a column cannot be kept in \(directory): \(error)")
    }
    let digest = Self.digest(bytes)
    let path = path(of: digest)
    if !isIntact(path, digest) { try place(bytes, at: path) }
    return digest
  }

  /// Writes a file beside its place and moves it there.
  private func place(_ bytes: [UInt8], at path: String) throws(SampleStoreError) {
    let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let temporary = "\(directory)/.\(number).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    var isWritten = file >= 0
    var rest = bytes[...]
    while isWritten, !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { isWritten = false }
    }
    guard isWritten, rename(temporary, path) == 0 else {
      let reason = systemMessage()
      if file >= 0 { close(file) }
      unlink(temporary)
      throw SampleStoreError(description: "\(path) cannot be written: \(reason)")
    }
    close(file)
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

  /// Tells whether every column of a trial is there as it was written.
  package func holds(_ trial: TrialRecord) -> Bool {
    trial.sampleDigests.allSatisfy { isIntact(path(of: $0), $0) }
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
