internal import AssayKit
internal import Learners
internal import LinearAlgebra
internal import Random

/// Trains the weights by AdamW on batches of training rows.
struct Trainer {
  let train: TrainingViews
  let validation: LabelledRows?
  let config: AMUTuning.Config
  let context: Context

  /// Weights and where they come from.
  struct Trained {
    var weights: Matrix<Float>
    var alpha: Double
    var lambda: Double
    /// The mean loss of the rows over the last epoch.
    var loss: Double
    /// The accuracy on the validation rows, where it chose something.
    var accuracy: Double?
    /// The epochs behind the weights.
    var epoch: Int
  }

  /// Trains with the config's α and λ, or with each pair; of equal ones the first wins.
  func best() throws -> Trained {
    guard config.search, validation != nil else {
      if config.search || (config.selection == .val && validation == nil) {
        context.note(
          "There are no validation rows to choose by: alpha and lambda are the config's, and the "
            + "last epoch is taken.")
      }
      return try run(alpha: config.alpha, lambda: config.lambda)
    }
    var best: Trained?
    for (place, alpha) in config.alphas.enumerated() {
      context.progress(Double(place) / Double(config.alphas.count), "search")
      for lambda in config.lambdas {
        var trained = try run(alpha: alpha, lambda: lambda)
        if trained.accuracy == nil {
          trained.accuracy = validation?.accuracy(trained.weights, alpha: Float(alpha))
        }
        if trained.accuracy ?? 0 > best?.accuracy ?? -1 { best = trained }
      }
    }
    return try best ?? run(alpha: config.alpha, lambda: config.lambda)
  }

  private func run(alpha: Double, lambda: Double) throws -> Trained {
    var random = Philox(key: context.seed, stream: context.stream)
    var weights = start(&random)
    var best: (accuracy: Double, epoch: Int, weights: Matrix<Float>)?
    func compare(_ epoch: Int) {
      guard config.selection == .val, let validation else { return }
      let accuracy = validation.accuracy(weights, alpha: Float(alpha))
      if accuracy > best?.accuracy ?? -1 { best = (accuracy, epoch, weights) }
    }
    let count = train.rowCount
    let batches = (count + config.batch - 1) / config.batch
    let schedule = CosineSchedule(rate: config.rate, steps: config.epochs * batches)
    var optimiser = AdamW<Float>(
      count: weights.rows * weights.columns, epsilon: config.epsilon,
      weightDecay: config.weightDecay)
    var loss = Loss(
      train: train.all, batch: min(config.batch, count), alpha: Float(alpha), lambda: Float(lambda))
    var (step, mean) = (0, 0.0)
    if config.epochs == 0 { compare(0) }
    for epoch in 0..<config.epochs {
      try context.checkCancellation()
      if !config.search { context.progress(Double(epoch) / Double(config.epochs), "training") }
      var order = Array(0..<count)
      random.shuffle(&order)
      mean = 0
      for first in stride(from: 0, to: count, by: config.batch) {
        let chosen = order[first..<min(first + config.batch, count)].map { row in
          train.count > 1 ? row + count * random.below(train.count) : row
        }
        mean += loss.evaluate(chosen, weights) / Double(count)
        optimiser.step(&weights, loss.gradient.view, rate: schedule.rate(at: step))
        step += 1
      }
      guard mean.isFinite else {
        throw MethodError.numeric(
          "the loss of epoch \(epoch + 1) is not finite; try a smaller 'rate'")
      }
      compare(epoch + 1)
    }
    return Trained(
      weights: best?.weights ?? weights, alpha: alpha, lambda: lambda, loss: mean,
      accuracy: best?.accuracy, epoch: best?.epoch ?? config.epochs)
  }

  /// The weights before the first step `[K, A]`.
  private func start(_ random: inout Philox) -> Matrix<Float> {
    let (classes, width) = (train.all.rows.logits.columns, train.means.columns)
    switch config.start {
    case .means:
      // (K / N) Σ a, which is the class mean where classes have equal numbers of rows.
      let factor = Float(classes) / Float(train.rowCount)
      let rows = train.means.view
      return Matrix(rows: classes, columns: width) { weights in
        weights.fill(0)
        for (index, label) in train.all.labels.prefix(train.rowCount).enumerated() {
          let weight = weights.row(Int(label))
          rows.withRow(index) { row in
            for column in row.indices { weight[column] += factor * row[column] }
          }
        }
      }
    case .random:
      let bound = 1 / Double(max(width, 1)).squareRoot()
      return Matrix(
        (0..<classes * width).map { _ in Float(bound * (2 * random.uniform() - 1)) },
        rows: classes, columns: width)
    }
  }
}
