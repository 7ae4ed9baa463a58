/// The eigenvalues and eigenvectors of a symmetric matrix `[D, D]`.
public struct SymmetricEigen<Scalar: BLASScalar>: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Scalar]
  /// The unit eigenvectors: ROW `i` belongs to `values[i]`.
  public let vectors: Matrix<Scalar>

  /// Decomposes a matrix, of which only the upper triangle is read.
  ///
  /// Nil when the iteration does not converge, as with numbers that are not finite.
  public init?(_ matrix: consuming Matrix<Scalar>) {
    precondition(matrix.rows == matrix.columns, "eigenvectors need a square matrix")
    let size = matrix.rows
    guard matrix.view.withNumbers({ $0.allSatisfy(\.isFinite) }) else { return nil }
    var values = [Scalar](repeating: 0, count: size)
    if size > 0 {
      let status = matrix.withMutableView { view in
        values.withUnsafeMutableBufferPointer { values in
          values.baseAddress.map { Scalar.rawSYEVD(size, view.pointer, $0) } ?? 0
        }
      }
      guard status == 0 else { return nil }
    }
    self.values = values
    vectors = matrix
  }

  /// Replaces every ROW `r` of a matrix `[K, D]` by `A⁺ r`, with the pseudo-inverse `A⁺`.
  ///
  /// Eigenvalues of at most `D · epsilon · largest` count as zero, as in NumPy's `matrix_rank`.
  public func pseudoSolve(rows matrix: inout Matrix<Scalar>) {
    precondition(matrix.columns == values.count, "pseudoSolve needs rows of D numbers")
    let largest = values.reduce(0) { max($0, abs($1)) }
    let cut = Scalar(values.count) * Scalar.ulpOfOne * largest
    var coordinates = gemm(matrix.view, vectors.view.transposed)
    coordinates.withMutableView { view in
      for row in 0..<view.rows {
        let numbers = view.row(row)
        for (index, value) in values.enumerated() {
          numbers[index] = abs(value) > cut ? numbers[index] / value : 0
        }
      }
    }
    matrix = gemm(coordinates.view, vectors.view)
  }
}

/// Replaces every ROW `r` of `rows` `[K, D]` by `A⁻¹ r` for a symmetric positive semi-definite `A`.
///
/// Uses Cholesky, and the pseudo-inverse where that fails; reads the upper triangle of `matrix`.
/// False when neither exists because numbers are not finite.
public func solveSymmetric<S>(_ matrix: Matrix<S>, rows: inout Matrix<S>) -> Bool {
  if let factor = Cholesky(matrix) {
    factor.solve(rows: &rows)
    return true
  }
  guard let eigen = SymmetricEigen(matrix) else { return false }
  eigen.pseudoSolve(rows: &rows)
  return true
}
