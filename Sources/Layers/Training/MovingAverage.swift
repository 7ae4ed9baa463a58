public import Autograd

/// Exponential averages of parameters, which often predict better than the last ones.
///
/// `average = decay · average + (1 - decay) · numbers` after each step, from the first numbers on.
///
///     let average = MovingAverage(of: model.parameters, decay: 0.999)
///     optimiser.step(rate: rate)
///     average.update()
///     let score = average.applied { evaluate(model) }
public final class MovingAverage {
  private let parameters: [NetworkParameter]
  private var averages: [[Float]]
  /// The share of the average that a step keeps.
  public let decay: Float

  /// Starts from the numbers that the parameters have.
  public init(of parameters: [NetworkParameter], decay: Float) {
    precondition(0...1 ~= decay, "the decay \(decay) is not in 0...1")
    self.parameters = parameters
    self.decay = decay
    averages = parameters.map(\.numbers)
  }

  /// Takes the numbers of now into the averages.
  public func update() {
    for (place, parameter) in parameters.enumerated() {
      parameter.withNumbers { numbers in
        for index in numbers.indices {
          averages[place][index] += (1 - decay) * (numbers[index] - averages[place][index])
        }
      }
    }
  }

  /// Lends the parameters with their averages for the time of the call; then they are as before.
  public func applied<R>(_ body: () throws -> R) rethrows -> R {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    for (place, parameter) in parameters.enumerated() {
      parameter.withNumbers { numbers in
        for index in numbers.indices {
          (numbers[index], averages[place][index]) = (averages[place][index], numbers[index])
        }
      }
    }
  }
}
