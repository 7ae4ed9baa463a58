extension OptimisationOutcomes {
  package static let metrics: [Metric<OptimisationOutcomes>] = [
    Metric(
      "loss", "Loss", direction: .lower,
      range: -Double.infinity...Double.infinity, isDefault: true,
      "Mean loss of the held-out samples at the last parameters: nats a byte of a text, or the value "
        + "of a function."
    ) { MeanMetric($0.losses[$0.losses.count - 1]) },
    Metric(
      "loss_ratio", "Loss of the first", direction: .lower,
      range: -Double.infinity...Double.infinity, isDefault: true,
      undefined: "the loss at the first recorded step is 0",
      "The mean loss at the last parameters over that at the first recorded ones."
    ) { LossRatio($0) },
    Metric(
      "steps_to_target", "Steps to target", direction: .lower, range: 0...Double.infinity,
      isDefault: true, undefined: "the target was not reached, or no target is named",
      "The first recorded step after which the mean loss is at most the named share of the first."
    ) {
      StepsToTarget($0)
    },
    Metric(
      "steps_to_minimum", "Steps to minimum", direction: .lower, range: 0...Double.infinity,
      isDefault: true,
      undefined: "no recorded parameters came so near, or the least value is not known",
      "The first recorded step after which no parameter is farther from the least value than the "
        + "named radius."
    ) {
      StepsToMinimum($0)
    },
    Metric(
      "gradients", "Gradients", direction: .lower, range: 0...Double.infinity, isDefault: true,
      "The gradients that all steps took, those of curvatures among them, as the method says."
    ) { table in MeanMetric([Double](repeating: table.gradients, count: table.n)) },
  ]
}

/// The last mean over the first.
private struct LossRatio: WeightedMetric {
  private let first, last: MeanMetric

  init(_ table: OptimisationOutcomes) {
    first = MeanMetric(table.losses[0])
    last = MeanMetric(table.losses[table.losses.count - 1])
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(first.values(under: weights), last.values(under: weights)).map { $0 == 0 ? .nan : $1 / $0 }
  }

  var undefinedReason: String { "the loss at the first recorded step is 0" }
}

/// The first step of few enough loss, by the means of the resampled rows.
private struct StepsToTarget: WeightedMetric {
  private let curves: [MeanMetric]
  private let steps: [Int32]
  private let target: Double?

  init(_ table: OptimisationOutcomes) {
    curves = table.losses.map { MeanMetric($0) }
    steps = table.steps
    target = table.target
  }

  func values(under weights: WeightBlock) -> [Double] {
    var found = [Double](repeating: .nan, count: WeightBlock.lanes)
    guard let target else { return found }
    let means = curves.map { $0.values(under: weights) }
    for lane in found.indices {
      let place = means.firstIndex { $0[lane] <= target * means[0][lane] }
      if let place { found[lane] = Double(steps[place]) }
    }
    return found
  }

  var undefinedReason: String {
    target == nil ? "no target is named" : "the target was not reached"
  }
}

/// The first step near enough to the least value, which no row decides.
private struct StepsToMinimum: WeightedMetric {
  private let step: Double?
  private let isKnown: Bool

  init(_ table: OptimisationOutcomes) {
    isKnown = table.distances != nil && table.radius != nil
    let place = table.distances?.firstIndex { $0 <= table.radius ?? -1 }
    step = place.map { Double(table.steps[$0]) }
  }

  func values(under weights: WeightBlock) -> [Double] {
    weights.totals.map { $0 > 0 ? step ?? .nan : .nan }
  }

  var undefinedReason: String {
    isKnown ? "no recorded parameters came so near" : "the least value is not known"
  }
}
