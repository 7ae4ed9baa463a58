import Autograd
import Tensors
import Testing

@Suite("Norms on the tape")
struct NormalisationTests {
  typealias Input = GradientCheck.Input

  @Test("of layers have the gradients of their differences", arguments: [1, 3], [2, 5, 33])
  func layer(rows: Int, width: Int) {
    let inputs = [Input(rows, width), Input(width, seed: 2), Input(width, seed: 3)]
    #expect(
      GradientCheck.error(inputs) { $0[0].layerNorm(scale: $0[1], shift: $0[2], epsilon: 0.1) }
        < tolerance)
    #expect(
      GradientCheck.error([inputs[0], inputs[1]]) {
        $0[0].layerNorm(scale: $0[1], epsilon: 0.1)
      } < tolerance)
    #expect(
      GradientCheck.error([inputs[0], inputs[2]]) {
        $0[0].layerNorm(shift: $0[1], epsilon: 0.1) * $0[0]
      } < tolerance)
  }

  @Test("of a batch have the gradients of their differences", arguments: [1, 5], [1, 6])
  func batch(number: Int, size: Int) {
    guard number * size > 1 else { return }
    let inputs = [Input(number, 3, size), Input(3, seed: 2), Input(3, seed: 3)]
    #expect(
      GradientCheck.error(inputs) {
        $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 0.1).result
      } < tolerance)
    let moments = ChannelMoments(means: [0.5, -1, 0], variances: [1, 2, 0.5])
    #expect(
      GradientCheck.error(inputs) {
        $0[0].batchNorm(scale: $0[1], shift: $0[2], moments: moments) * $0[0]
      } < tolerance)
  }

  @Test("of groups have the gradients of their differences", arguments: [1, 2, 4])
  func group(groups: Int) {
    let inputs = [Input(2, 4, 3, 3), Input(4, seed: 2), Input(4, seed: 3)]
    #expect(
      GradientCheck.error(inputs) {
        $0[0].groupNorm(groups: groups, scale: $0[1], shift: $0[2], epsilon: 0.1)
      } < tolerance)
  }

  @Test("to unit length have the gradients of their differences")
  func unit() {
    #expect(GradientCheck.error([Input(3, 5)]) { $0[0].unitRows() } < tolerance)
    #expect(GradientCheck.error([Input(2, 1, in: 0.5...1)]) { $0[0].unitRows() } < tolerance)
    // Shorter than epsilon: only scaled.
    #expect(
      GradientCheck.error([Input(2, 3, in: 0.1...0.2)], step: 0.01) { $0[0].unitRows(epsilon: 2) }
        < tolerance)
  }

  @Test("bring rows and channels to mean 0 and variance 1")
  func values() {
    let tape = Tape()
    let input = Input(4, 6)
    let x = tape.constant(input.numbers, shape: input.shape)
    let rows = x.layerNorm(epsilon: 0)
    #expect(rows.mean(axes: [1]).numbers.allSatisfy { abs($0) < 1e-6 })
    #expect(rows.squared().mean(axes: [1]).numbers.allSatisfy { abs($0 - 1) < 1e-5 })
    let one = tape.constant(repeatElement(1, count: 6), shape: [6])
    let zero = tape.constant(repeatElement(0, count: 6), shape: [6])
    let (result, moments) = x.batchNorm(scale: one, shift: zero, epsilon: 0)
    #expect(result.mean(axes: [0]).numbers.allSatisfy { abs($0) < 1e-6 })
    #expect(result.squared().mean(axes: [0]).numbers.allSatisfy { abs($0 - 1) < 1e-5 })
    let fixed = x.batchNorm(scale: one, shift: zero, moments: moments, epsilon: 0)
    #expect(zip(fixed.numbers, result.numbers).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("of constant rows and of zeros are finite")
  func degenerate() {
    let tape = Tape()
    let same = tape.constant(repeatElement(3, count: 8), shape: [2, 4], needsGradient: true)
    let zeros = tape.constant(repeatElement(0, count: 8), shape: [2, 4], needsGradient: true)
    #expect(same.layerNorm().numbers.allSatisfy { $0 == 0 })
    #expect(zeros.unitRows().numbers.allSatisfy { $0 == 0 })
    (same.layerNorm() + zeros.unitRows(epsilon: 1)).sum().backward()
    #expect(same.gradient?.allSatisfy { $0.isFinite } == true)
    #expect(zeros.gradient == [Float](repeating: 1, count: 8))
  }
}
