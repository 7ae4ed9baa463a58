import Autograd
import Tensors
import Testing

@Suite("Products on the tape")
struct ProductTests {
  typealias Input = GradientCheck.Input

  @Test(
    "have the gradients of their differences, with and without transposes",
    arguments: [(false, false), (false, true), (true, false), (true, true)], [1, 3])
  func matmul(transposes: (Bool, Bool), batch: Int) {
    let a = transposes.0 ? Input(batch, 5, 3) : Input(batch, 3, 5)
    let b = transposes.1 ? Input(batch, 7, 5, seed: 2) : Input(batch, 5, 7, seed: 2)
    let error = GradientCheck.error([a, b]) {
      $0[0].matmul(
        $0[1], transposed: transposes.0, otherTransposed: transposes.1, scale: 0.5)
    }
    #expect(error < tolerance)
  }

  @Test(
    "of one matrix with a batch add its gradients up",
    arguments: [(false, false), (false, true), (true, false), (true, true)])
  func single(transposes: (Bool, Bool)) {
    let many = transposes.0 ? Input(4, 5, 3) : Input(4, 3, 5)
    let one = transposes.1 ? Input(7, 5) : Input(5, 7)
    let right = GradientCheck.error([many, one]) {
      $0[0].matmul($0[1], transposed: transposes.0, otherTransposed: transposes.1)
    }
    #expect(right < tolerance)
    let first = transposes.0 ? Input(5, 3) : Input(3, 5)
    let others = transposes.1 ? Input(4, 7, 5) : Input(4, 5, 7)
    let left = GradientCheck.error([first, others]) {
      $0[0].matmul($0[1], transposed: transposes.0, otherTransposed: transposes.1)
    }
    #expect(left < tolerance)
  }

  @Test("are those of the definition")
  func value() {
    let tape = Tape()
    let a = tape.constant([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let b = tape.constant([1, 0, 2, 1, 0, 3], shape: [3, 2])
    #expect(a.matmul(b).numbers == [5, 11, 14, 23])
    #expect(b.matmul(a, transposed: true, otherTransposed: true).numbers == [5, 14, 11, 23])
  }

  @Test(
    "with bias, residual or activation have the gradients of their differences",
    arguments: [1, 7], [nil] + Activation.allCases.map(Optional.some))
  func linear(rows: Int, activation: Activation?) {
    // No sum lies near 0, where a rectifier bends.
    let inputs = [Input(rows, 2, 5), Input(3, 5, seed: 2), Input(3, seed: 3)]
    if activation != .relu {
      let error = GradientCheck.error(inputs) {
        $0[0].linear($0[1], $0[2], activation: activation)
      }
      #expect(error < tolerance)
      let bare = GradientCheck.error(inputs) { $0[0].linear($0[1], activation: activation) }
      #expect(bare < tolerance)
    }
    let residual = GradientCheck.error(inputs + [Input(rows, 2, 3, seed: 4)]) {
      $0[0].linear($0[1], $0[2], residual: $0[3])
    }
    #expect(residual < tolerance)
    let square = GradientCheck.error([Input(rows, 3, 3), Input(3, 3, seed: 2)]) {
      $0[0].linear($0[1], residual: $0[0])
    }
    #expect(square < tolerance)
  }

  @Test(
    "of so many rows that they come in parts are those of one product", arguments: [false, true])
  func parts(isActivated: Bool) {
    let (rows, weights) = (Input(1500, 256), Input(8, 256, seed: 2))
    func gradients(_ result: (Variable, Variable, Variable) -> Variable) -> [[Float]] {
      let tape = Tape()
      let x = tape.constant(rows.numbers, shape: rows.shape, needsGradient: true)
      let w = tape.constant(weights.numbers, shape: weights.shape, needsGradient: true)
      let b = tape.constant(repeatElement(0.5, count: 8), shape: [8], needsGradient: true)
      let y = result(x, w, b)
      y.squared().sum().backward()
      return [y.numbers] + [x, w, b].map { $0.gradient ?? [] }
    }
    let found = gradients { $0.linear($1, $2, activation: isActivated ? .tanh : nil) }
    let wanted = gradients {
      let sums = $0.matmul($1, otherTransposed: true) + $2
      return isActivated ? sums.tanh() : sums
    }
    for (numbers, others) in zip(found, wanted) {
      let size = others.reduce(0) { max($0, abs($1)) }
      #expect(numbers.count == others.count)
      #expect(zip(numbers, others).allSatisfy { abs($0 - $1) < 1e-5 * size })
    }
  }

  @Test("of a matrix with itself have both gradients")
  func itself() {
    #expect(GradientCheck.error([Input(3, 3)]) { $0[0].linear($0[0]) } < tolerance)
    #expect(GradientCheck.error([Input(3, 3)]) { $0[0].matmul($0[0]) } < tolerance)
    #expect(
      GradientCheck.error([Input(3, 3)]) { $0[0].matmul($0[0], otherTransposed: true) }
        < tolerance)
  }

  @Test("of nothing are nothing, or zeros")
  func empty() {
    let tape = Tape()
    let none = tape.constant([], shape: [0, 3], needsGradient: true)
    let weight = tape.constant([1, 2, 3, 4, 5, 6], shape: [2, 3], needsGradient: true)
    let result = none.linear(weight)
    #expect(result.shape == [0, 2])
    result.sum().backward()
    #expect(weight.gradient == [0, 0, 0, 0, 0, 0])
    tape.reset()
    let inner = tape.constant([], shape: [2, 0]).matmul(tape.constant([], shape: [0, 2]))
    #expect(inner.numbers == [0, 0, 0, 0])
  }
}
