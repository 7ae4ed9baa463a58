internal import AssayKit
internal import Learners
internal import LinearAlgebra
internal import Random

/// Rows and labels of classes that all have rows.
struct LabelledRows {
  var rows: Matrix<Float>
  var labels: [Int32]
}

/// Trains networks by Adam on batches of rows, until the loss stops falling.
struct Trainer {
  let config: MLPProbe.Config
  let classCount: Int
  let context: Context

  struct Trained {
    let network: Network<Float>
    let epochs: Int
    /// The mean loss of the rows over the last epoch, penalty included.
    let loss: Double
    /// Whether the loss stopped falling before the epochs ran out.
    let hasConverged: Bool
  }

  /// Trains from random weights, which depend on the seed and the shape alone.
  ///
  /// Ends, as scikit-learn does, once the loss of an epoch has been above the least one less the
  /// tolerance for more than `patience` epochs in a row.
  func train(
    _ data: LabelledRows, hidden: Int, progress: (from: Double, to: Double)
  ) throws -> Trained {
    var random = Philox(key: context.seed, stream: context.stream)
    var network = Network<Float>(
      width: data.rows.columns, hidden: hidden, classCount: classCount)
    network.initialise(using: &random)
    let size = min(config.batch, data.labels.count)
    var loss = Loss(of: network, rows: size, alpha: config.alpha)
    var optimiser = AdamW<Float>(count: network.parameters.count, weightDecay: 0)
    var batch = Matrix<Float>(rows: size, columns: data.rows.columns)
    var labels = [Int32](repeating: 0, count: size)
    var order = Array(data.labels.indices)
    var (best, stalled, mean, epoch) = (Double.infinity, 0, 0.0, 0)
    while epoch < config.epochs, stalled <= config.patience {
      try context.checkCancellation()
      let share = Double(epoch) / Double(config.epochs)
      context.progress(progress.from + share * (progress.to - progress.from), "\(hidden) units")
      random.shuffle(&order)
      mean = 0
      for start in stride(from: 0, to: order.count, by: size) {
        let chosen = order[start..<min(start + size, order.count)]
        batch.gather(chosen, of: data.rows.view)
        for (place, row) in chosen.enumerated() { labels[place] = data.labels[row] }
        let value = loss.evaluate(
          network, batch.view.rows(0..<chosen.count), labels[..<chosen.count])
        mean += value * Double(chosen.count) / Double(order.count)
        optimiser.step(&network.parameters, loss.gradient, rate: config.rate)
      }
      guard mean.isFinite else {
        throw MethodError.numeric(
          "the loss of epoch \(epoch + 1) is not finite; try a smaller 'rate'")
      }
      stalled = mean > best - config.tolerance ? stalled + 1 : 0
      best = min(best, mean)
      epoch += 1
    }
    return Trained(
      network: network, epochs: epoch, loss: mean, hasConverged: stalled > config.patience)
  }
}

extension Matrix<Float> {
  /// Copies the chosen rows into the first rows.
  fileprivate mutating func gather(_ chosen: ArraySlice<Int>, of rows: MatrixView<Float>) {
    withMutableView { view in
      for (place, row) in chosen.enumerated() {
        rows.withRow(row) { _ = view.row(place).update(fromContentsOf: $0) }
      }
    }
  }
}
