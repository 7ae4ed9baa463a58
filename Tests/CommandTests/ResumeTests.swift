import Foundation
import Testing

@Suite("A run that is killed", .serialized)
struct ResumeTests {
  private let arguments = [
    "run", "few-shot", "-m", "nearest-mean", "-m", "zero-shot", "--seeds", "1..2",
    "--strip-volatile", "--quiet",
  ]

  @Test("after kill -9 at 24 random moments it ends in the report of an undisturbed run")
  func kills() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let calm = assay.path("calm.json")
    let start = Date()
    #expect(try assay.run(arguments + ["-o", calm]).status == 0)
    let wholeRun = Date().timeIntervalSince(start)

    // The first moments fall before the store exists, the last ones after the report does.
    let stormy = assay.path("stormy.json")
    var generator = SystemRandomNumberGenerator()
    for kill in 0..<24 {
      // An early restart now and then, or the store would be complete after a few kills.
      let fresh = kill % 6 == 0 ? ["--fresh"] : []
      let process = try assay.start(arguments + ["-o", stormy] + fresh)
      let delay = Double.random(in: 0...(wholeRun * 1.1), using: &generator)
      usleep(UInt32(delay * 1e6))
      if process.isRunning { kill_9(process.processIdentifier) }
      process.waitUntilExit()
    }
    let last = try assay.run(arguments + ["-o", stormy])
    #expect(last.status == 0, "\(last.errors)")
    let expected = try String(contentsOfFile: calm, encoding: .utf8)
    let found = try String(contentsOfFile: stormy, encoding: .utf8)
    #expect(found == expected)
  }

  private func kill_9(_ id: Int32) { kill(id, SIGKILL) }

  private let single = [
    "run", "few-shot", "-m", "nearest-mean", "--seeds", "1", "--strip-volatile",
  ]

  @Test("a finished run leaves one store and nothing beside it")
  func oneFile() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    #expect(try assay.run(single + ["-o", assay.path("one/report.json")]).status == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: assay.path("one"))
    #expect(left.sorted() == ["report.json", "report.store"])
  }

  @Test("a store cut in the middle is set aside, and all its trials run again")
  func cutStore() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    #expect(try assay.run(single + ["-o", report]).status == 0)
    let expected = try String(contentsOfFile: report, encoding: .utf8)
    let store = URL(fileURLWithPath: assay.path("report.store"))
    let whole = try Data(contentsOf: store)
    try whole.prefix(whole.count / 2).write(to: store)

    let again = try assay.run(single + ["-o", report])
    #expect(again.status == 0 && again.errors.contains("measured anew"), "\(again.errors)")
    #expect(!again.errors.contains("unchanged and reused"), "\(again.errors)")
    #expect(try String(contentsOfFile: report, encoding: .utf8) == expected)
    #expect(FileManager.default.fileExists(atPath: store.path + ".broken"))
  }

  @Test("a flipped bit in a trial or in a column costs that trial a new measurement")
  func flippedBit() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let arguments = single + ["-o", report]
    #expect(try assay.run(arguments).status == 0)
    let expected = try String(contentsOfFile: report, encoding: .utf8)
    func flip(_ word: Data) throws {
      let url = URL(fileURLWithPath: assay.path("report.store"))
      var bytes = try Data(contentsOf: url)
      let place = try #require(bytes.range(of: word))
      bytes[place.lowerBound + 2] ^= 1
      try bytes.write(to: url)
    }

    try flip(Data("\"selection\"".utf8))
    let trial = try assay.run(arguments)
    #expect(trial.errors.contains("not as written"), "\(trial.errors)")
    #expect(trial.errors.contains("4 of them unchanged and reused"), "\(trial.errors)")
    #expect(try String(contentsOfFile: report, encoding: .utf8) == expected)

    try flip(Data([0x93]) + Data("NUMPY".utf8))
    let column = try assay.run(arguments)
    // Trials share columns that are equal.
    #expect(!column.errors.contains("5 of them unchanged"), "\(column.errors)")
    #expect(column.errors.contains("without their columns"), "\(column.errors)")
    #expect(try String(contentsOfFile: report, encoding: .utf8) == expected)
  }

  @Test("a second run of the same report at the same time is refused, not interleaved")
  func lock() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let first = try assay.start(["run", "few-shot", "-o", report, "--quiet"])
    defer {
      first.terminate()
      first.waitUntilExit()
    }
    let log = assay.path("report.store-wal")
    for _ in 0..<200 where !FileManager.default.fileExists(atPath: log) { usleep(10_000) }
    let second = try assay.run("run", "few-shot", "-o", report)
    #expect(second.status == 2)
    #expect(second.errors.contains("another run is writing"))
  }

  @Test("--resume without a store says so")
  func nothingToResume() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("run", "few-shot", "--resume", "-o", assay.path("none.json"))
    #expect(result.status == 2)
    #expect(result.errors.contains("--resume: there is no store"))
  }
}
