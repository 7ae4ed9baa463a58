public import Tensors

/// An array of a tape's current step: an operand or a result, row-major and compact.
///
/// A handle: copies mean the same array. It is void once its tape is reset, and must not outlive
/// the tape. All operations are methods of variables; shapes are checked, and a wrong one ends the
/// program with a sentence that names both.
public struct Variable {
  /// The tape that the array belongs to.
  public unowned let tape: Tape
  let place: Int
  private let step: Int

  init(tape: Tape, place: Int, step: Int) {
    self.tape = tape
    self.place = place
    self.step = step
  }

  var node: Tape.Node {
    precondition(step == tape.step, "a variable of a step that was reset")
    return tape.nodes[place]
  }

  // MARK: Reading

  /// The extents, outermost first.
  public var shape: Shape { node.shape }
  /// The number of elements.
  public var count: Int { shape.count }
  /// Whether the walk back computes a gradient for it.
  public var needsGradient: Bool { node.needsGradient }

  /// All numbers in row order, as a copy.
  public var numbers: [Float] { withNumbers { Array($0) } }

  /// Lends the numbers for the time of the call.
  public func withNumbers<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try body(UnsafeBufferPointer(start: node.value, count: count))
  }

  /// The only number of an array with one element.
  public var number: Float {
    precondition(count == 1, "the shape \(shape) has not one number")
    return node.value[0]
  }

  /// The gradient of a leaf after the walk back, in row order; nil where nothing led to it.
  ///
  /// Of results of operations the memory is handed on, so theirs cannot be read: use `watched()`.
  public var gradient: [Float]? {
    let node = node
    if let parameter = node.parameter { return parameter.gradient }
    precondition(node.isLeaf, "only the gradient of a leaf, or of a watched array, can be read")
    guard node.hasGradient, let gradient = node.gradient else { return nil }
    return Array(UnsafeBufferPointer(start: gradient, count: count))
  }

  // MARK: Walking back

  /// Computes the gradients of everything that led here, each added to what is there.
  ///
  /// Of an array with more than one number, of the sum of the numbers times `seed`.
  public func backward(seed: [Float]? = nil) {
    precondition(
      seed == nil ? count == 1 : seed?.count == count,
      "walking back from \(shape) needs a seed of \(count) numbers; a loss has one number")
    tape.walk(from: self, seed: seed)
  }

  /// The same numbers, from which no gradient goes back.
  public func detached() -> Variable {
    tape.append(
      Tape.Node(
        shape: shape, value: node.value, needsGradient: false, isLeaf: true, parameter: nil))
  }

  /// The same array, whose gradient can be read after the walk back.
  public func watched() -> Variable {
    let input = self
    return tape.append(
      Tape.Node(
        shape: shape, value: node.value, needsGradient: needsGradient, isLeaf: true,
        parameter: nil,
        walk: { gradient in
          input.addGradient { to, adds in
            transfer(gradient, to: to, count: input.count, adds: adds)
          }
        }))
  }

  // MARK: Inside operations

  /// The address of the numbers, valid until the tape is reset.
  var address: UnsafeMutablePointer<Float> { node.value }

  /// Where the gradient is to be written, or added where there is one already.
  struct GradientTarget {
    let address: UnsafeMutablePointer<Float>
    let adds: Bool

    /// Makes the start zeros, unless there is something to add to.
    func clear(_ count: Int) {
      if !adds { address.update(repeating: 0, count: count) }
    }
  }

  /// Lends the gradient to a caller that writes all of it; nil where none is needed.
  func gradientTarget() -> GradientTarget? {
    let node = node
    guard node.needsGradient else { return nil }
    if let parameter = node.parameter {
      defer { parameter.hasGradient = true }
      return GradientTarget(address: parameter.gradientAddress, adds: parameter.hasGradient)
    }
    let gradient = node.gradient ?? tape.gradientMemory(node.shape.count)
    tape.nodes[place].gradient = gradient
    tape.nodes[place].hasGradient = true
    return GradientTarget(address: gradient, adds: node.hasGradient)
  }

  /// Lends the gradient to `body`, which adds to it where told to, else writes all of it.
  ///
  /// Does nothing where no gradient is needed.
  func addGradient(_ body: (UnsafeMutablePointer<Float>, _ adds: Bool) -> Void) {
    if let target = gradientTarget() { body(target.address, target.adds) }
  }

  /// The same for bodies that only add: what is not there yet starts from zeros.
  func addToGradient(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    addGradient { gradient, adds in
      if !adds { gradient.update(repeating: 0, count: count) }
      body(gradient)
    }
  }

  /// Adds the gradient of a result of as many numbers, or takes over its memory.
  ///
  /// The caller has no further use for that memory.
  func takeGradient(_ gradient: UnsafeMutablePointer<Float>) {
    let node = node
    guard node.needsGradient else { return }
    if node.parameter == nil, !node.hasGradient {
      tape.nodes[place].gradient = gradient
      tape.nodes[place].hasGradient = true
      tape.hasHandedOn = true
    } else {
      addGradient { to, adds in transfer(gradient, to: to, count: count, adds: adds) }
    }
  }
}
