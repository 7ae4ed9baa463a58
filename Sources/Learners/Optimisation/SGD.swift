public import LinearAlgebra

/// Gradient descent with heavy-ball momentum and an L2 penalty.
///
/// Polyak, 1964, in the form of PyTorch's `torch.optim.SGD`. With the gradient g a step is
///
///     v = momentum · v + g + penalty · θ        θ = θ - rate · v
///
///     var optimiser = SGD<Float>(count: weights.count, momentum: 0.9)
///     for step in 0..<schedule.steps {
///       writeGradient(of: weights, into: gradient)
///       optimiser.step(weights, gradient, rate: schedule.rate(at: step))
///     }
public struct SGD<Scalar: BLASScalar>: Sendable {
  /// The share of the last step's direction that is kept.
  public let momentum: Double
  /// The weight of `½ ‖θ‖²` in the objective.
  public let penalty: Double
  @usableFromInline var velocity: [Scalar]

  /// Sets how to step through `count` parameters.
  public init(count: Int, momentum: Double = 0, penalty: Double = 0) {
    precondition(0..<1 ~= momentum, "the momentum is in 0..<1")
    self.momentum = momentum
    self.penalty = penalty
    velocity = [Scalar](repeating: 0, count: count)
  }

  /// Moves the parameters one step against the gradient, each of the optimiser's count.
  @inlinable public mutating func step(
    _ parameters: UnsafeMutableBufferPointer<Scalar>, _ gradient: UnsafeBufferPointer<Scalar>,
    rate: Double
  ) {
    precondition(
      parameters.count == velocity.count && gradient.count == velocity.count,
      "the optimiser was made for another number of parameters")
    let (momentum, penalty, rate) = (Scalar(momentum), Scalar(penalty), Scalar(rate))
    velocity.withUnsafeMutableBufferPointer { velocity in
      for index in 0..<parameters.count {
        let slope = gradient[index] + penalty * parameters[index]
        velocity[index] = momentum * velocity[index] + slope
        parameters[index] -= rate * velocity[index]
      }
    }
  }

  /// Moves an array of parameters.
  @inlinable public mutating func step(
    _ parameters: inout [Scalar], _ gradient: [Scalar], rate: Double
  ) {
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { step(parameters, $0, rate: rate) }
    }
  }

  /// Moves a matrix of parameters; the gradient has its shape.
  @inlinable public mutating func step(
    _ parameters: inout Matrix<Scalar>, _ gradient: MatrixView<Scalar>, rate: Double
  ) {
    precondition(
      gradient.rows == parameters.rows && gradient.columns == parameters.columns, "shapes differ")
    parameters.withMutableView { parameters in
      gradient.withNumbers { step(parameters.numbers, $0, rate: rate) }
    }
  }
}
