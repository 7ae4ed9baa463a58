/// A metric as the plain mean of one number per row.
package struct RowMean: Sendable {
  /// The rows that count.
  package let rows: [Int]
  /// The number of each of them.
  package let values: [Double]

  /// Whether it is a proportion: every row a hit or a miss.
  package var isProportion: Bool { values.allSatisfy { $0 == 0 || $0 == 1 } }

  package init(rows: [Int], values: [Double]) {
    self.rows = rows
    self.values = values
  }

  /// The same mean where its rows stand at these places of a larger table.
  package func metric(at places: [Int], of n: Int, reason: String) -> any WeightedMetric {
    var all = [Double](repeating: 0, count: n)
    for (row, value) in zip(rows, values) { all[places[row]] = value }
    let chosen = rows.map { places[$0] }
    guard isProportion else { return SubsetMean(rows: chosen, values: all, reason: reason) }
    return ShareMetric(rows: n, at: chosen, where: { all[$0] == 1 }, reason: reason)
  }
}

/// How much each row adds to an area under the ROC curve above or below its expectation.
///
/// Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), the structural components less
/// the area, over the number of rows of their class; of several areas their mean.
package struct AreaInfluence: Sendable {
  /// The share of each row as a positive one, 0 for a negative one: `[n]`.
  package var positive: [Double]
  /// The share of each row as a negative one, 0 for a positive one: `[n]`.
  package var negative: [Double]
  /// The variance of an area of this size and these class sizes in a model of exponential scores.
  ///
  /// Source: Hanley and McNeil, Radiology 143 (1982), equation 1.
  package var modelVariance: Double
  /// The rows of each class, of the curve with the fewest rows of a class.
  package var classRows: (positive: [Int], negative: [Int])
}

/// A metric that is an area under a ROC curve, or a mean of such areas.
package protocol AreaMetric: WeightedMetric {
  /// The influence of each row on the area with every row once; nil where it is undefined.
  func influence() -> AreaInfluence?
}

/// A distance from calibration, which even a calibrated model does not bring to 0 on so many rows.
package protocol CalibrationDistance: WeightedMetric {
  /// The value expected on these rows of a model whose probabilities are right.
  var expectedOfCalibrated: Double { get }
}
