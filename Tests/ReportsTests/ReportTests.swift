import Documents
import Evaluation
import Glibc
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("Reports")
struct ReportTests {
  private let some = [
    trial(shots: 16), trial(shots: 2), trial("zero-shot", shots: 2, selection: .none),
    trial(shots: 2, seed: 2, accuracy: nil, status: .crashed),
  ]

  @Test("a report comes back equal from its text")
  func roundTrip() throws {
    for trials in [[], some, [trial(status: .crashed)]] {
      let original = report(
        trials, warnings: [ReportWarning(code: "w", place: "pets", text: "text")])
      let text = original.json.prettyText
      let back = try Report(json: JSON(parsing: text))
      #expect(back == original)
      #expect(back.json.prettyText == text)
    }
  }

  @Test("trials stand by suite, dataset, natural setting, label and seed")
  func order() {
    let names = report(some).trials.map(\.name)
    #expect(
      names == [
        "few-shot / pets / shots=2 / gda / seed 1", "few-shot / pets / shots=2 / gda / seed 2",
        "few-shot / pets / shots=2 / zero-shot / seed 1",
        "few-shot / pets / shots=16 / gda / seed 1",
      ])
  }

  @Test("two equal runs are byte-identical once stripped, whatever the order and the cost")
  func stripping() {
    var later = some.reversed().map(\.self)
    for index in later.indices {
      later[index].cost.cpuSeconds += 1
      later[index].failure?.stderrTail = "at 0x\(index)"
    }
    let first = report(some)
    let second = report(later, started: "2026-01-01T00:00:00Z")
    #expect(first.json != second.json)
    let texts = [first, second].map { $0.strippingVolatile().json.prettyText }
    #expect(texts[0] == texts[1])
    for word in ["environment", "timing", "memory", "stderr_tail", "seconds\"", "2025-"] {
      #expect(!texts[0].contains("\"\(word)"))
    }
  }

  @Test("a stripped report is a report")
  func strippedReads() throws {
    let stripped = report(some).strippingVolatile()
    #expect(try Report(json: stripped.json) == stripped)
  }

  @Test("members of a later minor version are accepted")
  func extraMembers() throws {
    var members = try #require(report(some).json.object)
    members["ranks"] = [1, 2]
    #expect(try Report(json: .object(members)) == report(some))
  }

  @Test(
    "another document is refused with a sentence",
    arguments: [
      (["schema": "assay.report/9"], "of schema 'assay.report/9', and this build reads"),
      (["schema": "assay.diff/1"], "not a report: it is of schema 'assay.diff/1'"),
      (["tool": 1], "not a report: the member 'schema' should say 'assay.report/2'"),
      ([1], "not a report: the document should be a JSON object"),
      (["schema": "assay.report/2"], "lacks the member 'plugins'"),
    ] as [(JSON, String)])
  func otherDocuments(document: JSON, sentence: String) throws {
    let error = try #require(throws: ReportError.self) { try Report(json: document) }
    #expect(error.description.contains(sentence))
  }

  @Test("a file's problem names file, line and place")
  func fileProblem() throws {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/report.json"
    try report(some).write(to: path)
    #expect(try Report(path: path) == report(some))

    var members = try #require(report(some).json.object)
    members["trials"] = [["seed": 1]]
    try Document.write(.object(members), to: path)
    let error = try #require(throws: DocumentError.self) { try Report(path: path) }
    #expect(error.description.hasPrefix("\(path):"))
    #expect(error.description.contains("at /trials/0: lacks the member 'config'"))
    #expect(throws: DocumentError.self) { try Report(path: "\(folder.path)/absent.json") }
  }

  @Test("the summary counts every status, and decides the run's exit code")
  func summary() {
    let counts = report(some).summary
    #expect(counts[.ok] == 3)
    #expect(counts[.crashed] == 1)
    #expect(counts.count == TrialStatus.allCases.count)
    #expect(report(some).exitCode == .trialsFailed)
    #expect(report([trial()]).exitCode == .fine)
    #expect(report([trial(), trial(status: .unsupported)]).exitCode == .fine)
    #expect(report([]).exitCode == .nothingMeasured)
    #expect(report([trial(status: .timeout)]).exitCode == .nothingMeasured)
    #expect(report([trial(status: .unsupported)]).exitCode == .nothingMeasured)
  }

  @Test("a command line keeps no absolute path")
  func arguments() {
    let given = [
      "run", "/home/me/suite.json", "--plugin=/opt/a.so,/opt/b.so", "-o", "out.json", "/",
    ]
    #expect(
      RunEntry.portable(arguments: given)
        == ["run", "suite.json", "--plugin=a.so,b.so", "-o", "out.json", "/"])
  }
}

@Suite("Order of trials")
struct TrialOrderTests {
  @Test(
    "numbers in names and settings go by value",
    arguments: [
      ("shift 2", "shift 10"), ("a", "b"), ("a", "a1"), ("", "a"), ("x2y", "x2z"),
      ("x99999999999999999998", "x99999999999999999999"), ("a01", "a2"),
    ])
  func natural(first: String, second: String) {
    #expect(TrialOrder.natural(first, second) < 0)
    #expect(TrialOrder.natural(second, first) > 0)
    #expect(TrialOrder.natural(first, first) == 0)
  }

  @Test("settings compare key by key, and the empty one stands first")
  func settings() {
    let sorted: [[String: JSON]] = [
      [:], ["shots": 2], ["shots": 2.5], ["shots": 16], ["shots": "all"],
      ["shift": "blur 2", "shots": 1], ["shift": "blur 10", "shots": 1],
    ]
    for index in sorted.indices.dropLast() {
      #expect(TrialOrder.settings(sorted[index], sorted[index + 1]) < 0)
    }
    #expect(TrialOrder.text(["shots": 2, "shift": "a"]) == "shift=a, shots=2")
  }
}

@Suite("Exit codes")
struct ExitCodeTests {
  @Test("the leading code follows the precedence 70, 130, 2, 5, 4, 1, 3, 0")
  func precedence() {
    let order: [Int32] = [70, 130, 2, 5, 4, 1, 3, 0]
    for (index, code) in order.enumerated() {
      let later = order[index...].reversed().compactMap(ExitCode.init(rawValue:))
      #expect(ExitCode.leading(of: later).rawValue == code)
    }
    #expect(ExitCode.leading(of: []) == .fine)
    #expect(Set(ExitCode.precedence) == Set(ExitCode.allCases))
  }
}
