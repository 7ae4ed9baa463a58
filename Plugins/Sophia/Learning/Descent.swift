internal import Autograd
package import Layers
package import Problems
package import Random

/// One run of an optimiser on a problem: step after step, with refreshes of the curvature between.
package struct Descent {
  /// Where an estimate of the curvature comes from.
  package enum Estimator: Sendable {
    case gaussNewton, hutchinson
  }

  /// When the curvature is refreshed.
  package enum Loop: String, CaseIterable, Sendable {
    /// Before the steps 1, k + 1, 2 k + 1 …, on their own batch, as in the paper.
    case paper
    /// After the steps k, 2 k …, on the next batch, the norm of the gradient cut, as in the
    /// authors' code.
    case released
  }

  package let problem: any Problem
  package let optimiser: Optimiser
  package let schedule: Schedule
  /// The norm that gradients are cut to; nil for none.
  package var normLimit: Double?
  package var estimator: Estimator?
  package var loop = Loop.paper
  /// k.
  package var interval = 10
  package var random: Philox

  /// The gradients that were computed, those of the estimates among them.
  package private(set) var gradientCount = 0
  /// The share of the parameters that the clip does not hold, after each refresh.
  package private(set) var unclippedShares: [Double] = []
  private let tape = Tape()

  package init(
    _ problem: any Problem, optimiser: Optimiser, schedule: Schedule, random: Philox
  ) {
    self.problem = problem
    self.optimiser = optimiser
    self.schedule = schedule
    self.random = random
  }

  /// Takes the step of a number, counted from 0, by the batches of all steps; returns the loss before
  /// it, and takes none where that is not finite.
  package mutating func step(_ number: Int, batches: [ArraySlice<Int32>]) -> Double {
    let batch = batches[number]
    if loop == .paper, number.isMultiple(of: interval) { refresh(on: batch) }
    tape.reset()
    let loss = problem.loss(of: batch, on: tape)
    let value = Double(loss.number)
    guard value.isFinite else { return value }
    loss.backward()
    gradientCount += 1
    if let normLimit { clipGradients(problem.parameters, toNorm: normLimit) }
    optimiser.step(rate: schedule.rate(at: number))
    if loop == .released, (number + 1).isMultiple(of: interval) {
      refresh(on: batches[(number + 1) % batches.count])
    }
    return value
  }

  private mutating func refresh(on batch: ArraySlice<Int32>) {
    let estimate: [[Float]]
    switch estimator {
    case .gaussNewton:
      guard let problem = problem as? any LikelihoodProblem else { return }
      estimate = CurvatureEstimate.gaussNewton(
        of: problem, samples: batch, on: tape, using: &random,
        normLimit: loop == .released ? normLimit : nil)
      gradientCount += 1
    case .hutchinson:
      estimate = CurvatureEstimate.hutchinson(
        of: problem, samples: batch, on: tape, using: &random)
      gradientCount += 2
    case nil: return
    }
    let places = Dictionary(
      uniqueKeysWithValues: problem.parameters.enumerated().map {
        (ObjectIdentifier($1), $0)
      })
    var unclipped = 0
    optimiser.withUpdates(of: SophiaUpdate.self) { parameter, update in
      guard let place = places[ObjectIdentifier(parameter)] else { return }
      update.refresh(estimate[place])
      unclipped += update.unclipped
    }
    unclippedShares.append(Double(unclipped) / Double(problem.parameterCount))
  }

  /// The mean of the curvatures so far, in the order of the flat parameters.
  package var curvature: [Float] {
    var found: [ObjectIdentifier: [Float]] = [:]
    optimiser.withUpdates(of: SophiaUpdate.self) { parameter, update in
      found[ObjectIdentifier(parameter)] = update.curvature
    }
    return problem.parameters.flatMap { found[ObjectIdentifier($0)] ?? [] }
  }
}
