internal import Glibc
package import Metrics

// A report is read by people and kept in repositories. Digits that say nothing are left out where a
// record is made, so that store and report, fresh and resumed runs hold the same numbers.

extension TrialRecord {
  /// The record with its values to 10 significant digits, and the bounds of its intervals to a
  /// thousandth of their distance.
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
            place: bin.place, probability: significant(bin.probability, 4),
            share: significant(bin.share, 4), n: bin.n)
        })
    }
    return record
  }
}

extension MetricValue {
  fileprivate func rounded() -> MetricValue {
    var rounded = self
    rounded.value = value.map { significant($0, 10) }
    rounded.interval = interval?.rounded()
    rounded.expected = expected.map { significant($0, 3) }
    rounded.p = p.map { significant($0, 3) }
    return rounded
  }
}

extension Interval {
  /// The interval with its bounds moved outwards to decimals of a thousandth of its width or less,
  /// which is far below what resampling leaves open; what it holds, it still holds.
  package func rounded() -> Interval {
    // A width may reach the next power of ten, of which fewer decimals are a thousandth.
    roundedOnce().roundedOnce()
  }

  private func roundedOnce() -> Interval {
    var rounded = self
    let width = upper - lower
    guard width.isFinite, width > 0 else {
      (rounded.lower, rounded.upper) = (significant(lower, 10), significant(upper, 10))
      return rounded
    }
    let places = 3 - Int(log10(width).rounded(.down))
    rounded.lower = decimal(lower, places, .down)
    rounded.upper = decimal(upper, places, .up)
    return rounded
  }
}

/// A number to so many significant decimal digits; see `decimal`.
func significant(_ number: Double, _ digits: Int) -> Double {
  guard number.isFinite, number != 0 else { return number }
  return decimal(
    number, digits - 1 - Int(log10(abs(number)).rounded(.down)), .toNearestOrEven)
}

/// A number to so many decimal places; the number itself where that is no rounding of a double, as
/// of very large and very small ones.
private func decimal(
  _ number: Double, _ places: Int, _ rule: FloatingPointRoundingRule
) -> Double {
  // Powers of ten up to 22 are exact, and so the quotient is the double nearest to the decimal.
  guard number.isFinite, 0...22 ~= places else { return number }
  let scale = pow(10, Double(places))
  let scaled = number * scale
  let nearest = scaled.rounded()
  guard abs(scaled) < 1e15 else { return number }
  // A number of so few digits stays what it is.
  return (abs(scaled - nearest) <= 1e-15 * abs(scaled) ? nearest : scaled.rounded(rule)) / scale
}
