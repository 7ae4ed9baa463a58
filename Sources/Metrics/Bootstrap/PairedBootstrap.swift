internal import Tensors

/// The difference of two methods on the same rows.
package struct PairedDifference: Equatable, Sendable {
  /// Candidate less baseline.
  package var delta: Double
  /// The percentile interval of the difference over shared resamples.
  package var interval: Interval
  /// Two-sided: min(1, 2 min(#(d* <= 0) + 1, #(d* >= 0) + 1) / (B + 1)).
  package var p: Double
  /// The number of independent units.
  package var n: Int
  /// Set where more than 5 % of the resamples had no value.
  package var reason: String?
}

/// Compares two methods by a metric, both weighted by the same resamples.
///
/// - Throws: ``MetricsError`` if the tables do not describe the same rows, do not have the metric,
///   or if it is undefined on them.
package func pairedBootstrap(
  _ metric: String, baseline: any OutcomeTable, candidate: any OutcomeTable, bootstrap: Bootstrap
) throws(MetricsError) -> PairedDifference {
  try requireSameRows(baseline, candidate)
  guard let first = baseline.evaluator(for: metric), let second = candidate.evaluator(for: metric)
  else {
    throw MetricsError(.unknownMetric, "'\(metric)' is not a metric of both outcome tables.")
  }
  let rows = RowUnits(rowCount: baseline.n, units: baseline.units)
  let once = WeightBlock.once(n: rows.rowCount)
  let delta = second.values(under: once)[0] - first.values(under: once)[0]
  let values = bootstrap.distributions(of: [first, second], over: rows)
  let differences = zip(values[1], values[0]).map { $0 - $1 }
  let (interval, skipped) = bootstrap.interval(of: differences)
  guard !delta.isNaN, let interval else {
    throw MetricsError(
      .undefined,
      "'\(metric)' cannot be compared on these \(rows.rowCount) rows: \(first.undefinedReason).")
  }
  let defined = differences.count { !$0.isNaN }
  let below = differences.count { $0 <= 0 } + 1
  let above = differences.count { $0 >= 0 } + 1
  return PairedDifference(
    delta: delta, interval: interval,
    p: min(1, 2 * Double(min(below, above)) / Double(defined + 1)), n: rows.unitCount,
    reason: skippedNote(skipped))
}

private func requireSameRows(
  _ baseline: any OutcomeTable, _ candidate: any OutcomeTable
) throws(MetricsError) {
  guard baseline.n == candidate.n else {
    throw MetricsError(
      .notPaired, "The baseline has \(baseline.n) rows and the candidate \(candidate.n).")
  }
  guard baseline.units == candidate.units else {
    throw MetricsError(.notPaired, "The two tables group their rows into different units.")
  }
  for name in baseline.givenColumns {
    guard let first = baseline.columns[name], let second = candidate.columns[name],
      first.withBytes({ one in second.withBytes { one.elementsEqual($0) } })
    else {
      throw MetricsError(
        .notPaired,
        "The column '\(name)' differs between baseline and candidate, so they are not the same rows."
      )
    }
  }
}
