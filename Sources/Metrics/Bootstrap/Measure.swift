internal import Numerics

/// Measures metrics with their intervals, every bootstrapped one on the same resamples.
///
/// A key that is not a metric of the table gives an undefined value that says so.
package func measure(
  _ keys: [String], on table: any OutcomeTable, bootstrap: Bootstrap
) -> [String: MetricValue] {
  let rows = RowUnits(rowCount: table.n, units: table.units)
  var metrics: [String: any WeightedMetric] = [:]
  var result: [String: MetricValue] = [:]
  for key in keys {
    metrics[key] = table.evaluator(for: key)
    if metrics[key] == nil {
      result[key] = .undefined(n: rows.unitCount, "'\(key)' is not a metric of these outcomes")
    }
  }
  return measure(metrics, over: rows, bootstrap: bootstrap)
    .merging(result) { measured, _ in measured }
}

/// Measures prepared metrics, such as functionals of several parts, by the same rules.
package func measure(
  _ metrics: [String: any WeightedMetric], over rows: RowUnits, bootstrap: Bootstrap
) -> [String: MetricValue] {
  let once = WeightBlock.once(n: rows.rowCount)
  var result: [String: MetricValue] = [:]
  var pending: [String] = []
  for (key, metric) in metrics {
    let value = metric.values(under: once)[0]
    guard !value.isNaN else {
      result[key] = .undefined(n: rows.unitCount, metric.undefinedReason)
      continue
    }
    result[key] = MetricValue(value: value, n: rows.unitCount)
    if rows.areRows, MetricInfo.named(key)?.isProportion == true {
      result[key]?.interval = wilson(value, n: rows.rowCount, level: bootstrap.level)
    } else {
      pending.append(key)
    }
  }
  pending.sort()
  guard bootstrap.resamples > 0, !pending.isEmpty else { return result }
  let distributions = bootstrap.distributions(of: pending.compactMap { metrics[$0] }, over: rows)
  for (key, distribution) in zip(pending, distributions) {
    let (interval, skipped) = bootstrap.interval(of: distribution)
    result[key]?.interval = interval
    result[key]?.reason = skippedNote(skipped)
  }
  return result
}

/// The note on an interval whose metric was undefined in more than 5 % of the resamples.
func skippedNote(_ share: Double) -> String? {
  guard share > 0.05 else { return nil }
  let percent = (share * 1000).rounded() / 10
  return "undefined in \(percent) % of the resamples, which the interval leaves out"
}

private func wilson(_ value: Double, n: Int, level: Double) -> Interval {
  let bounds = wilsonInterval(
    successes: (value * Double(n)).rounded(), trials: n, level: level)
  return Interval(
    lower: bounds.lowerBound, upper: bounds.upperBound, level: level, method: "wilson")
}
