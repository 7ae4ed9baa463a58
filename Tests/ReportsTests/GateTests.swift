import Documents
import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("Gate rules")
struct GateRuleTests {
  @Test(
    "every form of the grammar is read",
    arguments: [
      ("accuracy:-0.5pp", .metric("accuracy"), .absolute(0.005)),
      ("macro-f1:-1%", .metric("macro_f1"), .relative(0.01)),
      ("macro_f1:-0.01", .metric("macro_f1"), .absolute(0.01)),
      ("accuracy:significant", .metric("accuracy"), .significant),
      ("worst-group-accuracy:-1pp", .worstGroup("accuracy"), .absolute(0.01)),
      ("any-group-accuracy:-2pp", .anyGroup("accuracy"), .absolute(0.02)),
      ("any_group_accuracy:significant", .anyGroup("accuracy"), .significant),
      ("ece15_width:+0.01", .metric("ece15_width"), .absolute(0.01)),
      ("cpu:+20%", .cost(.cpu), .relative(0.2)),
      ("peak-rss:+10%", .cost(.peakRSS), .relative(0.1)),
      ("missing:any", .missing, .any), ("status:any", .status, .any),
      ("predictions:changed", .predictions, .any), ("new-failures", .newFailures, .any),
    ] as [(String, GateRule.Subject, GateRule.Limit)])
  func grammar(text: String, subject: GateRule.Subject, limit: GateRule.Limit) throws {
    let rule = try GateRule(parsing: text, metrics: classificationMetrics)
    #expect(rule == GateRule(text: text, subject: subject, limit: limit))
  }

  @Test(
    "what is no rule is a sentence with the nearest name",
    arguments: [
      ("acuracy:-1pp", "have no 'acuracy'; did you mean 'accuracy'?"),
      ("worst-group-acuracy:-1pp", "did you mean 'worst_group_accuracy'?"),
      ("any-group-acuracy:-1pp", "did you mean 'any_group_accuracy'?"),
      ("peak_rs:+1%", "did you mean 'peak_rss'?"),
      ("missin:any", "did you mean 'missing'?"),
      ("accuracy:signifcant", "did you mean 'significant'?"),
      ("accuracy:-0.5px", "'-0.5px' is no limit; write one as in -0.5pp"),
      ("accuracy:+1pp", "gets worse when it falls, so write 'accuracy:-1pp'"),
      ("nll:-1%", "gets worse when it rises, so write 'nll:+1%'"),
      ("accuracy", "what it allows is missing"), ("accuracy:", "what it allows is missing"),
      ("missing", "write it as 'missing:any'"), ("missing:some", "write it as 'missing:any'"),
      ("cpu:significant", "a cost has no test"), ("", "have no ''"),
      ("accuracy:-nan", "is no limit"), ("accuracy:--1", "is no limit"),
      ("accuracy:-1e3", "is no limit"), ("accuracy:-", "is no limit"),
    ])
  func problems(text: String, sentence: String) throws {
    let error = try #require(throws: GateRuleError.self) {
      try GateRule(parsing: text, metrics: classificationMetrics)
    }
    #expect(error.description.hasPrefix("--fail-on '\(text)': "))
    #expect(error.description.contains(sentence))
  }
}

@Suite("Gates")
struct GateTests {
  private func judge(
    _ rule: String, _ old: [TrialRecord], _ new: [TrialRecord], jobs: Int = 2
  ) throws -> (gate: GateResult, diff: ReportDiff) {
    let rule = try GateRule(parsing: rule, metrics: classificationMetrics)
    let found = diff(
      baseline: report(old), candidate: report(new, jobs: jobs),
      options: DiffOptions(rules: [rule]))
    return (try #require(found.gates.first), found)
  }

  private func plain(_ metric: String, _ value: Double, _ predictions: String) -> TrialRecord {
    trial(predictions: predictions, metrics: [metric: MetricValue(value: value, n: 100)])
  }

  @Test(
    "a limit is exceeded only beyond it, in the bad direction",
    arguments: [
      ("accuracy:-0.5pp", "accuracy", 0.9, 0.895, GateOutcome.passed),
      ("accuracy:-0.5pp", "accuracy", 0.9, 0.8949, .failed),
      ("accuracy:-0.5pp", "accuracy", 0.9, 0.99, .passed),
      ("accuracy:-1%", "accuracy", 0.5, 0.495, .passed),
      ("accuracy:-1%", "accuracy", 0.5, 0.4949, .failed),
      ("ece15-width:+0.01", "ece15_width", 0.1, 0.11, .passed),
      ("ece15-width:+0.01", "ece15_width", 0.1, 0.1101, .failed),
      ("ece15-width:+0.01", "ece15_width", 0.1, 0.01, .passed),
      ("nll:significant", "nll", 1, 1.2, .failed), ("nll:significant", "nll", 1, 0.8, .passed),
    ])
  func limits(
    rule: String, metric: String, old: Double, new: Double, outcome: GateOutcome
  ) throws {
    let found = try judge(rule, [plain(metric, old, "a")], [plain(metric, new, "b")])
    #expect(found.gate.outcome == outcome)
    #expect(found.gate.judged == 1)
    #expect(found.diff.exitCode == outcome.exitCode)
  }

  @Test("a change beyond the limit but within the noise is spared, and said")
  func noise() throws {
    let spared = try judge(
      "accuracy:-1pp", [trial()], [trial(accuracy: 0.88, predictions: "b")])
    #expect(spared.gate.outcome == .passed)
    #expect(spared.gate.spared.count == 1)
    let failed = try judge(
      "accuracy:-1pp", [trial()], [trial(accuracy: 0.7, predictions: "b")])
    #expect(failed.gate.outcome == .failed)
    #expect(failed.gate.findings.first?.text.contains("accuracy 0.9000 -> 0.7000") == true)
  }

  @Test("a score that is gone because the method fails breaks the rule")
  func newlyFailing() throws {
    let found = try judge("accuracy:-1pp", [trial()], [trial(status: .crashed)])
    #expect(found.gate.outcome == .failed)
    #expect(found.gate.findings.first?.text.contains("which newly fails") == true)
  }

  @Test("a score that became undefined breaks the rule")
  func undefined() throws {
    let gone = trial(predictions: "b", metrics: ["accuracy": .undefined(n: 0, "no rows")])
    #expect(try judge("accuracy:-1pp", [trial()], [gone]).gate.outcome == .failed)
  }

  @Test("a rule that judged nothing has not passed")
  func nothingToJudge() throws {
    let found = try judge("macro_f1:-1pp", [trial()], [trial()])
    #expect(found.gate.outcome == .nothingToJudge)
    #expect(found.diff.exitCode == .usage)
  }

  @Test("the worst group's value is compared, classes left aside")
  func worstGroup() throws {
    func grouped(_ worst: Double, _ predictions: String) -> TrialRecord {
      var record = trial(predictions: predictions)
      record.groups = [("class", "0", 0.1), ("sex", "f", worst), ("sex", "m", 0.95)].map {
        GroupRecord(
          by: $0.0, key: $0.1, n: 50, metrics: ["accuracy": MetricValue(value: $0.2, n: 50)])
      }
      return record
    }
    let found = try judge("worst-group-accuracy:-1pp", [grouped(0.8, "a")], [grouped(0.7, "b")])
    #expect(found.gate.outcome == .failed)
    let row = try #require(found.diff.pooledRows.first)
    let worst = try #require(row.comparisons.first { $0.metric == "worst_group_accuracy" })
    #expect(worst.baseline == 0.8 && worst.candidate == 0.7)
    let same = try judge("worst-group-accuracy:-1pp", [grouped(0.8, "a")], [grouped(0.8, "b")])
    #expect(same.gate.outcome == .passed)
  }

  @Test("a group too small to be compared is not the worst one, nor is a gap")
  func smallGroup() throws {
    func grouped(_ worst: Double, _ predictions: String) -> TrialRecord {
      var record = trial(predictions: predictions)
      let rows: [(String, Double, GroupRecord.Role)] = [
        ("f", worst, .rows), ("m", 0.95, .rows), ("x", 0.1, .small), ("worst group", worst, .worst),
        ("gap", 0.95 - worst, .gap), ("f less all", -0.1, .difference),
      ]
      record.groups = rows.map {
        GroupRecord(
          by: "sex", key: $0.0, n: 50, metrics: ["accuracy": MetricValue(value: $0.1, n: 50)],
          role: $0.2)
      }
      return record
    }
    let found = try judge("worst-group-accuracy:-1pp", [grouped(0.8, "a")], [grouped(0.7, "b")])
    let row = try #require(found.diff.pooledRows.first)
    let worst = try #require(row.comparisons.first { $0.metric == "worst_group_accuracy" })
    #expect(worst.baseline == 0.8 && worst.candidate == 0.7)
  }

  @Test(
    "trial rules look at every trial",
    arguments: [
      ("missing:any", [trial(seed: 1)], GateOutcome.failed),
      ("missing:any", [trial(seed: 1), trial(seed: 2)], .passed),
      ("status:any", [trial(seed: 1), trial(seed: 2, status: .timeout)], .failed),
      ("status:any", [trial(seed: 1), trial(seed: 2)], .passed),
      ("new-failures", [trial(seed: 1), trial(seed: 2, status: .timeout)], .failed),
      (
        "new-failures",
        [trial(seed: 1), trial(seed: 2), trial("other", seed: 1, status: .error)], .failed
      ),
      ("new-failures", [trial(seed: 1), trial(seed: 2), trial("other")], .passed),
      ("predictions:changed", [trial(seed: 1), trial(seed: 2, predictions: "b")], .failed),
      ("predictions:changed", [trial(seed: 1), trial(seed: 2)], .passed),
    ])
  func trialRules(rule: String, candidate: [TrialRecord], outcome: GateOutcome) throws {
    let found = try judge(rule, [trial(seed: 1), trial(seed: 2)], candidate)
    #expect(found.gate.outcome == outcome)
    #expect(found.diff.exitCode == outcome.exitCode)
  }

  @Test("costs are compared in their own unit")
  func costs() throws {
    var slow = trial()
    slow.cost.cpuSeconds = 0.5
    #expect(try judge("cpu:+20%", [trial()], [slow]).gate.outcome == .failed)
    #expect(try judge("cpu:+30%", [trial()], [slow]).gate.outcome == .passed)
    #expect(try judge("peak_rss:+10%", [trial()], [slow]).gate.outcome == .passed)
    let text = try judge("cpu:+20%", [trial()], [slow]).gate.findings.first?.text
    #expect(text == "cpu 0.400 s -> 0.500 s, allowed cpu:+20%")
  }

  @Test("costs of another concurrency, or none, are not compared")
  func costObstacles() throws {
    let other = try judge("cpu:+20%", [trial()], [trial()], jobs: 1)
    #expect(other.gate.outcome == .notComparable)
    #expect(other.diff.exitCode == .notComparable)
    let rule = try GateRule(parsing: "cpu:+20%", metrics: [])
    let stripped = report([trial()]).strippingVolatile()
    let found = diff(
      baseline: stripped, candidate: stripped, options: DiffOptions(rules: [rule]))
    #expect(found.gates.first?.outcome == .notComparable)
    #expect(found.gates.first?.findings.first?.text.contains("without its environment") == true)
  }

  @Test("of several codes the leading one is left with, and all are listed")
  func severalCodes() throws {
    let rules = try ["missing:any", "macro_f1:-1pp"].map {
      try GateRule(parsing: $0, metrics: classificationMetrics)
    }
    let found = diff(
      baseline: report([trial(seed: 1), trial(seed: 2), trial(seed: 3)]),
      candidate: report([trial(seed: 1), trial(seed: 3, suiteDigest: "other")]),
      options: DiffOptions(rules: rules))
    // No row has macro F1, so that the second rule is a mistake.
    #expect(found.exitCodes == [.usage, .notComparable, .gateFailed])
    #expect(found.exitCode == .usage)
    #expect(found.json["exit_codes"] == [2, 4, 1])
  }
}
