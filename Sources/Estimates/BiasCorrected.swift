internal import Glibc
package import Metrics
internal import Statistics

/// The bias-corrected and accelerated bootstrap interval (BCa).
///
/// The acceleration is that of the jackknife over the units, test set by test set. The normal
/// quantile is taken as that of Student's t times sqrt(n / (n - 1)), which makes good for resamples
/// that are too narrow with few units, and is 1.96 with many. Under ten units the interval is at
/// least that of the jackknife's standard error.
///
/// Sources: Efron, JASA 82 (1987), equations 3.4 and 6.6; Hesterberg, "What teachers should know
/// about the bootstrap", The American Statistician 69 (2015), section 3 for the widening.
package struct BiasCorrected {
  /// By how much Student's interval is widened under ten units, so that skewed rows such as losses
  /// are covered too; found by simulation (`make coverage`).
  private static let widening = 1.3

  private let value: Double
  private let distribution: [Double]
  private let skipped: Double
  private let jackknifed: [[Double]]
  private let units: Int
  private let range: ClosedRange<Double>?
  private let scale: Double?

  init(_ draws: Draws, value: Double, in range: ClosedRange<Double>?) {
    self.init(
      value: value, distribution: draws.distribution, jackknifed: draws.jackknifed,
      units: draws.units, in: range, scale: draws.scale)
  }

  package init(
    value: Double, distribution: [Double], jackknifed: [[Double]], units: Int,
    in range: ClosedRange<Double>? = nil, scale: Double? = nil
  ) {
    self.value = value
    self.distribution = distribution.filter { !$0.isNaN }.sorted()
    skipped =
      distribution.isEmpty
      ? 0 : 1 - Double(self.distribution.count) / Double(distribution.count)
    self.jackknifed = jackknifed.map { $0.filter { !$0.isNaN } }
    self.units = units
    self.range = range
    self.scale = scale ?? range.map { $0.upperBound - $0.lowerBound }
  }

  /// The interval, and what to know of it; or no interval, and why.
  ///
  /// - Parameter level: The confidence level, such as 0.95.
  package func interval(level: Double) -> (Interval?, String?) {
    guard let least = distribution.first, let most = distribution.last else {
      return (nil, "undefined in every resample")
    }
    let note = skippedNote(skipped)
    let resamples = distribution.count
    // Rounding alone makes no difference.
    guard most - least > 1e-12 * max(1, abs(value)) else {
      guard let interval = constantInterval(level: level) else {
        return (nil, "every resample gives the same value, which says nothing of its spread")
      }
      return (interval, note)
    }
    let reach = reach(level: level)
    var (lower, upper) = (quantile(at: -reach), quantile(at: reach))
    if units < 10 {
      let half =
        Self.widening * standardError
        * studentQuantile(0.5 + level / 2, degreesOfFreedom: Double(units - 1))
      (lower, upper) = (min(lower, value - half), max(upper, value + half))
    }
    if let range {
      (lower, upper) = (max(lower, range.lowerBound), min(upper, range.upperBound))
    }
    return (
      Interval(lower: lower, upper: upper, level: level, method: "bca", resamples: resamples), note
    )
  }

  /// Of values that no resample moves, such as a perfect score.
  ///
  /// What none of n units shows may yet be true of z^2 / (n + z^2) of them, as Wilson's interval
  /// has it of a proportion of 1, and moves the value by at most that share of the scale. Nil where
  /// the scale has no end.
  private func constantInterval(level: Double) -> Interval? {
    guard let scale, scale.isFinite else { return nil }
    let unseen = wilsonInterval(rate: 0, trials: Double(units), level: level).upperBound * scale
    return Interval(
      lower: max(value - unseen, range?.lowerBound ?? -.infinity),
      upper: min(value + unseen, range?.upperBound ?? .infinity), level: level,
      method: "wilson-units")
  }

  private func reach(level: Double) -> Double {
    let n = Double(units)
    return studentQuantile(0.5 + level / 2, degreesOfFreedom: n - 1) * (n / (n - 1)).squareRoot()
  }

  /// The quantile of the distribution at a normal deviate, corrected for bias and acceleration.
  private func quantile(at deviate: Double) -> Double {
    let shifted = bias + deviate
    let slope = 1 - acceleration * shifted
    // Beyond its pole the correction would turn round.
    let corrected = slope > 0 ? bias + shifted / slope : shifted > 0 ? Double.infinity : -.infinity
    return Statistics.quantile(normalProbability(below: corrected), ofSorted: distribution) ?? value
  }

  /// How far the median of the resamples lies from the value, as a normal deviate.
  private var bias: Double {
    let rounding = 1e-12 * max(1, abs(value))
    let below = distribution.count { $0 < value - rounding }
    let equal = distribution.count { abs($0 - value) <= rounding }
    let count = Double(distribution.count)
    let share = (Double(below) + Double(equal) / 2) / count
    return normalQuantile(min(max(share, 0.5 / count), 1 - 0.5 / count))
  }

  /// A sixth of the skewness of the jackknife's influences.
  private var acceleration: Double {
    var (cubes, squares) = (0.0, 0.0)
    for values in jackknifed {
      guard let centre = mean(values) else { continue }
      for value in values {
        let influence = (centre - value) * Double(values.count - 1) / Double(values.count)
        cubes += influence * influence * influence
        squares += influence * influence
      }
    }
    return squares > 0 ? cubes / pow(squares, 1.5) / 6 : 0
  }

  /// The jackknife's standard error.
  private var standardError: Double {
    jackknifed.reduce(0) { sum, values in
      guard let centre = mean(values) else { return sum }
      let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
      return sum + squares * Double(values.count - 1) / Double(values.count)
    }.squareRoot()
  }
}
