internal import COpenBLAS

/// A number type that BLAS and LAPACK compute with: `Float` or `Double`.
///
/// The requirements are the raw calls, row-major; use `gemm`, `Cholesky` and the rest instead.
public protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// Forms `c = alpha op(a) op(b) + beta c`, with `c` of `m` rows and `n` columns.
  static func rawGEMM(
    _ transposes: (Bool, Bool), _ m: Int, _ n: Int, _ k: Int, _ alpha: Self,
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
  /// Forms `y = alpha op(a) x + beta y`, with `a` of `m` rows and `n` columns.
  static func rawGEMV(
    _ transpose: Bool, _ m: Int, _ n: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int,
    _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)
  /// Forms the upper triangle of `c = alpha aᵀa + beta c`, with `a` of `k` rows, `n` columns.
  static func rawSYRK(
    _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int, _ beta: Self,
    _ c: UnsafeMutablePointer<Self>)
  /// The inner product of two vectors of `n` numbers.
  static func rawDot(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
  /// Adds `alpha x` to `y`.
  static func rawAXPY(
    _ n: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// Factors the upper triangle of `a` in place; returns LAPACK's `info`.
  static func rawPOTRF(_ n: Int, _ a: UnsafeMutablePointer<Self>) -> Int
  /// Solves for each of the `count` rows of `b` with the factor `a`.
  static func rawPOTRS(
    _ n: Int, _ count: Int, _ a: UnsafePointer<Self>, _ b: UnsafeMutablePointer<Self>)
  /// Turns the factor `a` into the upper triangle of the inverse; returns `info`.
  static func rawPOTRI(_ n: Int, _ a: UnsafeMutablePointer<Self>) -> Int
  /// Replaces the upper triangle of `a` by eigenvectors, one a row; returns `info`.
  static func rawSYEVD(
    _ n: Int, _ a: UnsafeMutablePointer<Self>, _ values: UnsafeMutablePointer<Self>
  ) -> Int
}

// LAPACK is column-major, so a row-major upper triangle is its lower one, and rows are its columns.
private let lower: CChar = 76  // "L"
private let vectors: CChar = 86  // "V"

private func order(_ transpose: Bool) -> CBLAS_TRANSPOSE {
  transpose ? CblasTrans : CblasNoTrans
}

extension Float: BLASScalar {
  /// Calls `cblas_sgemm`.
  public static func rawGEMM(
    _ transposes: (Bool, Bool), _ m: Int, _ n: Int, _ k: Int, _ alpha: Float,
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, _ beta: Float,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, order(transposes.0), order(transposes.1), Int32(m), Int32(n), Int32(k), alpha,
      a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// Calls `cblas_sgemv`.
  public static func rawGEMV(
    _ transpose: Bool, _ m: Int, _ n: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int,
    _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemv(
      CblasRowMajor, order(transpose), Int32(m), Int32(n), alpha, a, Int32(lda), x, 1, beta, y, 1)
  }

  /// Calls `cblas_ssyrk`.
  public static func rawSYRK(
    _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int, _ beta: Float,
    _ c: UnsafeMutablePointer<Float>
  ) {
    cblas_ssyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(n), Int32(k), alpha, a, Int32(lda), beta, c,
      Int32(n))
  }

  /// Calls `cblas_sdot`.
  public static func rawDot(
    _ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Float { cblas_sdot(Int32(n), x, 1, y, 1) }

  /// Calls `cblas_saxpy`.
  public static func rawAXPY(
    _ n: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) { cblas_saxpy(Int32(n), alpha, x, 1, y, 1) }

  /// Calls `spotrf_`.
  public static func rawPOTRF(_ n: Int, _ a: UnsafeMutablePointer<Float>) -> Int {
    var (uplo, size, info) = (lower, Int32(n), Int32(0))
    spotrf_(&uplo, &size, a, &size, &info)
    return Int(info)
  }

  /// Calls `spotrs_`.
  public static func rawPOTRS(
    _ n: Int, _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafeMutablePointer<Float>
  ) {
    var (uplo, size, count, info) = (lower, Int32(n), Int32(count), Int32(0))
    spotrs_(&uplo, &size, &count, a, &size, b, &size, &info)
  }

  /// Calls `spotri_`.
  public static func rawPOTRI(_ n: Int, _ a: UnsafeMutablePointer<Float>) -> Int {
    var (uplo, size, info) = (lower, Int32(n), Int32(0))
    spotri_(&uplo, &size, a, &size, &info)
    return Int(info)
  }

  /// Calls `ssyevd_`.
  public static func rawSYEVD(
    _ n: Int, _ a: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>
  ) -> Int {
    var (job, uplo, size, info) = (vectors, lower, Int32(n), Int32(0))
    var (query, wanted, wantedIntegers) = (Int32(-1), Float(0), Int32(0))
    ssyevd_(&job, &uplo, &size, a, &size, values, &wanted, &query, &wantedIntegers, &query, &info)
    var (workSize, integerSize) = (Int32(wanted), wantedIntegers)
    var work = [Float](repeating: 0, count: Int(workSize))
    var integers = [Int32](repeating: 0, count: Int(integerSize))
    ssyevd_(
      &job, &uplo, &size, a, &size, values, &work, &workSize, &integers, &integerSize, &info)
    return Int(info)
  }
}

extension Double: BLASScalar {
  /// Calls `cblas_dgemm`.
  public static func rawGEMM(
    _ transposes: (Bool, Bool), _ m: Int, _ n: Int, _ k: Int, _ alpha: Double,
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, order(transposes.0), order(transposes.1), Int32(m), Int32(n), Int32(k), alpha,
      a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// Calls `cblas_dgemv`.
  public static func rawGEMV(
    _ transpose: Bool, _ m: Int, _ n: Int, _ alpha: Double, _ a: UnsafePointer<Double>,
    _ lda: Int, _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemv(
      CblasRowMajor, order(transpose), Int32(m), Int32(n), alpha, a, Int32(lda), x, 1, beta, y, 1)
  }

  /// Calls `cblas_dsyrk`.
  public static func rawSYRK(
    _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int, _ beta: Double,
    _ c: UnsafeMutablePointer<Double>
  ) {
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(n), Int32(k), alpha, a, Int32(lda), beta, c,
      Int32(n))
  }

  /// Calls `cblas_ddot`.
  public static func rawDot(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double { cblas_ddot(Int32(n), x, 1, y, 1) }

  /// Calls `cblas_daxpy`.
  public static func rawAXPY(
    _ n: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) { cblas_daxpy(Int32(n), alpha, x, 1, y, 1) }

  /// Calls `dpotrf_`.
  public static func rawPOTRF(_ n: Int, _ a: UnsafeMutablePointer<Double>) -> Int {
    var (uplo, size, info) = (lower, Int32(n), Int32(0))
    dpotrf_(&uplo, &size, a, &size, &info)
    return Int(info)
  }

  /// Calls `dpotrs_`.
  public static func rawPOTRS(
    _ n: Int, _ count: Int, _ a: UnsafePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) {
    var (uplo, size, count, info) = (lower, Int32(n), Int32(count), Int32(0))
    dpotrs_(&uplo, &size, &count, a, &size, b, &size, &info)
  }

  /// Calls `dpotri_`.
  public static func rawPOTRI(_ n: Int, _ a: UnsafeMutablePointer<Double>) -> Int {
    var (uplo, size, info) = (lower, Int32(n), Int32(0))
    dpotri_(&uplo, &size, a, &size, &info)
    return Int(info)
  }

  /// Calls `dsyevd_`.
  public static func rawSYEVD(
    _ n: Int, _ a: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>
  ) -> Int {
    var (job, uplo, size, info) = (vectors, lower, Int32(n), Int32(0))
    var (query, wanted, wantedIntegers) = (Int32(-1), Double(0), Int32(0))
    dsyevd_(&job, &uplo, &size, a, &size, values, &wanted, &query, &wantedIntegers, &query, &info)
    var (workSize, integerSize) = (Int32(wanted), wantedIntegers)
    var work = [Double](repeating: 0, count: Int(workSize))
    var integers = [Int32](repeating: 0, count: Int(integerSize))
    dsyevd_(
      &job, &uplo, &size, a, &size, values, &work, &workSize, &integers, &integerSize, &info)
    return Int(info)
  }
}
