public import Autograd
internal import Tensors

/// `x Wᵀ + b` for each row; `[..., D] -> [..., K]`.
public struct Linear: Layer {
  /// The weight `[K, D]`, named `<name>.weight`.
  public let weight: NetworkParameter
  /// The bias `[K]`, named `<name>.bias`.
  public let bias: NetworkParameter?

  /// Makes a layer; without other values it starts from the interval ±1 / √D, as PyTorch's.
  public init(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true,
    initial: InitialValues? = nil, seed: UInt64? = 0
  ) {
    let bound = 1 / Float(max(inputs, 1)).squareRoot()
    weight = NetworkParameter(
      "\(name).weight", shape: [outputs, inputs], initial ?? .uniform(bound: bound), seed: seed)
    bias =
      hasBias
      ? NetworkParameter(
        "\(name).bias", shape: [outputs], initial == nil ? .uniform(bound: bound) : .constant(0),
        seed: seed) : nil
  }

  /// The weight and the bias.
  public var parameters: [NetworkParameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// Applies the layer, with what is added or what follows in the same walk.
  public func callAsFunction(
    _ x: Variable, residual: Variable? = nil, activation: Activation? = nil
  ) -> Variable {
    x.linear(weight.on(x), bias?.on(x), residual: residual, activation: activation)
  }
}

/// Linear layers with an activation between; `[..., D] -> [..., K]`.
public struct MLP: Layer {
  /// The layers, named `<name>.0`, `<name>.1` and so on.
  public let layers: [Linear]
  /// What follows each layer but the last.
  public let activation: Activation

  /// Makes layers between the widths, inputs first.
  ///
  ///     let probe = MLP("probe", widths: [512, 128, 10], activation: .relu)
  public init(_ name: String, widths: [Int], activation: Activation = .gelu, seed: UInt64? = 0) {
    precondition(widths.count >= 2, "a network has at least inputs and outputs")
    layers = widths.indices.dropLast().map {
      Linear("\(name).\($0)", inputs: widths[$0], outputs: widths[$0 + 1], seed: seed)
    }
    self.activation = activation
  }

  /// Those of all layers.
  public var parameters: [NetworkParameter] { layers.flatMap(\.parameters) }

  /// Applies the network.
  public func callAsFunction(_ x: Variable) -> Variable {
    layers.enumerated().reduce(x) { x, layer in
      layer.element(x, activation: layer.offset < layers.count - 1 ? activation : nil)
    }
  }
}

/// A table of rows by id; ids `[...] -> [..., D]`.
public struct Embedding: Layer {
  /// The table `[V, D]`, named `<name>.weight`.
  public let weight: NetworkParameter

  /// Makes a table of normal draws.
  public init(
    _ name: String, count: Int, width: Int, deviation: Float = 0.02, seed: UInt64? = 0
  ) {
    weight = NetworkParameter(
      "\(name).weight", shape: [count, width], .normal(deviation: deviation), seed: seed)
  }

  /// The table.
  public var parameters: [NetworkParameter] { [weight] }

  /// The rows of ids in row order, as `[batch, length, D]`; zeros for an id of -1.
  public func callAsFunction(_ ids: [Int32], batch: Int, on tape: Tape) -> Variable {
    precondition(
      batch > 0 && ids.count.isMultiple(of: batch), "\(ids.count) ids are no \(batch) sequences")
    return tape.use(weight).embedding(ids, shape: [batch, ids.count / batch])
  }
}
