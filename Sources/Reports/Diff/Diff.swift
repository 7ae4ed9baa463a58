package import Evaluation
internal import Metrics
internal import PluginHost
internal import Statistics

/// Compares two reports; with the per-sample outcomes of both, every test is a paired one.
///
/// The trials of one method in one setting give a row each, and one pooled row over all seeds; gates
/// judge pooled rows. Pooled rows hold their groups too: shifts, attributes, classes.
package func diff(
  baseline: Report, candidate: Report, samplesA: TrialStore? = nil,
  samplesB: TrialStore? = nil, options: DiffOptions = DiffOptions()
) -> ReportDiff {
  let retired = baseline.metrics.filter { candidate.metric($0.key) == nil }
  let metrics = candidate.metrics + retired
  let groups = grouped(
    TrialPair.join(baseline.trials, candidate.trials), by: { RowKey($0.name) })
  let builder = DiffBuilder(
    baseline: baseline, candidate: candidate, samplesA: samplesA, samplesB: samplesB,
    worstGroups: options.rules.compactMap(\.worstGroupMetric),
    anyGroups: options.rules.compactMap(\.anyGroupMetric), metrics: metrics,
    resamples: options.resamples)
  var rows = concurrentMap(groups) { builder.rows($0.0, $0.1) }.flatMap(\.self)
  let familySize = settle(&rows, options: options, metrics: metrics)
  var result = ReportDiff(
    options: options, metrics: metrics, rows: rows, resamples: options.resamples,
    familySize: familySize, costObstacle: costObstacle(baseline, candidate),
    loadFailures: candidate.loadFailures.filter { failure in
      !baseline.loadFailures.contains { $0.place == failure.place }
    })
  result.gates = options.rules.map { $0.judge(result) }
  return result
}

private func costObstacle(_ baseline: Report, _ candidate: Report) -> String? {
  if let old = baseline.run.invocation?.jobs, let new = candidate.run.invocation?.jobs, old != new {
    return "the baseline ran \(old) trials at once and the candidate \(new)"
  }
  guard let old = baseline.environment, let new = candidate.environment else {
    return "a report without its environment says nothing about costs"
  }
  guard old.cpu == new.cpu else {
    return "the baseline ran on '\(old.cpu)', the candidate on '\(new.cpu)'"
  }
  return nil
}

/// Makes the rows of a diff, their verdicts still unsettled where a test decides.
private struct DiffBuilder: Sendable {
  let baseline: Report
  let candidate: Report
  let samplesA: TrialStore?
  let samplesB: TrialStore?
  let worstGroups: [String]
  let anyGroups: [String]
  let metrics: [MetricEntry]
  let resamples: Int

  /// The pooled row of a method in a setting, then its trials.
  func rows(_ key: RowKey, _ pairs: [TrialPair]) -> [DiffRow] {
    var seeds: [TrialComparison] = []
    let plan = DrawPlan(resamples: resamples, lists: pairs.count == 1)
    let trials = pairs.map { pair in
      let comparison = comparison(pair, plan)
      if let comparison { seeds.append(comparison) }
      return row(key, pair, comparison)
    }
    return [pooled(key, pairs, trials: trials, seeds: seeds)] + trials
  }

  private func comparison(_ pair: TrialPair, _ plan: DrawPlan) -> TrialComparison? {
    guard pair.plainVerdict == nil, let (old, new) = pair.results else { return nil }
    return TrialComparison(
      old, new, samplesA: samplesA, samplesB: samplesB, groupMetrics: groupMetrics(new), plan: plan)
  }

  /// What groups are compared by: the headline, what the gates ask of groups, and the disparities of
  /// decisions.
  private func groupMetrics(_ trial: TrialRecord) -> [String] {
    let headline = metrics.first { trial.metrics[$0.key] != nil }.map { [$0.key] } ?? []
    let disparities = MetricInfo.fairness.map(\.key).filter { key in
      trial.groups.contains { $0.role == .gap && $0.metrics[key] != nil }
    }
    let wanted = Set(headline + worstGroups + anyGroups + disparities)
    return metrics.map(\.key).filter(wanted.contains)
  }

  private func row(_ key: RowKey, _ pair: TrialPair, _ comparison: TrialComparison?) -> DiffRow {
    let plain = pair.plainVerdict
    let sides = [pair.baseline, pair.candidate].compactMap(\.self)
    var row = DiffRow(
      key: key, seeds: [pair.name.seed], isPooled: false, verdict: plain?.verdict ?? .noResult,
      reason: plain?.reason, notes: pair.notes, baselineStatus: pair.baseline?.status,
      candidateStatus: pair.candidate?.status,
      newlyFailing: plain?.verdict == .newlyFailing ? [pair.name.seed] : [],
      isOracle: sides.contains { $0.selection == .oracle })
    if let old = pair.baseline?.predictions, let new = pair.candidate?.predictions {
      row.predictionsChanged = old != new
    }
    if let lost = lost(pair, plain?.verdict) { row.lost = [lost] }
    guard let comparison else { return row }
    row.comparisons = comparisons([comparison])
    row.flips = comparison.flips
    row.costs = costs([comparison])
    return row
  }

  private func lost(_ pair: TrialPair, _ verdict: Verdict?) -> LostResult? {
    guard let trial = pair.baseline, trial.status == .ok else { return nil }
    switch verdict {
    case .missing: return LostResult(trial: trial, reason: .missing)
    case .newlyFailing: return LostResult(trial: trial, reason: .newlyFailing)
    case .incomparable: return LostResult(trial: trial, reason: .incomparable)
    default: return nil
    }
  }

  private func pooled(
    _ key: RowKey, _ pairs: [TrialPair], trials: [DiffRow], seeds: [TrialComparison]
  ) -> DiffRow {
    let plain: [Verdict] = [.incomparable, .newlyFailing, .missing, .fixed, .new, .noResult]
    var row = DiffRow(
      key: key, seeds: seeds.map(\.candidate.seed), isPooled: true, verdict: .noResult,
      baselineStatus: worst(pairs.compactMap { $0.baseline?.status }),
      candidateStatus: worst(pairs.compactMap { $0.candidate?.status }),
      newlyFailing: trials.flatMap(\.newlyFailing), isOracle: trials.contains(where: \.isOracle))
    row.lost = trials.flatMap(\.lost)
    row.notes = trials.flatMap(\.notes).reduce(into: []) { notes, note in
      if !notes.contains(note) { notes.append(note) }
    }
    let settled = trials.filter { $0.reason != nil }
    if let verdict = plain.first(where: { verdict in settled.contains { $0.verdict == verdict } }) {
      let first = settled.first { $0.verdict == verdict }
      if seeds.isEmpty || verdict == .incomparable || verdict == .newlyFailing {
        row.verdict = verdict
        row.reason = first?.reason
      }
      if !seeds.isEmpty {
        row.notes += settled.map { "seed \($0.seeds[0]) left out: \($0.verdict.rawValue)" }
      }
    }
    let changes = trials.compactMap(\.predictionsChanged)
    if !changes.isEmpty { row.predictionsChanged = changes.contains(true) }
    guard !seeds.isEmpty else { return row }
    row.comparisons = comparisons(seeds)
    row.groups = groups(seeds)
    row.flips = pooledFlips(seeds)
    row.costs = costs(seeds)
    return row
  }

  private func worst(_ statuses: [TrialStatus]) -> TrialStatus? {
    statuses.first { $0 != .ok && $0 != .unsupported } ?? statuses.first { $0 != .ok }
      ?? statuses.first
  }

  private func comparisons(_ seeds: [TrialComparison]) -> [Comparison] {
    let keys = seeds.reduce(into: Set<String>()) { $0.formUnion($1.metrics) }
    let plain = keys.sorted().map { key -> Comparison in
      if let reason = versionObstacle(key) {
        return Comparison(
          metric: key, baseline: mean(seeds.compactMap { $0.baseline.metrics[key]?.value }),
          candidate: mean(seeds.compactMap { $0.candidate.metrics[key]?.value }),
          verdict: .incomparable, reason: reason)
      }
      return MetricComparer(.metric(key), seeds: seeds).compare()
    }
    let worst = worstGroups.filter { key in
      seeds.contains {
        !$0.baseline.worstCandidates(key).isEmpty || !$0.candidate.worstCandidates(key).isEmpty
      }
    }
    return plain + worst.map { MetricComparer(worstGroup($0), seeds: seeds).compare() }
  }

  /// Every compared group of the baseline, whatever the candidate has of it.
  private func groups(_ seeds: [TrialComparison]) -> [GroupComparison] {
    let old = unique(seeds.flatMap { $0.baseline.groups.filter(\.isCompared).map(\.id) })
    let new = unique(seeds.flatMap { $0.candidate.groups.filter(\.isCompared).map(\.id) })
    let known = Set(old)
    let keys = unique(seeds.flatMap { groupMetrics($0.candidate) + groupMetrics($0.baseline) })
    return (new.filter(known.contains) + old.filter { !Set(new).contains($0) }).compactMap { name in
      let sides = seeds.map { seed in
        [seed.candidate, seed.baseline].compactMap { $0.comparedGroup(name) }
      }
      let measured = keys.filter { key in
        sides.contains { $0.contains { $0.metrics[key] != nil } }
      }
      guard !measured.isEmpty else { return nil }
      let n = seeds.lazy.compactMap { seed in
        seed.candidate.comparedGroup(name)?.n
      }.first
      return GroupComparison(
        name: name, n: n ?? 0, comparisons: measured.map { compare($0, in: name, seeds) })
    }
  }

  private func compare(
    _ key: String, in group: GroupID, _ seeds: [TrialComparison]
  ) -> Comparison {
    if let reason = versionObstacle(key) {
      return Comparison(
        metric: key, baseline: nil, candidate: nil, verdict: .incomparable, reason: reason)
    }
    return MetricComparer(.metric(key, of: group), seeds: seeds).compare()
  }

  private func versionObstacle(_ key: String) -> String? {
    guard let old = baseline.metric(key), let new = candidate.metric(key),
      old.version != new.version
    else { return nil }
    return "the definition of \(key) changed from version \(old.version) to \(new.version)"
  }

  /// The worst value among a trial's groups, and in each resample the worst of that resample.
  private func worstGroup(_ key: String) -> ComparedNumber {
    let higherIsBetter = higherIsBetter(key, metrics)
    func worst(_ values: [Double]) -> Double {
      (higherIsBetter ? values.min() : values.max()) ?? .nan
    }
    return ComparedNumber(
      name: worstGroupKey(key),
      value: { trial in
        let values = trial.worstCandidates(key).compactMap { $0.metrics[key] }
        let extreme = worst(values.compactMap(\.value))
        return values.first { $0.value == extreme }
      },
      evidence: { comparison in
        comparison.groups?.worstEvidence(
          key, baseline: comparison.baseline.worstCandidates(key).map(\.id),
          candidate: comparison.candidate.worstCandidates(key).map(\.id), worst: worst)
      },
      flips: { _ in nil })
  }

  private func costs(_ seeds: [TrialComparison]) -> [CostKey: CostChange] {
    let measured = seeds.filter {
      $0.baseline.cost != TrialCost() && $0.candidate.cost != TrialCost()
    }
    guard !measured.isEmpty else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: CostKey.allCases.map { key in
        (
          key,
          CostChange(
            baseline: measured.map { key.value(of: $0.baseline.cost) },
            candidate: measured.map { key.value(of: $0.candidate.cost) })
        )
      })
  }

  /// The rows that more seeds lose than win, and the other way round.
  private func pooledFlips(_ seeds: [TrialComparison]) -> Flips? {
    let changed = seeds.filter { !$0.isIdentical }
    let flips = changed.compactMap(\.flips)
    guard let first = changed.first?.outcomes, flips.count == changed.count,
      changed.allSatisfy({ $0.outcomes?.key == first.key })
    else { return nil }
    var balance: [Int: Int] = [:]
    for seed in flips {
      for row in seed.lost { balance[row, default: 0] -= 1 }
      for row in seed.won { balance[row, default: 0] += 1 }
    }
    let rows = balance.keys.sorted()
    return Flips(
      lost: rows.filter { balance[$0, default: 0] < 0 },
      won: rows.filter { balance[$0, default: 0] > 0 })
  }
}
