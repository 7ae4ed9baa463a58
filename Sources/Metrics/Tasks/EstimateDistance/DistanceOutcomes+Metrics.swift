extension DistanceOutcomes {
  package static let metrics: [Metric<DistanceOutcomes>] = [
    Metric(
      "relative_error", "Relative error", direction: .lower, range: 0...Double.infinity,
      isDefault: true, undefined: "there are no pairs whose true value differs from 0",
      "Mean of |value - reference| / |reference| over the pairs whose reference is not 0."
    ) {
      RelativeError($0, squared: false)
    } counting: {
      $0.usable
    } note: {
      $0.leftOut
    },
    Metric(
      "relative_rmse", "Relative RMSE", direction: .lower, range: 0...Double.infinity,
      isDefault: true, undefined: "there are no pairs whose true value differs from 0",
      "Root of the mean squared relative error over the pairs whose reference is not 0."
    ) {
      RelativeError($0, squared: true)
    } counting: {
      $0.usable
    } note: {
      $0.leftOut
    },
    Metric(
      "relative_bias", "Relative bias", direction: .lower,
      range: -Double.infinity...Double.infinity, isDefault: true,
      undefined: "there are no estimates whose true value differs from 0",
      "Mean of (value - reference) / |reference| over the estimates whose reference is not 0."
    ) {
      ErrorMean($0.relativeErrors, $0.usable)
    } counting: {
      $0.usable
    } note: {
      $0.leftOut
    },
    Metric(
      "relative_variance", "Relative variance", direction: .lower, range: 0...Double.infinity,
      isDefault: true,
      undefined: "there are fewer than two estimates whose true value differs from 0",
      "Unbiased variance of (value - reference) / |reference| over the estimates whose reference "
        + "is not 0."
    ) {
      ErrorVariance($0.relativeErrors, $0.usable)
    } counting: {
      $0.usable
    } note: {
      $0.leftOut
    },
    Metric(
      "absolute_error", "Absolute error", direction: .lower, range: 0...Double.infinity,
      isDefault: true, undefined: "there are no estimates",
      "Mean of |value - reference|."
    ) { table in
      ErrorMean(
        zip(table.values, table.references).map { abs($0 - $1) }, Array(0..<table.n),
        reason: "there are no estimates")
    },
    Metric(
      "coverage95", "Coverage (95 %)", version: 2, direction: .higher, isProportion: true,
      isDefault: true, undefined: "the method states no standard error, or there are no pairs",
      "Share of pairs whose reference lies within 1.96 stated standard errors of the value, or within "
        + "1e-9 of it in relative terms, which is rounding."
    ) { Coverage($0) },
  ]

  /// The signed error of each estimate in units of the true value; 0 where that is 0.
  private var relativeErrors: [Double] {
    zip(values, references).map { $1 == 0 ? 0 : ($0 - $1) / abs($1) }
  }

  /// The rows whose true value is not 0.
  private var usable: [Int] { (0..<n).filter { references[$0] != 0 } }

  private var leftOut: String? {
    let left = n - usable.count
    return left > 0 ? "the true value of \(left) of \(n) pairs is 0, which do not count" : nil
  }
}

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
    _ errors: [Double], _ usable: [Int],
    reason: String = "there are no estimates whose true value differs from 0"
  ) {
    self.errors = errors
    self.usable = RowGroups(one: usable.map(Int32.init))
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

  init(_ errors: [Double], _ usable: [Int]) {
    // About the mean of all, so that little is lost when the sums are subtracted.
    let count = Double(max(usable.count, 1))
    let centre = usable.reduce(0) { $0 + errors[$1] } / count
    self.errors = errors.map { $0 - centre }
    squares = self.errors.map { $0 * $0 }
    self.usable = RowGroups(one: usable.map(Int32.init))
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
