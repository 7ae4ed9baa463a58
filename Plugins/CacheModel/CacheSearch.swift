public import AssayKit
internal import LinearAlgebra

/// The search for α and β of a cache on all validation rows: β outer, α inner, the first best wins.
///
/// Affinities are computed once. Since the βs are equally spaced, exp(-β d) at the next β is the
/// last one times exp(-Δβ d): one multiplication per β and affinity instead of an exponential.
/// At one β the αs that answer a row rightly form an interval, found in one pass over the classes.
/// Rows are the innermost, contiguous axis of every buffer, so that all loops run over vectors.
public struct CacheSearch {
  private let alphas: [Float]
  private let betas: [Float]

  /// Tries 20 values of α and 200 of β in equal steps from 0.1, ending one step before the maximum.
  public init(alphaMaximum: Double, betaMaximum: Double) {
    func values(upTo maximum: Double, count: Int) -> [Float] {
      (0..<count).map { Float(0.1 + Double($0) * (maximum - 0.1) / Double(count)) }
    }
    alphas = values(upTo: alphaMaximum, count: 20)
    betas = values(upTo: betaMaximum, count: 200)
  }

  /// Sets the best α and β, and reports their accuracy, where the setting has validation rows.
  public func run(on cache: inout KeyValueCache, _ inputs: Inputs, _ context: Context) throws {
    guard inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: cache.text.columns),
      rows.rows > 0
    else { return }
    let labels = try inputs.labels("val.labels", below: cache.text.rows, count: rows.rows)
    guard let best = try best(cache, rows, labels, context) else { return }
    (cache.alpha, cache.beta) = (best.alpha, best.beta)
    context.metric("val_accuracy", best.accuracy)
  }

  private struct Best {
    var alpha: Float
    var beta: Float
    var accuracy: Double
  }

  /// The first pair with the best accuracy; nil when none answers any row.
  private func best(
    _ cache: KeyValueCache, _ rows: MatrixView<Float>, _ labels: [Int32], _ context: Context
  ) throws -> Best? {
    var correct = [Int](repeating: 0, count: alphas.count * betas.count)
    let height = 64
    for start in stride(from: 0, to: rows.rows, by: height) {
      try context.checkCancellation()
      context.progress(Double(start) / Double(rows.rows), "search")
      let range = start..<min(start + height, rows.rows)
      count(cache, rows.rows(range).unitRows(), Array(labels[range]), into: &correct)
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
    _ model: KeyValueCache, _ rows: Matrix<Float>, _ labels: [Int32],
    into correct: inout [Int]
  ) {
    let base = gemm(model.text.view, rows.view.transposed, scale: model.scale)
    var powers = gemm(model.keys.view, rows.view.transposed)
    var ratios = powers
    let step = betas.count > 1 ? betas[1] - betas[0] : 0
    powers.withMutableView { _ = exponentiate($0.numbers, scale: betas[0], shift: -betas[0]) }
    ratios.withMutableView { _ = exponentiate($0.numbers, scale: step, shift: -step) }
    let ratio = ratios.view
    var cache = Matrix<Float>(rows: base.rows, columns: rows.rows)
    for beta in betas.indices {
      cache.withMutableView { cache in
        powers.withMutableView { powers in
          cache.fill(0)
          for (key, label) in model.labels.enumerated() {
            ratio.withRow(key) { advance(powers.row(key), by: $0, adding: cache.row(Int(label))) }
          }
        }
      }
      let (low, high) = intervals(base.view, cache.view, labels)
      for row in labels.indices where low[row] < high[row] {
        for (alpha, value) in alphas.enumerated() where value > low[row] && value < high[row] {
          correct[beta * alphas.count + alpha] += 1
        }
      }
    }
  }

  /// Adds the powers to the sums, then takes them to the next β.
  private func advance(
    _ powers: UnsafeMutableBufferPointer<Float>, by ratios: UnsafeBufferPointer<Float>,
    adding sums: UnsafeMutableBufferPointer<Float>
  ) {
    for row in 0..<ratios.count {
      sums[row] += powers[row]
      powers[row] *= ratios[row]
    }
  }

  /// The open interval of αs at which each row's own class has the largest `base + α · cache`.
  ///
  /// Against class k the own class y wins where `lead + α · slope > 0`, with the differences of
  /// base and cache. Of equal classes the lowest wins.
  private func intervals(
    _ base: MatrixView<Float>, _ cache: MatrixView<Float>, _ labels: [Int32]
  ) -> (low: [Float], high: [Float]) {
    let ownBase = labels.indices.map { base[Int(labels[$0]), $0] }
    let ownCache = labels.indices.map { cache[Int(labels[$0]), $0] }
    var low = [Float](repeating: -.infinity, count: labels.count)
    var high = [Float](repeating: .infinity, count: labels.count)
    for other in 0..<base.rows {
      base.withRow(other) { base in
        cache.withRow(other) { cache in
          for row in 0..<base.count {
            let lead = ownBase[row] - base[row]
            let slope = ownCache[row] - cache[row]
            let crossing = -lead / slope
            let loses = lead < 0 || (lead == 0 && other < labels[row])
            low[row] = slope > 0 ? max(low[row], crossing) : low[row]
            high[row] = slope < 0 ? min(high[row], crossing) : high[row]
            // Trained keys can be long enough for both sums to overflow: no answer is right then.
            high[row] = (slope == 0 && loses) || slope != slope ? -.infinity : high[row]
          }
        }
      }
    }
    return (low, high)
  }
}
