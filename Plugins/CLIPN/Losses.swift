internal import Glibc
internal import LinearAlgebra

/// The paper's losses on a batch of B pairs, and their gradient.
///
/// With `dᵢⱼ = scale · xᵢ (t̄ⱼ - tⱼ)` the text j is denied for the image i with the probability
/// σ(dᵢⱼ). Wanted is that an image's own text is not denied, that the others are, and that a text
/// and its denial differ:
///
///     yes       -mean over i of log (1 - σ(dᵢᵢ))
///     no        -mean over i ≠ j of log σ(dᵢⱼ)
///     distance   mean over i of 2 - √(2 - 2 tᵢ t̄ᵢ + 1e-4)
struct Losses {
  var yes = 0.0
  var no = 0.0
  var distance = 0.0

  /// Computes the losses, and the gradient of their weighted sum with respect to t̄ `[B, D]`.
  ///
  /// Rows are of unit length. Entries with equal `captions` are left out of `no`; nil leaves out
  /// the diagonal alone.
  static func evaluate(
    images: Matrix<Float>, texts: Matrix<Float>, denying: Matrix<Float>, captions: [Int]?,
    scale: Float, weights: [Double]
  ) -> (losses: Losses, gradient: Matrix<Float>) {
    let count = images.rows
    var losses = Losses()
    var differences = denying
    differences.withMutableView { view in
      texts.view.withNumbers { texts in
        let numbers = view.numbers
        for index in texts.indices { numbers[index] -= texts[index] }
      }
    }
    var slopes = gemm(images.view, differences.view.transposed, scale: scale)
    func counts(_ i: Int, _ j: Int) -> Bool { captions.map { $0[i] != $0[j] } ?? (i != j) }
    var others = count * (count - 1)
    if let captions {
      let sizes = Dictionary(captions.map { ($0, 1) }, uniquingKeysWith: +)
      others = sizes.values.reduce(count * count) { $0 - $1 * $1 }
    }
    let (yesShare, noShare) = (1 / Double(count), others > 0 ? 1 / Double(others) : 0)
    slopes.withMutableView { slopes in
      for i in 0..<count {
        let row = slopes.row(i)
        var sum = 0.0
        for j in row.indices {
          let d = row[j]
          // softplus(-|d|) and the sigmoids, without overflow.
          let small = expf(-abs(d))
          let tail = log1pf(small)
          let denied = d >= 0 ? 1 / (1 + small) : small / (1 + small)
          if i == j {
            losses.yes += yesShare * Double(max(d, 0) + tail)
            row[j] = Float(weights[0] * yesShare) * denied
          } else if counts(i, j) {
            sum += Double(max(-d, 0) + tail)
            row[j] = -Float(weights[1] * noShare) * (1 - denied)
          } else {
            row[j] = 0
          }
        }
        losses.no += noShare * sum
      }
    }
    var gradient = gemm(slopes.view.transposed, images.view, scale: scale)
    gradient.withMutableView { gradient in
      for i in 0..<count {
        texts.view.withRow(i) { text in
          let cosine = denying.view.withRow(i) { Double(dot(text, $0)) }
          let root = (max(2 - 2 * cosine, 0) + 1e-4).squareRoot()
          losses.distance += yesShare * (2 - root)
          let factor = Float(weights[2] * yesShare / root)
          let row = gradient.row(i)
          for column in row.indices { row[column] += factor * text[column] }
        }
      }
    }
    return (losses, gradient)
  }
}
