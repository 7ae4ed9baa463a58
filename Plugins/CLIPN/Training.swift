internal import AssayKit
internal import Learners
internal import LinearAlgebra
internal import Random

/// How the denying encoder is trained: the authors' optimiser, with small-scale epochs and rate.
struct Recipe: Sendable {
  var prompts = 16
  /// The width of the hidden layer, as a multiple of D.
  var hidden = 4
  var epochs = 20
  var batch = 256
  var rate = 1e-3
  var weightDecay = 0.2
  /// Weights of the losses yes, no and distance.
  var weights = [0.5, 0.5, 0.5]
  var masksDuplicates = false
}

/// Trains a `NoEncoder` on pairs of unit rows `[M, D]`.
struct Training {
  let images: Matrix<Float>
  let texts: Matrix<Float>
  let scale: Float
  let recipe: Recipe
  let context: Context
  private var random: Philox

  init(
    images: Matrix<Float>, texts: Matrix<Float>, scale: Float, recipe: Recipe, context: Context
  ) {
    self.images = images
    self.texts = texts
    self.scale = scale
    self.recipe = recipe
    self.context = context
    random = Philox(key: context.seed, stream: context.stream)
  }

  /// Runs all epochs; what an epoch has beyond whole batches waits for the next shuffle.
  mutating func run() throws -> NoEncoder {
    var encoder = NoEncoder(
      width: texts.columns, hidden: recipe.hidden * texts.columns, prompts: recipe.prompts,
      &random)
    let batch = min(recipe.batch, texts.rows)
    guard batch > 1 else {
      throw MethodError.contract(
        "'pairs.image' has \(texts.rows) rows; learning what to deny needs at least 2 pairs")
    }
    let captions = recipe.masksDuplicates ? numberedCaptions() : nil
    let perEpoch = texts.rows / batch
    let schedule = CosineSchedule(rate: recipe.rate, steps: recipe.epochs * perEpoch)
    var optimiser = Optimiser(encoder, weightDecay: recipe.weightDecay)
    var order = Array(0..<texts.rows)
    var last = Losses()
    for epoch in 0..<recipe.epochs {
      context.progress(Double(epoch) / Double(recipe.epochs), "train")
      random.shuffle(&order)
      last = Losses()
      for step in 0..<perEpoch {
        try context.checkCancellation()
        let chosen = order[step * batch..<(step + 1) * batch]
        let shares = drawShares(batch)
        let inputs = texts.view.gathering(chosen)
        let pass = NoEncoder.Pass(encoder, inputs, mixing: shares)
        let (losses, gradient) = Losses.evaluate(
          images: images.view.gathering(chosen), texts: inputs, denying: pass.output,
          captions: captions.map { numbers in chosen.map { numbers[$0] } }, scale: scale,
          weights: recipe.weights)
        last.add(losses, share: 1 / Double(perEpoch))
        let gradients = pass.gradients(encoder, of: gradient)
        optimiser.step(
          &encoder, gradients, rate: schedule.rate(at: epoch * perEpoch + step))
      }
    }
    guard encoder.isFinite else {
      throw MethodError.numeric("training diverged; lower 'rate' (\(recipe.rate))")
    }
    context.metric("loss_yes", last.yes)
    context.metric("loss_no", last.no)
    context.metric("loss_distance", last.distance)
    return encoder
  }

  /// One of the prompts for each text, or with the same chance their mean.
  private mutating func drawShares(_ count: Int) -> Matrix<Float> {
    let prompts = recipe.prompts
    var shares = Matrix<Float>(rows: count, columns: prompts)
    shares.withMutableView { shares in
      for row in 0..<count {
        let drawn = random.below(prompts + 1)
        if drawn == prompts {
          shares.row(row).update(repeating: 1 / Float(prompts))
        } else {
          shares[row, drawn] = 1
        }
      }
    }
    return shares
  }

  /// A number for each text, the same for equal texts.
  private func numberedCaptions() -> [Int] {
    var numbers: [[Float]: Int] = [:]
    return (0..<texts.rows).map { row in
      let text = texts.view.withRow(row) { Array($0) }
      let number = numbers[text] ?? numbers.count
      numbers[text] = number
      return number
    }
  }
}

/// AdamW on the three tensors, with the authors' betas and epsilon.
private struct Optimiser {
  private var inner: AdamW<Float>
  private var outer: AdamW<Float>
  private var prompts: AdamW<Float>

  init(_ encoder: NoEncoder, weightDecay: Double) {
    func steps(_ matrix: Matrix<Float>) -> AdamW<Float> {
      AdamW(
        count: matrix.rows * matrix.columns, betas: (0.9, 0.98), epsilon: 1e-6,
        weightDecay: weightDecay)
    }
    inner = steps(encoder.inner)
    outer = steps(encoder.outer)
    prompts = steps(encoder.prompts)
  }

  mutating func step(
    _ encoder: inout NoEncoder,
    _ gradients: (inner: Matrix<Float>, outer: Matrix<Float>, prompts: Matrix<Float>),
    rate: Double
  ) {
    inner.step(&encoder.inner, gradients.inner.view, rate: rate)
    outer.step(&encoder.outer, gradients.outer.view, rate: rate)
    prompts.step(&encoder.prompts, gradients.prompts.view, rate: rate)
  }
}

extension Losses {
  fileprivate mutating func add(_ other: Losses, share: Double) {
    yes += share * other.yes
    no += share * other.no
    distance += share * other.distance
  }
}

extension NoEncoder {
  fileprivate var isFinite: Bool {
    [inner, outer, prompts].allSatisfy { $0.view.withNumbers { $0.allSatisfy(\.isFinite) } }
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
