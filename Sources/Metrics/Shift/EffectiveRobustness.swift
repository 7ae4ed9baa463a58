internal import Glibc

/// The line of accuracy under a shift against accuracy without it, over reference models on logit
/// axes, and how far a model lies above it.
///
/// Source: Taori et al., "Measuring robustness to natural distribution shifts in image
/// classification", NeurIPS 2020, section 2.
package struct EffectiveRobustness: Sendable {
  package let slope: Double
  package let intercept: Double
  /// The share of variance explained; nil where the reference models do not differ under the shift.
  package let rSquared: Double?
  /// The standard deviation of the residuals in logits, with `modelCount - 2` degrees of freedom.
  package let residualDeviation: Double
  package let slopeError: Double
  package let interceptError: Double
  package let modelCount: Int
  private let rows: Int
  private let shiftedRows: Int

  /// Fits the line by least squares to the accuracies of three or more models.
  ///
  /// Accuracies are clipped to `1/2N ... 1 - 1/2N`, N being the rows that they were measured on,
  /// so that 0 and 1 have logits.
  ///
  /// - Throws: ``MetricsError`` if there are fewer than three models, counts differ, or all models
  ///   have the same accuracy without the shift.
  package init(
    reference: [Double], shifted: [Double], rows: Int, shiftedRows: Int
  ) throws(MetricsError) {
    guard reference.count == shifted.count, rows > 0, shiftedRows > 0 else {
      throw MetricsError(
        .invalidInput,
        "There are \(reference.count) accuracies on \(rows) rows and \(shifted.count) on "
          + "\(shiftedRows) shifted ones; each model needs both.")
    }
    guard reference.count >= 3 else {
      throw MetricsError(
        .undefined,
        "Effective robustness needs at least 3 reference models; there are \(reference.count).")
    }
    let x = reference.map { logit($0, rows: rows) }
    let y = shifted.map { logit($0, rows: shiftedRows) }
    let sums = Moments(x, y)
    guard differ(x), sums.xx > 0 else {
      throw MetricsError(
        .undefined, "All reference models have the same accuracy, so no line can be fitted.")
    }
    slope = sums.xy / sums.xx
    intercept = sums.meanY - slope * sums.meanX
    rSquared = differ(y) ? sums.xy * sums.xy / (sums.xx * sums.yy) : nil
    // Rounding can bring the rest of a perfect line below 0.
    let rest = max(0, sums.yy - slope * sums.xy)
    let count = Double(reference.count)
    residualDeviation = (rest / (count - 2)).squareRoot()
    slopeError = residualDeviation / sums.xx.squareRoot()
    interceptError = slopeError * (sums.xx / count + sums.meanX * sums.meanX).squareRoot()
    modelCount = reference.count
    self.rows = rows
    self.shiftedRows = shiftedRows
  }

  /// The accuracy under the shift that the line predicts.
  package func predicted(reference: Double) -> Double {
    1 / (1 + exp(-(intercept + slope * logit(reference, rows: rows))))
  }

  /// Accuracy under the shift above the line's prediction.
  package func callAsFunction(reference: Double, shifted: Double) -> Double {
    shifted - predicted(reference: reference)
  }
}

/// The logit of an accuracy on N rows, clipped to `1/2N ... 1 - 1/2N`.
func logit(_ accuracy: Double, rows: Int) -> Double {
  let edge = 1 / (2 * Double(rows))
  let clipped = min(max(accuracy, edge), 1 - edge)
  return log(clipped / (1 - clipped))
}

/// Whether logits differ by more than rounding: their mean, and means over seeds of one accuracy,
/// may be off in the last digits.
private func differ(_ logits: [Double]) -> Bool {
  guard let least = logits.min(), let most = logits.max() else { return false }
  return most - least > 1e-12
}

/// Means and centred second moments of pairs.
struct Moments {
  let meanX: Double
  let meanY: Double
  let xx: Double
  let xy: Double
  let yy: Double

  init(_ x: [Double], _ y: [Double]) {
    let n = Double(x.count)
    let meanX = x.reduce(0, +) / n
    let meanY = y.reduce(0, +) / n
    self.meanX = meanX
    self.meanY = meanY
    xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
    xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  }
}
