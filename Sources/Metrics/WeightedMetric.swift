/// A metric that is prepared for one set of rows and can be evaluated under many weightings.
///
/// Whatever can say its value for given row weights is bootstrapped by the same engine: means, rates
/// per class, curves, and functionals of several metrics such as gaps (``CompositeMetric``).
package protocol WeightedMetric: Sendable {
  /// The value in each lane of the weights, NaN where the metric is undefined.
  ///
  /// A weight of `c` must mean the same as the row standing there `c` times.
  func values(under weights: WeightBlock) -> [Double]
  /// Why the metric is undefined where it is, as a clause such as "only one class is present".
  var undefinedReason: String { get }
  /// The metric as the mean of one number per row; nil for any other.
  var rowMean: RowMean? { get }
}

extension WeightedMetric {
  package var rowMean: RowMean? { nil }

  /// The value with given counts of the rows, or with every row once; nil where undefined.
  package func value(counts: [UInt8]) -> Double? {
    let value = values(under: WeightBlock(counts: counts))[0]
    return value.isNaN ? nil : value
  }
}

/// A metric that these outcomes cannot have, whatever their rows.
struct UndefinedMetric: WeightedMetric {
  let undefinedReason: String

  func values(under weights: WeightBlock) -> [Double] {
    [Double](repeating: .nan, count: WeightBlock.lanes)
  }
}

/// A functional of several metrics, each over some of the rows, that is bootstrapped as a whole.
///
/// ```swift
/// let worst = CompositeMetric(parts: groups.map { ($0.rows, $0.accuracy) }, reason: "...") {
///   $0.min() ?? .nan
/// }
/// ```
package struct CompositeMetric: WeightedMetric {
  /// A metric, and the rows that it was prepared for.
  package typealias Part = (rows: [Int], metric: any WeightedMetric)

  package let undefinedReason: String
  private let parts: [Part]
  private let combine: @Sendable ([Double]) -> Double

  /// Makes a functional from its parts' values, which are NaN where a part is undefined.
  package init(
    parts: [Part], reason: String, combine: @escaping @Sendable ([Double]) -> Double
  ) {
    self.parts = parts
    self.undefinedReason = reason
    self.combine = combine
  }

  package func values(under weights: WeightBlock) -> [Double] {
    let values = parts.map { $0.metric.values(under: weights.selecting(rows: $0.rows)) }
    return (0..<WeightBlock.lanes).map { lane in combine(values.map { $0[lane] }) }
  }
}
