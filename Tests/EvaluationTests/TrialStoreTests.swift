import Documents
import Foundation
import Tensors
import Testing

@testable import Evaluation

@Suite("The store of a run")
struct TrialStoreTests {
  private let path = NSTemporaryDirectory() + "/assay-\(UUID().uuidString).store"

  private func record(_ number: Int, note: String = "") -> TrialRecord {
    let digest = Digest(of: "\(number)")
    return TrialRecord(
      id: digest, key: digest, method: "gda", methodVersion: "1.0.0", pluginDigest: digest,
      label: "gda", config: [:], suite: "s", suiteDigest: digest, task: "classify",
      contract: "1.0", dataset: "d", datasetDigest: digest, setting: [:], seed: number,
      status: .ok, notes: [note], cost: TrialCost(wallSeconds: Double(number)))
  }

  private let column = Tensor([1, 2.5, -3] as [Float], shape: [3])

  private func write(_ records: [TrialRecord]) throws {
    let store = try TrialStore(writing: path, fresh: false)
    for var record in records {
      record.samples = try TrialStore.digests(of: ["x": column])
      try store.append(record, [column])
    }
  }

  private func open(fresh: Bool = false) throws -> TrialStore {
    try TrialStore(writing: path, fresh: fresh)
  }

  private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  private func put(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

  private func cleanUp() {
    for ending in ["", "-wal", "-shm", "-journal", ".broken"] { unlink(path + ending) }
  }

  @Test("what was written comes back, also over several openings, from one file")
  func roundTrip() throws {
    defer { cleanUp() }
    try write([record(1), record(2)])
    try write([record(3)])
    #expect(access(path + "-wal", F_OK) != 0 && access(path + "-shm", F_OK) != 0)
    let store = try open()
    #expect(store.existing.map(\.seed) == [1, 2, 3] && store.damage.isEmpty)
    #expect(store.existing.allSatisfy(store.holds))
    #expect(try store.read(store.existing[0].samples)["x"]?.count == 3)
  }

  @Test("a trial measured again takes the place of the first")
  func again() throws {
    defer { cleanUp() }
    try write([record(1), record(2), record(1, note: "again")])
    let store = try open()
    #expect(store.existing.map(\.seed) == [2, 1] && store.existing[1].notes == ["again"])
  }

  @Test("fresh forgets the trials")
  func fresh() throws {
    defer { cleanUp() }
    try write([record(1)])
    #expect(try open(fresh: true).existing.isEmpty)
    #expect(try open().existing.isEmpty)
  }

  @Test("no flipped bit changes a trial or a column: what is hit is refused, set aside or gone")
  func flips() throws {
    defer { cleanUp() }
    try write((1...3).map { record($0) })
    let whole = try bytes()
    let records = try open().existing
    var generator = SystemRandomNumberGenerator()
    var damaged = 0
    for _ in 0..<300 {
      var flipped = whole
      let place = Int.random(in: flipped.indices, using: &generator)
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      cleanUp()
      try put(flipped)
      do {
        let store = try open()
        #expect(store.existing.allSatisfy(records.contains))
        #expect(store.existing.count == records.count || !store.damage.isEmpty)
        if !store.damage.isEmpty { damaged += 1 }
        for record in store.existing where store.holds(record) {
          let back = try store.read(record.samples)["x"]?.withBytes { Array($0) }
          #expect(back == column.withBytes { Array($0) })
        }
      } catch is StoreError {
        // The version or the mark was hit: the file is refused, and said.
        damaged += 1
        continue
      }
      #expect(try open().damage.isEmpty)
    }
    #expect(damaged > 0)
  }

  @Test("a store cut anywhere ends in a whole one, without a trial that was not written")
  func cuts() throws {
    defer { cleanUp() }
    try write([record(1), record(2)])
    let whole = try bytes()
    let records = try open().existing
    for length in stride(from: 0, to: whole.count, by: 509) {
      cleanUp()
      try put(Array(whole[..<length]))
      do {
        let store = try open()
        #expect(store.existing.allSatisfy(records.contains))
        try store.append(record(7))
      } catch is StoreError {
        // Too little is left to tell it from somebody else's file.
        #expect(length < 100)
        continue
      }
      #expect(try open().existing.last == record(7))
    }
  }

  @Test("a file of somebody else is left as it is")
  func foreign() throws {
    defer { cleanUp() }
    for text in ["some notes\nof mine\n", String(repeating: "{\"a\": 1}\n", count: 100)] {
      try put(Array(text.utf8))
      #expect(throws: StoreError.self) { try open() }
      #expect(try bytes() == Array(text.utf8))
    }
    cleanUp()
    try Database(path: path, access: .write).run("CREATE TABLE mine(x)")
    let theirs = try bytes()
    #expect(throws: StoreError.self) { try open() }
    #expect(try bytes() == theirs)
  }

  @Test("a store with a trigger or a view in it is neither read nor written to")
  func planted() throws {
    defer { cleanUp() }
    for planted in [
      "CREATE TRIGGER t AFTER INSERT ON trials BEGIN DELETE FROM columns; END",
      "CREATE VIEW v AS SELECT * FROM trials",
    ] {
      cleanUp()
      try write([record(1)])
      let digest = try TrialStore.digests(of: ["x": column])
      try Database(path: path, access: .write).run(planted)
      #expect(throws: StoreError.self) { try TrialStore(path: path).read(digest) }
      let store = try open()
      #expect(store.existing.isEmpty && store.damage.count == 1)
    }
  }

  @Test("one writer at a time")
  func lock() throws {
    defer { cleanUp() }
    let first = try open()
    try first.append(record(1))
    let error = try #require(throws: StoreError.self) { try open() }
    #expect(error.description.contains("another run is writing"))
    first.close()
    #expect(try open().existing.count == 1)
  }

  @Test("a link in the place of the store is not followed")
  func link() throws {
    defer { cleanUp() }
    let target = path + ".target"
    defer { unlink(target) }
    #expect(symlink(target, path) == 0)
    #expect(throws: StoreError.self) { try open() }
    #expect(access(target, F_OK) != 0)
  }
}
