internal import AssayKit
internal import Glibc
internal import LinearAlgebra

/// The split of the image spectrum from Gram matrices `[N, N]` of the exact kernel.
///
/// With `H = K_TT (K_TT + N ρ I)⁻¹` the matrices `(I-H)^½ K_II (I-H)^½ / N` and `H^½ K_II H^½ / N`
/// have the non-zero spectra of Λ_I and Λ_T for `C_TT + ρ I`. In the eigenvectors U of K_TT both are
/// `Uᵀ K_II U` with rows and columns scaled.
struct GramSplit: Decomposition {
  let unexplained: Spectrum
  let explained: Spectrum
  let whole: Spectrum
  // The scores of the pairs on mode v are U (Uᵀ K_II U) S v, with S² = Uᵀ (I-H) U.
  private let basis: Matrix<Double>
  private let rotated: Matrix<Double>
  private let shares: [Double]
  private let directions: Matrix<Double>

  /// Takes rows `[N, D]` and `[N, E]`; the Gaussian kernel where there is a width.
  init(
    _ text: Matrix<Double>, _ image: Matrix<Double>, sigma: Double?,
    _ config: SchurEntropy.Config
  ) throws(MethodError) {
    let count = text.rows
    let ridge = Double(count) * config.rho
    try self.init(text, image, sigma: sigma) { values in
      values.map { ridge / (max($0, 0) + ridge) }
    }
  }

  /// Takes mapped rows `[N, q]` of fewer pairs than q, whose covariances have no larger rank than N.
  ///
  /// The same split as that of the covariances with their cut-off, in matrices `[N, N]`.
  init(
    mapped text: Matrix<Double>, _ image: Matrix<Double>, _ config: SchurEntropy.Config,
    _ context: Context
  ) throws(MethodError) {
    let (count, width) = (Double(text.rows), text.columns)
    warnOfWidth(width, pairs: text.rows, config, context)
    try self.init(text, image, sigma: nil) { values in
      let values = values.map { $0 / count }
      let cutOff = CutOff(values, width: width, config)
      cutOff.report(to: context)
      return values.indices.map { place in
        cutOff.kept.contains(place) ? config.ridge / (values[place] + config.ridge) : 1
      }
    }
  }

  /// `share` gives the part of each eigenvector of K_TT that stays unexplained, `1 - H`.
  private init(
    _ text: Matrix<Double>, _ image: Matrix<Double>, sigma: Double?,
    share: (_ eigenvalues: [Double]) -> [Double]
  ) throws(MethodError) {
    let count = text.rows
    guard count <= 8192 else {
      throw .config(
        "Gram matrices [N, N], several at once, are limited to 8192 pairs, but "
          + "there are \(count); use route 'covariance', with 'rff_dim' below half of that")
    }
    let texts = try eigen(Self.gram(of: text, sigma))
    let images = Self.gram(of: image, sigma)
    // Rows of `vectors` are the eigenvectors.
    let rotated = gemm(
      gemm(texts.vectors.view, images.view).view, texts.vectors.view.transposed)
    let shares = share(texts.values)
    let unexplained = try eigen(Self.scaled(rotated, by: shares))
    explained = Spectrum(try eigen(Self.scaled(rotated, by: shares.map { 1 - $0 })).values)
    whole = Spectrum(
      try eigen(Self.scaled(images, by: [Double](repeating: 1, count: count))).values)
    self.unexplained = Spectrum(unexplained.values)
    directions = unexplained.vectors
    basis = texts.vectors
    self.rotated = rotated
    self.shares = shares
  }

  private static func gram(of rows: Matrix<Double>, _ sigma: Double?) -> Matrix<Double> {
    var gram = gemm(rows.view, rows.view.transposed)
    guard let sigma else { return gram }
    let squares = (0..<rows.rows).map { gram[$0, $0] }
    let factor = -0.5 / (sigma * sigma)
    gram.withMutableView { view in
      for i in 0..<view.rows {
        let row = view.row(i)
        for j in row.indices {
          row[j] = exp(factor * max(squares[i] + squares[j] - 2 * row[j], 0))
        }
      }
    }
    return gram
  }

  /// `diag(√s) M diag(√s) / N`.
  private static func scaled(_ matrix: Matrix<Double>, by shares: [Double]) -> Matrix<Double> {
    let roots = shares.map { max($0, 0).squareRoot() }
    return Matrix(rows: matrix.rows, columns: matrix.columns) { result in
      for i in 0..<matrix.rows {
        let row = result.row(i)
        let factor = roots[i] / Double(matrix.rows)
        matrix.view.withRow(i) { source in
          for j in row.indices { row[j] = factor * source[j] * roots[j] }
        }
      }
    }
  }

  func modeScores(_ count: Int) -> [[Double]] {
    (0..<count).map { mode in
      let vector = directions.view.withRow(directions.rows - 1 - mode) { direction in
        zip(direction, shares).map { $0 * $1.squareRoot() }
      }
      return gemv(basis.view.transposed, gemv(rotated.view, vector))
    }
  }
}
