internal import LinearAlgebra

/// Rows in coordinates along which they are uncorrelated, about the size of 1 at most.
///
/// A linear classifier with a free intercept and an L2 penalty is the same in any coordinates that
/// come from a shift and a rotation. In these a diagonal preconditioner meets most of the Hessian,
/// and rows fewer than columns need no more coordinates than there are rows.
struct PrincipalRows {
  /// `(x - centre) basisᵀ`, `[N, R]`.
  let rows: Matrix<Float>
  /// What is taken off each row, `[D]`.
  let centre: [Double]
  /// Orthogonal directions of length `1 / scale`, `[R, D]`; nil stands for the axes.
  private let basis: Matrix<Double>?
  /// What a coordinate is multiplied by to have the unit of the rows.
  let scale: Double
  private static let largestEigenproblem = 1024

  /// Takes rows `[N, D]`, less their mean when asked; nil when they are not finite.
  init?(_ rows: MatrixView<Float>, centred: Bool) {
    let (count, width) = (rows.rows, rows.columns)
    centre = centred ? rows.columnMeans() : [Double](repeating: 0, count: width)
    guard centre.allSatisfy(\.isFinite) else { return nil }
    if count < width, count <= Self.largestEigenproblem, width > 128 {
      // The directions that the rows span, from their inner products.
      let all = rows.differences(0..<count, from: centre)
      guard let eigen = SymmetricEigen(gemm(all.view, all.view.transposed)) else { return nil }
      let largest = eigen.values.last ?? 0
      let kept = eigen.values.indices.filter { eigen.values[$0] > 1e-12 * largest }
      let lengths = kept.map { eigen.values[$0].squareRoot() }
      let scale = Self.scale(of: largest, count)
      let chosen = eigen.vectors.view.rows((kept.first ?? count)..<count)
      var basis = gemm(chosen, all.view)
      basis.withMutableView { view in
        for (place, length) in lengths.enumerated() {
          let row = view.row(place)
          for column in row.indices { row[column] /= length * scale }
        }
      }
      self.rows = Matrix(rows: count, columns: lengths.count) { result in
        for index in 0..<count {
          let row = result.row(index)
          for (place, length) in lengths.enumerated() {
            row[place] = Float(chosen[place, index] * length / scale)
          }
        }
      }
      (self.basis, self.scale) = (basis, scale)
      return
    }
    // Any orthogonal directions are exact: some of the rows are enough to find good ones.
    let spacing = max(1, count / max(4096, 8 * width))
    let sampled = Array(stride(from: 0, to: count, by: spacing))
    if width <= Self.largestEigenproblem {
      var covariance = Matrix<Double>(rows: width, columns: width)
      for start in stride(from: 0, to: sampled.count, by: 512) {
        let block = rows.differences(
          sampled[start..<min(start + 512, sampled.count)], from: centre)
        covariance.withMutableView { syrk(block.view, into: $0, keeping: 1) }
      }
      guard let eigen = SymmetricEigen(covariance) else { return nil }
      scale = Self.scale(of: eigen.values.last ?? 0, sampled.count)
      var basis = eigen.vectors
      let factor = 1 / scale
      basis.withMutableView { view in
        for index in view.numbers.indices { view.numbers[index] *= factor }
      }
      self.basis = basis
    } else {
      var square = 0.0
      for index in sampled {
        let row = rows.differences(index..<index + 1, from: centre)
        square += row.view.withNumbers { dot($0, $0) }
      }
      guard square.isFinite else { return nil }
      scale = Self.scale(of: square, sampled.count)
      basis = nil
    }
    self.rows = Self.coordinates(of: rows, centre, basis, scale)
  }

  /// The root of the mean square along the widest direction; 1 where the rows do not vary.
  private static func scale(of largest: Double, _ count: Int) -> Double {
    let scale = (max(largest, 0) / Double(max(count, 1))).squareRoot()
    return scale > 0 && scale.isFinite ? scale : 1
  }

  private static func coordinates(
    of rows: MatrixView<Float>, _ centre: [Double], _ basis: Matrix<Double>?, _ scale: Double
  ) -> Matrix<Float> {
    Matrix(rows: rows.rows, columns: rows.columns) { result in
      for start in stride(from: 0, to: rows.rows, by: 512) {
        let range = start..<min(start + 512, rows.rows)
        let block = rows.differences(range, from: centre)
        let rotated = basis.map { gemm(block.view, $0.view.transposed) } ?? block
        let target = result.rows(range).numbers
        let factor = basis == nil ? 1 / scale : 1
        rotated.view.withNumbers { numbers in
          for index in numbers.indices { target[index] = Float(factor * numbers[index]) }
        }
      }
    }
  }

  /// Weights `[K, D]` of the rows as they were, for weights `[K, R]` of the coordinates.
  func weights(_ coordinates: Matrix<Double>) -> Matrix<Double> {
    if let basis { return gemm(coordinates.view, basis.view) }
    var weights = coordinates
    weights.withMutableView { view in
      for index in view.numbers.indices { view.numbers[index] /= scale }
    }
    return weights
  }
}

extension MatrixView<Float> {
  /// The mean of each column, in f64.
  fileprivate func columnMeans() -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for index in 0..<rows {
      withRow(index) { row in
        for column in row.indices { sums[column] += Double(row[column]) }
      }
    }
    return sums.map { $0 / Double(Swift.max(rows, 1)) }
  }

  /// Chosen rows less a vector, in f64.
  fileprivate func differences(_ chosen: some Collection<Int>, from centre: [Double]) -> Matrix<
    Double
  > {
    Matrix(rows: chosen.count, columns: columns) { block in
      for (place, index) in chosen.enumerated() {
        let target = block.row(place)
        withRow(index) { row in
          for column in row.indices { target[column] = Double(row[column]) - centre[column] }
        }
      }
    }
  }
}
