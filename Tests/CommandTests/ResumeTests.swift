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

    // The first moments fall before the journal exists, the last ones after the report does.
    let stormy = assay.path("stormy.json")
    var generator = SystemRandomNumberGenerator()
    for kill in 0..<24 {
      // An early restart now and then, or the journal would be complete after a few kills.
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

  @Test("a torn last line of the journal is dropped, and its trial runs again")
  func tornLine() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let arguments = ["run", "few-shot", "-m", "nearest-mean", "--seeds", "1", "-o", report]
    #expect(try assay.run(arguments).status == 0)
    let journal = assay.path("report.journal.jsonl")
    let whole = try String(contentsOfFile: journal, encoding: .utf8)
    try String(whole.dropLast(100)).write(toFile: journal, atomically: false, encoding: .utf8)

    let again = try assay.run(arguments)
    #expect(again.status == 0)
    #expect(again.errors.contains("4 of them unchanged and reused"), "\(again.errors)")
  }

  @Test("a flipped bit in the journal or in a column costs that trial a new measurement")
  func flippedBit() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let arguments = [
      "run", "few-shot", "-m", "nearest-mean", "--seeds", "1", "--strip-volatile", "-o", report,
    ]
    #expect(try assay.run(arguments).status == 0)
    let expected = try String(contentsOfFile: report, encoding: .utf8)
    func flip(_ file: String) throws {
      let url = URL(fileURLWithPath: file)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: url)
    }

    try flip(assay.path("report.journal.jsonl"))
    let journal = try assay.run(arguments)
    #expect(journal.errors.contains("not as written"), "\(journal.errors)")
    #expect(journal.errors.contains("4 of them unchanged and reused"), "\(journal.errors)")
    #expect(try String(contentsOfFile: report, encoding: .utf8) == expected)

    let samples = assay.path("report.samples")
    let column = try #require(try FileManager.default.contentsOfDirectory(atPath: samples).first)
    try flip("\(samples)/\(column)")
    let again = try assay.run(arguments)
    #expect(!again.errors.contains("5 of them unchanged"), "\(again.errors)")
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
    let journal = assay.path("report.journal.jsonl")
    for _ in 0..<200 where !FileManager.default.fileExists(atPath: journal) { usleep(10_000) }
    let second = try assay.run("run", "few-shot", "-o", report)
    #expect(second.status == 2)
    #expect(second.errors.contains("another run is writing"))
  }

  @Test("--resume without a journal says so")
  func nothingToResume() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("run", "few-shot", "--resume", "-o", assay.path("none.json"))
    #expect(result.status == 2)
    #expect(result.errors.contains("--resume: there is no journal"))
  }
}
