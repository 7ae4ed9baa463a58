public import Learners

/// Moves the numbers of one parameter against their gradient, with what it remembers of them.
public protocol ParameterUpdate {
  /// Takes one step at a rate.
  mutating func step(
    _ numbers: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    rate: Double)
}

extension SGD: ParameterUpdate where Scalar == Float {}
extension AdamW: ParameterUpdate where Scalar == Float {}

/// How an optimiser updates parameters.
///
/// A rule of one's own gives an update for a parameter of so many numbers and a weight decay:
///
///     let rule = UpdateRule { count, decay in Sophia(count: count, weightDecay: decay) }
public struct UpdateRule: Sendable {
  let update: @Sendable (_ count: Int, _ weightDecay: Double) -> any ParameterUpdate

  /// Takes a rule of one's own.
  public init(
    _ update: @escaping @Sendable (_ count: Int, _ weightDecay: Double) -> any ParameterUpdate
  ) {
    self.update = update
  }

  /// Gradient descent with momentum; the decay is an L2 penalty, as in `torch.optim.SGD`.
  public static func sgd(momentum: Double = 0, isNesterov: Bool = false) -> UpdateRule {
    UpdateRule { count, decay in
      if isNesterov { return Nesterov(count: count, momentum: momentum, penalty: decay) }
      return SGD<Float>(count: count, momentum: momentum, penalty: decay)
    }
  }

  /// Adam; the decay is an L2 penalty, as in `torch.optim.Adam`.
  public static func adam(
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8
  ) -> UpdateRule {
    UpdateRule { count, decay in
      AdamW<Float>(
        count: count, betas: betas, epsilon: epsilon, weightDecay: 0, penalty: decay)
    }
  }

  /// AdamW; the decay is apart from the gradient.
  public static func adamW(
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8
  ) -> UpdateRule {
    UpdateRule { count, decay in
      AdamW<Float>(count: count, betas: betas, epsilon: epsilon, weightDecay: decay)
    }
  }

  /// Lion; the decay is apart from the gradient.
  public static func lion(betas: (Double, Double) = (0.9, 0.99)) -> UpdateRule {
    UpdateRule { count, decay in Lion(count: count, betas: betas, weightDecay: decay) }
  }
}

/// Nesterov's momentum in the form of PyTorch: `v = μ v + g`, `θ = θ - rate (g + μ v)`.
struct Nesterov: ParameterUpdate {
  let momentum, penalty: Float
  var velocity: [Float]

  init(count: Int, momentum: Double, penalty: Double) {
    self.momentum = Float(momentum)
    self.penalty = Float(penalty)
    velocity = [Float](repeating: 0, count: count)
  }

  mutating func step(
    _ numbers: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    rate: Double
  ) {
    let rate = Float(rate)
    for index in velocity.indices {
      let slope = gradient[index] + penalty * numbers[index]
      velocity[index] = momentum * velocity[index] + slope
      numbers[index] -= rate * (slope + momentum * velocity[index])
    }
  }
}

/// Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2.
///
///     c = β₁ m + (1 - β₁) g    θ = θ - rate (sign(c) + decay θ)    m = β₂ m + (1 - β₂) g
struct Lion: ParameterUpdate {
  let betas: (Float, Float)
  let weightDecay: Double
  var mean: [Float]

  init(count: Int, betas: (Double, Double), weightDecay: Double) {
    precondition(0..<1 ~= betas.0 && 0..<1 ~= betas.1, "each beta is in 0..<1")
    self.betas = (Float(betas.0), Float(betas.1))
    self.weightDecay = weightDecay
    mean = [Float](repeating: 0, count: count)
  }

  mutating func step(
    _ numbers: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>,
    rate: Double
  ) {
    let (step, keep) = (Float(rate), Float(1 - rate * weightDecay))
    for index in mean.indices {
      let slope = gradient[index]
      let blend = betas.0 * mean[index] + (1 - betas.0) * slope
      let sign: Float = blend > 0 ? 1 : blend < 0 ? -1 : 0
      numbers[index] = keep * numbers[index] - step * sign
      mean[index] = betas.1 * mean[index] + (1 - betas.1) * slope
    }
  }
}
