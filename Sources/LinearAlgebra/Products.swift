// MARK: Matrix times matrix

/// Writes `scale · a b + keeping · c` into `c`; `[M, D] [D, K] -> [M, K]`.
public func gemm<S>(
  _ a: MatrixView<S>, _ b: MatrixView<S>, into c: MutableMatrixView<S>, scale: S = 1,
  keeping: S = 0
) { product(a, false, b, false, into: c, scale, keeping) }

/// Writes `scale · a bᵀ + keeping · c` into `c`; `[M, D] [K, D]ᵀ -> [M, K]`.
public func gemm<S>(
  _ a: MatrixView<S>, _ b: TransposedView<S>, into c: MutableMatrixView<S>, scale: S = 1,
  keeping: S = 0
) { product(a, false, b.view, true, into: c, scale, keeping) }

/// Writes `scale · aᵀ b + keeping · c` into `c`; `[D, M]ᵀ [D, K] -> [M, K]`.
public func gemm<S>(
  _ a: TransposedView<S>, _ b: MatrixView<S>, into c: MutableMatrixView<S>, scale: S = 1,
  keeping: S = 0
) { product(a.view, true, b, false, into: c, scale, keeping) }

/// The product `scale · a b` as a new matrix.
public func gemm<S>(_ a: MatrixView<S>, _ b: MatrixView<S>, scale: S = 1) -> Matrix<S> {
  Matrix(rows: a.rows, columns: b.columns) { gemm(a, b, into: $0, scale: scale) }
}

/// The product `scale · a bᵀ` as a new matrix.
public func gemm<S>(_ a: MatrixView<S>, _ b: TransposedView<S>, scale: S = 1) -> Matrix<S> {
  Matrix(rows: a.rows, columns: b.view.rows) { gemm(a, b, into: $0, scale: scale) }
}

/// The product `scale · aᵀ b` as a new matrix.
public func gemm<S>(_ a: TransposedView<S>, _ b: MatrixView<S>, scale: S = 1) -> Matrix<S> {
  Matrix(rows: a.view.columns, columns: b.columns) { gemm(a, b, into: $0, scale: scale) }
}

private func product<S>(
  _ a: MatrixView<S>, _ transposeA: Bool, _ b: MatrixView<S>, _ transposeB: Bool,
  into c: MutableMatrixView<S>, _ scale: S, _ keeping: S
) {
  let (m, inner) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
  let (other, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
  precondition(
    inner == other && c.rows == m && c.columns == n,
    "cannot multiply [\(m), \(inner)] by [\(other), \(n)] into [\(c.rows), \(c.columns)]")
  guard m > 0, n > 0 else { return }
  // An empty sum: BLAS may return before it clears c.
  if inner == 0 && keeping == 0 { return c.fill(0) }
  withExtendedLifetime((a, b)) {
    S.rawGEMM(
      (transposeA, transposeB), m, n, inner, scale, a.pointer, max(a.columns, 1), b.pointer,
      max(b.columns, 1), keeping, c.pointer, max(n, 1))
  }
}

/// Writes the upper triangle of `scale · aᵀa + keeping · c` into `c`; `[N, D] -> [D, D]`.
///
/// The lower triangle is left as it is.
public func syrk<S>(
  _ a: MatrixView<S>, into c: MutableMatrixView<S>, scale: S = 1, keeping: S = 0
) {
  precondition(c.rows == a.columns && c.columns == a.columns, "syrk writes [D, D]")
  guard a.columns > 0 else { return }
  if a.rows == 0 && keeping == 0 { return c.fill(0) }
  withExtendedLifetime(a) {
    S.rawSYRK(a.columns, a.rows, scale, a.pointer, a.columns, keeping, c.pointer)
  }
}

// MARK: Matrix times vector

/// The product `scale · a x`; `[M, D] [D] -> [M]`.
public func gemv<S>(_ a: MatrixView<S>, _ x: [S], scale: S = 1) -> [S] {
  precondition(x.count == a.columns, "gemv needs one number per column")
  return product(a, x, transpose: false, count: a.rows, scale)
}

/// The product `scale · aᵀ x`; `[M, D]ᵀ [M] -> [D]`.
public func gemv<S>(_ a: TransposedView<S>, _ x: [S], scale: S = 1) -> [S] {
  precondition(x.count == a.view.rows, "gemv needs one number per row")
  return product(a.view, x, transpose: true, count: a.view.columns, scale)
}

private func product<S>(
  _ a: MatrixView<S>, _ x: [S], transpose: Bool, count: Int, _ scale: S
) -> [S] {
  var y = [S](repeating: 0, count: count)
  guard a.count > 0 else { return y }
  withExtendedLifetime(a) {
    S.rawGEMV(transpose, a.rows, a.columns, scale, a.pointer, a.columns, x, 0, &y)
  }
  return y
}

/// The inner product of two vectors of equal length.
public func dot<S: BLASScalar>(_ x: UnsafeBufferPointer<S>, _ y: UnsafeBufferPointer<S>) -> S {
  precondition(x.count == y.count, "dot needs vectors of equal length")
  guard let left = x.baseAddress, let right = y.baseAddress else { return 0 }
  return S.rawDot(x.count, left, right)
}
