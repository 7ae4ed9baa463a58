internal import LinearAlgebra

/// The loss λ CE(s, y) + (1 - λ) CE(ũ, y) of batches of training rows, in memory made once.
struct Loss {
  private let train: LabelledRows
  private let alpha: Float
  private let lambda: Float
  /// The bias rows of a batch `[B, A]`.
  private var rows: Matrix<Float>
  /// ũ, and the scores that become probabilities, of a batch `[B, K]`.
  private var standard: Matrix<Float>
  private var fused: Matrix<Float>
  private var bias: Matrix<Float>
  /// The gradient of the mean over the last batch by the weights `[K, A]`.
  private(set) var gradient: Matrix<Float>

  /// Makes room for batches of up to `batch` rows.
  init(train: LabelledRows, batch: Int, alpha: Float, lambda: Float) {
    self.train = train
    self.alpha = alpha
    self.lambda = lambda
    let (classes, width) = (train.rows.logits.columns, train.rows.bias.columns)
    rows = Matrix(rows: batch, columns: width)
    standard = Matrix(rows: batch, columns: classes)
    fused = standard
    bias = standard
    gradient = Matrix(rows: classes, columns: width)
  }

  /// Gives the sum over the chosen rows and leaves the gradient of their mean.
  ///
  /// z and κ carry no gradient.
  mutating func evaluate(_ chosen: [Int], _ weights: Matrix<Float>) -> Double {
    let batch = 0..<chosen.count
    let (train, alpha, lambda) = (train, alpha, lambda)
    let factors = chosen.map { alpha * train.rows.factors[$0] }
    let labels = chosen.map { Int(train.labels[$0]) }
    let source = train.rows.bias.view
    rows.withMutableView { rows in
      for (place, index) in chosen.enumerated() {
        source.withRow(index) { _ = rows.row(place).update(fromContentsOf: $0) }
      }
    }
    let deviations = standard.withMutableView { standard in
      gemm(rows.view.rows(batch), weights.view.transposed, into: standard.rows(batch))
      return standard.rows(batch).standardiseRows()
    }
    let (logits, branch) = (train.rows.logits.view, standard.view)
    let share = 1 / Float(max(chosen.count, 1))
    let sum = fused.withMutableView { fused in
      bias.withMutableView { bias in
        var sum = 0.0
        for (place, index) in chosen.enumerated() {
          let (s, u, label) = (fused.row(place), bias.row(place), labels[place])
          branch.withRow(place) { branch in
            logits.withRow(index) { logits in
              for column in s.indices {
                u[column] = branch[column]
                s[column] = logits[column] + factors[place] * branch[column]
              }
            }
          }
          sum -= Double(lambda * s[label] + (1 - lambda) * u[label])
        }
        for normaliser in fused.rows(batch).softmaxRows() { sum += Double(lambda) * normaliser }
        for normaliser in bias.rows(batch).softmaxRows() { sum += Double(1 - lambda) * normaliser }
        for (place, label) in labels.enumerated() {
          let (p, q) = (fused.row(place), bias.row(place))
          p[label] -= 1
          q[label] -= 1
          for column in q.indices {
            q[column] =
              share * (lambda * factors[place] * p[column] + (1 - lambda) * q[column])
          }
          branch.withRow(place) { Loss.throughStandardisation(q, $0, deviations[place]) }
        }
        return sum
      }
    }
    let (outer, inner) = (bias.view.rows(batch), rows.view.rows(batch))
    gradient.withMutableView { gemm(outer.transposed, inner, into: $0) }
    return sum
  }

  /// Turns g = ∂L / ∂ũ into ∂L / ∂u = (g - mean g - ũ Σ (g ũ) / (K - 1)) / std u.
  private static func throughStandardisation(
    _ gradient: UnsafeMutableBufferPointer<Float>, _ standard: UnsafeBufferPointer<Float>,
    _ deviation: Float
  ) {
    guard deviation > 0 else { return gradient.update(repeating: 0) }
    let mean = gradient.reduce(0, +) / Float(gradient.count)
    let along = dot(UnsafeBufferPointer(gradient), standard) / Float(gradient.count - 1)
    for column in gradient.indices {
      gradient[column] = (gradient[column] - mean - standard[column] * along) / deviation
    }
  }
}
