import Documents
import Evaluation
import Foundation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("Schemas of reports and diffs")
struct SchemaTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "schemas")

  @Test(
    "the files in schemas/ are the schemas in the code",
    arguments: [
      ("assay.report-2.schema.json", Report.schemaText),
      ("assay.diff-1.schema.json", ReportDiff.schemaText),
    ])
  func golden(file: String, text: String) throws {
    let contents = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    #expect(contents == text)
  }

  private var full: Report {
    var first = trial(shots: 2, seed: 1)
    first.groups =
      [
        GroupRecord(by: "sex", key: "f", n: 1, metrics: ["accuracy": .undefined(n: 0, "no rows")]),
        GroupRecord(by: "shift", key: "blur", n: 1, metrics: [:], isPart: true, reference: "test"),
      ] + manyGroups
    first.calibration = [
      CalibrationRecord(
        by: "all", key: "all",
        curve: CalibrationCurve(bins: [.init(place: 3, probability: 0.31, share: 0.5, n: 4)]))
    ]
    first.samples = ["label": Digest(of: "x")]
    first.warnings = [TrialWarning(code: "a", text: "b")]
    first.notes = ["note"]
    first.selfReported = ["loss": 0.1]
    first.rows = ["train": 4]
    var failed = trial(seed: 2, status: .crashed)
    failed.failure?.signal = "SIGSEGV"
    failed.failure?.stderrTail = "at 0x0"
    return report(
      [first, trial(seed: 1), failed, trial("other", status: .unsupported)],
      warnings: [ReportWarning(code: "a", place: "b", text: "c")])
  }

  /// Groups of which each column of a report has something to say.
  private var manyGroups: [GroupRecord] {
    var gap = MetricValue(
      value: 0.25, n: 7,
      interval: Interval(lower: 0, upper: 0.5, method: "bootstrap-percentile", resamples: 9))
    gap.expected = 0.1
    gap.p = 0.04
    var small = MetricValue(
      value: 0.5, n: 2, interval: Interval(lower: 0.1, upper: 0.9, method: "wilson"))
    small.isLeftOut = true
    return [
      GroupRecord(
        .rows(by: "sex", key: "m"), n: 2, metrics: ["accuracy": small], isSmall: true),
      GroupRecord(.gap(by: "sex"), n: 9, metrics: ["accuracy": gap]),
    ]
  }

  @Test("what a report says in tables and columns comes back as it was")
  func roundTrip() throws {
    for report in [full, full.strippingVolatile()] {
      let back = try Report(json: JSON(parsing: report.json.linesText))
      var expected = report
      for place in expected.trials.indices {
        // Without a store, only what stands for the columns is known.
        expected.trials[place].unreadOutcomes = expected.trials[place].outcomes
        expected.trials[place].samples = [:]
      }
      #expect(back == expected)
      #expect(back.json == report.json)
    }
  }

  private func diffs() throws -> [ReportDiff] {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    let rules = try ["accuracy:-1pp", "cpu:+20%", "missing:any", "macro_f1:significant"].map {
      try GateRule(parsing: $0, metrics: classificationMetrics)
    }
    let old = try measured("paired", correct: rows(60), in: store)
    let new = try measured("paired", correct: rows(60, flipping: [1, 5]), in: store)
    let changed = report([
      trial(shots: 2, accuracy: 0.5, predictions: "b"), trial(seed: 1, status: .timeout),
      trial(seed: 9), new,
    ])
    return [
      diff(baseline: report([]), candidate: report([])),
      diff(
        baseline: report(full.trials + [old]), candidate: changed, samplesA: store,
        samplesB: store, options: DiffOptions(rules: rules, resamples: 200)),
    ]
  }

  /// The schema with every object closed, so that no member can be written without being described.
  private func closed(_ schema: JSON) -> JSON {
    switch schema {
    case .object(var members):
      for (key, value) in members { members[key] = closed(value) }
      if members["properties"] != nil, members["type"] == "object" {
        members["additionalProperties"] = false
      }
      return .object(members)
    case .array(let elements): return .array(elements.map(closed))
    default: return schema
    }
  }

  @Test("every member of a report is described, whether it has trials or not")
  func reports() throws {
    let text = try JSON(parsing: Report.schemaText)
    for schema in try [JSONSchema(text), JSONSchema(closed(text))] {
      for report in [report([]), full, full.strippingVolatile()] {
        #expect(schema.validate(report.json).map(\.description) == [])
      }
    }
  }

  @Test("every member of a diff is described")
  func everyDiff() throws {
    let text = try JSON(parsing: ReportDiff.schemaText)
    for schema in try [JSONSchema(text), JSONSchema(closed(text))] {
      for diff in try diffs() { #expect(schema.validate(diff.json).map(\.description) == []) }
    }
  }

  @Test("the report's schema refuses what is wrong and lets later members pass")
  func refusals() throws {
    let schema = try JSONSchema(JSON(parsing: Report.schemaText))
    var members = try #require(full.json.object)
    members["ranks"] = []
    #expect(schema.validate(.object(members)).isEmpty)
    members["aggregates"] = [["mean": "high"]]
    members["schema"] = "assay.report/9"
    #expect(schema.validate(.object(members)).count > 2)
  }
}
