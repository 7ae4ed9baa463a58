internal import Glibc
internal import Layers

/// The update of Sophia: a mean of gradients over a mean of curvatures, clipped number by number.
///
///     m = β₁ m + (1 - β₁) g    θ = (1 - rate decay) θ - rate clip(m / max(γ h, ε), 1)
///
/// with `h = β₂ h + (1 - β₂) ĥ` at each `refresh`. Liu, Li, Hall, Liang, Ma, "Sophia", 2023, algorithm
/// 3. Where h is not above 0, as before the first refresh, a step is the sign of m times the rate.
package struct SophiaUpdate: ParameterUpdate {
  /// The constants of the update.
  package struct Constants: Sendable {
    package var betas = (0.965, 0.99)
    /// γ, which the authors' code calls ρ; their h has no factor of the batch, ĥ here has it.
    package var gamma = 0.05
    package var epsilon = 1e-12
    /// Whether m is divided by 1 - β₁ᵗ, as in Levanter.
    package var correctsMean = false
    /// Whether h is divided by 1 - β₂ʳ after r refreshes; ours, for runs that have few of them.
    package var correctsCurvature = false

    package init() {}
  }

  private let constants: Constants
  private let weightDecay: Double
  private var (steps, refreshes) = (0, 0)
  /// m.
  package private(set) var mean: [Float]
  /// h.
  package private(set) var curvature: [Float]

  package init(count: Int, weightDecay: Double, constants: Constants) {
    self.constants = constants
    self.weightDecay = weightDecay
    mean = [Float](repeating: 0, count: count)
    curvature = mean
  }

  package mutating func step(
    _ numbers: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    rate: Double
  ) {
    steps += 1
    let (step, keep) = (Float(rate), Float(1 - rate * weightDecay))
    let (old, new) = (Float(constants.betas.0), Float(1 - constants.betas.0))
    let meanScale =
      constants.correctsMean ? Float(1 / (1 - pow(constants.betas.0, Double(steps)))) : 1
    let (gamma, epsilon) = (gamma, Float(constants.epsilon))
    for index in mean.indices {
      let blend = old * mean[index] + new * gradient[index]
      mean[index] = blend
      let ratio = meanScale * blend / max(gamma * curvature[index], epsilon)
      numbers[index] = keep * numbers[index] - step * max(-1, min(1, ratio))
    }
  }

  /// Takes an estimate of the diagonal of the Hessian into the mean of them.
  package mutating func refresh(_ estimate: [Float]) {
    precondition(estimate.count == curvature.count, "an estimate has a number for each parameter")
    refreshes += 1
    let (old, new) = (Float(constants.betas.1), Float(1 - constants.betas.1))
    for index in curvature.indices {
      curvature[index] = old * curvature[index] + new * estimate[index]
    }
  }

  /// How many numbers are stepped by their curvature, their ratio within the clip.
  package var unclipped: Int {
    let gamma = gamma
    return zip(mean, curvature).count { abs($0) < gamma * $1 }
  }

  /// γ, over the share of a full mean that h has so far where that is corrected.
  private var gamma: Float {
    guard constants.correctsCurvature, refreshes > 0 else { return Float(constants.gamma) }
    return Float(constants.gamma / (1 - pow(constants.betas.1, Double(refreshes))))
  }
}
