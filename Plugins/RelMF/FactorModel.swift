public import AssayKit
internal import LinearAlgebra

/// Factors that have been learned, ready to score pairs.
public struct FactorModel: FittedMethod {
  let factors: Factors
  /// The exposure probability of each item.
  let itemPropensity: [Float]
  var trainLosses: [Double] = []
  var validationLosses: [Double] = []
  /// Turns the score of a pair into a logit; nil where it is one.
  var logit: (@Sendable (Float) -> Float)?

  /// Writes the logits of the pairs, and the factors.
  public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
    let pairs = try Pairs(
      inputs, "query.pairs", userCount: factors.userCount, itemCount: factors.itemCount)
    let scores = factors.logits(of: pairs)
    try outputs.write(logit.map { scores.map($0) } ?? scores, to: "scores")
    try writeFactors(into: outputs)
    try outputs.write(itemPropensity, ifWanted: "item_propensity")
    for (name, losses) in [("train_loss", trainLosses), ("val_loss", validationLosses)]
    where !losses.isEmpty {
      try outputs.write(losses, ifWanted: name)
    }
  }

  /// Writes factors and biases, each apart.
  private func writeFactors(into outputs: Outputs) throws(MethodError) {
    let d = factors.dimension
    let sides = [("user", factors.users, d), ("item", factors.items, d + 1)]
    for (name, rows, biasColumn) in sides {
      if outputs.wants("\(name)_factors") {
        let target = try outputs.elements("\(name)_factors", of: Float.self, shape: [rows.rows, d])
        for row in 0..<rows.rows {
          for column in 0..<d { target[row * d + column] = rows[row, column] }
        }
      }
      let biases = (0..<rows.rows).map { factors.hasBiases ? rows[$0, biasColumn] : 0 }
      try outputs.write(biases, ifWanted: "\(name)_bias")
    }
    if outputs.wants("bias") {
      try outputs.elements("bias", of: Float.self, shape: [])[0] = factors.bias
    }
  }
}

extension Outputs {
  /// Writes the numbers of a vector.
  fileprivate func write<T: TensorElement>(_ numbers: [T], to name: String) throws(MethodError) {
    let target = try elements(name, of: T.self, shape: [numbers.count])
    for (index, number) in numbers.enumerated() { target[index] = number }
  }

  /// Writes the numbers of a vector that the host may not want.
  fileprivate func write<T: TensorElement>(
    _ numbers: [T], ifWanted name: String
  ) throws(MethodError) {
    if wants(name) { try write(numbers, to: name) }
  }
}
