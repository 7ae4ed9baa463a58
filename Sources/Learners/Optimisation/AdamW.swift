internal import Glibc
public import LinearAlgebra
internal import Statistics

/// Adam, and AdamW, which keeps weight decay apart from the gradient.
///
/// Kingma and Ba, ICLR 2015, algorithm 1; Loshchilov and Hutter, ICLR 2019, algorithm 2. With the
/// gradient g, to which `penalty · θ` is added, step t is
///
///     m = β₁ m + (1 - β₁) g        v = β₂ v + (1 - β₂) g²
///     θ = (1 - rate · weightDecay) θ - rate · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε)
///
/// With a weight decay of 0 this is Adam. Parameters with other settings take an optimiser of
/// their own.
///
///     var optimiser = AdamW<Float>(count: weights.count)
///     for step in 0..<schedule.steps {
///       writeGradient(of: weights, into: gradient)
///       optimiser.step(weights, gradient, rate: schedule.rate(at: step))
///     }
public struct AdamW<Scalar: BLASScalar>: Sendable {
  /// How slowly the means of the gradient and of its square forget, β₁ and β₂.
  public let betas: (Double, Double)
  /// What is added to the root of the mean square, ε.
  public let epsilon: Double
  /// The share of a parameter that a step at rate 1 takes away, apart from the gradient.
  public let weightDecay: Double
  /// The weight of `½ ‖θ‖²` in the objective, which the means see.
  public let penalty: Double
  /// The steps taken.
  public private(set) var steps = 0
  @usableFromInline var first: [Scalar]
  @usableFromInline var second: [Scalar]

  /// Sets how to step through `count` parameters; the defaults are those of `torch.optim.AdamW`.
  public init(
    count: Int, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, penalty: Double = 0
  ) {
    precondition(0..<1 ~= betas.0 && 0..<1 ~= betas.1, "each beta is in 0..<1")
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.penalty = penalty
    first = [Scalar](repeating: 0, count: count)
    second = first
  }

  /// Moves the parameters one step against the gradient, each of the optimiser's count.
  @inlinable public mutating func step(
    _ parameters: UnsafeMutableBufferPointer<Scalar>, _ gradient: UnsafeBufferPointer<Scalar>,
    rate: Double
  ) {
    precondition(
      parameters.count == first.count && gradient.count == first.count,
      "the optimiser was made for another number of parameters")
    let by = advance(rate: rate)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        for index in 0..<parameters.count {
          let slope = gradient[index] + by.penalty * parameters[index]
          let mean = by.betas.0 * first[index] + by.gains.0 * slope
          let square = by.betas.1 * second[index] + by.gains.1 * slope * slope
          first[index] = mean
          second[index] = square
          let change = by.rate * mean / (square.squareRoot() * by.root + by.epsilon)
          parameters[index] = by.keep * parameters[index] - change
        }
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

  /// The numbers of one step, bias corrections taken into `rate` and `root`.
  @usableFromInline struct Coefficients {
    @usableFromInline let betas: (Scalar, Scalar)
    @usableFromInline let gains: (Scalar, Scalar)
    @usableFromInline let epsilon: Scalar
    @usableFromInline let penalty: Scalar
    @usableFromInline let keep: Scalar
    @usableFromInline let rate: Scalar
    @usableFromInline let root: Scalar
  }

  /// Counts a step and gives its numbers.
  @usableFromInline mutating func advance(rate: Double) -> Coefficients {
    steps += 1
    return Coefficients(
      betas: (Scalar(betas.0), Scalar(betas.1)),
      gains: (Scalar(1 - betas.0), Scalar(1 - betas.1)), epsilon: Scalar(epsilon),
      penalty: Scalar(penalty), keep: Scalar(1 - rate * weightDecay),
      rate: Scalar(rate / (1 - pow(betas.0, Double(steps)))),
      root: Scalar(1 / (1 - pow(betas.1, Double(steps))).squareRoot()))
  }
}
