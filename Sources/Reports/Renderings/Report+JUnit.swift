internal import Evaluation
internal import Metrics
internal import PluginHost

extension Report {
  /// The report as JUnit XML: each trial a test case, the datasets of a suite its test suites.
  package func junit() -> String {
    var suites: [JUnit.Suite] = []
    for trial in trials {
      let name = "\(trial.suite) / \(trial.dataset)"
      if suites.last?.name != name { suites.append(JUnit.Suite(name: name, cases: [])) }
      suites[suites.count - 1].cases.append(testCase(trial))
    }
    let missing = loadFailures.map { failure in
      JUnit.Case(
        className: "assay.plugins", name: failure.place, seconds: nil,
        outcome: .failed(kind: "load-failed", message: failure.text, detail: ""))
    }
    if !missing.isEmpty { suites.append(JUnit.Suite(name: "plugins", cases: missing)) }
    // A file without any test case, or with skipped ones alone, or without its end, reads as success.
    var verdicts: [JUnit.Case] = []
    func fail(_ name: String, _ kind: String, _ message: String) {
      verdicts.append(
        JUnit.Case(
          className: "assay.run", name: name, seconds: nil,
          outcome: .failed(kind: kind, message: message, detail: "")))
    }
    if !isMeasured {
      fail("something was measured", "nothing-measured", ExitCode.nothingMeasured.meaning)
    }
    if !run.isComplete {
      fail("the run came to its end", "interrupted", "\(trials.count) trials had finished")
    }
    if !verdicts.isEmpty { suites.append(JUnit.Suite(name: "run", cases: verdicts)) }
    return JUnit(name: "assay run", suites: suites).text
  }

  private func testCase(_ trial: TrialRecord) -> JUnit.Case {
    let oracle = trial.selection == .oracle ? " (oracle)" : ""
    let metrics = trial.metrics.keys.sorted().compactMap { key in
      trial.metrics[key]?.value.map { (name: key, value: "\($0)") }
    }
    let outcome: JUnit.Outcome =
      switch trial.status {
      case .ok:
        unmeasured.contains { $0.id == trial.id }
          ? .failed(kind: "nothing-measured", message: "no metric has a value", detail: "")
          : .passed
      case .unsupported: .skipped(message: trial.failure?.message ?? "unsupported")
      default:
        .failed(
          kind: trial.status.rawValue, message: trial.failureText,
          detail: trial.failure?.kind ?? "")
      }
    return JUnit.Case(
      className: "\(trial.suite).\(trial.dataset)",
      name: "\(trial.label) \(TrialOrder.text(trial.setting)) seed \(trial.seed)\(oracle)",
      seconds: trial.cost == TrialCost() ? nil : trial.cost.wallSeconds,
      properties: [(name: "selection", value: trial.selection.rawValue)] + metrics,
      outcome: outcome,
      errorOutput: trial.failure?.stderrTail ?? "")
  }
}
