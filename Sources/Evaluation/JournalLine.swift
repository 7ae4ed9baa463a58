internal import Documents

/// One line of a journal, which carries the digest of its own bytes.
///
///     {"digest":"<64 digits>","trial":{...}}
///
/// The digest is over the bytes of the trial as they stand in the line, and everything else in the
/// line is fixed, so that no byte of it can change unnoticed.
enum JournalLine {
  private static let start = Array(#"{"digest":""#.utf8)
  private static let middle = Array(#"","trial":"#.utf8)
  private static let digestLength = 64

  /// The bytes of a line, with its end.
  static func bytes(of trial: JSON) -> [UInt8] {
    let text = Array(trial.canonicalText.utf8)
    let digest = text.withUnsafeBytes { Digest(of: $0) }
    return start + Array(digest.description.utf8) + middle + text + Array("}\n".utf8)
  }

  /// The trial of a line without its end; nil when it is not whole as it was written.
  static func trial(in line: ArraySlice<UInt8>) -> TrialRecord? {
    let digestStart = line.startIndex + start.count
    let textStart = digestStart + digestLength + middle.count
    guard line.count > textStart - line.startIndex, line.last == UInt8(ascii: "}"),
      line.starts(with: start), line[(digestStart + digestLength)...].starts(with: middle)
    else { return nil }
    let text = line[textStart..<(line.endIndex - 1)]
    let written = String(
      decoding: line[digestStart..<(digestStart + digestLength)], as: UTF8.self)
    guard text.withUnsafeBytes({ Digest(of: $0) }).description == written,
      let json = try? JSON(parsing: text)
    else { return nil }
    return try? TrialRecord(json: json)
  }
}
