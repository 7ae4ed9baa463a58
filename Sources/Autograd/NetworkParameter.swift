internal import LinearAlgebra
public import Tensors

/// A named array of numbers that outlives the steps: a weight, or a running statistic.
///
/// Its gradient adds up over backward walks until `clearGradient`, as an optimiser does after a
/// step. A parameter that is not trained gets none, and what only leads to it is not computed.
///
///     let weight = NetworkParameter("head.weight", shape: [10, 64], numbers: start)
///     let logits = tape.constant(features, shape: [32, 64]).linear(tape.use(weight))
///     logits.crossEntropy(labels).backward()
public final class NetworkParameter {
  /// The name in a checkpoint, such as `visual.proj`.
  public let name: String
  /// The extents, outermost first.
  public let shape: Shape
  /// Whether the parameter gets a gradient.
  public var isTrained: Bool
  /// Whether a weight decay applies: to matrices and larger, unless said otherwise.
  public var decays: Bool

  private var values: Matrix<Float>
  private var slopes: Matrix<Float>?
  /// False until something was added since the gradient was cleared.
  var hasGradient = false

  /// Makes a parameter with its first numbers, in row order.
  public init(
    _ name: String, shape: Shape, numbers: some Collection<Float>, isTrained: Bool = true
  ) {
    precondition(
      numbers.count == shape.count,
      "the parameter '\(name)' \(shape) needs \(shape.count) numbers, not \(numbers.count)")
    self.name = name
    self.shape = shape
    self.isTrained = isTrained
    decays = shape.rank > 1
    values = Matrix(numbers, rows: 1, columns: shape.count)
  }

  /// Makes a parameter of equal numbers.
  public convenience init(
    _ name: String, shape: Shape, filledWith value: Float, isTrained: Bool = true
  ) {
    self.init(
      name, shape: shape, numbers: repeatElement(value, count: shape.count), isTrained: isTrained)
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// All numbers in row order, as a copy.
  public var numbers: [Float] { values.numbers }

  /// Lends the numbers for writing; not while a tape uses them.
  public func withNumbers<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try values.withMutableView { (view) throws(E) in try body(view.numbers) }
  }

  /// Lends the gradient for writing; nil where none came since it was cleared.
  @discardableResult
  public func withGradient<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R? {
    guard hasGradient else { return nil }
    return try slopes?.withMutableView { (view) throws(E) in try body(view.numbers) }
  }

  /// The gradient in row order, as a copy; nil where none came since it was cleared.
  public var gradient: [Float]? { hasGradient ? slopes?.numbers : nil }

  /// Forgets the gradient; its memory stays.
  public func clearGradient() { hasGradient = false }

  /// The address of the numbers, valid while the parameter lives.
  var address: UnsafeMutablePointer<Float> {
    values.withMutableView { $0.numbers.baseAddress ?? Arena.nothing }
  }

  /// The address of the gradient, whose memory comes with its first use.
  var gradientAddress: UnsafeMutablePointer<Float> {
    if slopes == nil { slopes = Matrix(rows: 1, columns: count) }
    return slopes?.withMutableView { $0.numbers.baseAddress } ?? Arena.nothing
  }
}
