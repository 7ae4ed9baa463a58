internal import AssayKit
internal import LinearAlgebra

/// The split of the image covariance `[q, q]` from covariances of mapped features.
struct CovarianceSplit: Decomposition {
  let unexplained: Spectrum
  let explained: Spectrum
  let whole: Spectrum
  private let directions: Matrix<Double>
  private let images: RowBlocks
  private let map: FeatureMap

  init(
    _ text: MatrixView<Float>, _ image: MatrixView<Float>, map: FeatureMap, unit: Bool,
    _ config: SchurEntropy.Config, _ context: Context
  ) throws(MethodError) {
    let (textBlocks, imageBlocks) = (RowBlocks(text, unit: unit), RowBlocks(image, unit: unit))
    let (textWidth, imageWidth) = (map.width(of: text.columns), map.width(of: image.columns))
    warnOfWidth(textWidth, pairs: text.rows, config, context)
    let scale = 1 / Double(text.rows)
    var textCovariance = Matrix<Double>(rows: textWidth, columns: textWidth)
    var imageCovariance = Matrix<Double>(rows: imageWidth, columns: imageWidth)
    var cross = Matrix<Double>(rows: textWidth, columns: imageWidth)
    for range in textBlocks.ranges {
      try context.checkCancellation()
      let (mappedText, mappedImage) = (map(textBlocks[range]), map(imageBlocks[range]))
      textCovariance.withMutableView {
        syrk(mappedText.view, into: $0, scale: scale, keeping: 1)
      }
      imageCovariance.withMutableView {
        syrk(mappedImage.view, into: $0, scale: scale, keeping: 1)
      }
      cross.withMutableView {
        gemm(mappedText.view.transposed, mappedImage.view, into: $0, scale: scale, keeping: 1)
      }
    }
    let root = try InverseRoot(textCovariance, config)
    // Λ_T = Gᵀ G is positive semi-definite by its making; both are upper triangles.
    let half = root.times(cross.view)
    var complement = imageCovariance
    complement.withMutableView { syrk(half.view, into: $0, scale: -1, keeping: 1) }
    let ours = try eigen(complement)
    explained = Spectrum(try eigen(half.gram()).values)
    whole = Spectrum(try eigen(imageCovariance).values)
    unexplained = Spectrum(ours.values)
    directions = ours.vectors
    images = imageBlocks
    self.map = map
    root.report(to: context)
  }

  func modeScores(_ count: Int) -> [[Double]] {
    let leading = directions.view.rows(directions.rows - count..<directions.rows)
    var scores = [[Double]](repeating: [], count: count)
    for range in images.ranges {
      // [count, B], the last row being the first mode.
      let block = gemm(leading, map(images[range]).view.transposed)
      for mode in 0..<count {
        block.view.withRow(count - 1 - mode) { scores[mode] += $0 }
      }
    }
    return scores
  }
}

/// Says that the text has so many directions that it explains noise.
func warnOfWidth(
  _ width: Int, pairs: Int, _ config: SchurEntropy.Config, _ context: Context
) {
  guard pairs < 2 * width && config.ridge < 1e-6 else { return }
  context.warn(
    "\(pairs) pairs for \(width) mapped text features: the text can explain noise, and the score "
      + "falls towards 1; use fewer features or a greater eps")
}

/// Which eigenvalues of a covariance of texts count, ascending as they are.
struct CutOff {
  /// The share of the largest eigenvalue up to which others count as zero.
  let share: Double
  /// The places of those that count.
  let kept: Range<Int>
  /// How many count although the cut-off of f32 would leave them out.
  let doubtful: Int

  /// A cut-off of 0 in the config stands for the width times the rounding unit of f32: the features
  /// are f32, so that whatever is smaller is what rounding left of rows that should be equal.
  init(_ values: [Double], width: Int, _ config: SchurEntropy.Config) {
    let ridge = config.ridge
    let rounding = Double(width) * 0x1p-23
    let share = config.cutOff > 0 ? config.cutOff : rounding
    let largest = (values.last ?? 0) + ridge
    let first = values.firstIndex { $0 + ridge > share * largest && $0 > 0 }
    kept = (first ?? values.count)..<values.count
    doubtful = values[kept].count { $0 + ridge <= rounding * largest }
    self.share = share
  }

  /// Reports the rank, and warns where it may be that of noise.
  func report(to context: Context) {
    context.metric("text_rank", Double(kept.count))
    context.metric("text_cut_off", share)
    guard doubtful > 0 else { return }
    context.warn(
      "\(doubtful) of the \(kept.count) directions of the text are no larger than what rounding to "
        + "f32 leaves: where they are noise of nearly equal prompts, they explain images by chance; "
        + "'rcond' 0 leaves them out")
  }
}

/// The square root of a pseudo-inverse, `Λ^(-1/2) Vᵀ` over the eigenvalues that count.
struct InverseRoot {
  private let rows: Matrix<Double>
  private let cutOff: CutOff

  /// Takes the upper triangle of a covariance `[q, q]`.
  init(_ covariance: Matrix<Double>, _ config: SchurEntropy.Config) throws(MethodError) {
    let eigen = try eigen(covariance)
    let width = covariance.rows
    cutOff = CutOff(eigen.values, width: width, config)
    let (kept, ridge) = (cutOff.kept, config.ridge)
    var rows = Matrix(copying: eigen.vectors.view.rows(kept))
    rows.withMutableView { view in
      for (place, index) in kept.enumerated() {
        let factor = 1 / (eigen.values[index] + ridge).squareRoot()
        for column in view.row(place).indices { view.row(place)[column] *= factor }
      }
    }
    self.rows = rows
  }

  /// Reports the rank.
  func report(to context: Context) { cutOff.report(to: context) }

  /// `Λ^(-1/2) Vᵀ c`.
  func times(_ c: MatrixView<Double>) -> Matrix<Double> { gemm(rows.view, c) }

  /// The pseudo-inverse times c.
  func inverseTimes(_ c: MatrixView<Double>) -> Matrix<Double> {
    gemm(rows.view.transposed, times(c).view)
  }
}

extension Matrix<Double> {
  /// The upper triangle of `aᵀ a`, over zeros.
  func gram() -> Matrix<Double> {
    var gram = Matrix<Double>(rows: columns, columns: columns)
    gram.withMutableView { syrk(view, into: $0) }
    return gram
  }
}

/// Decomposes the upper triangle of a symmetric matrix.
func eigen(_ matrix: Matrix<Double>) throws(MethodError) -> SymmetricEigen<Double> {
  guard let eigen = SymmetricEigen(matrix) else {
    throw .numeric("the eigenvalues of a covariance [\(matrix.rows), \(matrix.rows)] do not exist")
  }
  return eigen
}
