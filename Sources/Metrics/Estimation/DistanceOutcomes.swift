package import Tensors

/// The outcomes of an estimator: per pair of samples the true value and the estimate of it.
package struct DistanceOutcomes: OutcomeTable {
  /// The true value: a closed form, or an estimate from very many directions.
  package let references: [Double]
  /// The standard error of the true value; 0 for a closed form.
  package let referenceErrors: [Double]
  /// The estimates.
  package let values: [Double]
  /// The standard errors that the method stated; nil when it stated none.
  package let standardErrors: [Double]?

  package var n: Int { references.count }
  package var givenColumns: [String] { ["reference", "reference_error"] }

  package var columns: [String: Tensor] {
    var columns = [
      "reference": Tensor(doubles: references), "value": Tensor(doubles: values),
      "reference_error": Tensor(doubles: referenceErrors),
    ]
    columns["std_error"] = standardErrors.map(Tensor.init(doubles:))
    return columns
  }

  /// Takes the outcomes of `n` pairs.
  package init(
    references: [Double], referenceErrors: [Double]? = nil, values: [Double],
    standardErrors: [Double]? = nil
  ) throws(MetricsError) {
    self.references = references
    self.referenceErrors = referenceErrors ?? [Double](repeating: 0, count: references.count)
    self.values = values
    self.standardErrors = standardErrors
    try requireColumn("reference", references, count: n)
    try requireColumn("reference_error", self.referenceErrors, count: n, isNotNegative: true)
    try requireColumn("value", values, count: n)
    if let standardErrors {
      try requireColumn("std_error", standardErrors, count: n, isNotNegative: true)
    }
  }

  /// Takes the outcomes from stored columns, all f64 `[n]`.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    try self.init(
      references: try doubles("reference", of: columns),
      referenceErrors: try doubles("reference_error", of: columns),
      values: try doubles("value", of: columns),
      standardErrors: columns["std_error"] == nil ? nil : try doubles("std_error", of: columns))
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    switch metric {
    case "relative_error": RelativeError(self, squared: false)
    case "relative_bias": ErrorMean(relativeErrors, usable)
    case "relative_variance": ErrorVariance(relativeErrors, usable)
    case "absolute_error":
      ErrorMean(
        zip(values, references).map { abs($0 - $1) }, RowGroups(one: Array(0..<Int32(n))),
        reason: "there are no estimates")
    case "relative_rmse": RelativeError(self, squared: true)
    case "coverage95": Coverage(self)
    default: nil
    }
  }

  package func rows(countedBy metric: String) -> [Int]? {
    metric.hasPrefix("relative_") ? usable.rows.map(Int.init) : nil
  }

  package func note(for metric: String) -> String? {
    guard let left = rows(countedBy: metric).map({ n - $0.count }), left > 0 else { return nil }
    return "the true value of \(left) of \(n) pairs is 0, which do not count"
  }

  /// The signed error of each estimate in units of the true value; 0 where that is 0.
  private var relativeErrors: [Double] {
    zip(values, references).map { $1 == 0 ? 0 : ($0 - $1) / abs($1) }
  }

  /// The rows whose true value is not 0.
  private var usable: RowGroups {
    RowGroups(one: (0..<Int32(n)).filter { references[Int($0)] != 0 })
  }

  package func selecting(rows: [Int]) -> DistanceOutcomes {
    DistanceOutcomes(
      checked: rows.map { references[$0] }, rows.map { referenceErrors[$0] },
      rows.map { values[$0] }, standardErrors.map { errors in rows.map { errors[$0] } })
  }

  private init(
    checked references: [Double], _ referenceErrors: [Double], _ values: [Double],
    _ standardErrors: [Double]?
  ) {
    self.references = references
    self.referenceErrors = referenceErrors
    self.values = values
    self.standardErrors = standardErrors
  }
}

// MARK: Metrics

/// The mean of |value - reference| / |reference|, or the root of the mean of its square, over the
/// pairs whose true value is not 0.
private struct RelativeError: WeightedMetric {
  private let errors: [Double]
  private let usable: RowGroups
  private let squared: Bool

  init(_ table: DistanceOutcomes, squared: Bool) {
    self.squared = squared
    errors = zip(table.values, table.references).map { value, reference in
      guard reference != 0 else { return 0 }
      let error = abs(value - reference) / abs(reference)
      return squared ? error * error : error
    }
    usable = RowGroups(one: (0..<Int32(table.n)).filter { table.references[Int($0)] != 0 })
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(usable.sums(of: errors, under: weights), usable.counts(under: weights)).map { sum, count in
      let mean = sum / Double(count)
      return squared ? mean.squareRoot() : mean
    }
  }

  var undefinedReason: String { "there are no pairs whose true value differs from 0" }
}

/// The mean of an error over some rows.
private struct ErrorMean: WeightedMetric {
  private let errors: [Double]
  private let usable: RowGroups
  let undefinedReason: String

  init(
    _ errors: [Double], _ usable: RowGroups,
    reason: String = "there are no estimates whose true value differs from 0"
  ) {
    self.errors = errors
    self.usable = usable
    undefinedReason = reason
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(usable.sums(of: errors, under: weights), usable.counts(under: weights)).map {
      $0 / Double($1)
    }
  }
}

/// The unbiased variance of an error over some rows.
private struct ErrorVariance: WeightedMetric {
  private let errors: [Double]
  private let squares: [Double]
  private let usable: RowGroups

  init(_ errors: [Double], _ usable: RowGroups) {
    // About the mean of all, so that little is lost when the sums are subtracted.
    let count = Double(max(usable.rows.count, 1))
    let centre = usable.rows.reduce(0) { $0 + errors[Int($1)] } / count
    self.errors = errors.map { $0 - centre }
    squares = self.errors.map { $0 * $0 }
    self.usable = usable
  }

  func values(under weights: WeightBlock) -> [Double] {
    let sums = usable.sums(of: errors, under: weights)
    let squareSums = usable.sums(of: squares, under: weights)
    let counts = usable.counts(under: weights)
    return counts.indices.map { lane in
      let n = Double(counts[lane])
      guard n > 1 else { return .nan }
      return max(0, (squareSums[lane] - sums[lane] * sums[lane] / n) / (n - 1))
    }
  }

  var undefinedReason: String {
    "there are fewer than two estimates whose true value differs from 0"
  }
}

/// The share of pairs whose true value lies within 1.96 stated standard errors of the estimate.
///
/// The standard error of the true value itself is added in quadrature. A distance within 1e-9 of the
/// greater of the two values counts as none: an exact estimate that states no error covers a true
/// value that was summed in another order.
private struct Coverage: WeightedMetric {
  private let share: ShareMetric?

  init(_ table: DistanceOutcomes) {
    share = table.standardErrors.map { errors in
      ShareMetric(rows: table.n) { row in
        let variance =
          errors[row] * errors[row] + table.referenceErrors[row] * table.referenceErrors[row]
        let rounding = 1e-9 * max(abs(table.values[row]), abs(table.references[row]))
        return abs(table.values[row] - table.references[row])
          <= 1.959963984540054 * variance.squareRoot() + rounding
      }
    }
  }

  func values(under weights: WeightBlock) -> [Double] {
    share?.values(under: weights) ?? [Double](repeating: .nan, count: WeightBlock.lanes)
  }

  var rowMean: RowMean? { share?.rowMean }

  var undefinedReason: String {
    share == nil ? "the method states no standard error" : "there are no pairs"
  }
}
