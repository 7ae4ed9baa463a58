internal import Documents
internal import Glibc

/// Why a journal cannot be used.
package struct JournalError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// The append-only record of a run: one line of canonical JSON per finished trial.
///
/// Each line is written with one `write` and followed by `fsync`, so that a run that is killed at any
/// moment loses at most the trials in flight. A torn last line is dropped when the file is opened.
package final class Journal {
  package static let schema = "assay.journal/1"

  package let path: String
  /// The records found when the journal was opened, in the order of writing.
  package let existing: [TrialRecord]
  private let descriptor: Int32

  /// Opens the journal at `path`, or starts it.
  ///
  /// With `fresh`, what an earlier run left is discarded. One process at a time may hold a journal.
  package init(path: String, fresh: Bool) throws(JournalError) {
    self.path = path
    let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
    let file = open(path, flags, 0o644)
    guard file >= 0 else {
      throw JournalError(description: "cannot open the journal \(path): \(systemMessage(errno))")
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw JournalError(
        description: "another run is writing \(path); wait for it, or choose another --output")
    }
    if fresh { ftruncate(file, 0) }
    descriptor = file
    do {
      existing = try Journal.recover(file, path: path)
    } catch {
      close(file)
      throw error
    }
    if existing.isEmpty, lseek(file, 0, SEEK_END) == 0 {
      try append(line: ["schema": .string(Journal.schema)])
    }
  }

  deinit { close(descriptor) }

  /// Appends a finished trial; it is on disk when this returns.
  package func append(_ record: TrialRecord) throws(JournalError) {
    try append(line: record.json)
  }

  private func append(line: JSON) throws(JournalError) {
    let bytes = Array((line.canonicalText + "\n").utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw JournalError(
          description: "cannot write the journal \(path): \(systemMessage(errno))")
      }
      done += count
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw JournalError(description: "cannot sync the journal \(path): \(systemMessage(errno))")
    }
  }

  /// Reads all whole lines and cuts a torn one off the end.
  private static func recover(_ file: Int32, path: String) throws(JournalError) -> [TrialRecord] {
    let bytes = try contents(of: file, path: path)
    let whole = (bytes.lastIndex(of: newline) ?? -1) + 1
    if whole < bytes.count { ftruncate(file, off_t(whole)) }
    var records: [TrialRecord] = []
    for (index, line) in bytes[..<whole].split(separator: newline).enumerated() {
      let place = "\(path):\(index + 1)"
      let value: JSON
      do { value = try JSON(parsing: line) } catch {
        throw JournalError(description: "\(place): \(error); start anew with --fresh")
      }
      if index == 0 {
        guard value["schema"]?.string == schema else {
          throw JournalError(
            description: "\(place): this is not a journal of \(schema); choose another --output")
        }
        continue
      }
      do { records.append(try TrialRecord(json: value)) } catch {
        throw JournalError(description: "\(place): \(error); start anew with --fresh")
      }
    }
    return records
  }

  private static func contents(of file: Int32, path: String) throws(JournalError) -> [UInt8] {
    let size = Int(lseek(file, 0, SEEK_END))
    guard size > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < size {
      let count = bytes[done...].withUnsafeMutableBytes {
        pread(file, $0.baseAddress, $0.count, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw JournalError(description: "cannot read the journal \(path): \(systemMessage(errno))")
      }
      if count == 0 { break }
      done += count
    }
    return Array(bytes[..<done])
  }
}

private let newline = UInt8(ascii: "\n")

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
