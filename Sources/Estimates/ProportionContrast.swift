internal import Metrics
internal import Statistics

/// A proportion of some rows less that of all of them.
///
/// With w the share of the rows it is (1 - w) times the difference between these rows and the rest,
/// which are independent. Source of the interval: Newcombe, Statistics in Medicine 17 (1998) 873,
/// method 10, from Wilson's intervals of both.
struct ProportionContrast {
  let difference: Double
  private let own: (hits: Double, trials: Double)
  private let rest: (hits: Double, trials: Double)

  /// Nil unless both are proportions; the rows of the first must be among those of the second.
  init?(of some: RowMean, in all: RowMean) {
    guard some.isProportion, all.isProportion, !some.rows.isEmpty else { return nil }
    own = (some.values.reduce(0, +), Double(some.rows.count))
    rest = (all.values.reduce(0, +) - own.hits, Double(all.rows.count) - own.trials)
    difference =
      own.hits / own.trials - (own.hits + rest.hits) / (own.trials + rest.trials)
  }

  /// Of all rows less themselves nothing varies.
  func interval(level: Double) -> Interval {
    guard rest.trials > 0 else {
      return Interval(lower: 0, upper: 0, level: level, method: "newcombe")
    }
    let (first, second) = (own.hits / own.trials, rest.hits / rest.trials)
    let one = wilsonInterval(rate: first, trials: own.trials, level: level)
    let other = wilsonInterval(rate: second, trials: rest.trials, level: level)
    func reach(_ up: Double, _ down: Double) -> Double { (up * up + down * down).squareRoot() }
    let scale = rest.trials / (own.trials + rest.trials)
    return Interval(
      lower: difference - scale * reach(first - one.lowerBound, other.upperBound - second),
      upper: difference + scale * reach(one.upperBound - first, second - other.lowerBound),
      level: level, method: "newcombe")
  }
}
