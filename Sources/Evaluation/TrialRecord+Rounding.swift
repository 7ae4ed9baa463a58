internal import Glibc
package import Metrics

// A report is read by people and kept in repositories. Digits that say nothing are left out where a
// record is made, so that store and report, fresh and resumed runs hold the same numbers.

extension TrialRecord {
  /// The record with its values to 12 significant digits and the bounds of its intervals to 6.
  func rounded() -> TrialRecord {
    var record = self
    record.metrics = metrics.mapValues { $0.rounded() }
    for place in groups.indices {
      record.groups[place].metrics = groups[place].metrics.mapValues { $0.rounded() }
    }
    for place in calibration.indices {
      record.calibration[place].curve = CalibrationCurve(
        bins: calibration[place].curve.bins.map { bin in
          CalibrationCurve.Bin(
            place: bin.place, probability: significant(bin.probability, 6),
            share: significant(bin.share, 6), n: bin.n)
        })
    }
    return record
  }
}

extension MetricValue {
  fileprivate func rounded() -> MetricValue {
    var rounded = self
    rounded.value = value.map { significant($0, 12) }
    rounded.interval = interval?.rounded()
    rounded.expected = expected.map { significant($0, 6) }
    rounded.p = p.map { significant($0, 6) }
    return rounded
  }
}

extension Interval {
  /// The interval with bounds of 6 significant digits, far below what resampling leaves open; what
  /// it holds, it still holds.
  package func rounded() -> Interval {
    var rounded = self
    rounded.lower = significant(lower, 6, .down)
    rounded.upper = significant(upper, 6, .up)
    return rounded
  }
}

/// A number to so many significant decimal digits; where no such double is nearer than the number
/// itself, as for very large and very small ones, the number.
func significant(
  _ number: Double, _ digits: Int, _ rule: FloatingPointRoundingRule = .toNearestOrEven
) -> Double {
  guard number.isFinite, number != 0 else { return number }
  let exponent = digits - 1 - Int(log10(abs(number)).rounded(.down))
  // Powers of ten up to 22 are exact, and so the quotient is the double nearest to the decimal.
  guard 0...22 ~= exponent else { return number }
  let scale = pow(10, Double(exponent))
  let scaled = number * scale
  let nearest = scaled.rounded()
  // A number of so few digits stays what it is.
  return (abs(scaled - nearest) <= 1e-9 ? nearest : scaled.rounded(rule)) / scale
}
