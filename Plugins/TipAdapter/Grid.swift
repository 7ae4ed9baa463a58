internal import AssayKit
internal import Glibc
internal import Numerics

/// The search for α and β on validation rows.
///
/// Affinities are computed once. Since the βs are equally spaced, exp(-β d) at the next β is the
/// last one times exp(-Δβ d): one multiplication per β and affinity instead of an exponential.
/// Rows are the innermost, contiguous axis of every buffer, so that all loops run over vectors.
struct Grid {
  let alphas: [Float]
  let betas: [Float]

  struct Best {
    var alpha: Float
    var beta: Float
    var accuracy: Double
  }

  /// `count` values in equal steps from 0.1, ending one step before `maximum`.
  static func values(upTo maximum: Double, count: Int) -> [Float] {
    (0..<count).map { Float(0.1 + Double($0) * (maximum - 0.1) / Double(count)) }
  }

  /// The first pair, β outer and α inner, with the best accuracy; nil when none answers any row.
  func search(
    _ model: TipAdapter.Model, _ rows: MatrixView<Float>, _ labels: [Int32], _ context: Context
  ) throws -> Best? {
    var correct = [Int](repeating: 0, count: alphas.count * betas.count)
    let height = 64
    for start in stride(from: 0, to: rows.rows, by: height) {
      try context.checkCancellation()
      context.progress(Double(start) / Double(rows.rows), "search")
      let range = start..<min(start + height, rows.rows)
      count(model, rows.rows(range).unitRows(), labels[range], into: &correct)
    }
    var best: (place: Int, count: Int)?
    for (place, count) in correct.enumerated() where count > best?.count ?? 0 {
      best = (place, count)
    }
    return best.map { best in
      Best(
        alpha: alphas[best.place % alphas.count], beta: betas[best.place / alphas.count],
        accuracy: Double(best.count) / Double(rows.rows))
    }
  }

  /// Adds the right answers of a block of unit rows, for each pair.
  private func count(
    _ model: TipAdapter.Model, _ rows: Matrix<Float>, _ labels: ArraySlice<Int32>,
    into correct: inout [Int]
  ) {
    let width = rows.rows
    let base = gemm(model.text.view, rows.view.transposed, scale: model.scale)
    var powers = gemm(model.keys.view, rows.view.transposed)
    var ratios = powers
    let step = betas.count > 1 ? betas[1] - betas[0] : 0
    exponentiate(&powers, betas[0])
    exponentiate(&ratios, step)
    var cache = Matrix<Float>(rows: base.rows, columns: width)
    var scores = [Float](repeating: 0, count: width)
    var answers = [Int32](repeating: 0, count: width)
    for beta in betas.indices {
      cache.withMutableView { cache in
        cache.fill(0)
        for (key, label) in model.labels.enumerated() {
          powers.view.withRow(key) { add($0, to: cache.row(Int(label))) }
        }
      }
      for (alpha, weight) in alphas.enumerated() {
        answer(base.view, cache.view, weight, &scores, &answers)
        let right = zip(answers, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        correct[beta * alphas.count + alpha] += right
      }
      powers.withMutableView { powers in
        ratios.view.withNumbers { multiply(powers.numbers, by: $0) }
      }
    }
  }

  /// Replaces each cosine c by exp(-β (1 - c)).
  private func exponentiate(_ matrix: inout Matrix<Float>, _ beta: Float) {
    matrix.withMutableView { view in
      for index in view.numbers.indices {
        view.numbers[index] = expf(beta * (view.numbers[index] - 1))
      }
    }
  }

  private func add(_ x: UnsafeBufferPointer<Float>, to y: UnsafeMutableBufferPointer<Float>) {
    for index in 0..<x.count { y[index] += x[index] }
  }

  private func multiply(
    _ x: UnsafeMutableBufferPointer<Float>, by y: UnsafeBufferPointer<Float>
  ) {
    for index in 0..<x.count { x[index] *= y[index] }
  }

  /// The class of the largest `base + weight · cache` for each row; of equal ones the lowest.
  private func answer(
    _ base: MatrixView<Float>, _ cache: MatrixView<Float>, _ weight: Float,
    _ scores: inout [Float], _ answers: inout [Int32]
  ) {
    scores.withUnsafeMutableBufferPointer { scores in
      answers.withUnsafeMutableBufferPointer { answers in
        scores.update(repeating: -.infinity)
        for label in 0..<base.rows {
          base.withRow(label) { base in
            cache.withRow(label) { cache in
              for row in 0..<base.count {
                let score = base[row] + weight * cache[row]
                answers[row] = score > scores[row] ? Int32(label) : answers[row]
                scores[row] = max(score, scores[row])
              }
            }
          }
        }
      }
    }
  }
}
