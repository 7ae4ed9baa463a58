internal import AssayKit
internal import Glibc
internal import Learners
internal import LinearAlgebra
internal import Random

/// How a linear head is trained; the defaults are the authors' epochs and rate.
///
/// Momentum, penalty and batch are those that OpenOOD trains with.
struct Recipe: Sendable {
  var epochs = 20
  var batch = 128
  var rate = 0.1
  var momentum = 0.9
  var weightDecay = 5e-4
}

/// A linear classifier `x Aᵀ + a`.
struct LinearHead: Sendable {
  /// A `[K, D]`.
  var weights: Matrix<Float>
  /// a `[K]`.
  var bias: [Float]

  /// The logits `[Q, K]` of rows that are multiplied by their factors first.
  func logits(_ rows: MatrixView<Float>, factors: [Float]) -> Matrix<Float> {
    var logits = gemm(rows, weights.view.transposed)
    logits.withMutableView { $0.scaleRows(by: factors, adding: bias) }
    return logits
  }

  /// Trains from zeros by stochastic descent; also gives the mean cross-entropy of the last epoch.
  ///
  /// A class without rows is trained as the others are, and only ever pushed away.
  static func trained(
    rows: Matrix<Float>, labels: [Int32], classCount: Int, recipe: Recipe, stream: UInt64,
    _ context: Context
  ) throws -> (head: LinearHead, loss: Double) {
    var random = Philox(key: context.seed, stream: context.stream &+ stream)
    var head = LinearHead(
      weights: Matrix(rows: classCount, columns: rows.columns),
      bias: [Float](repeating: 0, count: classCount))
    var weightSteps = SGD<Float>(
      count: classCount * rows.columns, momentum: recipe.momentum, penalty: recipe.weightDecay)
    var biasSteps = SGD<Float>(
      count: classCount, momentum: recipe.momentum, penalty: recipe.weightDecay)
    let perEpoch = (rows.rows + recipe.batch - 1) / recipe.batch
    let schedule = CosineSchedule(rate: recipe.rate, steps: recipe.epochs * perEpoch)
    var order = Array(0..<rows.rows)
    var (step, loss) = (0, 0.0)
    for epoch in 0..<recipe.epochs {
      try context.checkCancellation()
      context.progress(Double(epoch) / Double(recipe.epochs), "train")
      random.shuffle(&order)
      loss = 0
      for start in stride(from: 0, to: order.count, by: recipe.batch) {
        let chosen = order[start..<min(start + recipe.batch, order.count)]
        let batch = rows.view.gathering(chosen)
        let (slopes, batchLoss) = head.slopes(batch, chosen.map { labels[$0] })
        loss += batchLoss / Double(order.count)
        let rate = schedule.rate(at: step)
        weightSteps.step(
          &head.weights, gemm(slopes.view.transposed, batch.view).view, rate: rate)
        let ones = [Float](repeating: 1, count: chosen.count)
        biasSteps.step(&head.bias, gemv(slopes.view.transposed, ones), rate: rate)
        step += 1
      }
    }
    guard loss.isFinite, head.weights.view.withNumbers({ $0.allSatisfy(\.isFinite) }) else {
      throw MethodError.numeric(
        "training a linear head diverged; lower 'rate' (\(recipe.rate)) or 'norm'")
    }
    return (head, loss)
  }

  /// `(softmax - onehot) / B` for a batch, and the sum of its cross-entropies.
  private func slopes(
    _ batch: Matrix<Float>, _ labels: [Int32]
  ) -> (slopes: Matrix<Float>, loss: Double) {
    var slopes = logits(batch.view, factors: [Float](repeating: 1, count: labels.count))
    var loss = 0.0
    slopes.withMutableView { view in
      let targets = labels.enumerated().map { Double(view[$0.offset, Int($0.element)]) }
      let normalisers = view.softmaxRows()
      for (row, label) in labels.enumerated() { view[row, Int(label)] -= 1 }
      loss = zip(normalisers, targets).reduce(0) { $0 + $1.0 - $1.1 }
    }
    slopes.scale(by: 1 / Float(labels.count))
    return (slopes, loss)
  }
}

extension MatrixView<Float> {
  /// A copy of the given rows, in order.
  fileprivate func gathering(_ chosen: ArraySlice<Int>) -> Matrix<Float> {
    Matrix(rows: chosen.count, columns: columns) { copy in
      for (place, row) in chosen.enumerated() {
        withRow(row) { _ = copy.row(place).update(fromContentsOf: $0) }
      }
    }
  }
}
