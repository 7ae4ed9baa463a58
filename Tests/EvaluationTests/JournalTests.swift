import Documents
import Evaluation
import Foundation
import PluginHost
import Testing

@Suite("The journal of a run")
struct JournalTests {
  private let path = NSTemporaryDirectory() + "/assay-journal-\(UUID().uuidString).jsonl"

  private func record(_ number: Int, note: String = "") -> TrialRecord {
    let digest = Digest(of: "\(number)")
    return TrialRecord(
      id: digest, key: digest, method: "gda", methodVersion: "1.0.0", pluginDigest: digest,
      label: "gda", config: [:], suite: "s", suiteDigest: digest, task: "classify",
      contract: "1.0", dataset: "d", datasetDigest: digest, setting: [:], seed: number,
      status: .ok, notes: [note], cost: TrialCost(wallSeconds: Double(number)))
  }

  private func write(_ records: [TrialRecord]) throws {
    let journal = try Journal(path: path, fresh: false)
    for record in records { try journal.append(record) }
  }

  private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  private func put(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

  @Test("what was written comes back, also over several openings")
  func roundTrip() throws {
    defer { unlink(path) }
    let records = (1...3).map { record($0) }
    try write(Array(records[..<2]))
    try write([records[2]])
    let journal = try Journal(path: path, fresh: false)
    #expect(journal.existing == records && journal.damage.isEmpty)
  }

  /// 2,000, or as many as `ASSAY_JOURNAL_FLIPS` says.
  private let flipCount =
    ProcessInfo.processInfo.environment["ASSAY_JOURNAL_FLIPS"].flatMap(Int.init) ?? 2000

  @Test("no flipped bit changes a record: what is hit is gone, all else is there")
  func flips() throws {
    defer { unlink(path) }
    let records = (1...3).map { record($0) }
    try write(records)
    let whole = try bytes()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<flipCount {
      var flipped = whole
      let place = Int.random(in: flipped.indices, using: &generator)
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try put(flipped)
      do {
        let journal = try Journal(path: path, fresh: false)
        // A flip costs at most the line that it hits, and the next where it hits the line's end.
        #expect(journal.existing.count >= records.count - 2)
        #expect(journal.existing.allSatisfy(records.contains))
        for lost in records where !journal.existing.contains(lost) { try journal.append(lost) }
      }
      // Once told, the damage is mended.
      let again = try Journal(path: path, fresh: false)
      #expect(again.damage.isEmpty)
      #expect(Set(again.existing.map(\.seed)) == [1, 2, 3] && again.existing.count == 3)
    }
  }

  @Test("a journal cut anywhere keeps its whole lines and takes new ones")
  func cuts() throws {
    defer { unlink(path) }
    let records = (1...2).map { record($0) }
    try write(records)
    let whole = try bytes()
    for length in 0...whole.count {
      try put(Array(whole[..<length]))
      do {
        let journal = try Journal(path: path, fresh: false)
        #expect(journal.damage.isEmpty)
        let lines = whole[..<length].count { $0 == UInt8(ascii: "\n") }
        #expect(journal.existing.count >= lines - 1)
        #expect(journal.existing == Array(records[..<journal.existing.count]))
        try journal.append(record(7))
      }
      #expect(try Journal(path: path, fresh: false).existing.last == record(7))
    }
  }

  @Test("a trial that stands twice with different results counts as not measured; twice alike does")
  func contradictions() throws {
    defer { unlink(path) }
    var slower = record(1)
    slower.cost.wallSeconds = 9
    try write([record(1), slower, record(2), record(2, note: "another result")])
    let journal = try Journal(path: path, fresh: false)
    #expect(journal.existing == [record(1), slower])
    #expect(journal.damage.count == 1 && journal.damage[0].contains("different results"))
  }

  @Test("a file of somebody else is left as it is")
  func foreign() throws {
    defer { unlink(path) }
    for text in ["{\"a\": 1}\n", "some notes\nof mine\n", "{\"schema\":\"assay.report/1\"}\n"] {
      try put(Array(text.utf8))
      #expect(throws: JournalError.self) { try Journal(path: path, fresh: false) }
      #expect(try bytes() == Array(text.utf8))
    }
  }

  @Test("a journal of version 1, whose lines carry no digest, is measured anew")
  func earlier() throws {
    defer { unlink(path) }
    let old = #"{"schema":"assay.journal/1"}"# + "\n" + record(1).json.canonicalText + "\n"
    try put(Array(old.utf8))
    let journal = try Journal(path: path, fresh: false)
    #expect(journal.existing.isEmpty)
    #expect(journal.damage.first?.contains("an earlier version") == true)
  }
}
