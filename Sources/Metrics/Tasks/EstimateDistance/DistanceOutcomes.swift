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
