package import Metrics
internal import Statistics

/// What gives every number of a report its interval.
///
/// It looks at what the number is, not at where it is printed: a proportion takes Wilson's interval
/// on its effective number of trials, an area under the ROC curve DeLong's variance, a distance
/// from calibration the interval of its debiased value, anything else that is smooth the
/// bias-corrected and accelerated bootstrap of its units. What groups come down to is in
/// ``measureGroups``.
package struct Estimator: Sendable {
  package var level: Double

  package init(level: Double = 0.95) { self.level = level }

  /// Estimates a number; without a value it says why.
  ///
  /// - Parameters:
  ///   - range: What the number lies in, where that has an end.
  ///   - undefined: Why it has no value where none of its readings is to blame.
  package func estimate(
    _ estimand: Estimand, in range: ClosedRange<Double>? = nil, undefined: String = "a divisor is 0"
  ) -> MetricValue {
    let draws = Draws(estimand)
    if case .reading(let reading) = estimand, reading.prepared == nil {
      return .undefined(
        n: reading.outcomes.units.unitCount,
        "'\(reading.name.metric)' is not a metric of these outcomes")
    }
    let value = estimand.value(of: draws.values)
    guard !value.isNaN else {
      return .undefined(n: draws.units, draws.undefinedReason ?? undefined)
    }
    var result = MetricValue(value: value, n: draws.units)
    addInterval(to: &result, of: estimand, draws, in: range ?? draws.range(of: estimand))
    result.interval = result.interval.map { enclosing(value, $0) }
    if case .reading(let reading) = estimand { result.add(note: reading.prepared?.note) }
    return result
  }

  private func addInterval(
    to result: inout MetricValue, of estimand: Estimand, _ draws: Draws,
    in range: ClosedRange<Double>?
  ) {
    guard let value = result.value else { return }
    if let parts = estimand.weightedReadings {
      if let proportion = Proportion(parts) {
        result.interval = proportion.interval(level: level)
        return
      }
      if let area = Area(parts) {
        result.interval = area.interval(level: level)
        return
      }
    }
    guard draws.count > 0, draws.units > 1 else { return }
    if let parts = estimand.weightedReadings, let expected = expectedOfCalibrated(parts) {
      result.expected = expected
      result.interval = debiasedInterval(value, expected, draws.distribution, draws.units, range)
      return
    }
    let (interval, note) = BiasCorrected(draws, value: value, in: range).interval(level: level)
    (result.interval, result.reason) = (interval, note)
  }

  /// An interval never excludes what it is the interval of.
  private func enclosing(_ value: Double, _ interval: Interval) -> Interval {
    var interval = interval
    interval.lower = min(interval.lower, value)
    interval.upper = max(interval.upper, value)
    return interval
  }

  // MARK: Calibration

  private func expectedOfCalibrated(
    _ parts: [(reading: Reading, weight: Double)]
  ) -> Double? {
    var sum = 0.0
    for (reading, weight) in parts {
      guard let distance = reading.prepared?.metric as? any CalibrationDistance else { return nil }
      // Rows of one unit vary together, so that a calibrated model comes less near to 0.
      let units = reading.outcomes.units
      let clusters = (Double(units.rowCount) / Double(max(1, units.unitCount))).squareRoot()
      sum += weight * distance.expectedOfCalibrated * clusters
    }
    return sum
  }

  /// From the debiased value less what the value varies by, to the value and as much.
  ///
  /// Chance adds at most what it gives a calibrated model and at least nothing, so that both ends
  /// hold whatever the model is.
  private func debiasedInterval(
    _ value: Double, _ expected: Double, _ distribution: [Double], _ units: Int,
    _ range: ClosedRange<Double>?
  ) -> Interval? {
    guard let deviation = standardDeviation(distribution.filter { !$0.isNaN }) else { return nil }
    let reach =
      deviation * studentQuantile(0.5 + level / 2, degreesOfFreedom: Double(units - 1))
    return Interval(
      lower: max(range?.lowerBound ?? 0, value - expected - reach),
      upper: min(range?.upperBound ?? .infinity, value + max(reach, expected)), level: level,
      method: "debiased", resamples: distribution.count)
  }
}
