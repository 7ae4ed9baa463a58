package import Metrics
internal import Statistics

/// A proportion, or a mean of proportions on one test set, such as over seeds that share its rows.
///
/// On independent rows the interval is Wilson's. Else it is Wilson's on the number of trials that
/// would vary as much, p (1 - p) / Var(p) by the units' linearised variance, but never more than
/// there are units, and as many where all or none are hits. Source: Korn and Graubard, Survey
/// Methodology 24 (1998), with their correction for the degrees of freedom.
struct Proportion {
  private let rate: Double
  /// The trials of a plain proportion of independent rows; nil for any other.
  private let trials: Int?
  /// The influence of each unit that has a row in it.
  private let influences: [Double]

  /// Nil unless every reading is a proportion.
  init?(_ parts: [(reading: Reading, weight: Double)]) {
    guard let units = parts.first?.reading.outcomes.units else { return nil }
    var rate = 0.0
    var sums = [Double](repeating: 0, count: units.unitCount)
    var isCounted = [Bool](repeating: false, count: units.unitCount)
    var single: Int?
    for (reading, weight) in parts {
      guard let prepared = reading.prepared, let rows = prepared.metric.rowMean,
        MetricInfo.isShare(reading.name.metric, rows), let share = mean(rows.values)
      else { return nil }
      rate += weight * share
      for (row, value) in zip(rows.rows, rows.values) {
        let unit = units.unit(of: prepared.place(of: row))
        isCounted[unit] = true
        sums[unit] += weight * (value - share) / Double(rows.rows.count)
      }
      if parts.count == 1, units.areRows { single = rows.rows.count }
    }
    self.rate = rate
    trials = single
    influences = sums.indices.filter { isCounted[$0] }.map { sums[$0] }
  }

  /// Nil where one unit says nothing of the spread.
  func interval(level: Double) -> Interval? {
    if let trials {
      let bounds = wilsonInterval(rate: rate, trials: Double(trials), level: level)
      return Interval(bounds, level: level, method: "wilson")
    }
    guard influences.count > 1 else { return nil }
    let bounds = wilsonInterval(rate: rate, trials: effectiveTrials(level: level), level: level)
    return Interval(bounds, level: level, method: "wilson-effective")
  }

  private func effectiveTrials(level: Double) -> Double {
    let count = Double(influences.count)
    let variance = influences.reduce(0) { $0 + $1 * $1 } * count / (count - 1)
    guard rate * (1 - rate) > 1e-12, variance > 0 else { return count }
    let normal = normalQuantile(0.5 + level / 2)
    let student = studentQuantile(0.5 + level / 2, degreesOfFreedom: count - 1)
    return Estimates.effectiveTrials(rate, variance: variance, most: count)
      * (normal / student) * (normal / student)
  }
}

extension MetricInfo {
  /// Whether a mean over rows is a proportion; one of expected hits, as of ties, is told by its
  /// key.
  static func isShare(_ key: String, _ rows: RowMean) -> Bool {
    let info = named(key)
    guard info.map({ $0.range == 0...1 }) ?? true else { return false }
    return rows.isProportion || info?.isProportion == true
  }
}

extension Interval {
  init(_ bounds: ClosedRange<Double>, level: Double, method: String) {
    self.init(
      lower: bounds.lowerBound, upper: bounds.upperBound, level: level, method: method)
  }
}
