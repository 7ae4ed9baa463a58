internal import Evaluation
internal import Metrics
internal import Numerics

/// The key under which the worst group's value of a metric is compared.
func worstGroupKey(_ metric: String) -> String { "worst_group_\(metric)" }

/// Adjusts all p-values and settles the verdicts; returns the number of tests in the gated family.
///
/// The pooled rows times the gated metrics are one family for Holm's adjustment. The trials behind
/// them are a family of their own, and so is each metric that no gate names, over its rows: what
/// nobody decides on should not weaken the tests that somebody decides on. So are the groups of one row
/// by one metric: for whom is this method worse.
func settle(
  _ rows: inout [DiffRow], gated: Set<String>, metrics: [MetricEntry], alpha: Double
) -> Int {
  struct Place {
    var row: Int
    var comparison: Int
    var p: Double
  }
  struct Family: Hashable {
    var isPooled: Bool
    var metric: String?
  }
  var families: [Family: [Place]] = [:]
  for (index, row) in rows.enumerated() {
    for (place, comparison) in row.comparisons.enumerated() {
      guard let p = comparison.p else { continue }
      let metric = gated.contains(comparison.metric) ? nil : comparison.metric
      families[Family(isPooled: row.isPooled, metric: metric), default: []].append(
        Place(row: index, comparison: place, p: p))
    }
  }
  for places in families.values {
    for (place, adjusted) in zip(places, holmAdjusted(places.map(\.p))) {
      rows[place.row].comparisons[place.comparison].adjustedP = adjusted
    }
  }
  for index in rows.indices {
    for place in rows[index].comparisons.indices {
      let comparison = rows[index].comparisons[place]
      guard comparison.verdict == .withinNoise else { continue }
      settle(&rows[index].comparisons[place], metrics: metrics, alpha: alpha)
    }
    settleGroups(&rows[index], metrics: metrics, alpha: alpha)
    settleRow(&rows[index], gated: gated)
  }
  return families[Family(isPooled: true, metric: nil)]?.count ?? 0
}

private func settleGroups(_ row: inout DiffRow, metrics: [MetricEntry], alpha: Double) {
  var places: [String: [(group: Int, comparison: Int, p: Double)]] = [:]
  for (group, found) in row.groups.enumerated() {
    for (place, comparison) in found.comparisons.enumerated() {
      guard let p = comparison.p else { continue }
      places[comparison.metric, default: []].append((group, place, p))
    }
  }
  for family in places.values {
    for (place, adjusted) in zip(family, holmAdjusted(family.map(\.p))) {
      row.groups[place.group].comparisons[place.comparison].adjustedP = adjusted
    }
  }
  for group in row.groups.indices {
    for place in row.groups[group].comparisons.indices {
      let comparison = row.groups[group].comparisons[place]
      guard comparison.verdict == .withinNoise else { continue }
      // Of a disparity the metric itself tells which way is better, of a metric's gap it does not.
      let isGap =
        row.groups[group].name.role == .gap
        && !MetricInfo.fairness.contains { $0.key == comparison.metric }
      if isGap {
        row.groups[group].comparisons[place].verdict = gapVerdict(comparison, alpha: alpha)
      } else {
        settle(&row.groups[group].comparisons[place], metrics: metrics, alpha: alpha)
      }
    }
  }
}

/// A gap is better the closer it is to 0, from either side.
private func gapVerdict(_ comparison: Comparison, alpha: Double) -> Verdict {
  if let p = comparison.adjustedP, p >= alpha { return .withinNoise }
  return abs(comparison.candidate ?? 0) < abs(comparison.baseline ?? 0) ? .improved : .regressed
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
private func settle(_ comparison: inout Comparison, metrics: [MetricEntry], alpha: Double) {
  // Without a known noise the sign is all there is; the comparison's reason says so.
  if let p = comparison.adjustedP, p >= alpha { return }
  let direction = direction(comparison.metric, metrics)
  guard direction != .neutral else {
    let note = "changed, but \(comparison.metric) is better neither way"
    comparison.verdict = .noResult
    comparison.reason = comparison.reason.map { "\(note); \($0)" } ?? note
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
    .regressed, .undefined, .improved, .withinNoise, .sameScoreOtherPredictions, .identical,
    .incomparable,
  ]
  row.verdict = order.first(where: verdicts.contains) ?? .noResult
}
