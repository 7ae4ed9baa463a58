import Autograd
import LinearAlgebra
import Tensors
import Testing

@Suite("The tape")
struct TapeTests {
  /// A small network with most kinds of operation; its loss.
  private func loss(_ tape: Tape, _ weights: [NetworkParameter], _ rows: MatrixView<Float>)
    -> Variable
  {
    let x = tape.constant(rows, shape: [2, 4, 6])
    let packed = x.linear(tape.use(weights[0]), tape.use(weights[1]))
    let mixed = packed.selfAttention(heads: 2).layerNorm() + x
    let hidden = mixed.linear(tape.use(weights[2]), activation: .gelu)
    return hidden.mean(axes: [1]).crossEntropy([1, 3])
  }

  private func weights() -> [NetworkParameter] {
    func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
      GradientCheck.Input(count, seed: seed).numbers
    }
    return [
      NetworkParameter("in", shape: [18, 6], numbers: numbers(108, 1)),
      NetworkParameter("bias", shape: [18], numbers: numbers(18, 2)),
      NetworkParameter("out", shape: [5, 6], numbers: numbers(30, 3)),
    ]
  }

  private let rows = Matrix(GradientCheck.Input(8, 6).numbers, rows: 8, columns: 6)

  @Test("holds as much memory after a thousand steps as after two")
  func memory() {
    let tape = Tape()
    let weights = weights()
    var sizes: [Int] = []
    for _ in 0..<1000 {
      tape.reset()
      loss(tape, weights, rows.view).backward()
      sizes.append(tape.capacity)
    }
    #expect(sizes[999] == sizes[1])
    #expect(sizes[0] > 0)
  }

  @Test("settles on one block when a step needs several")
  func blocks() {
    let tape = Tape()
    var sizes: [Int] = []
    for _ in 0..<5 {
      tape.reset()
      var x = tape.constant(repeatElement(1, count: 300_000), shape: [300_000])
      for _ in 0..<5 { x = x * 2 }
      #expect(x.numbers[299_999] == 32)
      sizes.append(tape.capacity)
    }
    #expect(Set(sizes.dropFirst()).count == 1)
    #expect(sizes[1] <= sizes[0])
  }

  @Test("gives the same bytes twice")
  func determinism() {
    func run() -> [[Float]?] {
      let tape = Tape()
      let weights = weights()
      for _ in 0..<3 {
        tape.reset()
        loss(tape, weights, rows.view).backward()
      }
      return weights.map(\.gradient)
    }
    #expect(run() == run())
  }

  @Test("adds the gradients of parameters up until they are cleared")
  func accumulation() {
    let (tape, weights) = (Tape(), weights())
    loss(tape, weights, rows.view).backward()
    let once = weights.map { $0.gradient ?? [] }
    tape.reset()
    loss(tape, weights, rows.view).backward()
    for (weight, first) in zip(weights, once) {
      let both = weight.gradient ?? []
      #expect(zip(both, first).allSatisfy { abs($0 - 2 * $1) <= 1e-5 * abs($1) + 1e-7 })
      weight.clearGradient()
      #expect(weight.gradient == nil)
    }
  }

  @Test("leaves frozen parameters without gradient, and what leads to them alone uncomputed")
  func frozen() {
    let (tape, weights) = (Tape(), weights())
    weights[0].isTrained = false
    weights[1].isTrained = false
    let loss = loss(tape, weights, rows.view)
    loss.backward()
    #expect(weights[0].gradient == nil && weights[1].gradient == nil)
    let partial = weights[2].gradient
    #expect(partial != nil)
    for weight in weights { weight.isTrained = true }
    weights[2].clearGradient()
    tape.reset()
    self.loss(tape, weights, rows.view).backward()
    #expect(weights[2].gradient == partial)
    tape.reset()
    let x = tape.withoutGradients { self.loss(tape, weights, rows.view) }
    #expect(!x.needsGradient)
  }

  @Test("hands gradients through a frozen weight to the input before it")
  func prompts() {
    let tape = Tape()
    let frozen = NetworkParameter("frozen", shape: [1, 2], numbers: [2, -3], isTrained: false)
    let prompt = NetworkParameter("prompt", shape: [1, 2], numbers: [1, 1])
    tape.use(prompt).linear(tape.use(frozen)).sum().backward()
    #expect(prompt.gradient == [2, -3])
  }

  @Test("stops at detached arrays, and keeps the gradient of watched ones")
  func markers() {
    let tape = Tape()
    let x = tape.constant([3], shape: [1], needsGradient: true)
    let square = (x * x).watched()
    (square * x.detached() + square).sum().backward()
    #expect(square.gradient == [4])
    #expect(x.gradient == [24])
  }

  @Test("gives no gradient to what the loss does not depend on")
  func unused() {
    let tape = Tape()
    let x = tape.constant([3], shape: [1], needsGradient: true)
    let y = tape.constant([4], shape: [1], needsGradient: true)
    _ = y * y
    x.sum().backward()
    #expect(y.gradient == nil && x.gradient == [1])
  }

  @Test("gives Hessian-vector products: exact for a quadratic, near for others")
  func hessian() {
    let tape = Tape()
    let p = NetworkParameter("p", shape: [3], numbers: [0.5, -1, 2])
    let scale = [Float(1), 4, 9]
    let products = hessianVectorProduct([p], direction: [[1, -2, 0.5]]) {
      tape.reset()
      let x = tape.use(p)
      ((x * x) * tape.constant(scale, shape: [3])).sum().backward()
    }
    for (found, wanted) in zip(products[0], [2, -16, 9] as [Float]) {
      #expect(abs(found - wanted) < 1e-3 * abs(wanted))
    }
    #expect(p.numbers == [0.5, -1, 2])
    let cubic = hessianVectorProduct([p], direction: [[1, 1, 1]]) {
      tape.reset()
      let x = tape.use(p)
      (x * x * x).sum().backward()
    }
    for (found, wanted) in zip(cubic[0], [3, -6, 12] as [Float]) {
      #expect(abs(found - wanted) < 2e-3 * abs(wanted))
    }
    let still = hessianVectorProduct([p], direction: [[0, 0, 0]]) { Issue.record("not needed") }
    #expect(still == [[0, 0, 0]])
  }
}
