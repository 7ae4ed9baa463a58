internal import AssayKit
internal import CacheModel
internal import Learners
internal import LinearAlgebra
internal import Random

/// Trains the keys W `[M, D]` of a cache by AdamW on batches of its training rows.
///
/// With affinities A = exp(-β (1 - x Wᵀ)) `[B, M]` and the gradient G `[B, K]` of the mean
/// cross-entropy for the logits, that for the keys is (α β (G Lᵀ) ∘ A)ᵀ x.
struct KeyTraining {
  private let config: TipAdapterF.Config
  /// Each row `[N, D]`, once for each view.
  private let views: [MatrixView<Float>]

  /// Takes the views of the training rows, or the rows themselves.
  init(_ inputs: Inputs, _ config: TipAdapterF.Config) throws(MethodError) {
    self.config = config
    let rows = try inputs.matrix("train.features")
    let stack = try inputs.matrices(
      ifOffered: "train.views", rows: rows.rows, columns: rows.columns)
    views = stack.map { stack in (0..<stack.count).map { stack[$0] } } ?? [rows]
  }

  /// Trains for all epochs; the keys are not brought to unit length again.
  func run(on cache: inout KeyValueCache, _ context: Context) throws {
    let count = cache.labels.count
    guard count > 0, config.epochs > 0 else { return }
    if views.count == 1 {
      context.note("without augmented views every row is trained against its own key")
    }
    var random = Philox(key: context.seed, stream: context.stream)
    var optimiser = AdamW<Float>(
      count: cache.keys.rows * cache.keys.columns, epsilon: config.epsilon,
      weightDecay: config.weightDecay)
    let steps = (count + config.batch - 1) / config.batch
    let schedule = CosineSchedule(rate: config.rate, steps: config.epochs * steps)
    var order = Array(0..<count)
    for epoch in 0..<config.epochs {
      random.shuffle(&order)
      var loss = 0.0
      for start in stride(from: 0, to: count, by: config.batch) {
        try context.checkCancellation()
        let rows = order[start..<min(start + config.batch, count)]
        let batch = batch(of: rows, &random)
        let step = self.gradient(cache, batch.view, rows.map { cache.labels[$0] })
        loss += step.loss
        optimiser.step(
          &cache.keys, step.gradient.view, rate: schedule.rate(at: optimiser.steps))
      }
      if epoch + 1 == config.epochs { context.metric("train_loss", loss / Double(count)) }
      context.progress(Double(epoch + 1) / Double(config.epochs), "training")
    }
  }

  /// The rows at unit length, each in a view drawn at random.
  private func batch(of rows: ArraySlice<Int>, _ random: inout Philox) -> Matrix<Float> {
    let chosen = rows.map { ($0, views.count > 1 ? random.below(views.count) : 0) }
    return Matrix(rows: chosen.count, columns: views[0].columns) { batch in
      for (place, (row, view)) in chosen.enumerated() {
        views[view].withRow(row) { _ = batch.row(place).update(fromContentsOf: $0) }
      }
      batch.normaliseRows()
    }
  }

  /// The sum of the cross-entropies, and the gradient of their mean for the keys.
  private func gradient(
    _ cache: KeyValueCache, _ batch: MatrixView<Float>, _ classes: [Int32]
  ) -> (loss: Double, gradient: Matrix<Float>) {
    var logits = gemm(batch, cache.text.view.transposed, scale: cache.scale)
    var affinities = gemm(batch, cache.keys.view.transposed)
    let loss = affinities.withMutableView { affinities in
      logits.withMutableView { logits in
        exponentiate(affinities.numbers, scale: cache.beta, shift: -cache.beta)
        for row in classes.indices {
          let (affinity, scores) = (affinities.row(row), logits.row(row))
          for (key, label) in cache.labels.enumerated() {
            scores[Int(label)] += cache.alpha * affinity[key]
          }
        }
        let own = classes.enumerated().map { Double(logits[$0.offset, Int($0.element)]) }
        let normalisers = logits.softmaxRows()
        for (row, label) in classes.enumerated() { logits[row, Int(label)] -= 1 }
        for row in classes.indices {
          let (affinity, slopes) = (affinities.row(row), logits.row(row))
          for (key, label) in cache.labels.enumerated() { affinity[key] *= slopes[Int(label)] }
        }
        return zip(normalisers, own).reduce(0) { $0 + $1.0 - $1.1 }
      }
    }
    let factor = cache.alpha * cache.beta / Float(classes.count)
    return (loss, gemm(affinities.view.transposed, batch, scale: factor))
  }
}
