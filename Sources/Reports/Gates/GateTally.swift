internal import Evaluation

/// What a rule has found so far.
struct GateTally {
  /// The rows that there was something to judge in.
  var judged = 0
  var findings: [GateFinding] = []
  var spared: [GateFinding] = []
  /// What keeps rows from being judged.
  var obstacles: [GateFinding] = []

  /// Takes note of the results of the baseline that nothing is held against, of those that have what
  /// the rule looks at; tells whether there are any.
  mutating func note(lost row: DiffRow, isMeasured: (TrialRecord) -> Bool) -> Bool {
    let lost = row.lost.filter { isMeasured($0.trial) }
    for reason in LostResult.Reason.allCases {
      let trials = lost.filter { $0.reason == reason }.map(\.trial)
      guard !trials.isEmpty else { continue }
      let seeds = trials.map { String($0.seed) }.joined(separator: ", ")
      let finding = GateFinding(
        row: row.name, text: "no value for seed \(seeds), which \(reason.clause)")
      if reason == .incomparable {
        obstacles.append(finding)
      } else {
        findings.append(finding)
      }
    }
    return lost.contains { $0.reason != .incomparable }
  }

  func result(of rule: GateRule) -> GateResult {
    let outcome: GateOutcome
    if !obstacles.isEmpty {
      outcome = .notComparable
    } else if !findings.isEmpty {
      outcome = .failed
    } else {
      outcome = judged == 0 ? .nothingToJudge : .passed
    }
    var findings = obstacles + findings
    if outcome == .nothingToJudge {
      findings = [GateFinding(row: "", text: "no row of these reports has what the rule looks at")]
    }
    return GateResult(
      rule: rule, outcome: outcome, judged: judged, findings: findings, spared: spared)
  }
}
