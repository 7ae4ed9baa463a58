/// The inverse of `a I + YᵀY` `[D, D]` for few rows Y `[k, D]`, by Woodbury's identity.
///
///     (a I + YᵀY)⁻¹ = (I - Yᵀ (a I + Y Yᵀ)⁻¹ Y) / a
///
/// Only a matrix `[k, k]` is factored, and a row is solved for with 4 k D operations.
public struct Woodbury<Scalar: BLASScalar>: Sendable {
  private let rows: Matrix<Scalar>
  private let ridge: Scalar
  private let factor: Cholesky<Scalar>

  /// Factors `a I + Y Yᵀ`.
  ///
  /// Nil when the ridge `a` is not positive, or a number is not finite.
  public init?(rows: Matrix<Scalar>, ridge: Scalar) {
    guard ridge > 0, ridge.isFinite else { return nil }
    var gram = gemm(rows.view, rows.view.transposed)
    for index in 0..<gram.rows { gram[index, index] += ridge }
    guard let factor = Cholesky(gram) else { return nil }
    self.rows = rows
    self.ridge = ridge
    self.factor = factor
  }

  /// Replaces every ROW `r` of a matrix `[K, D]` by the solution `(a I + YᵀY)⁻¹ r`.
  public func solve(rows matrix: inout Matrix<Scalar>) {
    precondition(matrix.columns == rows.columns, "solve needs rows of D numbers")
    var coordinates = gemm(matrix.view, rows.view.transposed)
    factor.solve(rows: &coordinates)
    let (rows, ridge) = (rows.view, ridge)
    matrix.withMutableView { matrix in
      gemm(coordinates.view, rows, into: matrix, scale: -1 / ridge, keeping: 1 / ridge)
    }
  }
}
