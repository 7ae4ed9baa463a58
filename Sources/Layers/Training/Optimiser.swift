public import Autograd
internal import LinearAlgebra

/// Parameters that are stepped alike.
public struct ParameterGroup {
  /// The parameters; those without gradient in a step stay as they are.
  public var parameters: [NetworkParameter]
  /// What the rate of a step is multiplied by.
  public var rateFactor: Double
  /// The weight decay, in the sense of the rule.
  public var weightDecay: Double

  /// Puts parameters together.
  public init(_ parameters: [NetworkParameter], rateFactor: Double = 1, weightDecay: Double = 0) {
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// Steps parameters by their gradients, then clears these.
///
///     let optimiser = Optimiser(model.parameters, rule: .adamW(), weightDecay: 0.1)
///     for step in 0..<steps {
///       tape.reset()
///       loss(of: batch).backward()
///       clipGradients(model.parameters, toNorm: 1)
///       optimiser.step(rate: schedule.rate(at: step))
///     }
public final class Optimiser {
  private var members: [Member] = []

  private struct Member {
    let parameter: NetworkParameter
    let rateFactor: Double
    var update: any ParameterUpdate
  }

  /// Takes groups, whose parameters are all different.
  public init(_ groups: [ParameterGroup], rule: UpdateRule) {
    for group in groups {
      for parameter in group.parameters {
        precondition(
          !members.contains { $0.parameter === parameter },
          "the parameter '\(parameter.name)' is given to the optimiser twice")
        members.append(
          Member(
            parameter: parameter, rateFactor: group.rateFactor,
            update: rule.update(parameter.count, group.weightDecay)))
      }
    }
  }

  /// Takes parameters of one rate, of which those decay that are meant to: matrices and larger.
  public convenience init(
    _ parameters: [NetworkParameter], rule: UpdateRule, weightDecay: Double = 0
  ) {
    self.init(
      [
        ParameterGroup(parameters.filter(\.decays), weightDecay: weightDecay),
        ParameterGroup(parameters.filter { !$0.decays }),
      ], rule: rule)
  }

  /// Takes one step; parameters without a gradient are left out, as are those not trained.
  public func step(rate: Double) {
    for index in members.indices {
      let (parameter, rate) = (members[index].parameter, rate * members[index].rateFactor)
      guard parameter.isTrained else { continue }
      parameter.withGradient { gradient in
        parameter.withNumbers { numbers in
          // In place: a copy of the update would copy what it remembers.
          members[index].update.step(numbers, UnsafeBufferPointer(gradient), rate: rate)
        }
      }
      parameter.clearGradient()
    }
  }

  /// Lends what a rule of one's own remembers of each parameter, where it has to be told more than
  /// gradients, such as a curvature.
  public func withUpdates<Update: ParameterUpdate>(
    of type: Update.Type, _ body: (NetworkParameter, inout Update) throws -> Void
  ) rethrows {
    for index in members.indices {
      guard var update = members[index].update as? Update else { continue }
      try body(members[index].parameter, &update)
      members[index].update = update
    }
  }
}

/// Shortens the gradient of all parameters together to a norm, and returns what the norm was.
///
/// As `torch.nn.utils.clip_grad_norm_`: a longer one is multiplied by `norm / (length + 1e-6)`.
@discardableResult
public func clipGradients(_ parameters: [NetworkParameter], toNorm norm: Double) -> Double {
  var square = 0.0
  for parameter in parameters {
    parameter.withGradient { gradient in
      let numbers = UnsafeBufferPointer(gradient)
      // A parameter at a time in f32, all of them in f64.
      square += Double(dot(numbers, numbers))
    }
  }
  let length = square.squareRoot()
  let factor = Float(norm / (length + 1e-6))
  guard factor < 1 else { return length }
  for parameter in parameters {
    parameter.withGradient { gradient in
      for index in gradient.indices { gradient[index] *= factor }
    }
  }
  return length
}
