internal import Evaluation
internal import Metrics
internal import Statistics

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

  var disparityMetric: String? {
    guard case .disparity(let key) = subject else { return nil }
    return key
  }

  var worstGroupMetric: String? {
    guard case .worstGroup(let key) = subject else { return nil }
    return key
  }

  /// Judges a diff whose verdicts are settled.
  ///
  /// What the baseline measured and the candidate did not breaks every rule that would have judged
  /// it: a trial, a seed, a group or a value that is gone has not got better.
  func judge(_ diff: ReportDiff) -> GateResult {
    switch subject {
    case .metric, .worstGroup: judgeMetric(comparedMetric ?? "", diff)
    case .anyGroup(let key): judgeGroups(key, diff, of: .rows)
    case .disparity(let key): judgeGroups(key, diff, of: .gap)
    case .cost(let key): judgeCost(key, diff)
    case .missing, .newFailures, .status, .predictions: judgeTrials(diff)
    }
  }

  // MARK: Metrics

  private func judgeMetric(_ metric: String, _ diff: ReportDiff) -> GateResult {
    let sign: Double = higherIsBetter(metric, diff.metrics) ? 1 : -1
    var tally = GateTally()
    for row in diff.pooledRows {
      let isLost = tally.note(lost: row) { measures($0) }
      guard let found = row.comparisons.first(where: { $0.metric == metric }) else {
        if isLost { tally.judged += 1 }
        continue
      }
      let isJudged = judge(found, row: row.name, sign: sign, &tally)
      if isJudged || isLost { tally.judged += 1 }
    }
    return tally.result(of: self)
  }

  /// Judges every group; one is worse only if it is so after adjustment for all of its row.
  private func judgeGroups(
    _ metric: String, _ diff: ReportDiff, of role: GroupRecord.Role
  ) -> GateResult {
    let sign: Double = higherIsBetter(metric, diff.metrics) ? 1 : -1
    var tally = GateTally()
    for row in diff.pooledRows {
      if tally.note(lost: row, isMeasured: { measures($0) }) { tally.judged += 1 }
      for group in row.groups where group.name.role == role {
        guard let found = group.comparisons.first(where: { $0.metric == metric }) else { continue }
        let name = "\(row.name) / \(group.name.text)"
        if judge(found, row: name, sign: sign, &tally) { tally.judged += 1 }
      }
    }
    return tally.result(of: self)
  }

  /// Judges one comparison, and tells whether there was anything to judge.
  ///
  /// A change for the worse that the units are too few to tell from chance has not been shown to be
  /// noise, and is held against the candidate.
  private func judge(
    _ found: Comparison, row: String, sign: Double, _ tally: inout GateTally
  ) -> Bool {
    switch found.verdict {
    case .incomparable:
      tally.obstacles.append(GateFinding(row: row, text: found.reason ?? "not comparable"))
      return false
    case .undefined:
      tally.findings.append(
        GateFinding(row: row, text: "\(found.metric): \(found.reason ?? "no value")"))
      return true
    default: break
    }
    guard let delta = found.delta else { return false }
    if case .noninferior(let margin) = limit {
      if found.verdict != .identical, !isAbove(-margin, found, sign: sign) {
        let text = "\(describe(found)), not shown to be worse by less than \(Format.plain(margin))"
        tally.findings.append(GateFinding(row: row, text: text))
      }
      return true
    }
    guard let text = excess(found, worseBy: -sign * delta) else { return true }
    let finding = GateFinding(row: row, text: text)
    if found.verdict == .regressed || found.verdict == .notResolvable || found.test == .none {
      tally.findings.append(finding)
    } else {
      tally.spared.append(finding)
    }
    return true
  }

  /// Whether the change for the better is above `least` for other rows, and for other draws where there
  /// are several; what has no interval is not.
  private func isAbove(_ least: Double, _ found: Comparison, sign: Double) -> Bool {
    guard let interval = found.interval, let delta = found.delta else { return false }
    let worst = sign > 0 ? interval.lower : -interval.upper
    guard let seeds = found.seeds else { return worst > least }
    let n = Double(seeds.count)
    let reach =
      studentQuantile(0.5 + interval.level / 2, degreesOfFreedom: n - 1) * seeds.deviation
      / n.squareRoot()
    return min(worst, sign * delta - reach) > least
  }

  /// Whether a trial has a value that the rule looks at.
  private func measures(_ trial: TrialRecord) -> Bool {
    func hasGroup(_ key: String, _ role: GroupRecord.Role) -> Bool {
      trial.groups.contains {
        $0.isCompared && $0.role == role && $0.metrics[key]?.value != nil
      }
    }
    return switch subject {
    case .metric(let key): trial.metrics[key]?.value != nil
    case .worstGroup(let key): !trial.worstCandidates(key).isEmpty
    case .anyGroup(let key): hasGroup(key, .rows)
    case .disparity(let key): hasGroup(key, .gap)
    case .cost: trial.cost != TrialCost()
    case .missing, .newFailures, .status, .predictions: true
    }
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
    case .significant, .noninferior, .any:
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
    if found.verdict == .notResolvable, let reason = found.reason { text += "; \(reason)" }
    return text
  }

  // MARK: Costs

  private func judgeCost(_ key: CostKey, _ diff: ReportDiff) -> GateResult {
    var tally = GateTally()
    if let obstacle = diff.costObstacle {
      tally.obstacles.append(
        GateFinding(row: "", text: "costs cannot be compared: \(obstacle)"))
      return tally.result(of: self)
    }
    for row in diff.pooledRows {
      let isLost = tally.note(lost: row) { measures($0) }
      guard let change = row.costs[key] else {
        if isLost { tally.judged += 1 }
        continue
      }
      tally.judged += 1
      let (old, new) = change.medians
      let allowed =
        switch limit {
        case .absolute(let amount): amount
        case .relative(let share): share * old
        case .significant, .noninferior, .any: 0.0
        }
      guard new - old > allowed else { continue }
      let words = "\(key.rawValue) \(Format.cost(old, key)) -> \(Format.cost(new, key))"
      if new - old > max(key.floor, change.noise) {
        tally.findings.append(GateFinding(row: row.name, text: "\(words), allowed \(text)"))
      } else {
        tally.spared.append(GateFinding(row: row.name, text: words))
      }
    }
    return tally.result(of: self)
  }
}
