public import LinearAlgebra
internal import Statistics

/// Multinomial logistic regression with an L2 penalty on the weights, not on the intercepts.
///
/// Minimises ½‖w - prior‖² + C Σᵢ CEᵢ as scikit-learn's `LogisticRegression` does. There two classes
/// have one vector w of log-odds; here they have two, w / 2 and -w / 2, whose penalty therefore counts
/// double, so that C means the same. Products are f32, everything else f64. Parameters: weights
/// `[K, D]` row by row, then `K` intercepts, which stay 0 with a prior, as its classifier has none.
///
///     let model = LogisticRegression(rows: rows, labels: labels, classCount: 2)
///     let fitted = model.fit(c: 1)
///     let logits = LogisticRegression.logits(queries, model.parameters(of: fitted), classCount: 2)
public final class LogisticRegression {
  /// Where a fit ended, with one C.
  public struct Fit: Sendable {
    /// The weight of the loss.
    public let c: Double
    /// ½‖w - prior‖² + C Σᵢ CEᵢ.
    public let objective: Double
    /// How far the objective was above its minimum before the last step, as a share; estimated.
    public let gap: Double
    /// The steps of Newton's method.
    public let iterations: Int
    /// The passes over the rows.
    public let passes: Int
    /// Why it ended.
    public let stop: TruncatedNewton.Stop
    fileprivate let coordinates: [Double]

    /// Tells whether the objective is within 1e-4 of its minimum.
    public var hasConverged: Bool { stop != .notFinite && (stop == .converged || gap <= 1e-4) }
  }

  private let curves: LogisticCurves?
  private let prior: Matrix<Float>?
  private let classCount: Int
  private let width: Int
  private let rowCount: Int

  /// Takes rows `[N, D]`, labels in `0..<classCount`, and a prior `[K, D]` or zero.
  public init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, prior: MatrixView<Float>? = nil
  ) {
    self.classCount = classCount
    width = rows.columns
    rowCount = rows.rows
    self.prior = prior.map { Matrix(copying: $0) }
    // A shift of the rows is made good by the intercepts, where there are any.
    curves = PrincipalRows(rows, centred: prior == nil).map { principal in
      LogisticCurves(
        rows: principal, labels: labels, classCount: classCount,
        offsets: prior.map { gemm(rows, $0.transposed) })
    }
  }

  /// Fits with the given C, from zero weights or from another fit on.
  ///
  /// Ends within `tolerance` of the least objective, as a share of it.
  public func fit(
    c: Double, from start: Fit? = nil, tolerance: Double = 1e-6, maximumIterations: Int = 1000
  ) -> Fit {
    let unit = c * Double(rowCount)
    guard let curves else {
      return Fit(
        c: c, objective: .nan, gap: .infinity, iterations: 0, passes: 0, stop: .notFinite,
        coordinates: [])
    }
    curves.setPenalty((classCount == 2 ? 2 : 1) / unit)
    // f32 products leave a relative error near 1e-7 in the objective.
    let search = TruncatedNewton(
      tolerance: tolerance, maximumIterations: maximumIterations, noise: 1e-6)
    let found = search.minimise(
      curves,
      from: start?.coordinates ?? [Double](repeating: 0, count: curves.parameterCount))
    return Fit(
      c: c, objective: found.value * unit, gap: found.gap, iterations: found.iterations,
      passes: found.passes, stop: found.stop, coordinates: found.parameters)
  }

  /// The weights `[K, D]`, then `K` intercepts, of mean 0.
  public func parameters(of fit: Fit) -> [Double] {
    guard let curves, !fit.coordinates.isEmpty else {
      return [Double](repeating: 0, count: classCount * (width + 1))
    }
    let split = classCount * curves.width
    var weights = curves.principal.weights(
      Matrix(fit.coordinates[..<split], rows: classCount, columns: curves.width))
    guard prior == nil else {
      prior?.view.withNumbers { prior in
        weights.withMutableView { view in
          for index in prior.indices { view.numbers[index] += Double(prior[index]) }
        }
      }
      return weights.numbers + [Double](repeating: 0, count: classCount)
    }
    var intercepts = Array(fit.coordinates[split...])
    let mean = intercepts.reduce(0, +) / Double(max(classCount, 1))
    let shifts = gemv(weights.view, curves.principal.centre)
    for index in intercepts.indices { intercepts[index] -= mean + shifts[index] }
    return weights.numbers + intercepts
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
}
