/// Multinomial logistic regression with an L2 penalty on the weights, not on the intercepts.
///
/// Minimises ½‖w - prior‖² + C Σᵢ CEᵢ, divided by C N as scikit-learn does. Products are f32,
/// everything else f64. Parameters: weights `[K, D]` row by row, then `K` intercepts, which stay 0
/// with a prior, as its classifier has none.
///
///     let model = LogisticRegression(rows: rows, labels: labels, classCount: 2)
///     let fitted = model.fit(c: 1, from: model.start, tolerance: 1e-4, maximumIterations: 1000)
///     let logits = LogisticRegression.logits(queries, fitted.parameters, classCount: 2)
public final class LogisticRegression {
  private let rows: MatrixView<Float>
  private let labels: [Int32]
  private let classCount: Int
  private let hasIntercepts: Bool
  private var weights: Matrix<Float>
  private var logits: Matrix<Float>

  /// Where a search starts: the prior, without intercepts.
  public let start: [Double]

  /// Takes rows `[N, D]`, which have to stay valid, labels in `0..<classCount`, and a prior `[K, D]`
  /// or zero.
  public init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, prior: MatrixView<Float>? = nil
  ) {
    var start = [Double](repeating: 0, count: classCount * (rows.columns + 1))
    prior?.withNumbers { for (index, weight) in $0.enumerated() { start[index] = Double(weight) } }
    self.start = start
    hasIntercepts = prior == nil
    self.rows = rows
    self.labels = labels
    self.classCount = classCount
    weights = Matrix(rows: classCount, columns: rows.columns)
    logits = Matrix(rows: rows.rows, columns: classCount)
  }

  /// The number of parameters.
  public var parameterCount: Int { classCount * (rows.columns + 1) }

  /// Fits with the given C, from given parameters on.
  public func fit(c: Double, from start: [Double], tolerance: Double, maximumIterations: Int)
    -> LBFGS.Result
  {
    // f32 products leave a relative error near 1e-7 in the objective.
    let search = LBFGS(
      tolerance: tolerance, maximumIterations: maximumIterations, noise: 1e-6)
    return search.minimise(from: start) { parameters, gradient in
      self.evaluate(parameters, gradient, penalty: 1 / (c * Double(self.rows.rows)))
    }
  }

  /// The logits `[Q, K]` of other rows.
  public static func logits(
    _ rows: MatrixView<Float>, _ parameters: [Double], classCount: Int
  ) -> Matrix<Float> {
    let split = classCount * rows.columns
    let weights = Matrix(
      parameters[..<split].map { Float($0) }, rows: classCount, columns: rows.columns)
    var logits = gemm(rows, weights.view.transposed)
    logits.withMutableView { view in
      view.scaleRows(
        by: [Float](repeating: 1, count: view.rows), adding: parameters[split...].map { Float($0) })
    }
    return logits
  }

  private func evaluate(
    _ parameters: UnsafeBufferPointer<Double>, _ gradient: UnsafeMutableBufferPointer<Double>,
    penalty: Double
  ) -> Double {
    let split = classCount * rows.columns
    weights.withMutableView { view in
      for index in 0..<split { view.numbers[index] = Float(parameters[index]) }
    }
    let intercepts = parameters[split...].map { Float($0) }
    let share = 1 / Double(rows.rows)
    let loss = logits.withMutableView { logits in
      gemm(rows, weights.view.transposed, into: logits)
      logits.scaleRows(by: [Float](repeating: 1, count: logits.rows), adding: intercepts)
      return residuals(logits, gradient, split, share)
    }
    // The weights are not needed any more: their memory takes the gradient.
    weights.withMutableView { gemm(logits.view.transposed, rows, into: $0) }
    var norm = 0.0
    weights.view.withNumbers { slopes in
      for index in 0..<split {
        let distance = parameters[index] - start[index]
        gradient[index] = share * Double(slopes[index]) + penalty * distance
        norm += distance * distance
      }
    }
    return loss + penalty * norm / 2
  }

  /// Turns logits into `softmax - onehot`, writes the intercepts' gradient, returns the mean loss.
  private func residuals(
    _ logits: MutableMatrixView<Float>, _ gradient: UnsafeMutableBufferPointer<Double>,
    _ split: Int, _ share: Double
  ) -> Double {
    let targets = labels.enumerated().map { Double(logits[$0.offset, Int($0.element)]) }
    let normalisers = logits.softmaxRows()
    for (index, label) in labels.enumerated() { logits[index, Int(label)] -= 1 }
    let sums = gemv(logits.view.transposed, [Float](repeating: 1, count: logits.rows))
    for (label, sum) in sums.enumerated() {
      gradient[split + label] = hasIntercepts ? share * Double(sum) : 0
    }
    return zip(normalisers, targets).reduce(0) { $0 + share * ($1.0 - $1.1) }
  }
}
