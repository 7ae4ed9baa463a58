internal import AssayKit
internal import Numerics

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
    if text.rows < 2 * textWidth && config.ridge < 1e-6 {
      context.warn(
        "\(text.rows) pairs for \(textWidth) mapped text features: the text can explain noise, and "
          + "the score falls towards 1; use fewer features or a greater eps")
    }
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
    let root = try InverseRoot(textCovariance, ridge: config.ridge, cutOff: config.cutOff)
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
    context.metric("text_rank", Double(root.rank))
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

/// The square root of a pseudo-inverse, `Λ^(-1/2) Vᵀ` over the eigenvalues that count.
struct InverseRoot {
  private let rows: Matrix<Double>

  /// Takes the upper triangle of a covariance.
  init(_ covariance: Matrix<Double>, ridge: Double, cutOff: Double) throws(MethodError) {
    let eigen = try eigen(covariance)
    let largest = (eigen.values.last ?? 0) + ridge
    let first = eigen.values.firstIndex { $0 + ridge > cutOff * largest && $0 > 0 }
    let kept = (first ?? eigen.values.count)..<eigen.values.count
    var rows = Matrix(copying: eigen.vectors.view.rows(kept))
    rows.withMutableView { view in
      for (place, index) in kept.enumerated() {
        let factor = 1 / (eigen.values[index] + ridge).squareRoot()
        for column in view.row(place).indices { view.row(place)[column] *= factor }
      }
    }
    self.rows = rows
  }

  /// The number of eigenvalues that count.
  var rank: Int { rows.rows }

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
