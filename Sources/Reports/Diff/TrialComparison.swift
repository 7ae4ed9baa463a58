internal import Evaluation
internal import Glibc
internal import Metrics
internal import Statistics

/// Two results of one trial, with all that the comparison of their metrics needs.
struct TrialComparison {
  let baseline: TrialRecord
  let candidate: TrialRecord
  /// Whether both gave the same bytes.
  let isIdentical: Bool
  let outcomes: OutcomePair?
  /// Why there are no paired outcomes although the predictions differ.
  let obstacle: String?
  /// What the outcomes tell of the difference of each metric.
  let evidence: [String: Evidence]
  /// The same for the groups; nil where the outcomes are not paired.
  let groups: PairedGroups?

  /// Groups are resampled for `groupMetrics` alone.
  init(
    _ baseline: TrialRecord, _ candidate: TrialRecord, samplesA: TrialStore?,
    samplesB: TrialStore?, groupMetrics: [String], plan: DrawPlan
  ) {
    self.baseline = baseline
    self.candidate = candidate
    let isIdentical =
      baseline.predictions != nil && baseline.predictions == candidate.predictions
      && baseline.metrics.mapValues(\.value) == candidate.metrics.mapValues(\.value)
    self.isIdentical = isIdentical
    guard !isIdentical else {
      (outcomes, obstacle, evidence, groups) = (nil, nil, [:], nil)
      return
    }
    do throws(ReportError) {
      let loaded = try OutcomePair(
        baseline, candidate, samplesA: samplesA, samplesB: samplesB)
      let shared = Set(baseline.metrics.keys).intersection(candidate.metrics.keys).sorted()
      evidence = loaded.evidence(shared, plan)
      (outcomes, obstacle) = (loaded, nil)
      groups = PairedGroups(
        baseline, candidate, own: loaded, samplesA: samplesA, samplesB: samplesB,
        metrics: groupMetrics, plan: plan)
    } catch {
      (outcomes, obstacle, evidence, groups) = (nil, error.description, [:], nil)
    }
  }

  var metrics: Set<String> { Set(baseline.metrics.keys).union(candidate.metrics.keys) }

  var flips: Flips? { isIdentical ? nil : outcomes?.flips("accuracy") }
}

/// A number that two results of a trial are compared by.
struct ComparedNumber {
  /// The name of the comparison.
  let name: String
  let value: (TrialRecord) -> MetricValue?
  /// What the paired rows tell of its difference; nil where they are not paired.
  let evidence: (TrialComparison) -> Evidence?
  /// The rows that flip, if the number is a share of right rows.
  let flips: (TrialComparison) -> Flips?

  /// A metric of all rows.
  static func metric(_ key: String) -> ComparedNumber {
    ComparedNumber(
      name: key, value: { $0.metrics[key] }, evidence: { $0.evidence[key] },
      flips: { $0.outcomes?.flips(key) })
  }

  /// A metric of a group.
  static func metric(_ key: String, of group: GroupID) -> ComparedNumber {
    ComparedNumber(
      name: key, value: { trial in trial.comparedGroup(group)?.metrics[key] },
      evidence: { $0.groups?.evidence(key, in: group) },
      flips: { $0.groups?.flips(key, in: group) })
  }
}

/// Compares one number over one or more seeds of a row; verdicts of tested ones are settled later.
struct MetricComparer {
  let number: ComparedNumber
  let seeds: [TrialComparison]
  private var value: (TrialRecord) -> MetricValue? { number.value }
  private var metric: String { number.name }

  init(_ number: ComparedNumber, seeds: [TrialComparison]) {
    self.number = number
    self.seeds = seeds
  }

  func compare() -> Comparison {
    var old: [MetricValue] = []
    var new: [MetricValue] = []
    var used: [TrialComparison] = []
    var gaps: [String] = []
    var isLost = false
    for seed in seeds {
      let (first, second) = (value(seed.baseline), value(seed.candidate))
      if let first, let second, first.value != nil, second.value != nil {
        old.append(first)
        new.append(second)
        used.append(seed)
      } else {
        gaps.append(gap(first, second, seed: seed.candidate.seed))
        if first?.value != nil { isLost = true }
      }
    }
    let before = mean(old.compactMap(\.value))
    let after = mean(new.compactMap(\.value))
    let gapText = gaps.isEmpty ? nil : gaps.joined(separator: "; ")
    guard let before, let after, !isLost else {
      let sides = (
        before ?? mean(seeds.compactMap { value($0.baseline)?.value }),
        after ?? mean(seeds.compactMap { value($0.candidate)?.value })
      )
      return Comparison(
        metric: metric, baseline: sides.0, candidate: sides.1,
        verdict: isLost ? .undefined : .noResult, reason: gapText)
    }
    var result = Comparison(
      metric: metric, baseline: before, candidate: after, delta: after - before,
      verdict: .withinNoise)
    if used.allSatisfy(\.isIdentical) {
      result.verdict = .identical
      result.reason = gapText
      return result
    }
    if abs(after - before) < 1e-12 { result.verdict = .sameScoreOtherPredictions }
    result.seeds = SeedSpread(used, zip(new, old).map { ($0.value ?? 0) - ($1.value ?? 0) })
    if !testPaired(used, &result) { testUnpaired(old, new, used, &result) }
    let reasons = [gapText, result.reason].compactMap(\.self)
    result.reason = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    return result
  }

  private func gap(_ old: MetricValue?, _ new: MetricValue?, seed: Int) -> String {
    func side(_ value: MetricValue?, _ name: String) -> String? {
      guard let value else { return "not measured in the \(name)" }
      return value.value == nil
        ? "undefined in the \(name)" + (value.reason.map { " (\($0))" } ?? "") : nil
    }
    let sides = [side(old, "baseline"), side(new, "candidate")].compactMap(\.self)
    return (seeds.count > 1 ? "seed \(seed): " : "") + sides.joined(separator: ", ")
  }

  /// Tests on the paired rows, the unit being the row or what rows belong to.
  private func testPaired(_ seeds: [TrialComparison], _ result: inout Comparison) -> Bool {
    let changed = seeds.filter { !$0.isIdentical }
    let evidence = changed.compactMap { number.evidence($0) }
    guard evidence.count == changed.count, let difference = result.delta,
      let pooled = PooledEvidence(evidence, seedCount: seeds.count, difference: difference)
    else { return false }
    let (interval, skipped) = pooled.interval()
    result.interval = interval
    if skipped > 0.05 {
      result.reason = "undefined in \(Int((skipped * 100).rounded())) % of the resamples"
    }
    let isMcNemar = seeds.count == 1 && number.flips(seeds[0]) != nil
    result.test = isMcNemar ? .exactMcNemar : .pairedRandomisation
    (result.p, result.units) = (pooled.p, pooled.units)
    result.nullDeviation = pooled.nullDeviation
    return true
  }

  /// Tests from the reported intervals, as if the two runs had nothing in common.
  private func testUnpaired(
    _ old: [MetricValue], _ new: [MetricValue], _ seeds: [TrialComparison],
    _ result: inout Comparison
  ) {
    let reason = seeds.compactMap { $0.obstacle ?? $0.groups?.obstacle }.first
    let level = (old + new).compactMap { $0.interval?.level }.first ?? 0.95
    let z = normalQuantile(0.5 + level / 2)
    func error(_ values: [MetricValue]) -> Double? {
      let errors = values.compactMap { value in
        value.interval.map { ($0.upper - $0.lower) / (2 * z) }
      }
      // The seeds share their test rows, so their errors do not average out.
      return errors.count == values.count ? mean(errors) : nil
    }
    guard let before = error(old), let after = error(new), before + after > 0,
      let delta = result.delta
    else {
      result.reason = "the noise is not known" + (reason.map { ": \($0)" } ?? "")
      return
    }
    let spread = (before * before + after * after).squareRoot()
    result.test = .unpaired
    result.reason = reason
    result.interval = Interval(
      lower: delta - z * spread, upper: delta + z * spread, level: level,
      method: "unpaired-normal")
    result.p = erfc(abs(delta) / spread / 2.0.squareRoot())
  }
}
