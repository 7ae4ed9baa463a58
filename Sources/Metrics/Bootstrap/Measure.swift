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
    if rows.areRows, let rate = table.rate(for: key) {
      result[key] = measure(rate, level: bootstrap.level)
      continue
    }
    metrics[key] = table.evaluator(for: key)
    if metrics[key] == nil {
      result[key] = .undefined(n: rows.unitCount, "'\(key)' is not a metric of these outcomes")
    }
  }
  for (key, value) in measure(metrics, over: rows, bootstrap: bootstrap) {
    result[key] = value.counting(table.unitCount(countedBy: key))
  }
  for (key, value) in result where value.value != nil {
    result[key]?.add(note: table.note(for: key))
  }
  return result
}

extension MetricValue {
  /// The same value with the number of units that count in it; one alone says nothing of its spread.
  func counting(_ units: Int) -> MetricValue {
    var value = self
    value.n = units
    if units < 2, self.value != nil, interval?.method != "wilson" {
      // What was said until here is of the interval.
      (value.interval, value.reason) = (nil, nil)
    }
    return value
  }
}

/// Measures a share of independent rows, with Wilson's interval.
private func measure(_ rate: RowRate, level: Double) -> MetricValue {
  let counted = rate.countedRows
  guard counted > 0 else { return .undefined(n: 0, rate.reason) }
  let hits = rate.isHit.count { $0 }
  return MetricValue(
    value: Double(hits) / Double(counted), n: counted,
    interval: wilson(hits: hits, of: counted, level: level))
}

/// Measures prepared metrics, such as functionals of several parts, by the same rules.
///
/// Metrics of cell counts draw counts where that is cheaper, all others rows.
package func measure(
  _ metrics: [String: any WeightedMetric], over rows: RowUnits, bootstrap: Bootstrap
) -> [String: MetricValue] {
  let once = WeightBlock.once(n: rows.rowCount)
  var result: [String: MetricValue] = [:]
  var pending: [String] = []
  var cellKeys: [ObjectIdentifier: [String]] = [:]
  for (key, metric) in metrics {
    let value = metric.values(under: once)[0]
    guard !value.isNaN else {
      result[key] = .undefined(n: rows.unitCount, metric.undefinedReason)
      continue
    }
    result[key] = MetricValue(value: value, n: rows.unitCount)
    if rows.areRows, MetricInfo.named(key)?.isProportion == true {
      result[key]?.interval = wilson(
        hits: wholeIfNear(value * Double(rows.rowCount)), of: rows.rowCount,
        level: bootstrap.level)
    } else if rows.areRows, let cells = (metric as? CellMetric)?.table, cells.isSmall {
      cellKeys[ObjectIdentifier(cells), default: []].append(key)
    } else {
      pending.append(key)
    }
  }
  // One unit is the same in every resample, which says nothing of its spread.
  guard bootstrap.resamples > 0, rows.unitCount > 1 else { return result }
  func add(_ distributions: [[Double]], _ keys: [String]) {
    for (key, distribution) in zip(keys, distributions) {
      guard var value = result[key] else { continue }
      bootstrap.addInterval(of: distribution, to: &value)
      result[key] = value
    }
  }
  for keys in cellKeys.values {
    let metrics = keys.compactMap { metrics[$0] as? CellMetric }
    guard let table = metrics.first?.table else { continue }
    add(bootstrap.cellDistributions(of: metrics, in: table), keys)
  }
  pending.sort()
  if !pending.isEmpty {
    add(bootstrap.distributions(of: pending.compactMap { metrics[$0] }, over: rows), pending)
  }
  return result
}

extension Bootstrap {
  /// Gives a value the interval of its distribution, with a note where much of it is undefined.
  func addInterval(of distribution: [Double], to value: inout MetricValue) {
    let (interval, skipped) = interval(of: distribution)
    value.interval = interval
    value.reason = skippedNote(skipped)
  }
}

/// The note on an interval whose metric was undefined in more than 5 % of the resamples.
func skippedNote(_ share: Double) -> String? {
  guard share > 0.05 else { return nil }
  let percent = (share * 1000).rounded() / 10
  return "undefined in \(percent) % of the resamples, which the interval leaves out"
}

func wilson(hits: Int, of trials: Int, level: Double) -> Interval {
  wilson(hits: Double(hits), of: trials, level: level)
}

/// The whole number that rounding has moved, or the number itself.
private func wholeIfNear(_ number: Double) -> Double {
  abs(number - number.rounded()) < 1e-6 ? number.rounded() : number
}

/// Of shares that rows have in part, it is too wide if anything: they vary less than 0 and 1 do.
private func wilson(hits: Double, of trials: Int, level: Double) -> Interval {
  let bounds = wilsonInterval(successes: hits, trials: trials, level: level)
  return Interval(
    lower: bounds.lowerBound, upper: bounds.upperBound, level: level, method: "wilson")
}
