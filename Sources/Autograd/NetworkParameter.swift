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

  // Unsafe invariant: the address of the own numbers is that of this matrix, which is not copied;
  // that of lent ones is valid while the tensor is held.
  private var values: Matrix<Float>
  /// Numbers that lie elsewhere, until they are written for the first time.
  private var lent: Tensor?
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

  /// Makes a parameter that has no memory yet: it takes numbers over, or has zeros.
  public init(later name: String, shape: Shape) {
    self.name = name
    self.shape = shape
    isTrained = true
    decays = shape.rank > 1
    values = Matrix(rows: 0, columns: 0)
  }

  /// Takes over f32 numbers that lie elsewhere, such as in a mapped file; they are copied when they
  /// are written for the first time, and never while they are only read.
  package func borrow(_ tensor: Tensor) {
    precondition(
      tensor.dtype == .f32 && tensor.shape.count == count,
      "the parameter '\(name)' \(shape) cannot take over \(tensor.dtype.rawValue) \(tensor.shape)")
    lent = tensor
    values = Matrix(rows: 0, columns: 0)
  }

  /// Makes sure that the numbers lie in the matrix.
  private func own() {
    guard values.rows == 0 else { return }
    if let lent {
      values = lent.withElements(of: Float.self) { Matrix($0, rows: 1, columns: count) }
    } else {
      values = Matrix(rows: 1, columns: count)
    }
    lent = nil
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// All numbers in row order, as a copy.
  public var numbers: [Float] {
    if let lent { return lent.withElements(of: Float.self) { Array($0) } }
    own()
    return values.numbers
  }

  /// Lends the numbers for writing; not while a tape uses them.
  public func withNumbers<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    own()
    return try values.withMutableView { (view) throws(E) in try body(view.numbers) }
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

  /// The address of the numbers, to be read only; valid until they are written or replaced.
  var address: UnsafeMutablePointer<Float> {
    if let lent {
      let start = lent.withElements(of: Float.self) { $0.baseAddress }
      return start.map(UnsafeMutablePointer.init(mutating:)) ?? Arena.nothing
    }
    own()
    return values.withMutableView { $0.numbers.baseAddress ?? Arena.nothing }
  }

  /// The address of the gradient, whose memory comes with its first use.
  var gradientAddress: UnsafeMutablePointer<Float> {
    if slopes == nil { slopes = Matrix(rows: 1, columns: count) }
    return slopes?.withMutableView { $0.numbers.baseAddress } ?? Arena.nothing
  }
}
