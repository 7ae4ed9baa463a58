internal import Documents
internal import PluginHost

/// What the bytes of a journal still say, whatever became of them.
package struct JournalRecovery {
  /// False for a file that somebody else wrote, which must not be touched.
  package private(set) var isJournal = true
  /// The records of the lines that are as they were written, in their order.
  package private(set) var records: [TrialRecord] = []
  /// The lines to be overwritten with blanks, without their ends.
  package private(set) var blanked: [Range<Int>] = []
  /// How much of the file stays; what is behind was cut off in the middle of a line.
  package private(set) var length: Int
  package let byteCount: Int
  /// What has to be appended before anything else: the first line, or the end of the last.
  package private(set) var missing: [UInt8] = []
  /// What was found, for people.
  package private(set) var sentences: [String] = []

  private static let header = Array(#"{"schema":"\#(Journal.schema)"}"#.utf8)
  private static let newline = UInt8(ascii: "\n")

  /// Reads the bytes of a journal file.
  package init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    length = bytes.count
    guard !bytes.isEmpty else {
      missing = JournalRecovery.header + [JournalRecovery.newline]
      return
    }
    var places: [Range<Int>] = []
    var damaged: [Int] = []
    var hasHeader = false
    for (index, line) in lines(of: bytes).enumerated() {
      let text = bytes[line]
      if text.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
      if text.elementsEqual(JournalRecovery.header) {
        hasHeader = true
      } else if let record = JournalLine.trial(in: text) {
        records.append(record)
        places.append(line)
      } else if line.upperBound < bytes.count {
        damaged.append(index + 1)
        blanked.append(line)
      } else {
        // A run that was killed while it wrote leaves half a line, which is no damage.
        length = line.lowerBound
      }
    }
    isJournal = hasHeader || !records.isEmpty || JournalRecovery.isOurs(bytes)
    guard isJournal else { return }
    dropContradictions(places)
    if length == bytes.count, bytes.last != JournalRecovery.newline {
      missing.append(JournalRecovery.newline)
    }
    if !hasHeader {
      // Without a first line of its own the file stays one as long as a line in it is whole.
      missing += JournalRecovery.header + [JournalRecovery.newline]
    }
    if bytes.starts(with: Array(#"{"schema":"assay.journal/1"}"#.utf8)) {
      sentences.append("an earlier version wrote it: its trials are measured anew")
    } else if !damaged.isEmpty {
      let shown = damaged.prefix(5).map(String.init).joined(separator: ", ")
      let more = damaged.count > 5 ? " and \(damaged.count - 5) more" : ""
      let (lines, they) =
        damaged.count == 1 ? ("line \(shown) is", "it") : ("lines \(shown)\(more) are", "they")
      sentences.append("\(lines) not as written: what \(they) held is measured anew")
    }
  }

  /// The lines without their ends; the last one may lack it.
  private func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: JournalRecovery.newline) ?? bytes.count
      lines.append(start..<end)
      start = end + 1
    }
    return lines
  }

  /// Drops the trials that stand twice with a result, but not with the same one.
  private mutating func dropContradictions(_ places: [Range<Int>]) {
    var first: [Digest: TrialRecord] = [:]
    var contradicted: Set<Digest> = []
    for record in records where record.status == .ok {
      let record = record.strippingVolatile()
      if let known = first[record.id], known != record { contradicted.insert(record.id) }
      first[record.id] = record
    }
    guard !contradicted.isEmpty else { return }
    let isDropped = records.map { contradicted.contains($0.id) }
    for (place, isDropped) in zip(places, isDropped) where isDropped { blanked.append(place) }
    records = zip(records, isDropped).filter { !$1 }.map(\.0)
    let count = contradicted.count
    sentences.append(
      "\(count) trial\(count == 1 ? " stands" : "s stand") there twice with different results: "
        + "\(count == 1 ? "it is" : "they are") measured anew")
  }

  /// Whether a file of which no line is whole was a journal once: of another version, or with a
  /// damaged first line.
  private static func isOurs(_ bytes: [UInt8]) -> Bool {
    let words = [#"{"schema":"assay.journal/"#, #"{"digest":""#].map { Array($0.utf8) }
    let lines = bytes.split(separator: newline)
    let starts = lines.contains { line in words.contains { line.starts(with: $0) } }
    // One flipped bit, or a cut, leaves most of a lone first line.
    let wanted = header + [newline]
    let same = zip(bytes, wanted).count { $0 == $1 }
    return starts || wanted.starts(with: bytes)
      || ((8...wanted.count).contains(bytes.count) && same + 1 == bytes.count)
  }
}
