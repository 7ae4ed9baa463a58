public import Autograd

/// A part of a network: named parameters, and a way to apply them.
///
/// How it is applied differs from layer to layer: by convention through `callAsFunction`, whose
/// first argument is the input on a tape.
///
///     let head = Linear("head", inputs: 64, outputs: 10, seed: 1)
///     head(tape.constant(features)).crossEntropy(labels).backward()
public protocol Layer {
  /// The parameters in a fixed order, running statistics among them.
  var parameters: [NetworkParameter] { get }
}

extension Layer {
  /// Keeps all parameters as they are from now on: none gets a gradient.
  public func freeze() {
    for parameter in parameters { parameter.isTrained = false }
  }

  /// The number of numbers in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

extension NetworkParameter {
  /// This parameter on the tape of an operand.
  func on(_ variable: Variable) -> Variable { variable.tape.use(self) }
}
