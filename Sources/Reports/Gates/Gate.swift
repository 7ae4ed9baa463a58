internal import Evaluation
internal import Metrics
internal import PluginHost

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

// MARK: Judging

extension GateRule {
  /// The key of the comparison that the rule looks at.
  package var comparedMetric: String? {
    switch subject {
    case .metric(let key): key
    case .worstGroup(let key): worstGroupKey(key)
    default: nil
    }
  }

  var anyGroupMetric: String? {
    guard case .anyGroup(let key) = subject else { return nil }
    return key
  }

  var worstGroupMetric: String? {
    guard case .worstGroup(let key) = subject else { return nil }
    return key
  }

  /// Judges a diff whose verdicts are settled.
  func judge(_ diff: ReportDiff) -> GateResult {
    switch subject {
    case .metric, .worstGroup: judgeMetric(comparedMetric ?? "", diff)
    case .anyGroup(let key): judgeGroups(key, diff, of: .rows)
    case .disparity(let key): judgeGroups(key, diff, of: .gap)
    case .cost(let key): judgeCost(key, diff)
    case .missing:
      judgeTrials(diff) { $0.verdict == .missing ? "is missing in the candidate" : nil }
    case .newFailures:
      judgeTrials(diff) { row in
        let isNewAndFails =
          row.verdict == .new && row.candidateStatus != .ok && row.candidateStatus != .unsupported
        guard row.verdict == .newlyFailing || isNewAndFails else { return nil }
        return "newly failing: \(row.candidateStatus?.rawValue ?? "")"
      }
    case .status:
      judgeTrials(diff) { row in
        guard let old = row.baselineStatus, let new = row.candidateStatus, old != new else {
          return nil
        }
        return "status \(old.rawValue) -> \(new.rawValue)"
      }
    case .predictions:
      judgeTrials(diff) { $0.predictionsChanged == true ? "other predictions" : nil }
    }
  }

  private func result(
    judged: Int, findings: [GateFinding], spared: [GateFinding] = []
  ) -> GateResult {
    let outcome: GateOutcome =
      findings.isEmpty ? (judged == 0 ? .nothingToJudge : .passed) : .failed
    return GateResult(
      rule: self, outcome: outcome, judged: judged, findings: findings, spared: spared)
  }

  private func judgeTrials(_ diff: ReportDiff, _ problem: (DiffRow) -> String?) -> GateResult {
    let findings = diff.trialRows.compactMap { row in
      problem(row).map { GateFinding(row: row.name, text: $0) }
    }
    return result(judged: diff.trialRows.count, findings: findings)
  }

  private func judgeMetric(_ metric: String, _ diff: ReportDiff) -> GateResult {
    let sign: Double = higherIsBetter(metric, diff.metrics) ? 1 : -1
    var judged = 0
    var findings: [GateFinding] = []
    var spared: [GateFinding] = []
    for row in diff.pooledRows {
      if !row.newlyFailing.isEmpty {
        judged += 1
        let seeds = row.newlyFailing.map(String.init).joined(separator: ", ")
        findings.append(
          GateFinding(row: row.name, text: "no \(metric) for seed \(seeds), which newly fails"))
      }
      guard let found = row.comparisons.first(where: { $0.metric == metric }) else { continue }
      if found.verdict == .incomparable {
        return GateResult(
          rule: self, outcome: .notComparable, judged: judged,
          findings: [GateFinding(row: row.name, text: found.reason ?? "not comparable")])
      }
      guard let delta = found.delta else {
        guard found.baseline != nil else { continue }
        judged += 1
        findings.append(GateFinding(row: row.name, text: found.reason ?? "no value"))
        continue
      }
      judged += 1
      guard let text = excess(found, worseBy: -sign * delta) else { continue }
      let finding = GateFinding(row: row.name, text: text)
      if isOutsideNoise(found, sign: sign) {
        findings.append(finding)
      } else {
        spared.append(finding)
      }
    }
    return result(judged: judged, findings: findings, spared: spared)
  }

  /// Judges every group; one is worse only if it is so after adjustment for all of its row.
  private func judgeGroups(
    _ metric: String, _ diff: ReportDiff, of role: GroupRecord.Role
  ) -> GateResult {
    let sign: Double = higherIsBetter(metric, diff.metrics) ? 1 : -1
    var judged = 0
    var findings: [GateFinding] = []
    var spared: [GateFinding] = []
    for row in diff.pooledRows {
      for group in row.groups where group.name.role == role {
        guard let found = group.comparisons.first(where: { $0.metric == metric }),
          let delta = found.delta
        else { continue }
        judged += 1
        guard let text = excess(found, worseBy: -sign * delta) else { continue }
        let finding = GateFinding(row: "\(row.name) / \(group.name.text)", text: text)
        if found.verdict == .regressed {
          findings.append(finding)
        } else {
          spared.append(finding)
        }
      }
    }
    return result(judged: judged, findings: findings, spared: spared)
  }

  /// Says by how much a comparison exceeds the limit; nil when it does not.
  private func excess(_ found: Comparison, worseBy worse: Double) -> String? {
    // A limit written in decimals must hold for a difference that is exactly on it.
    let rounding = 1e-12
    let change = describe(found)
    switch limit {
    case .absolute(let allowed):
      return worse > allowed + rounding ? "\(change), allowed \(text)" : nil
    case .relative(let share):
      let allowed = share * abs(found.baseline ?? 0)
      return worse > allowed + rounding ? "\(change), allowed \(text)" : nil
    case .significant, .any:
      return worse > rounding ? change : nil
    }
  }

  private func describe(_ found: Comparison) -> String {
    var text = "\(found.metric) \(Format.value(found.baseline)) -> \(Format.value(found.candidate))"
    if let interval = found.interval {
      text += ", difference \(Format.signed(found.delta)) \(Format.bounds(interval))"
    }
    if let p = found.adjustedP { text += ", adjusted p \(Format.probability(p))" }
    if found.test == .unpaired { text += ", unpaired" }
    return text
  }

  /// Tells whether a change for the worse is more than noise; yes when the noise is not known.
  private func isOutsideNoise(_ found: Comparison, sign: Double) -> Bool {
    if limit == .significant { return found.verdict == .regressed }
    guard let interval = found.interval else { return true }
    return sign > 0 ? interval.upper < 0 : interval.lower > 0
  }

  private func judgeCost(_ key: CostKey, _ diff: ReportDiff) -> GateResult {
    if let obstacle = diff.costObstacle {
      return GateResult(
        rule: self, outcome: .notComparable, judged: 0,
        findings: [GateFinding(row: "", text: "costs cannot be compared: \(obstacle)")])
    }
    var judged = 0
    var findings: [GateFinding] = []
    for row in diff.pooledRows {
      guard let change = row.costs[key] else { continue }
      judged += 1
      let allowed =
        switch limit {
        case .absolute(let amount): amount
        case .relative(let share): share * change.baseline
        case .significant, .any: 0.0
        }
      guard change.candidate - change.baseline > allowed else { continue }
      findings.append(
        GateFinding(
          row: row.name,
          text: "\(key.rawValue) \(Format.cost(change.baseline, key)) -> "
            + "\(Format.cost(change.candidate, key)), allowed \(text)"))
    }
    return result(judged: judged, findings: findings)
  }
}
