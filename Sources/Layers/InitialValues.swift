public import Autograd
internal import Random
public import Tensors

/// What a parameter starts from.
public enum InitialValues: Sendable {
  /// Equal numbers.
  case constant(Float)
  /// Draws from the normal distribution around 0.
  case normal(deviation: Float)
  /// Draws from an interval around 0.
  case uniform(bound: Float)
}

extension NetworkParameter {
  /// Makes a parameter with drawn numbers, which depend on its name and the seed alone.
  ///
  /// So a network starts the same in whatever order its layers are made. Without a seed it is
  /// zeros that have no memory yet, to take over numbers from a file next.
  public convenience init(
    _ name: String, shape: Shape, _ initial: InitialValues, seed: UInt64? = 0
  ) {
    guard let seed else {
      self.init(later: name, shape: shape)
      return
    }
    var random = Philox(key: Philox.key("parameter", name), stream: seed)
    let numbers: [Float] =
      switch initial {
      case .constant(let value): [Float](repeating: value, count: shape.count)
      case .normal(let deviation): (0..<shape.count).map { _ in deviation * Float(random.normal()) }
      case .uniform(let bound):
        (0..<shape.count).map { _ in bound * Float(2 * random.uniform() - 1) }
      }
    self.init(name, shape: shape, numbers: numbers)
  }
}
