extension ReportDiff {
  /// The diff as JUnit XML: each gate a test case, and each pooled row, which fails where it got
  /// worse and is skipped where there is nothing to compare.
  package func junit() -> String {
    let rules = gates.map { gate -> JUnit.Case in
      let findings = gate.findings.map { "\($0.row): \($0.text)" }.joined(separator: "\n")
      let outcome: JUnit.Outcome =
        gate.outcome == .passed
        ? .passed
        : .failed(
          kind: gate.outcome.rawValue,
          message: "\(gate.outcome.rawValue), rows that break it: \(gate.findings.count)",
          detail: findings)
      return JUnit.Case(
        className: "assay.gates", name: gate.rule.text, seconds: nil, outcome: outcome)
    }
    let compared = pooledRows.map { row -> JUnit.Case in
      JUnit.Case(
        className: "\(row.key.suite).\(row.key.dataset)", name: row.markedName, seconds: nil,
        properties: [(name: "verdict", value: row.verdict.rawValue)]
          + (row.isOracle ? [(name: "selection", value: "oracle")] : []),
        outcome: outcome(row))
    }
    return JUnit(
      name: "assay diff",
      suites: [
        JUnit.Suite(name: "gates", cases: rules + verdict),
        JUnit.Suite(name: "rows", cases: compared),
      ]
    ).text
  }

  /// A failed test case where nothing was compared, since a file without any reads as success.
  private var verdict: [JUnit.Case] {
    guard [.nothingMeasured, .notComparable, .usage].contains(exitCode) else { return [] }
    return [
      JUnit.Case(
        className: "assay.gates", name: "the reports can be compared", seconds: nil,
        outcome: .failed(
          kind: "exit-code-\(exitCode.rawValue)", message: summaryText, detail: ""))
    ]
  }

  private func outcome(_ row: DiffRow) -> JUnit.Outcome {
    switch row.verdict {
    case .regressed, .newlyFailing, .incomparable, .missing, .undefined, .notResolvable:
      .failed(
        kind: row.verdict.rawValue, message: row.detail,
        detail: row.comparisons.map(\.text).joined(separator: "\n"))
    case .new, .noResult: .skipped(message: row.reason ?? row.verdict.rawValue)
    case .identical, .sameScoreOtherPredictions, .improved, .withinNoise, .fixed: .passed
    }
  }
}
