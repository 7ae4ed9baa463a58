internal import AssayKit
internal import Learners
internal import LinearAlgebra
internal import Random

/// The descent on an objective, and the choice of its best step.
struct Training {
  let objective: Objective
  let config: RelMF.Config

  /// Where a descent ended.
  struct Result {
    var factors: Factors
    /// The step that the factors are of.
    var step = 0
    /// The losses at the steps that were looked at.
    var losses: [Objective.Losses] = []
    /// The losses at the step of the factors.
    var best: Objective.Losses?
  }

  /// With batches the losses are looked at every so many steps, and at the last one.
  private static let interval = 10
  /// How many pairs then stand for all.
  private static let sampleCount = 1 << 16

  /// Descends from `start`; with validation clicks that choose, the step with the lowest validation
  /// loss is kept, the earliest of equal ones, otherwise the last.
  func run(
    from start: Factors, random: inout Philox, _ context: Context
  ) throws(MethodError) -> Result {
    var factors = start
    var result = Result(factors: start)
    var optimiser = Optimiser(config, count: start.rows.view.count)
    var gradient = Matrix<Float>(rows: start.rows.rows, columns: start.rows.columns)
    let batch = config.batch < objective.pairCount ? config.batch : 0
    let sample = batch == 0 ? nil : uniformPairs(&random)
    let sweep = Sweep(objective, width: start.rows.columns)
    for step in 0...config.steps {
      try context.checkCancellation()
      if step % 16 == 0 {
        context.progress(Double(step) / Double(max(config.steps, 1)), "descent")
      }
      if let sample {
        if step % Training.interval == 0 || step == config.steps {
          try note(objective.losses(at: factors, over: sample), of: factors, step, &result)
        }
        if step == config.steps { break }
        gradient.withMutableView {
          objective.sample(at: factors, into: $0, batch: batch, random: &random)
        }
      } else {
        let losses = gradient.withMutableView { sweep.run(at: factors, into: $0) }
        try note(losses, of: factors, step, &result)
        if step == config.steps { break }
      }
      optimiser.step(&factors.rows, gradient.view)
    }
    return result
  }

  /// Records the losses, and keeps the factors if they are the ones to answer with so far.
  private func note(
    _ losses: Objective.Losses, of factors: Factors, _ step: Int, _ result: inout Result
  ) throws(MethodError) {
    guard losses.train.isFinite, losses.validation?.isFinite ?? true else {
      throw .numeric("the loss is not finite after \(step) steps; lower 'rate'")
    }
    result.losses.append(losses)
    let held = config.selection == .validation ? losses.validation : nil
    if let held, let best = result.best?.validation, held >= best { return }
    if held != nil || step == config.steps { result.factors = factors }
    result.step = step
    result.best = losses
  }

  private func uniformPairs(_ random: inout Philox) -> Pairs {
    let range = 0..<Training.sampleCount
    return Pairs(
      users: range.map { _ in Int32(random.below(objective.userCount)) },
      items: range.map { _ in Int32(random.below(objective.itemCount)) })
  }
}

/// Which step's factors answer.
enum Selection: String, CaseIterable, Sendable {
  /// That of the lowest loss on validation clicks, where there are any.
  case validation = "val"
  /// The last, as in the published trainer for real data.
  case last
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
