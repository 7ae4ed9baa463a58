internal import Documents
internal import Glibc

/// Why a journal cannot be used.
package struct JournalError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// The append-only record of a run: one line of canonical JSON per finished trial, with its digest.
///
/// Each line is written with one `write` and followed by `fsync`, so that a run that is killed at any
/// moment loses at most the trials in flight. Lines that are not as they were written are found when
/// the file is opened and blanked out: their trials are measured anew, and nobody meets them again.
package final class Journal {
  package static let schema = "assay.journal/2"

  package let path: String
  /// The records found when the journal was opened, in the order of writing.
  package let existing: [TrialRecord]
  /// What was wrong with the file, one sentence each; empty for a journal as it was written.
  package let damage: [String]
  private let descriptor: Int32

  /// Opens the journal at `path`, or starts it.
  ///
  /// With `fresh`, what an earlier run left is discarded. One process at a time may hold a journal.
  package init(path: String, fresh: Bool) throws(JournalError) {
    self.path = path
    let flags = O_RDWR | O_CREAT | O_CLOEXEC
    let file = open(path, flags, 0o644)
    guard file >= 0 else {
      throw JournalError(description: "cannot open the journal \(path): \(systemMessage(errno))")
    }
    guard Journal.lock(file) else {
      close(file)
      throw JournalError(
        description: "another run is writing \(path); wait for it, or choose another --output")
    }
    if fresh { ftruncate(file, 0) }
    descriptor = file
    let found: JournalRecovery
    do throws(JournalError) {
      found = try Journal.recover(file, path: path)
    } catch {
      close(file)
      throw error
    }
    existing = found.records
    damage = found.sentences.map { "\(path): \($0)" }
    try append(found.missing)
  }

  deinit { close(descriptor) }

  /// Appends a finished trial; it is on disk when this returns.
  package func append(_ record: TrialRecord) throws(JournalError) {
    try append(JournalLine.bytes(of: record.json))
  }

  private func append(_ bytes: [UInt8]) throws(JournalError) {
    guard !bytes.isEmpty else { return }
    try Journal.write(bytes, to: descriptor, path)
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw JournalError(description: "cannot sync the journal \(path): \(systemMessage(errno))")
    }
  }

  /// Writes all bytes, at the end or over the bytes of `range`.
  private static func write(
    _ bytes: [UInt8], to file: Int32, _ path: String, _ range: Range<Int>? = nil
  ) throws(JournalError) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { rest in
        if let range {
          pwrite(file, rest.baseAddress, rest.count, off_t(range.lowerBound + done))
        } else {
          Glibc.write(file, rest.baseAddress, rest.count)
        }
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw JournalError(
          description: "cannot write the journal \(path): \(systemMessage(errno))")
      }
      done += count
    }
  }

  /// Takes the lock of an open journal; false while another run has it.
  ///
  /// A process that is just being started holds a copy of every descriptor until it runs its program,
  /// so that a lock that was given up may seem taken for a moment.
  private static func lock(_ file: Int32) -> Bool {
    for _ in 0..<50 {
      if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(10_000)
    }
    return false
  }

  /// Reads what the file holds, blanks out what is damaged and cuts off half a line at the end.
  private static func recover(
    _ file: Int32, path: String
  ) throws(JournalError) -> JournalRecovery {
    let found = JournalRecovery(try contents(of: file, path: path))
    guard found.isJournal else {
      throw JournalError(
        description: "\(path): this is not a journal of \(schema); choose another --output")
    }
    for range in found.blanked {
      try write([UInt8](repeating: blank, count: range.count), to: file, path, range)
    }
    if found.length < found.byteCount { ftruncate(file, off_t(found.length)) }
    lseek(file, off_t(found.length), SEEK_SET)
    return found
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

private let blank = UInt8(ascii: " ")

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
