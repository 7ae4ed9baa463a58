internal import Autograd
internal import Layers
internal import Random
internal import Tensors

/// The training of a network of pictures, epoch after epoch, its last state the result.
///
/// What a batch is, how its pictures are moved and what it is mixed with are three streams of draws,
/// so that networks trained with different mixing meet the same pictures.
package final class PictureTraining {
  /// The constants of a training.
  package struct Plan: Sendable {
    package var mode = MixingMode.cutmix
    package var probability = 0.5
    package var alpha = 1.0
    /// The side of the square of cutout, in cells.
    package var side = 8
    package var epochs = 20
    package var batch = 64
    package var rate = 0.1
    package var momentum = 0.9
    package var weightDecay = 1e-4
    package var pad = 0
    package var flips = false

    package init() {}
  }

  package let network: any PictureNetwork
  private let pictures: PictureSet
  private let classCount: Int
  private let plan: Plan
  private let seed: UInt64
  private let optimiser: Optimiser
  private let tape = Tape()

  /// Takes a network at its start.
  package init(
    _ network: any PictureNetwork, on pictures: PictureSet, classCount: Int, plan: Plan,
    seed: UInt64
  ) {
    self.network = network
    self.pictures = pictures
    self.classCount = classCount
    self.plan = plan
    self.seed = seed
    optimiser = Optimiser(
      [ParameterGroup(network.parameters.filter(\.isTrained), weightDecay: plan.weightDecay)],
      rule: .sgd(momentum: plan.momentum, isNesterov: true))
  }

  /// Trains for one epoch; returns its mean loss, which is not finite where the training diverged.
  package func epoch(_ number: Int) -> Double {
    let stream = UInt64(number)
    var order = Array(pictures.labels.indices)
    var shuffle = Philox(key: Philox.key("order", "\(seed)"), stream: stream)
    shuffle.shuffle(&order)
    var moving = Philox(key: Philox.key("moves", "\(seed)"), stream: stream)
    var mixing = Philox(key: Philox.key("mixing", "\(seed)"), stream: stream)
    var total = 0.0
    for start in stride(from: 0, to: order.count, by: plan.batch) {
      let places = order[start..<min(start + plan.batch, order.count)]
      var batch = pictures.batch(places, pad: plan.pad, flips: plan.flips, using: &moving)
      let draw = MixingDraw(
        count: places.count, probability: plan.probability, alpha: plan.alpha,
        form: pictures.form, using: &mixing)
      let mixture = plan.mode.mix(&batch, form: pictures.form, draw, side: plan.side)
      let labels = places.map { pictures.labels[$0] }
      let loss = step(batch, mixture.targets(labels, classCount: classCount), epoch: number)
      guard loss.isFinite else { return loss }
      total += loss * Double(places.count)
    }
    return total / Double(max(order.count, 1))
  }

  private func step(_ batch: [Float], _ targets: [Float], epoch: Int) -> Double {
    tape.reset()
    let count = targets.count / classCount
    let shares = tape.constant(targets, shape: [count, classCount])
    let logits = network(variable(batch, count: count), isTraining: true)
    let loss = logits.crossEntropy(shares)
    let value = Double(loss.number)
    guard value.isFinite else { return value }
    loss.backward()
    // A tenth from half of the epochs on, and again from three quarters.
    let done = 4 * epoch
    let factor = done >= 3 * plan.epochs ? 0.01 : done >= 2 * plan.epochs ? 0.1 : 1
    optimiser.step(rate: plan.rate * factor)
    return value
  }

  /// The share of the training pictures, as they stand, that the network tells right.
  package func trainingAccuracy() -> Double {
    var hits = 0
    var random = Philox(key: 0)
    for start in stride(from: 0, to: pictures.labels.count, by: 64) {
      let places = Array(start..<min(start + 64, pictures.labels.count))
      let scores = logits(
        pictures.batch(places[...], pad: 0, flips: false, using: &random), count: places.count)
      for (row, place) in places.enumerated() {
        let row = scores[row * classCount..<(row + 1) * classCount]
        let best = row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 }
        if best - row.startIndex == Int(pictures.labels[place]) { hits += 1 }
      }
    }
    return Double(hits) / Double(max(pictures.labels.count, 1))
  }

  /// The logits `[B, K]` of pictures that were brought to scale.
  package func logits(_ batch: [Float], count: Int) -> [Float] {
    tape.reset()
    return tape.withoutGradients {
      network(variable(batch, count: count), isTraining: false).numbers
    }
  }

  private func variable(_ batch: [Float], count: Int) -> Variable {
    let form = pictures.form
    let shape: Shape =
      form.isGrid
      ? [count, form.height * form.width, form.depth]
      : [count, form.planes, form.height, form.width]
    return tape.constant(batch, shape: shape)
  }
}
