internal import Statistics

/// How intervals are drawn by resampling.
package struct Bootstrap: Equatable, Sendable {
  /// The number of resamples; 0 leaves out every interval but Wilson's.
  package var resamples: Int
  package var level: Double
  /// Decides the draws; derive it from the dataset, never from the method, so that all methods on
  /// the same rows are compared on the same resamples.
  package var key: UInt64

  package init(resamples: Int = 2000, level: Double = 0.95, key: UInt64) {
    self.resamples = resamples
    self.level = level
    self.key = key
  }

  /// The values of metrics in every resample: `[metric][resample]`, NaN where undefined.
  ///
  /// Resamples whole units; all metrics see one block of weights while it is in the cache.
  package func distributions(
    of metrics: [any WeightedMetric], over rows: RowUnits
  ) -> [[Double]] {
    var result = metrics.map { _ in [Double]() }
    for index in metrics.indices { result[index].reserveCapacity(resamples) }
    let lanes = WeightBlock.lanes
    for index in 0..<((resamples + lanes - 1) / lanes) {
      let weights = rows.weights(of: Resamples.block(index, key: key, n: rows.unitCount))
      let used = min(lanes, resamples - index * lanes)
      for (place, metric) in metrics.enumerated() {
        result[place] += metric.values(under: weights).prefix(used)
      }
    }
    return result
  }

  /// The percentile interval of a distribution, and the share of resamples without a value.
  ///
  /// Both ends interpolate linearly. Nil if no resample has a value.
  package func interval(of distribution: [Double]) -> (interval: Interval?, skipped: Double) {
    let values = distribution.filter { !$0.isNaN }.sorted()
    let skipped = distribution.isEmpty ? 0 : 1 - Double(values.count) / Double(distribution.count)
    let tail = (1 - level) / 2
    guard let lower = quantile(tail, ofSorted: values),
      let upper = quantile(1 - tail, ofSorted: values)
    else { return (nil, skipped) }
    let interval = Interval(
      lower: lower, upper: upper, level: level, method: "bootstrap-percentile",
      resamples: resamples)
    return (interval, skipped)
  }
}

/// Which independent unit each row belongs to.
package struct RowUnits: Sendable {
  package let rowCount: Int
  package let unitCount: Int
  /// The place of each row's unit among the units; nil: each row is one.
  private let unitOfRow: [Int]?

  /// Takes any numbers as the units' names.
  package init(rowCount: Int, units: [Int]? = nil) {
    self.rowCount = rowCount
    guard let units else {
      unitCount = rowCount
      unitOfRow = nil
      return
    }
    var places: [Int: Int] = [:]
    unitOfRow = units.map { name in
      let place = places[name, default: places.count]
      places[name] = place
      return place
    }
    unitCount = places.count
  }

  package var areRows: Bool { unitOfRow == nil }

  /// The place of a row's unit among the units.
  package func unit(of row: Int) -> Int { unitOfRow?[row] ?? row }

  /// Gives every row the weight of its unit.
  func weights(of units: WeightBlock) -> WeightBlock {
    unitOfRow.map { units.selecting(rows: $0) } ?? units
  }
}
