internal import LinearAlgebra

/// What turns rows of both feature spaces into what the classifier works on.
struct Encoder: Sendable {
  let text: Matrix<Float>
  let scale: Float
  let uncertainty: Uncertainty

  /// Scores rows `[N, D]` and brings the rows of the bias `[N, A]` to unit length.
  func encode(_ rows: MatrixView<Float>, bias: MatrixView<Float>) -> Rows {
    var logits = gemm(rows, text.view.transposed, scale: scale)
    logits.withMutableView { $0.scaleRows(by: rows.inverseRowNorms()) }
    return Rows(
      logits: logits, factors: uncertainty.factors(logits.view), bias: bias.unitRows())
  }
}

/// Rows with all that no weight changes.
struct Rows: Sendable {
  /// The zero-shot logits z `[N, K]`.
  let logits: Matrix<Float>
  /// κ of each row.
  let factors: [Float]
  /// The rows that the bias is computed from, of unit length, `[N, A]`.
  let bias: Matrix<Float>

  /// The logits z + α κ ũ.
  func fused(_ weights: Matrix<Float>, alpha: Float) -> Matrix<Float> {
    var fused = gemm(bias.view, weights.view.transposed)
    let logits = logits.view
    fused.withMutableView { fused in
      _ = fused.standardiseRows()
      for (index, factor) in factors.enumerated() {
        let row = fused.row(index)
        logits.withRow(index) { logits in
          for column in row.indices {
            row[column] = logits[column] + alpha * factor * row[column]
          }
        }
      }
    }
    return fused
  }
}

/// Rows of which the class is known.
struct LabelledRows: Sendable {
  let rows: Rows
  let labels: [Int32]

  /// The share of rows that the fused logits answer rightly.
  func accuracy(_ weights: Matrix<Float>, alpha: Float) -> Double {
    let answers = rows.fused(weights, alpha: alpha).view.argmaxRows()
    return Double(zip(answers, labels).count { $0 == $1 }) / Double(max(labels.count, 1))
  }
}

extension MutableMatrixView<Float> {
  /// Brings each row to mean 0 and standard deviation 1 (divisor K - 1); returns what it was.
  ///
  /// A row of equal numbers becomes 0.
  func standardiseRows() -> [Float] {
    (0..<rows).map { index in
      let row = row(index)
      let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(row.count))
      for column in row.indices { row[column] -= mean }
      let view = UnsafeBufferPointer(row)
      let deviation = (dot(view, view) / Float(row.count - 1)).squareRoot()
      let factor = deviation > 0 ? 1 / deviation : 0
      for column in row.indices { row[column] *= factor }
      return deviation
    }
  }
}
