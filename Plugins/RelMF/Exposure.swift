internal import AssayKit
internal import Glibc

/// Which exposure probabilities are taken.
enum PropensitySource: String, CaseIterable, Sendable {
  /// Those of the setting, where it offers them.
  case offered
  /// Estimated from how often each item was clicked.
  case frequency
}

/// The exposure probabilities of the clicks, and what an estimator makes of them.
struct Exposure {
  /// Estimated for each item: `(n / max n)^power`, with n at least 1.
  let ofItems: [Float]
  private let config: RelMF.Config

  init(_ interactions: Pairs, itemCount: Int, config: RelMF.Config) {
    let counts = interactions.counts(ofItems: itemCount).map { max($0, 1) }
    let largest = Double(counts.max() ?? 1)
    ofItems = counts.map { Float(pow(Double($0) / largest, config.propensityPower)) }
    self.config = config
  }

  /// The propensity of each pair: from the tensor of that name, where it is to be taken, else that
  /// of the item.
  func propensities(
    of pairs: Pairs, _ inputs: Inputs, _ name: String
  ) throws(MethodError) -> [Float] {
    guard config.estimator.usesPropensity else { return [Float](repeating: 1, count: pairs.count) }
    guard config.propensity == .offered, let tensor = inputs.tensor(ifOffered: name) else {
      return pairs.items.map { ofItems[Int($0)] }
    }
    guard tensor.shape == [pairs.count] else {
      throw .contract(
        "tensor '\(name)' has shape \(tensor.shape), but there are \(pairs.count) interactions")
    }
    let numbers = try tensor.elements(of: Float.self)
    if let row = numbers.firstIndex(where: { !($0 > 0 && $0 <= 1) }) {
      throw .contract(
        "tensor '\(name)' has \(numbers[row]) in row \(row); the propensity of an interaction is "
          + "above 0 and at most 1")
    }
    return Array(numbers)
  }

  /// The weight of each click: 1 over the propensity, clipped from below, and over the share of all
  /// clicks that these stand for.
  func weights(of propensities: [Float], share: Double) -> [Float] {
    let floor = config.estimator == .clipped ? Float(config.clip) : 0
    return propensities.map { Float(1 / share) / max($0, floor) }
  }
}
