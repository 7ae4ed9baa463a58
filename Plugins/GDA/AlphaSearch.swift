internal import AssayKit
internal import LinearAlgebra

/// The choice of α on the validation rows.
struct AlphaSearch {
  let config: GDA.Config

  /// The α of the grid that answers most validation rows, the smallest of equal ones.
  ///
  /// That of the config where there is no search or are no validation rows. Where nothing else has
  /// a label, labels of validation rows are used only if `em_search` asks for it.
  func choose(
    _ inputs: Inputs, _ zeroShot: LinearClassifier, _ gaussians: LinearClassifier,
    isLabelled: Bool, _ context: Context
  ) throws -> Double {
    let weights = zeroShot.weights
    guard isLabelled ? config.search : config.mixtureSearch, inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: weights.columns),
      rows.rows > 0
    else {
      context.metric("alpha", config.alpha)
      return config.alpha
    }
    let labels = try inputs.labels("val.labels", below: weights.rows, count: rows.rows)
    let (base, extra) = (zeroShot.logits(rows), gaussians.logits(rows))
    let grid = config.alphas.sorted()
    var correct = [Int](repeating: 0, count: grid.count)
    for (row, label) in labels.enumerated() {
      base.view.withRow(row) { base in
        extra.view.withRow(row) { extra in
          for (place, alpha) in grid.enumerated()
          where argmax(base, extra, Float(alpha)) == Int(label) { correct[place] += 1 }
        }
      }
    }
    // The paper's code starts from accuracy 0 at α = 0.1 and takes only strict improvements.
    var best = (alpha: 0.1, correct: 0)
    for (alpha, count) in zip(grid, correct) where count > best.correct { best = (alpha, count) }
    context.metric("alpha", best.alpha)
    context.metric("val_accuracy", Double(best.correct) / Double(rows.rows))
    return best.alpha
  }

  private func argmax(
    _ base: UnsafeBufferPointer<Float>, _ extra: UnsafeBufferPointer<Float>, _ alpha: Float
  ) -> Int {
    var best = (index: 0, value: -Float.infinity)
    for index in 0..<base.count {
      let value = base[index] + alpha * extra[index]
      if value > best.value { best = (index, value) }
    }
    return best.index
  }
}
