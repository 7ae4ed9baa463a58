internal import Glibc
internal import LinearAlgebra

/// A linear classifier `scale · x wᵀ + b` of rows x, which count as of unit length.
struct LinearClassifier: Sendable {
  /// A row for each class, `[K, D]`.
  let weights: Matrix<Float>
  let bias: [Float]
  let scale: Float

  /// Scores by the cosine to unit text features `[K, D]`.
  init(zeroShot text: Matrix<Float>, scale: Float) {
    self.init(weights: text, bias: [Float](repeating: 0, count: text.rows), scale: scale)
  }

  /// Bayes' rule for Gaussians with means μ and one precision P, where `weights` is μ P.
  init(means: Matrix<Float>, weights: Matrix<Float>, logPriors: [Double]) {
    let bias = logPriors.enumerated().map { label, prior in
      let quadratic = means.view.withRow(label) { mean in
        weights.view.withRow(label) { weight in
          mean.indices.reduce(0.0) { $0 + Double(mean[$1]) * Double(weight[$1]) }
        }
      }
      return Float(prior - quadratic / 2)
    }
    self.init(weights: weights, bias: bias, scale: 1)
  }

  init(weights: Matrix<Float>, bias: [Float], scale: Float) {
    self.weights = weights
    self.bias = bias
    self.scale = scale
  }

  /// The classifier whose logits are these plus `factor` times those of another.
  func adding(_ other: LinearClassifier, times factor: Float) -> LinearClassifier {
    var sum = other.weights
    sum.scale(by: factor * other.scale)
    sum.withMutableView { sum in
      weights.view.withNumbers { weights in
        for index in weights.indices { sum.numbers[index] += scale * weights[index] }
      }
    }
    return LinearClassifier(
      weights: sum, bias: zip(bias, other.bias).map { $0 + factor * $1 }, scale: 1)
  }

  /// The classifier of some of the classes.
  func selecting(_ classes: [Int]) -> LinearClassifier {
    let selected = Matrix<Float>(rows: classes.count, columns: weights.columns) { selected in
      for (place, label) in classes.enumerated() {
        weights.view.withRow(label) { _ = selected.row(place).update(fromContentsOf: $0) }
      }
    }
    return LinearClassifier(weights: selected, bias: classes.map { bias[$0] }, scale: scale)
  }

  /// For each place its class of these, or else the next class of another, both at scale 1.
  func completing(_ places: [Int?], by other: LinearClassifier) -> LinearClassifier {
    var next = 0
    let sources = places.map { place in
      if let place { return (self, place) }
      next += 1
      return (other, next - 1)
    }
    let weights = Matrix<Float>(rows: places.count, columns: weights.columns) { weights in
      for (label, (source, row)) in sources.enumerated() {
        source.weights.view.withRow(row) {
          _ = weights.row(label).update(fromContentsOf: $0)
        }
      }
    }
    return LinearClassifier(weights: weights, bias: sources.map { $0.bias[$1] }, scale: 1)
  }

  /// The logits `[Q, K]` of rows `[Q, D]`.
  func logits(_ rows: MatrixView<Float>) -> Matrix<Float> {
    Matrix(rows: rows.rows, columns: weights.rows) { write(rows, into: $0) }
  }

  /// Writes the logits of rows.
  func write(_ rows: MatrixView<Float>, into logits: MutableMatrixView<Float>) {
    gemm(rows, weights.view.transposed, into: logits, scale: scale)
    logits.scaleRows(by: rows.inverseRowNorms(), adding: bias)
  }
}

/// The logarithms of equal priors of classes, which are all of them or some.
func uniformLogPriors(_ count: Int, of classCount: Int? = nil) -> [Double] {
  [Double](repeating: -log(Double(classCount ?? count)), count: count)
}
