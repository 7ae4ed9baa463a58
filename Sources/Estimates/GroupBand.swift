internal import Metrics
internal import Statistics

/// The values of groups that are compared with each other, one for each that takes part.
struct GroupFamily {
  /// `[G]`.
  var values: [Double]
  /// The sampling variance of each value, never 0: `[G]`.
  var variances: [Double]
  /// The values in each resample: `[G][resample]`.
  var resampled: [[Double]]
  /// The variances in each resample, where they are known: `[G][resample]`, else empty.
  var resampledVariances: [[Double]] = []

  init(
    values: [Double], variances: [Double], resampled: [[Double]],
    resampledVariances: [[Double]] = []
  ) {
    self.values = values
    self.variances = variances
    self.resampled = resampled
    self.resampledVariances = resampledVariances
  }

  /// Takes proportions on effective numbers of trials.
  init(rates: [Double], trials: [Double], resampled: [[Double]]) {
    self.init(
      values: rates,
      variances: zip(rates, trials).map { smoothedVariance(hits: $0 * $1, of: $1) },
      resampled: resampled,
      resampledVariances: zip(resampled, trials).map { values, trials in
        values.map { smoothedVariance(hits: $0 * trials, of: trials) }
      })
  }

  /// The greatest value less the least.
  var gap: Double { (values.max() ?? .nan) - (values.min() ?? .nan) }
}

/// A band that holds the differences of all pairs of groups at once.
///
/// Its half-width is the same number of standard errors for every pair: the greatest studentised
/// deviation of a pair that 95 % of the resamples stay within. So the greatest difference, which is
/// the gap, lies between the greatest of the lower ends and the greatest of the upper ends, and a
/// gap of 0 is held wherever no pair differs by more than chance. Tried in simulation: it covers
/// .95 to .998 where the percentile interval of the gap covers none of the groups that are alike.
struct GroupBand {
  private let families: [GroupFamily]
  /// The greatest studentised deviation in each resample, in ascending order.
  private let deviations: [Double]
  private let reach: Double

  /// - Parameter units: The fewest independent units of a group.
  init(_ families: [GroupFamily], level: Double, units: Int) {
    self.families = families
    let count = families.flatMap(\.resampled).map(\.count).min() ?? 0
    var found: [Double] = []
    for resample in 0..<count {
      let greatest = families.map { GroupBand.deviation(of: $0, in: resample) }
      guard !greatest.contains(where: \.isNaN), let most = greatest.max() else { continue }
      found.append(most)
    }
    deviations = found.sorted()
    // Groups without an error do not vary in any resample, and yet a pair may differ by chance.
    let normal = normalQuantile(0.5 + level / 2)
    let quantile = max(quantile(level, ofSorted: deviations) ?? .nan, normal)
    // Variances of few units are themselves uncertain.
    let student = studentQuantile(
      0.5 + level / 2, degreesOfFreedom: Double(max(1, units - 1)))
    reach = quantile * student / normal
  }

  private static func deviation(of family: GroupFamily, in resample: Int) -> Double {
    var most = 0.0
    let drawn = family.resampled.map { $0[resample] }
    if drawn.contains(where: \.isNaN) { return .nan }
    let variances =
      family.resampledVariances.isEmpty
      ? family.variances : family.resampledVariances.map { $0[resample] }
    for first in drawn.indices {
      for second in drawn.indices where second > first {
        let moved =
          (drawn[first] - drawn[second]) - (family.values[first] - family.values[second])
        most = max(
          most, abs(moved) / (variances[first] + variances[second]).squareRoot())
      }
    }
    return most
  }

  /// The ends of the gap of one family; nil without resamples.
  func gap(of family: Int) -> ClosedRange<Double>? {
    guard reach.isFinite else { return nil }
    var (lower, upper) = (0.0, 0.0)
    forEachPair(of: family) { difference, error in
      lower = max(lower, difference - reach * error)
      upper = max(upper, difference + reach * error)
    }
    return lower...max(lower, upper)
  }

  /// The probability of a pair as far apart as the farthest, in standard errors, if all were alike.
  ///
  /// The resamples are moved so that all groups have their value, so that the number of resamples
  /// is all that bounds it from below.
  var pOfAlike: Double? {
    guard !deviations.isEmpty else { return nil }
    var most = 0.0
    for family in families.indices {
      forEachPair(of: family) { difference, error in most = max(most, difference / error) }
    }
    let reached = deviations.count { $0 >= most * (1 - 1e-12) }
    return Double(reached + 1) / Double(deviations.count + 1)
  }

  /// The mean of what chance makes of the families' gaps if all groups are alike.
  func expected(_ combine: ([Double]) -> Double) -> Double? {
    var found: [Double] = []
    for resample in 0..<(families.flatMap(\.resampled).map(\.count).min() ?? 0) {
      let gaps = families.map { family in
        let moved = zip(family.resampled, family.values).map { $0[resample] - $1 }
        guard !moved.contains(where: \.isNaN) else { return Double.nan }
        return (moved.max() ?? .nan) - (moved.min() ?? .nan)
      }
      if !gaps.contains(where: \.isNaN) { found.append(combine(gaps)) }
    }
    return mean(found)
  }

  private func forEachPair(of family: Int, _ body: (_ difference: Double, _ error: Double) -> Void)
  {
    let (values, variances) = (families[family].values, families[family].variances)
    for first in values.indices {
      for second in values.indices where second > first {
        body(
          abs(values[first] - values[second]),
          (variances[first] + variances[second]).squareRoot())
      }
    }
  }
}

/// The variance of a proportion with one hit and one miss more, so that it is never 0.
///
/// Source: Agresti and Caffo, The American Statistician 54 (2000), for differences of proportions.
func smoothedVariance(hits: Double, of trials: Double) -> Double {
  let rate = (hits + 1) / (trials + 2)
  return rate * (1 - rate) / trials
}

/// The number of trials on which a proportion varies as much, but no more than `most`.
func effectiveTrials(_ rate: Double, variance: Double, most: Double) -> Double {
  let binomial = rate * (1 - rate)
  return binomial > 1e-12 && variance > 0 ? min(most, binomial / variance) : most
}
