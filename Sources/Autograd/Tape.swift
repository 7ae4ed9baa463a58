public import LinearAlgebra
public import Tensors

/// Records what is computed with f32 arrays, and walks back through it for the gradients.
///
/// Reverse-mode differentiation: each operation leaves its result and the way back in the tape's
/// memory. `reset` starts the next step in the same memory. A tape has all its state in itself and
/// belongs to one thread at a time.
///
///     let tape = Tape()
///     for batch in batches {
///       tape.reset()
///       let logits = tape.constant(batch.rows).linear(tape.use(weight), tape.use(bias))
///       logits.crossEntropy(batch.labels).backward()
///       optimiser.step(rate: 1e-3)
///     }
public final class Tape {
  var arena = Arena()
  var nodes: [Node] = []
  /// Counts the steps, so that a variable of an earlier step is recognised.
  private(set) var step = 0
  private var hasWalked = false
  private var isRecording = true
  private var places: [ObjectIdentifier: Int] = [:]
  /// Gradients of this step that nobody needs any more, by their numbers of elements.
  private var spare: [Int: [UnsafeMutablePointer<Float>]] = [:]
  /// Whether the current walk gave the memory of its gradient to an operand.
  var hasHandedOn = false
  /// What constants without a copy look at.
  private var kept: [MatrixView<Float>] = []

  /// Whether the time within BLAS is taken, for benchmarks.
  package var timesProducts = false
  /// The seconds within BLAS since `timesProducts` was set.
  package var productSeconds = 0.0

  /// Makes an empty tape.
  public init() {}

  /// One array of a step and the way back from it.
  struct Node {
    let shape: Shape
    let value: UnsafeMutablePointer<Float>
    let needsGradient: Bool
    /// A leaf's gradient is read after the walk, so its memory is not handed on.
    let isLeaf: Bool
    let parameter: NetworkParameter?
    var gradient: UnsafeMutablePointer<Float>?
    var hasGradient = false
    /// Adds to the gradients of the operands, given that of the result.
    var walk: ((UnsafeMutablePointer<Float>) -> Void)?
  }

  /// The bytes that the tape holds for its steps; constant once equal steps repeat.
  public var capacity: Int { arena.capacity * MemoryLayout<Float>.stride }

  /// Forgets the step; its variables are void, parameters and their gradients stay.
  public func reset() {
    nodes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    kept.removeAll(keepingCapacity: true)
    spare.removeAll(keepingCapacity: true)
    arena.reset()
    hasWalked = false
    step += 1
  }

  /// Computes without leaving a way back, as when predicting.
  public func withoutGradients<R>(_ body: () throws -> R) rethrows -> R {
    let before = isRecording
    isRecording = false
    defer { isRecording = before }
    return try body()
  }

  // MARK: Leaves

  /// Brings a parameter into this step, without a copy; the same variable each time.
  public func use(_ parameter: NetworkParameter) -> Variable {
    if let place = places[ObjectIdentifier(parameter)] {
      return Variable(tape: self, place: place, step: step)
    }
    let variable = append(
      Node(
        shape: parameter.shape, value: parameter.address,
        needsGradient: parameter.isTrained && isRecording, isLeaf: true, parameter: parameter))
    places[ObjectIdentifier(parameter)] = variable.place
    return variable
  }

  /// Lets a result stand for a parameter until the next reset, wherever it is used.
  ///
  /// So weights that are computed, such as `U diag(s) Vᵀ`, reach layers that know nothing of it.
  /// The parameter must not have been used in this step, and gets no gradient.
  ///
  ///     tape.substitute(left.matmul(right * scales), for: layer.weight)
  public func substitute(_ variable: Variable, for parameter: NetworkParameter) {
    precondition(
      places[ObjectIdentifier(parameter)] == nil,
      "the parameter '\(parameter.name)' was used in this step before something stood for it")
    places[ObjectIdentifier(parameter)] = variable.place
  }

  /// Looks at a matrix `[N, D]` without a copy.
  ///
  /// A view without an owner has to stay valid until the tape is reset.
  public func constant(_ view: MatrixView<Float>, shape: Shape? = nil) -> Variable {
    let shape = shape ?? [view.rows, view.columns]
    precondition(
      shape.count == view.count, "the shape \(shape) has not the \(view.count) numbers of the view")
    kept.append(view)
    let address = view.withNumbers { $0.baseAddress.map(UnsafeMutablePointer.init(mutating:)) }
    return append(
      Node(
        shape: shape, value: address ?? Arena.nothing, needsGradient: false, isLeaf: true,
        parameter: nil))
  }

  /// Copies numbers into the step.
  ///
  /// With `needsGradient` the walk leaves a gradient, which `Variable.gradient` reads.
  public func constant(
    _ numbers: some Collection<Float>, shape: Shape, needsGradient: Bool = false
  ) -> Variable {
    precondition(
      numbers.count == shape.count, "the shape \(shape) does not hold \(numbers.count) numbers")
    return leaf(shape, needsGradient: needsGradient) { numbers_ in
      _ = numbers_.update(fromContentsOf: numbers)
    }
  }

  /// A scalar, shape `[]`.
  public func constant(_ number: Float) -> Variable { constant([number], shape: []) }

  /// Makes an array that `body` writes, all of it.
  public func leaf(
    _ shape: Shape, needsGradient: Bool = false,
    writing body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows -> Variable {
    let address = arena.take(shape.count)
    try body(UnsafeMutableBufferPointer(start: address, count: shape.count))
    return append(
      Node(
        shape: shape, value: address, needsGradient: needsGradient && isRecording, isLeaf: true,
        parameter: nil))
  }

  // MARK: Recording

  func append(_ node: Node) -> Variable {
    nodes.append(node)
    return Variable(tape: self, place: nodes.count - 1, step: step)
  }

  /// Records an operation.
  ///
  /// `compute` writes all of its result, `walk` adds to the gradients of the operands. Where none
  /// of these needs one, the walk is dropped.
  func record(
    _ shape: Shape, of operands: [Variable], compute: (UnsafeMutablePointer<Float>) -> Void,
    walk: @escaping (UnsafeMutablePointer<Float>) -> Void
  ) -> Variable {
    let address = arena.take(shape.count)
    compute(address)
    return record(shape, at: address, of: operands, walk: walk)
  }

  /// Records an operation whose result is there already.
  func record(
    _ shape: Shape, at address: UnsafeMutablePointer<Float>, of operands: [Variable],
    walk: @escaping (UnsafeMutablePointer<Float>) -> Void
  ) -> Variable {
    let needs = records(operands)
    return append(
      Node(
        shape: shape, value: address, needsGradient: needs, isLeaf: false, parameter: nil,
        walk: needs ? walk : nil))
  }

  /// Lends memory for the time of the call.
  func withScratch<R>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    return body(arena.take(count))
  }

  // MARK: Giving memory back

  /// A place in a step, after which memory can be given back before the step ends.
  public struct Mark {
    fileprivate let memory: Arena.Mark
    fileprivate let nodes: Int
  }

  /// The place that `keep` goes back to.
  public var mark: Mark { Mark(memory: arena.mark, nodes: nodes.count) }

  /// Gives back the memory of everything since the mark but one result, which is returned anew.
  ///
  /// All variables since the mark are void then. Where the result leads back to something that is
  /// to be trained, everything stays as it is; so a long network predicts in the memory of a part.
  public func keep(_ variable: Variable, since mark: Mark) -> Variable {
    guard !variable.needsGradient, variable.place >= mark.nodes else { return variable }
    let node = variable.node
    nodes.removeLast(nodes.count - mark.nodes)
    places = places.filter { $0.value < mark.nodes }
    arena.release(to: mark.memory)
    // The two places may overlap, which this copy allows for.
    let address = arena.take(node.shape.count)
    address.update(from: node.value, count: node.shape.count)
    return append(
      Node(
        shape: node.shape, value: address, needsGradient: false, isLeaf: false, parameter: nil))
  }

  /// Whether an operation on operands leaves a way back.
  func records(_ operands: [Variable]) -> Bool {
    isRecording && operands.contains { $0.needsGradient }
  }

  // MARK: Walking back

  /// Walks back from a result whose gradient is `seed`, or 1 everywhere.
  func walk(from last: Variable, seed: [Float]?) {
    precondition(
      !hasWalked, "a step is walked back once; sum the losses before, or reset the tape")
    precondition(
      last.needsGradient, "nothing that this result was computed from is to be trained")
    hasWalked = true
    last.addGradient { gradient, _ in
      let numbers = UnsafeMutableBufferPointer(start: gradient, count: last.count)
      if let seed { _ = numbers.update(fromContentsOf: seed) } else { numbers.update(repeating: 1) }
    }
    for place in stride(from: last.place, through: 0, by: -1) {
      guard nodes[place].hasGradient, let gradient = nodes[place].gradient,
        let walk = nodes[place].walk
      else { continue }
      hasHandedOn = false
      walk(gradient)
      // What the walk captured is not needed again.
      nodes[place].walk = nil
      guard !nodes[place].isLeaf, !hasHandedOn else { continue }
      // The next gradient of this size finds memory that is still near the processor.
      spare[nodes[place].shape.count, default: []].append(gradient)
      nodes[place].gradient = nil
    }
  }

  /// Memory for a gradient; what the numbers are is open.
  func gradientMemory(_ count: Int) -> UnsafeMutablePointer<Float> {
    spare[count]?.popLast() ?? arena.take(count)
  }
}
