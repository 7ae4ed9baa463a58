internal import Evaluation
internal import Metrics
internal import Statistics

/// The key under which the worst group's value of a metric is compared.
func worstGroupKey(_ metric: String) -> String { "worst_group_\(metric)" }

/// Adjusts all p-values and settles the verdicts; returns the number of tests that rules judge.
///
/// What any rule looks at is one family for Holm's adjustment, over rows, metrics and groups. What no
/// rule names is told row by row: the metrics of a row are a family, and so are its groups. A change
/// must hold for other test rows and for other draws, so that the greater p of the two counts.
func settle(_ rows: inout [DiffRow], options: DiffOptions, metrics: [MetricEntry]) -> Int {
  let judged = JudgedMetrics(options.rules)
  addDrawsP(&rows)
  var families: [Family: [(place: Place, p: Double)]] = [:]
  for (index, row) in rows.enumerated() {
    for (place, comparison) in row.comparisons.enumerated() {
      guard let p = comparison.rawP else { continue }
      let isJudged = row.isPooled && judged.ofRows.contains(comparison.metric)
      families[isJudged ? .judged : .metrics(ofRow: index), default: []].append(
        (Place(row: index, group: nil, comparison: place), p))
    }
    for (group, found) in row.groups.enumerated() {
      for (place, comparison) in found.comparisons.enumerated() {
        guard let p = comparison.rawP else { continue }
        let isJudged = judged.includes(comparison.metric, of: found.name.role)
        families[isJudged ? .judged : .groups(ofRow: index), default: []].append(
          (Place(row: index, group: group, comparison: place), p))
      }
    }
  }
  for tests in families.values {
    for (test, adjusted) in zip(tests, holmAdjusted(tests.map(\.p))) {
      rows[test.place].adjustedP = adjusted
      rows[test.place].familySize = tests.count
    }
  }
  for index in rows.indices {
    for place in rows[index].comparisons.indices {
      settle(&rows[index].comparisons[place], metrics: metrics, alpha: options.alpha)
    }
    for group in rows[index].groups.indices {
      let role = rows[index].groups[group].name.role
      for place in rows[index].groups[group].comparisons.indices {
        settle(
          &rows[index].groups[group].comparisons[place], metrics: metrics, alpha: options.alpha,
          of: role)
      }
    }
    settleRow(&rows[index], gated: judged.ofRows)
  }
  return families[.judged]?.count ?? 0
}

/// Tests that are adjusted together.
private enum Family: Hashable {
  case judged
  case metrics(ofRow: Int)
  case groups(ofRow: Int)
}

/// Where a comparison stands among the rows.
private struct Place {
  var row: Int
  var group: Int?
  var comparison: Int
}

extension [DiffRow] {
  fileprivate subscript(place: Place) -> Comparison {
    get {
      guard let group = place.group else { return self[place.row].comparisons[place.comparison] }
      return self[place.row].groups[group].comparisons[place.comparison]
    }
    set {
      guard let group = place.group else {
        self[place.row].comparisons[place.comparison] = newValue
        return
      }
      self[place.row].groups[group].comparisons[place.comparison] = newValue
    }
  }
}

/// What the rules of a diff look at.
private struct JudgedMetrics {
  let ofRows: Set<String>
  private let ofGroups: Set<String>
  private let disparities: Set<String>

  init(_ rules: [GateRule]) {
    ofRows = Set(rules.compactMap(\.comparedMetric))
    ofGroups = Set(rules.compactMap(\.anyGroupMetric))
    disparities = Set(rules.compactMap(\.disparityMetric))
  }

  func includes(_ metric: String, of role: GroupRecord.Role) -> Bool {
    switch role {
    case .rows: ofGroups.contains(metric)
    case .gap: disparities.contains(metric)
    default: false
    }
  }
}

/// Tests by the differences of the seeds whether other draws would show the change too.
///
/// Few seeds tell little of their spread, so the spreads of one metric over all rows are moderated
/// together.
private func addDrawsP(_ rows: inout [DiffRow]) {
  let spreads = rows.flatMap(\.comparisons).reduce(into: [String: [SeedSpread]]()) { all, found in
    if let seeds = found.seeds { all[found.metric, default: []].append(seeds) }
  }
  let moderated = spreads.mapValues { spreads in
    ModeratedVariances(spreads.map { ($0.variance, Double($0.count - 1)) })
  }
  func add(_ comparison: inout Comparison) {
    guard comparison.p != nil, let seeds = comparison.seeds else { return }
    let common = moderated[comparison.metric] ?? ModeratedVariances([])
    comparison.drawsP = common.p(
      mean: seeds.mean, variance: seeds.variance, count: seeds.count)
  }
  for index in rows.indices where rows[index].isPooled {
    for place in rows[index].comparisons.indices { add(&rows[index].comparisons[place]) }
    for group in rows[index].groups.indices {
      for place in rows[index].groups[group].comparisons.indices {
        add(&rows[index].groups[group].comparisons[place])
      }
    }
  }
}

extension SeedSpread {
  /// The spread of the differences over seeds; nil for one seed, or where every seed gave the same
  /// predictions, so that draws change nothing.
  init?(_ seeds: [TrialComparison], _ differences: [Double]) {
    func varies(_ side: (TrialComparison) -> TrialRecord) -> Bool {
      Set(seeds.map { side($0).predictions }).count > 1
    }
    guard differences.count > 1, varies(\.baseline) || varies(\.candidate),
      let centre = Statistics.mean(differences), let deviation = standardDeviation(differences)
    else { return nil }
    self.init(count: differences.count, mean: centre, deviation: deviation)
  }

  /// The variance, but never that of a step so small that equal differences would prove anything.
  fileprivate var variance: Double {
    let step = 1e-3 * abs(mean)
    return max(deviation * deviation, step * step)
  }
}

extension Comparison {
  /// The greater of the two p-values; nil for what is not tested.
  fileprivate var rawP: Double? { p.map { max($0, drawsP ?? 0) } }
}

/// Whether of this comparison's role and metric a smaller size is better, from either side of 0.
private func isPlainGap(_ metric: String, _ role: GroupRecord.Role?) -> Bool {
  // Of a disparity the metric itself tells which way is better.
  role == .gap && !MetricInfo.fairness.contains { $0.key == metric }
}

/// The direction of a compared metric, worst groups included.
func higherIsBetter(_ metric: String, _ metrics: [MetricEntry]) -> Bool {
  direction(metric, metrics) == .higher
}

private func direction(_ metric: String, _ metrics: [MetricEntry]) -> MetricInfo.Direction {
  let entry =
    metrics.first { $0.key == metric } ?? metrics.first { worstGroupKey($0.key) == metric }
  return entry?.direction ?? .higher
}

/// Settles the verdict of a metric that has another value.
///
/// A change beyond chance of a metric that is better neither way is no verdict on a method.
private func settle(
  _ comparison: inout Comparison, metrics: [MetricEntry], alpha: Double,
  of role: GroupRecord.Role? = nil
) {
  guard comparison.verdict == .withinNoise else { return }
  // Without a known noise the sign is all there is; the comparison's reason says so.
  if let p = comparison.adjustedP, p >= alpha {
    guard let units = comparison.units,
      SignFlip.leastP(units: units) * Double(comparison.familySize) > alpha
    else { return }
    comparison.verdict = .notResolvable
    comparison.add(
      reason: "\(units) \(units == 1 ? "unit" : "units") cannot tell any change from chance among "
        + "\(comparison.familySize) \(comparison.familySize == 1 ? "test" : "tests")")
    return
  }
  if isPlainGap(comparison.metric, role) {
    // A gap is better the closer it is to 0.
    let isSmaller = abs(comparison.candidate ?? 0) < abs(comparison.baseline ?? 0)
    comparison.verdict = isSmaller ? .improved : .regressed
    return
  }
  let direction = direction(comparison.metric, metrics)
  guard direction != .neutral else {
    comparison.verdict = .noResult
    comparison.add(reason: "changed, but \(comparison.metric) is better neither way")
    return
  }
  comparison.verdict =
    ((comparison.delta ?? 0) > 0) == (direction == .higher) ? .improved : .regressed
}

/// The row's verdict: that of its worst comparison, of the gated metrics if there are any.
private func settleRow(_ row: inout DiffRow, gated: Set<String>) {
  guard row.verdict == .noResult, !row.comparisons.isEmpty else { return }
  let decisive = row.comparisons.filter { gated.contains($0.metric) }
  let verdicts = Set((decisive.isEmpty ? row.comparisons : decisive).map(\.verdict))
  let order: [Verdict] = [
    .regressed, .undefined, .notResolvable, .improved, .withinNoise, .sameScoreOtherPredictions,
    .identical,
    .incomparable,
  ]
  row.verdict = order.first(where: verdicts.contains) ?? .noResult
}
