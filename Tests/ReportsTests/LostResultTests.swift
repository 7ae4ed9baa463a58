import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("What the candidate lost")
struct LostResultTests {
  private func judge(
    _ rules: [String], _ old: Report, _ new: Report
  ) throws -> ReportDiff {
    let rules = try rules.map { try GateRule(parsing: $0, metrics: classificationMetrics) }
    return diff(baseline: old, candidate: new, options: DiffOptions(rules: rules))
  }

  /// A trial with groups by `site` and a disparity between them.
  private func audited(
    _ label: String = "gda", seed: Int = 1, ratio: Double?, accuracy: Double? = 0.9,
    predictions: String = "a"
  ) -> TrialRecord {
    var record = trial(label, seed: seed, predictions: predictions)
    func value(_ number: Double?) -> MetricValue {
      number.map { MetricValue(value: $0, n: 50) } ?? .undefined(n: 0, "a divisor is 0")
    }
    record.groups = [
      GroupRecord(by: "site", key: "A", n: 50, metrics: ["accuracy": value(accuracy)]),
      GroupRecord(by: "site", key: "B", n: 50, metrics: ["accuracy": value(0.9)]),
      GroupRecord(
        by: "site", key: "gap", n: 100, metrics: ["demographic_parity_ratio": value(ratio)],
        role: .gap),
    ]
    return record
  }

  private static let fairness =
    classificationMetrics
    + MetricInfo.fairness.map {
      MetricEntry(key: $0.key, title: $0.title, version: $0.version, direction: $0.direction)
    }

  private func judgeFairly(
    _ rule: String, _ old: [TrialRecord], _ new: [TrialRecord]
  ) throws -> GateResult {
    let rule = try GateRule(parsing: rule, metrics: Self.fairness)
    let found = diff(
      baseline: report(old, metrics: Self.fairness), candidate: report(new, metrics: Self.fairness),
      options: DiffOptions(rules: [rule]))
    return try #require(found.gates.first)
  }

  @Test(
    "a row, a setting, a dataset or a seed that is missing breaks each rule that would judge it",
    arguments: [
      "accuracy:-0.5pp", "accuracy:significant", "new-failures", "status:any",
      "predictions:changed", "missing:any", "cpu:+20%",
    ])
  func missing(rule: String) throws {
    let kept = trial(seed: 1)
    let lost = [
      trial(seed: 2), trial("other"), trial(shots: 8), trial(dataset: "birds"),
    ]
    for one in lost {
      let found = try judge([rule], report([kept, one]), report([kept]))
      #expect(found.gates.first?.outcome == .failed, "\(one.name)")
      #expect(found.exitCode == .gateFailed, "\(one.name)")
      #expect(found.gates.first?.findings.contains { $0.row.contains(one.dataset) } == true)
    }
  }

  @Test("rows that a rule never looked at may go")
  func othersMayGo() throws {
    let ranked = trial("other", metrics: ["nll": MetricValue(value: 1, n: 9)])
    let found = try judge(["accuracy:-1pp"], report([trial(), ranked]), report([trial()]))
    #expect(found.gates.first?.outcome == .passed && found.exitCode == .fine)
  }

  @Test("a trial that fails in both reports breaks nothing")
  func failsInBoth() throws {
    let failing = trial("other", status: .crashed)
    let found = try judge(
      ["accuracy:-1pp", "new-failures", "status:any"], report([trial(), failing]),
      report([trial(), failing]))
    #expect(found.exitCode == .fine)
  }

  @Test("a plugin that newly does not load breaks new-failures, by name, and no other rule")
  func plugin() throws {
    let broken = ReportWarning.loadFailure(plugin: "libassay-knn.so", reason: "it is cut short")
    let trials = [trial()]
    let new = report(trials, warnings: [broken])
    let found = try judge(["new-failures", "accuracy:-1pp"], report(trials), new)
    #expect(found.gates.map(\.outcome) == [.failed, .passed])
    #expect(found.gates.first?.findings.first?.row == "libassay-knn.so")
    #expect(try judge(["new-failures"], new, new).exitCode == .fine)
    #expect(try !judge(["accuracy:-1pp"], report(trials), new).summaryText.contains("all fine"))
  }

  @Test("a disparity that became 0 / 0 breaks its rule, one that always was does not")
  func ratio() throws {
    let rule = "demographic_parity_ratio:-0.05"
    let (was, gone) = (audited(ratio: 1), audited(ratio: nil, predictions: "b"))
    #expect(try judgeFairly(rule, [was], [gone]).outcome == .failed)
    #expect(try judgeFairly(rule, [gone], [was]).outcome == .nothingToJudge)
    let other = audited("other", ratio: 0.9)
    #expect(try judgeFairly(rule, [gone, other], [gone, other]).outcome == .passed)
  }

  @Test("a group whose value became undefined, or that is not there, breaks a rule on any group")
  func group() throws {
    let rule = "any-group-accuracy:-2pp"
    let old = audited(ratio: 1)
    #expect(
      try judgeFairly(rule, [old], [audited(ratio: 1, accuracy: nil, predictions: "b")]).outcome
        == .failed)
    var fewer = audited(ratio: 1, predictions: "b")
    fewer.groups.removeAll { $0.key == "A" }
    #expect(try judgeFairly(rule, [old], [fewer]).outcome == .failed)
    #expect(try judgeFairly(rule, [fewer], [old]).outcome == .passed)
  }

  @Test("a seed without a value in both reports is left out, and the others are judged")
  func undefinedInBoth() throws {
    let never = trial(seed: 2, metrics: ["accuracy": .undefined(n: 0, "no rows")])
    let old = report([trial(seed: 1), never])
    let same = try judge(["accuracy:-1pp"], old, old)
    #expect(same.exitCode == .fine)
    let worse = report([trial(seed: 1, accuracy: 0.5, predictions: "b"), never])
    #expect(try judge(["accuracy:-1pp"], old, worse).exitCode == .gateFailed)
    let comparison = same.pooledRows.first?.comparisons.first
    #expect(comparison?.reason?.contains("seed 2: undefined") == true)
  }

  @Test("a value that became undefined is a verdict of its own, also without a rule")
  func verdict() throws {
    let gone = trial(predictions: "b", metrics: ["accuracy": .undefined(n: 0, "no rows")])
    let found = try judge([], report([trial(), trial("other")]), report([gone, trial("other")]))
    #expect(found.summary[.undefined] == 1)
    #expect(found.junit().contains(#"failures="1""#))
  }

  @Test("that all is fine is said only where rules held and nothing got worse")
  func fine() throws {
    let old = report([trial()])
    #expect(try judge(["accuracy:-1pp"], old, old).summaryText.hasSuffix("all fine"))
    #expect(try !judge([], old, old).summaryText.contains("fine"))
    let worse = report([trial(accuracy: 0.7, predictions: "b")])
    let tolerant = try judge(["accuracy:-30pp"], old, worse)
    #expect(tolerant.exitCode == .fine && !tolerant.summaryText.contains("fine"))
  }

  @Test("a rule that matches no row is wrong usage beside rows that were measured")
  func matchesNothing() throws {
    for rule in ["macro_f1:-1pp", "worst-group-accuracy:-1pp", "any-group-accuracy:-1pp"] {
      let found = try judge([rule], report([trial()]), report([trial()]))
      #expect(found.gates.first?.outcome == .nothingToJudge, "\(rule)")
      #expect(found.exitCode == .usage, "\(rule)")
      #expect(found.gates.first?.findings.isEmpty == false)
    }
    let silent = [trial(predictions: nil)]
    #expect(try judge(["predictions:changed"], report(silent), report(silent)).exitCode == .usage)
    #expect(
      try judge(["accuracy:-1pp"], report([]), report([])).exitCode == .nothingMeasured)
  }

  @Test("Markdown and JUnit of a diff that judged nothing do not read as success")
  func renderings() throws {
    let empty = try judge(["new-failures"], report([]), report([]))
    #expect(!empty.markdown().contains("gates passed"))
    #expect(empty.junit().contains("<failure"))
    let without = try judge([], report([]), report([]))
    #expect(without.junit().contains("<failure"))
    let changed = try judge(
      ["missing:any"], report([trial()]), report([trial(suiteDigest: "another")]))
    #expect(!changed.markdown().contains("gates passed"))
  }

  @Test("rules that no result could break, or that mistake a share for points, are questioned")
  func questions() throws {
    for text in [
      "accuracy:-0.5", "accuracy:-1", "accuracy:-5", "accuracy:-100pp", "accuracy:-100%",
      "worst-group-accuracy:-0.5", "ece15_width:+0.5",
    ] {
      #expect(throws: GateRuleError.self, "\(text)") {
        try GateRule(parsing: text, metrics: classificationMetrics)
      }
    }
    let error = try #require(throws: GateRuleError.self) {
      try GateRule(parsing: "accuracy:-0.5", metrics: classificationMetrics)
    }
    #expect(error.description.contains("accuracy:-0.5pp"))
    #expect(error.description.contains("accuracy:-50pp"))
    for text in ["accuracy:-50pp", "accuracy:-0.05", "accuracy:-50%", "nll:+0.5", "nll:+200%"] {
      #expect(throws: Never.self, "\(text)") {
        try GateRule(parsing: text, metrics: classificationMetrics)
      }
    }
  }
}
