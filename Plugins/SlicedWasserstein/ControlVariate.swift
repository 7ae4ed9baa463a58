internal import LinearAlgebra

/// A function of the direction whose mean over the sphere is known exactly.
struct ControlVariate {
  /// `c_l` on each direction `[L]`.
  let values: [Double]
  /// B, the mean over the sphere, from E[(θ·a)²] = ‖a‖² / D.
  let mean: Double

  /// Makes the variate of an estimator; zeros for the plain one.
  init(
    _ estimator: SlicedWasserstein.Estimator, _ x: MatrixView<Float>, _ y: MatrixView<Float>,
    _ directions: MatrixView<Float>, _ sums: SlicedSums
  ) {
    guard estimator != .sw else {
      values = [Double](repeating: 0, count: directions.rows)
      mean = 0
      return
    }
    let (momentsX, momentsY) = (Moments(x), Moments(y))
    let difference = zip(momentsX.mean, momentsY.mean).map { $0 - $1 }
    var values = (0..<directions.rows).map { index in
      let along = directions.withRow(index) { row in
        row.indices.reduce(0.0) { $0 + Double(row[$1]) * difference[$1] }
      }
      return along * along
    }
    var total = difference.reduce(0) { $0 + $1 * $1 }
    if estimator == .ucv {
      for index in values.indices { values[index] += sums.variances[index] }
      total += momentsX.spread(x) + momentsY.spread(y)
    }
    self.values = values
    mean = total / Double(x.columns)
  }
}

/// The mean of a sample `[N, D]`, and what follows from it, with sums in f64.
private struct Moments {
  let mean: [Double]

  init(_ rows: MatrixView<Float>) {
    var sum = [Double](repeating: 0, count: rows.columns)
    sum.withUnsafeMutableBufferPointer { sum in
      for index in 0..<rows.rows {
        rows.withRow(index) { row in
          for column in 0..<row.count { sum[column] += Double(row[column]) }
        }
      }
    }
    mean = sum.map { $0 / Double(rows.rows) }
  }

  /// The mean squared distance of the rows from their mean: the trace of the covariance.
  func spread(_ rows: MatrixView<Float>) -> Double {
    var squares = [Double](repeating: 0, count: mean.count)
    squares.withUnsafeMutableBufferPointer { squares in
      mean.withUnsafeBufferPointer { mean in
        for index in 0..<rows.rows {
          rows.withRow(index) { row in
            for column in 0..<row.count {
              let offset = Double(row[column]) - mean[column]
              squares[column] += offset * offset
            }
          }
        }
      }
    }
    return squares.reduce(0, +) / Double(rows.rows)
  }
}

/// The estimate from the distances and a control variate.
///
/// Equations 8 to 11 of the paper, with the asymmetry of its code: the covariance subtracts the
/// sample mean of w, but the exact mean of c; the variance of c is around the exact mean too.
struct Estimate {
  let value: Double
  /// sqrt(var(w - α (c - B)) / L), with the sample variance.
  let standardError: Double
  let alpha: Double

  init(_ distances: [Double], _ control: ControlVariate, crossFitted: Bool) {
    let count = distances.count
    let errors = control.values.map { $0 - control.mean }
    func coefficient(_ range: Range<Int>) -> Double {
      let size = Double(range.count)
      let centre = distances[range].reduce(0, +) / size
      let variance = errors[range].reduce(0) { $0 + $1 * $1 } / size
      // In one dimension c is B up to rounding, and says nothing.
      guard variance > 1e-13 * control.mean * control.mean else { return 0 }
      let covariance = range.reduce(0) { $0 + (distances[$1] - centre) * errors[$1] } / size
      return covariance / (variance + 1e-24)
    }
    let half = count / 2
    let alphas =
      crossFitted
      ? [coefficient(half..<count), coefficient(0..<half)] : [coefficient(0..<count)]
    let residuals = distances.indices.map { index in
      distances[index] - (crossFitted && index >= half ? alphas[1] : alphas[0]) * errors[index]
    }
    let value = residuals.reduce(0, +) / Double(count)
    let squares = residuals.reduce(0) { $0 + ($1 - value) * ($1 - value) }
    self.value = value
    standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
    alpha = alphas.reduce(0, +) / Double(alphas.count)
  }
}
