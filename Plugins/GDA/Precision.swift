internal import AssayKit
internal import LinearAlgebra

/// What a precision P `[D, D]` makes of rows `[K, D]`; P itself is never formed.
enum Precision {
  /// Replaces each row r by `P r` with `P = D · ((N - 1) Σ + tr(Σ) I)⁻¹`, or another factor than D.
  ///
  /// Kubokawa and Srivastava's estimate, as the paper uses it. It is `λ ((1 - λ) Σ + λ tr(Σ) / D I)⁻¹`
  /// with `λ = D / (N - 1 + D)`, so that the factor `N - 1 + D` gives the inverse of the shrunk
  /// covariance. `scatter` is `(N - 1) Σ`, its upper triangle; its trace has to be positive.
  static func applyRidge(
    scatter: consuming Matrix<Float>, rowCount: Int, factor: Int? = nil,
    to rows: inout Matrix<Float>
  ) throws(MethodError) {
    let ridge = scatter.trace / Float(max(rowCount - 1, 1))
    for index in 0..<scatter.rows { scatter[index, index] += ridge }
    guard solveSymmetric(scatter, rows: &rows) else { throw .notFinite }
    rows.scale(by: Float(factor ?? rows.columns))
  }

  /// Replaces each row r by `Σ⁺ r`, with the pseudo-inverse of a covariance.
  ///
  /// A covariance of fewer rows than D has no inverse, but Cholesky may take one for it: rounding
  /// lifts its zeros. Hence always by eigenvalues.
  static func applyPseudoInverse(
    covariance: consuming Matrix<Float>, to rows: inout Matrix<Float>
  ) throws(MethodError) {
    guard let eigen = SymmetricEigen(covariance) else { throw .notFinite }
    eigen.pseudoSolve(rows: &rows)
  }
}

extension MethodError {
  /// Says that rows cannot be used.
  fileprivate static var notFinite: MethodError {
    .numeric("the covariance of the training rows is not finite")
  }
}
