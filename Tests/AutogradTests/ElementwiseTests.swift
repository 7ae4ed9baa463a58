import Autograd
import Glibc
import Tensors
import Testing

@Suite("Functions of each number")
struct ElementwiseTests {
  typealias Input = GradientCheck.Input

  /// A function, its value in f64, and where its slope is smooth.
  struct Function: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let range: ClosedRange<Float>
    let apply: @Sendable (Variable) -> Variable
    let value: @Sendable (Double) -> Double
  }

  static let functions: [Function] = [
    Function(
      testDescription: "relu", range: 0.3...3, apply: { $0.relu() }, value: { max($0, 0) }),
    Function(
      testDescription: "gelu", range: -4...4, apply: { $0.gelu() },
      value: { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }),
    Function(
      testDescription: "tanh gelu", range: -4...4, apply: { $0.activated(.tanhGELU) },
      value: {
        0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
      }),
    Function(
      testDescription: "quick gelu", range: -4...4, apply: { $0.quickGELU() },
      value: { $0 / (1 + exp(-1.702 * $0)) }),
    Function(
      testDescription: "silu", range: -4...4, apply: { $0.activated(.silu) },
      value: { $0 / (1 + exp(-$0)) }),
    Function(
      testDescription: "sigmoid", range: -4...4, apply: { $0.sigmoid() },
      value: { 1 / (1 + exp(-$0)) }),
    Function(testDescription: "tanh", range: -3...3, apply: { $0.tanh() }, value: { tanh($0) }),
    Function(
      testDescription: "softplus", range: -4...4, apply: { $0.softplus() },
      value: { log1p(exp($0)) }),
    Function(testDescription: "exp", range: -2...2, apply: { $0.exp() }, value: { exp($0) }),
    Function(testDescription: "log", range: 1...3, apply: { $0.log() }, value: { log($0) }),
    Function(
      testDescription: "square root", range: 1...3, apply: { $0.squareRoot() },
      value: { $0.squareRoot() }),
    Function(
      testDescription: "reciprocal", range: 1...2, apply: { $0.reciprocal() },
      value: { 1 / $0 }),
    Function(
      testDescription: "square", range: -2...2, apply: { $0.squared() }, value: { $0 * $0 }),
    Function(
      testDescription: "magnitude", range: -2...(-0.3), apply: { $0.magnitude() },
      value: { abs($0) }),
    Function(
      testDescription: "clamp", range: -0.6...0.6, apply: { $0.clamped(to: -0.9...0.9) },
      value: { min(max($0, -0.9), 0.9) }),
    Function(
      testDescription: "Huber within", range: -0.7...0.7, apply: { $0.huber(beta: 1) },
      value: { $0 * $0 / 2 }),
    Function(
      testDescription: "Huber beyond", range: 0.8...2, apply: { $0.huber(beta: 0.5) },
      value: { $0 - 0.25 }),
  ]

  static let shapes: [(Shape, Shape)] = [
    ([2, 3, 5], [2, 3, 5]), ([2, 3, 5], [5]), ([2, 3, 5], [3, 1]), ([5], [2, 1, 5]),
    ([2, 1, 5], [1, 3, 1]), ([4], []), ([1], [1]),
  ]

  @Test("have the gradients of their differences", arguments: functions, [1, 19])
  func gradients(function: Function, count: Int) {
    let input = Input(count, in: function.range)
    #expect(GradientCheck.error([input]) { function.apply($0[0]) } < tolerance)
    // Once more where a gradient is there already.
    let twice = GradientCheck.error([input]) { function.apply($0[0]) + function.apply($0[0]) }
    #expect(twice < tolerance)
  }

  @Test("have the values of their definitions", arguments: functions)
  func values(function: Function) {
    let tape = Tape()
    let input = Input(257, in: function.range)
    let found = function.apply(tape.constant(input.numbers, shape: input.shape)).numbers
    for (x, y) in zip(input.numbers, found) {
      let wanted = function.value(Double(x))
      #expect(abs(Double(y) - wanted) < 1e-6 * max(1, abs(wanted)))
    }
  }

  @Test("stay finite far out, and NaN stays NaN")
  func extremes() {
    let tape = Tape()
    let far = tape.constant([-1e30, -200, 200, 1e30, .nan], shape: [5])
    #expect(Array(far.sigmoid().numbers.prefix(4)) == [0, 0, 1, 1])
    #expect(Array(far.tanh().numbers.prefix(4)) == [-1, -1, 1, 1])
    #expect(Array(far.softplus().numbers.prefix(4)) == [0, 0, 200, 1e30])
    #expect(Array(far.exp().numbers.prefix(4)) == [0, 0, .infinity, .infinity])
    #expect(far.gelu().numbers.prefix(4).allSatisfy { $0.isFinite })
    for result in [far.sigmoid(), far.tanh(), far.exp(), far.gelu(), far.relu().log()] {
      #expect(result.numbers[4].isNaN || result.numbers[4] == -.infinity)
    }
  }

  @Test(
    "of two arrays are repeated, and their gradients summed",
    arguments: shapes)
  func broadcasting(left: Shape, right: Shape) {
    let a = Input(Input(left.count).numbers, shape: left)
    let b = Input(Input(right.count, seed: 9, in: 1...2).numbers, shape: right)
    #expect(GradientCheck.error([a, b]) { $0[0] + $0[1] } < tolerance)
    #expect(GradientCheck.error([a, b]) { $0[0] - $0[1] } < tolerance)
    #expect(GradientCheck.error([a, b]) { $0[0] * $0[1] } < tolerance)
    #expect(GradientCheck.error([a, b]) { $0[0] / $0[1] } < tolerance)
    #expect(GradientCheck.error([b, a]) { 1 - $0[0] * $0[1] * $0[0] } < tolerance)
  }

  @Test("of an array with itself give both gradients")
  func itself() {
    let tape = Tape()
    let x = tape.constant([3, -2], shape: [2], needsGradient: true)
    (x + x - x * x).sum().backward()
    #expect(x.gradient == [-4, 6])
  }

  @Test("drop the same numbers for a key, in about the share asked for")
  func dropout() {
    let tape = Tape()
    let ones = tape.constant([Float](repeating: 1, count: 4000), shape: [4000])
    let first = ones.dropout(0.25, key: 3, stream: 1).numbers
    #expect(first == ones.dropout(0.25, key: 3, stream: 1).numbers)
    #expect(first != ones.dropout(0.25, key: 3, stream: 2).numbers)
    let dropped = first.count { $0 == 0 }
    #expect(abs(dropped - 1000) < 140)  // five standard deviations
    #expect(first.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(
      GradientCheck.error([Input(9)]) { $0[0].dropout(0.5, key: 1, stream: 1) } < tolerance)
  }
}
