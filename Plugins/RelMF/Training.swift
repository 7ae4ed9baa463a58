internal import AssayKit
internal import Numerics

/// The descent on an objective, and the choice of its best step.
struct Training {
  let objective: Objective
  /// Clicks that were held back; their loss picks the step.
  let validation: Clicks?
  let config: RelMF.Config

  /// The losses are looked at every so many steps, and at the last one.
  private static let interval = 10
  /// How many pairs stand for all in the loss when the gradient comes from batches.
  private static let sampleCount = 1 << 16

  /// Where a descent ended.
  struct Result {
    var factors: Factors
    /// The step that the factors are of.
    var step = 0
    var trainLosses: [Double] = []
    var validationLosses: [Double] = []
    /// The losses at that step.
    var trainLoss = Double.nan
    var validationLoss: Double?
  }

  /// Descends from `start`; with validation clicks the step with the lowest validation loss is kept,
  /// the earliest of equal ones, otherwise the last.
  func run(
    from start: Factors, random: inout Philox, _ context: Context
  ) throws(MethodError) -> Result {
    var factors = start
    var result = Result(factors: start)
    var optimiser = Optimiser(config, count: start.rows.view.count)
    var gradient = Matrix<Float>(rows: start.rows.rows, columns: start.rows.columns)
    let batch = config.batch < objective.pairCount ? config.batch : 0
    let sample = batch == 0 ? nil : uniformPairs(&random)
    for step in 0...config.steps {
      try context.checkCancellation()
      if step % Training.interval == 0 || step == config.steps {
        context.progress(Double(step) / Double(max(config.steps, 1)), "descent")
        try look(at: factors, step, sample, &result)
      }
      guard step < config.steps else { break }
      gradient.withMutableView { gradient in
        if batch == 0 {
          objective.sweep(at: factors, into: gradient)
        } else {
          objective.sample(at: factors, into: gradient, batch: batch, random: &random)
        }
      }
      optimiser.step(&factors.rows, gradient.view)
    }
    return result
  }

  /// Records the losses, and keeps the factors if they are the ones to answer with so far.
  private func look(
    at factors: Factors, _ step: Int, _ sample: Pairs?, _ result: inout Result
  ) throws(MethodError) {
    let background = objective.backgroundValue(at: factors, over: sample)
    let train = background + objective.clickValue(at: factors, of: objective.clicks)
    let held = validation.map { background + objective.clickValue(at: factors, of: $0) }
    guard train.isFinite, held?.isFinite ?? true else {
      throw .numeric("the loss is not finite after \(step) steps; lower 'rate'")
    }
    result.trainLosses.append(train)
    if let held { result.validationLosses.append(held) }
    if let held, let best = result.validationLoss, held >= best { return }
    result.factors = factors
    result.step = step
    result.trainLoss = train
    result.validationLoss = held
  }

  private func uniformPairs(_ random: inout Philox) -> Pairs {
    let range = 0..<Training.sampleCount
    return Pairs(
      users: range.map { _ in Int32(random.below(objective.userCount)) },
      items: range.map { _ in Int32(random.below(objective.itemCount)) })
  }
}

/// How a gradient moves the factors.
enum Descent: String, CaseIterable, Sendable {
  case adam, sgd
}

/// A descent under way.
private struct Optimiser {
  private let rate: Double
  private var adam: AdamW<Float>?

  init(_ config: RelMF.Config, count: Int) {
    rate = config.rate
    adam = config.optimiser == .adam ? AdamW(count: count, weightDecay: 0) : nil
  }

  mutating func step(_ rows: inout Matrix<Float>, _ gradient: MatrixView<Float>) {
    if adam != nil {
      adam?.step(&rows, gradient, rate: rate)
      return
    }
    let rate = Float(rate)
    rows.withMutableView { rows in
      gradient.withNumbers { gradient in
        for index in 0..<gradient.count { rows.numbers[index] -= rate * gradient[index] }
      }
    }
  }
}
