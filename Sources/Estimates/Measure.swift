package import Metrics

/// Estimates metrics of a test set, or of some of its rows, each on the same resamples.
///
/// A key that is not a metric of the outcomes gives an undefined value that says so.
package func measure(
  _ keys: [String], of outcomes: Outcomes, in subset: Reading.Subset? = nil
) -> [String: MetricValue] {
  let estimator = Estimator(level: outcomes.bootstrap.level)
  let names = keys.map { Reading.Name($0, in: subset) }
  // What has no interval of closed form is drawn on one walk.
  outcomes.draw(
    names.filter { outcomes.prepared($0)?.takesResamples(as: $0.metric) == true })
  return Dictionary(
    uniqueKeysWithValues: Set(keys).map { key in
      (key, estimator.estimate(.reading(Reading(key, of: outcomes, in: subset))))
    })
}

/// Estimates metrics of one table.
package func measure(
  _ keys: [String], on table: any OutcomeTable, bootstrap: Bootstrap
) -> [String: MetricValue] {
  measure(keys, of: Outcomes(table, bootstrap: bootstrap))
}

/// Estimates metrics that are prepared for rows.
package func measure(
  _ metrics: [String: any WeightedMetric], over rows: RowUnits, bootstrap: Bootstrap
) -> [String: MetricValue] {
  measure(Array(metrics.keys), of: Outcomes(metrics, over: rows, bootstrap: bootstrap))
}

extension Prepared {
  func takesResamples(as key: String) -> Bool {
    if value.isNaN || metric is any AreaMetric { return false }
    guard let rows = metric.rowMean else { return true }
    return !MetricInfo.isShare(key, rows)
  }
}

/// The note on an interval whose metric was undefined in more than 5 % of the resamples.
func skippedNote(_ share: Double) -> String? {
  guard share > 0.05 else { return nil }
  let percent = (share * 1000).rounded() / 10
  return "undefined in \(percent) % of the resamples, which the interval leaves out"
}
