/// The Cholesky factor of a symmetric positive definite matrix `[D, D]`.
public struct Cholesky<Scalar: BLASScalar>: Sendable {
  private var factor: Matrix<Scalar>

  /// Factors a matrix, of which only the upper triangle is read.
  ///
  /// Nil when the matrix is not positive definite in working precision. Hand over a matrix that
  /// nobody else holds and no memory is copied.
  public init?(_ matrix: consuming Matrix<Scalar>) {
    precondition(matrix.rows == matrix.columns, "Cholesky needs a square matrix")
    let size = matrix.rows
    guard size == 0 || matrix.withMutableView({ Scalar.rawPOTRF(size, $0.pointer) }) == 0 else {
      return nil
    }
    // LAPACK takes NaN for positive; one that came in has reached the diagonal.
    guard (0..<size).allSatisfy({ matrix[$0, $0].isFinite }) else { return nil }
    factor = matrix
  }

  /// Replaces every ROW `r` of a matrix `[K, D]` by the solution `A⁻¹ r`.
  public func solve(rows matrix: inout Matrix<Scalar>) {
    precondition(matrix.columns == factor.rows, "solve needs rows of D numbers")
    let view = factor.view
    matrix.withMutableView { rows in
      guard rows.rows > 0, rows.columns > 0 else { return }
      withExtendedLifetime(view) {
        Scalar.rawPOTRS(rows.columns, rows.rows, view.pointer, rows.pointer)
      }
    }
  }

  /// The inverse, both triangles.
  public func inverse() -> Matrix<Scalar> {
    var inverse = factor
    let size = factor.rows
    guard size > 0 else { return inverse }
    let status = inverse.withMutableView { Scalar.rawPOTRI(size, $0.pointer) }
    precondition(status == 0, "a factor that exists has an inverse")
    inverse.mirrorUpper()
    return inverse
  }

  /// The logarithm of the determinant of the matrix that was factored.
  public var logDeterminant: Double {
    (0..<factor.rows).reduce(0) { $0 + 2 * Double(factor[$1, $1]).logarithm }
  }
}
