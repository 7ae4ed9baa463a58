import Documents
import Foundation
import PluginHost
import Tensors
import Testing

@testable import Evaluation

@Suite("The store of a run")
struct TrialStoreTests {
  private let path = NSTemporaryDirectory() + "/assay-\(UUID().uuidString).store"

  private func record(_ number: Int, note: String = "") -> TrialRecord {
    TrialStoreTests.record(number, note: note)
  }

  private static func record(_ number: Int, note: String = "") -> TrialRecord {
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

  @Test("fresh forgets the columns too, so that a file does not grow with every run")
  func freshColumns() throws {
    defer { cleanUp() }
    try write([record(1)])
    let digest = try #require(TrialStore.digests(of: ["x": column])["x"])
    let store = try open(fresh: true)
    #expect(throws: StoreError.self) { try store.read(digest) }
  }

  @Test("the log of a killed run, cut or damaged anywhere, gives only trials that were written")
  func logs() throws {
    defer { cleanUp() }
    try write([record(1)])
    var store: TrialStore? = try open()
    for number in 2...4 { try store?.append(record(number)) }
    let (whole, log) = (try bytes(), try Data(contentsOf: URL(filePath: path + "-wal")))
    store = nil
    let records = try open().existing
    #expect(records.count == 4)
    var kept: Set<Int> = []
    for step in 0..<120 {
      cleanUp()
      try put(whole)
      var damaged = log
      if step % 2 == 0 {
        damaged = log.prefix(log.count * step / 119)
      } else {
        damaged[Int.random(in: damaged.indices)] ^= 1 << UInt8.random(in: 0..<8)
      }
      try damaged.write(to: URL(filePath: path + "-wal"))
      let existing = try open().existing
      // Commits are lost from the end on, whatever was hit.
      #expect(existing == Array(records.prefix(existing.count)) && existing.count >= 1)
      kept.insert(existing.count)
    }
    #expect(kept.count > 2)
  }

  @Test("a full disk is an error, and what was kept before it stays")
  func fullDisk() async {
    // The bound on the size of files holds for a whole process.
    await #expect(processExitsWith: .success) {
      let path = NSTemporaryDirectory() + "/assay-\(UUID().uuidString).store"
      defer { for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) } }
      signal(SIGXFSZ, SIG_IGN)
      var bound = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
      bound.rlim_cur = 400_000
      var kept: [TrialRecord] = []
      var isFull = false
      do {
        let store = try TrialStore(writing: path, fresh: false)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
        while kept.count < 10_000 {
          let record = TrialStoreTests.record(kept.count)
          let column = [Float](repeating: Float(kept.count), count: 99)
          try store.append(record, [Tensor(column, shape: [99])])
          kept.append(record)
        }
      } catch {
        isFull = true
      }
      bound.rlim_cur = bound.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
      #expect(isFull && kept.count > 10)
      #expect((try? TrialStore(writing: path, fresh: false))?.existing == kept)
    }
  }

  @Test("pages that refer to each other without end are given up at once")
  func endless() throws {
    defer { cleanUp() }
    let start = cpuSeconds
    try put(HostileFile.fannedOut(levels: 17))
    #expect(throws: StoreError.self) { try TrialStore(path: path).read(Digest(of: "x")) }
    let store = try open()
    #expect(store.existing.isEmpty && store.damage.count == 1)
    store.close()
    #expect(cpuSeconds - start < 20)
    // What makes them hostile is their number: the same pages in two levels are read.
    cleanUp()
    try put(HostileFile.fannedOut(levels: 1))
    let error = try #require(throws: StoreError.self) {
      try TrialStore(path: path).read(Digest(of: "x"))
    }
    #expect(!error.description.contains("interrupted"))
  }

  /// The time that this thread worked, whatever else the machine does.
  private var cpuSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test("a link in the place of the store or of its log is not followed", arguments: ["", "-wal"])
  func link(ending: String) throws {
    defer { cleanUp() }
    let target = path + ".target"
    defer { unlink(target) }
    #expect(symlink(target, path + ending) == 0)
    #expect(throws: StoreError.self) {
      let store = try open()
      try store.append(record(1))
    }
    #expect(access(target, F_OK) != 0)
  }
}
