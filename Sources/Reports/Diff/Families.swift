internal import Numerics

/// The key under which the worst group's value of a metric is compared.
func worstGroupKey(_ metric: String) -> String { "worst_group_\(metric)" }

/// Adjusts all p-values and settles the verdicts; returns the number of tests in the gated family.
///
/// The pooled rows times the gated metrics are one family for Holm's adjustment. The trials behind
/// them are a family of their own, and so is each metric that no gate names, over its rows: what
/// nobody decides on should not weaken the tests that somebody decides on.
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
      rows[index].comparisons[place].verdict = verdict(
        comparison, higherIsBetter: higherIsBetter(comparison.metric, metrics), alpha: alpha)
    }
    settleRow(&rows[index], gated: gated)
  }
  return families[Family(isPooled: true, metric: nil)]?.count ?? 0
}

/// The direction of a compared metric, worst groups included.
func higherIsBetter(_ metric: String, _ metrics: [MetricEntry]) -> Bool {
  let entry =
    metrics.first { $0.key == metric } ?? metrics.first { worstGroupKey($0.key) == metric }
  return entry?.higherIsBetter ?? true
}

private func verdict(_ comparison: Comparison, higherIsBetter: Bool, alpha: Double) -> Verdict {
  // Without a known noise the sign is all there is; the comparison's reason says so.
  if let p = comparison.adjustedP, p >= alpha { return .withinNoise }
  return ((comparison.delta ?? 0) > 0) == higherIsBetter ? .improved : .regressed
}

/// The row's verdict: that of its worst comparison, of the gated metrics if there are any.
private func settleRow(_ row: inout DiffRow, gated: Set<String>) {
  guard row.verdict == .noResult, !row.comparisons.isEmpty else { return }
  let decisive = row.comparisons.filter { gated.contains($0.metric) }
  let verdicts = Set((decisive.isEmpty ? row.comparisons : decisive).map(\.verdict))
  let order: [Verdict] = [
    .regressed, .improved, .withinNoise, .sameScoreOtherPredictions, .identical, .incomparable,
  ]
  row.verdict = order.first(where: verdicts.contains) ?? .noResult
}
