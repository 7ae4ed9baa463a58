/// How a rule ended.
package enum GateOutcome: String, CaseIterable, Sendable {
  case passed
  case failed
  /// The reports do not let the rule be judged.
  case notComparable = "not-comparable"
  /// No row has what the rule looks at: a rule that judged nothing has not passed.
  case nothingToJudge = "nothing-to-judge"

  package var exitCode: ExitCode {
    switch self {
    case .passed: .fine
    case .failed: .gateFailed
    case .notComparable: .notComparable
    case .nothingToJudge: .nothingMeasured
    }
  }
}

/// A row that breaks a rule, or nearly does.
package struct GateFinding: Equatable, Sendable {
  /// The row's name; empty when the rule as a whole is meant.
  package var row: String
  package var text: String
  package init(row: String, text: String) {
    self.row = row
    self.text = text
  }
}

/// What a rule found in a diff.
package struct GateResult: Equatable, Sendable {
  package var rule: GateRule
  package var outcome: GateOutcome
  /// The number of rows that were judged.
  package var judged: Int
  /// The rows that break the rule.
  package var findings: [GateFinding]
  /// Rows that look worse than allowed by no more than chance explains.
  package var spared: [GateFinding]

  package init(
    rule: GateRule, outcome: GateOutcome, judged: Int, findings: [GateFinding] = [],
    spared: [GateFinding] = []
  ) {
    self.rule = rule
    self.outcome = outcome
    self.judged = judged
    self.findings = findings
    self.spared = spared
  }
}
