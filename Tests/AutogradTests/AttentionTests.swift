import Autograd
import Tensors
import Testing

@Suite("Soft-max and attention")
struct AttentionTests {
  typealias Input = GradientCheck.Input

  @Test("the soft-max has the gradient of its differences", arguments: [1, 3], [1, 5, 40])
  func softmax(rows: Int, width: Int) {
    let x = Input(rows, width)
    #expect(GradientCheck.error([x]) { $0[0].softmax() } < tolerance)
    #expect(GradientCheck.error([x]) { $0[0].logSoftmax() } < tolerance)
    #expect(GradientCheck.error([x]) { $0[0].softmax() * $0[0].logSoftmax() } < tolerance)
    var allowed = [Bool](repeating: true, count: width)
    allowed[0] = false
    #expect(GradientCheck.error([x]) { $0[0].softmax(allowed: allowed) * $0[0] } < tolerance)
  }

  @Test("the logarithm of a masked soft-max has the gradient of its differences")
  func maskedLogarithm() {
    let allowed = [true, false, true, true, false]
    let error = GradientCheck.error([Input(3, 5)]) {
      $0[0].logSoftmax(allowed: allowed).picked([0, 3, 2]) + $0[0].slice(0..<1, axis: 1).sum()
    }
    #expect(error < tolerance)
    let tape = Tape()
    let x = tape.constant([1, 2], shape: [1, 2], needsGradient: true)
    let none = x.logSoftmax(allowed: [false, false])
    #expect(none.numbers == [-.infinity, -.infinity])
    none.sum().backward()
    #expect(x.gradient == [0, 0])
  }

  @Test("the soft-max of what may see nothing is zeros, and of great numbers finite")
  func degenerate() {
    let tape = Tape()
    let x = tape.constant([1, 2, 1000, -1000], shape: [2, 2], needsGradient: true)
    #expect(x.softmax(allowed: [false, false]).numbers == [0, 0, 0, 0])
    #expect(Array(x.softmax().numbers.suffix(2)) == [1, 0])
    #expect(Array(x.logSoftmax().numbers.suffix(2)) == [0, -2000])
  }

  static let masks: [AttentionMask] = [
    AttentionMask(), AttentionMask(isCausal: true),
    // The second entry sees no key at all.
    AttentionMask(allowedKeys: [true, false, true, true, false, false, false, false]),
    AttentionMask(isCausal: true, allowedKeys: [false, true, true, true, true, true, false, true]),
    AttentionMask(added: (0..<12).map { $0 % 5 == 0 ? -.infinity : Float($0) / 10 }),
  ]

  @Test("cross-attention has the gradients of its differences", arguments: masks.indices, [1, 2])
  func cross(mask: Int, heads: Int) {
    let inputs = [Input(2, 3, 6), Input(2, 4, 6, seed: 2), Input(2, 4, 6, seed: 3)]
    #expect(
      GradientCheck.error(inputs) {
        $0[0].attention(to: $0[1], $0[2], heads: heads, mask: Self.masks[mask])
      } < tolerance)
    // Keys that are the values too.
    #expect(
      GradientCheck.error([inputs[0], inputs[1]]) {
        $0[0].attention(to: $0[1], $0[1], heads: heads, mask: Self.masks[mask])
      } < tolerance)
  }

  @Test("self-attention has the gradients of its differences", arguments: [1, 5], [false, true])
  func packed(length: Int, isCausal: Bool) {
    let x = Input(2, length, 12)
    let mask = AttentionMask(isCausal: isCausal)
    #expect(
      GradientCheck.error([x]) { $0[0].selfAttention(heads: 2, mask: mask) } < tolerance)
    let twice = GradientCheck.error([x]) {
      $0[0].selfAttention(heads: 2, mask: mask) + $0[0].selfAttention(heads: 4, mask: mask)
    }
    #expect(twice < tolerance)
  }

  @Test("self-attention is attention of its three parts, and that of its definition")
  func agrees() {
    let tape = Tape()
    let input = Input(2, 5, 12)
    let x = tape.constant(input.numbers, shape: input.shape)
    let parts = (0..<3).map { x.slice($0 * 4..<$0 * 4 + 4, axis: 2) }
    let packed = x.selfAttention(heads: 2).numbers
    #expect(packed == parts[0].attention(to: parts[1], parts[2], heads: 2).numbers)
    let heads = parts.map { $0.reshaped(2, 5, 2, 2).permuted(0, 2, 1, 3) }
    let scale = 1 / Float(2).squareRoot()
    let weights = heads[0].matmul(heads[1], otherTransposed: true, scale: scale).softmax()
    let composed = weights.matmul(heads[2]).permuted(0, 2, 1, 3).reshaped(2, 5, 4).numbers
    #expect(zip(packed, composed).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("a query that sees no key gives zeros, and later keys change nothing before them")
  func masked() {
    let tape = Tape()
    let input = Input(1, 3, 4)
    let x = tape.constant(input.numbers, shape: [1, 3, 4], needsGradient: true)
    let none = AttentionMask(allowedKeys: [false, false, false])
    let blind = x.attention(to: x, x, heads: 2, mask: none)
    #expect(blind.numbers == [Float](repeating: 0, count: 12))
    let causal = AttentionMask(isCausal: true)
    let first = x.attention(to: x, x, heads: 2, mask: causal).numbers
    var moved = input.numbers
    for index in 8..<12 { moved[index] += 1 }
    let y = tape.constant(moved, shape: [1, 3, 4])
    #expect(y.attention(to: y, y, heads: 2, mask: causal).numbers.prefix(8) == first.prefix(8))
    blind.sum().backward()
    #expect(x.gradient == [Float](repeating: 0, count: 12))
  }
}
