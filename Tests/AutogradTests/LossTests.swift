import Autograd
import Glibc
import Tensors
import Testing

@Suite("Losses")
struct LossTests {
  typealias Input = GradientCheck.Input

  @Test(
    "cross-entropy has the gradient of its differences",
    arguments: [Float(0), 0.1, 1], [Reduction.mean, .sum, .none])
  func crossEntropy(smoothing: Float, reduction: Reduction) {
    let labels: [Int32] = [2, -1, 0, 4, 4]
    #expect(
      GradientCheck.error([Input(5, 5)]) {
        $0[0].crossEntropy(labels, smoothing: smoothing, reduction: reduction)
      } < tolerance)
    #expect(
      GradientCheck.error([Input(1, 2)]) {
        $0[0].crossEntropy([1], smoothing: smoothing, reduction: reduction) * 2
          + $0[0].crossEntropy([0])
      } < tolerance)
  }

  @Test("cross-entropy against shares has the gradient of its differences")
  func soft() {
    let tape = Tape()
    let shares = Input(3, 4, in: 0...1).numbers
    #expect(
      GradientCheck.error([Input(3, 4)]) {
        $0[0].crossEntropy($0[0].tape.constant(shares, shape: [3, 4])) + $0[0].sum()
      } < tolerance)
    // Shares of one class alone are its label.
    let input = Input(2, 3)
    let logits = tape.constant(input.numbers, shape: [2, 3])
    let hot = tape.constant([0, 1, 0, 0, 0, 1], shape: [2, 3])
    let difference = logits.crossEntropy(hot).number - logits.crossEntropy([1, 2]).number
    #expect(abs(difference) < 1e-6)
  }

  @Test("rows without a label count nowhere, and none at all give 0")
  func ignored() {
    let tape = Tape()
    let x = tape.constant([1, 2, 50, -50], shape: [2, 2], needsGradient: true)
    let half = x.crossEntropy([1, -1])
    #expect(abs(half.number - 0.31326166) < 1e-6)  // log(1 + exp(-1))
    (half + x.crossEntropy([-1, -1])).backward()
    #expect(x.gradient?.suffix(2) == [0, 0])
  }

  @Test("the contrastive loss has the gradients of its differences, also by its scale")
  func contrastive() {
    let inputs = [Input(4, 3), Input(4, 3, seed: 2), Input([0.7], shape: [])]
    #expect(
      GradientCheck.error(inputs) {
        $0[0].unitRows().contrastiveLoss($0[1].unitRows(), logScale: $0[2])
      } < tolerance)
    #expect(
      GradientCheck.error(inputs + [Input([-0.5], shape: [1])]) {
        $0[0].unitRows().sigmoidContrastiveLoss(
          $0[1].unitRows(), logScale: $0[2], shift: $0[3])
      } < tolerance)
  }

  @Test("the contrastive loss of equal rows is log N, and a clamped scale gets no gradient")
  func contrastiveValues() {
    let tape = Tape()
    let same = tape.constant(repeatElement(0.5, count: 20), shape: [5, 4])
    let scale = tape.constant([9], shape: [1], needsGradient: true)
    let loss = same.contrastiveLoss(same, logScale: scale)
    #expect(abs(Double(loss.number) - log(5)) < 1e-5)
    loss.backward()
    #expect(scale.gradient == [0])
  }

  @Test("the other losses have the gradients of their differences", arguments: [1, 5])
  func others(rows: Int) {
    let (a, b) = (Input(rows, 3), Input(rows, 3, seed: 2))
    let shares = Input(rows, 3, seed: 3, in: 0.1...0.9)
    let truths = (0..<rows * 3).map { $0 % 2 == 0 }
    let near = Input(b.numbers.map { $0 + 0.5 }, shape: b.shape)
    let checks: [([Variable]) -> Variable] = [
      { $0[0].squaredError($0[1]) }, { $0[3].smoothL1($0[1]) },
      { $0[3].smoothL1($0[1], beta: 0.1, reduction: .none) }, { $0[0].cosineLoss($0[1]) },
      { $0[0].divergence(from: $0[1]) },
      { $0[0].divergence(from: $0[1], temperature: 3, reduction: .sum) },
      { $0[0].binaryCrossEntropy($0[2]) }, { $0[0].binaryCrossEntropy($0[2], positiveWeight: 3) },
      { $0[0].focalLoss(truths) }, { $0[0].focalLoss(truths, gamma: 0, alpha: nil) },
      { $0[0].sigmoid().diceLoss($0[2]) },
      { $0[0].sigmoid().diceLoss($0[2], smoothing: 0, reduction: .none) },
    ]
    for (place, check) in checks.enumerated() {
      let error = GradientCheck.error([a, b, shares, near], check)
      #expect(error < tolerance, "loss \(place)")
    }
  }

  @Test("the other losses are those of their formulas")
  func values() {
    let tape = Tape()
    let z = tape.constant([2, -1], shape: [1, 2])
    let t = tape.constant([1, 0], shape: [1, 2])
    func sigma(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let plain = -(log(sigma(2)) + log(1 - sigma(-1))) / 2
    #expect(abs(Double(z.binaryCrossEntropy(t).number) - plain) < 1e-6)
    let focal = z.focalLoss([true, false], gamma: 0, alpha: nil).number
    #expect(abs(Double(focal) - plain) < 1e-6)
    let weighted =
      -(0.25 * pow(1 - sigma(2), 2) * log(sigma(2))
      + 0.75 * pow(sigma(-1), 2) * log(1 - sigma(-1)))
    #expect(abs(Double(z.focalLoss([true, false], reduction: .sum).number) - weighted) < 1e-6)
    #expect(t.diceLoss(t, smoothing: 0).number == 0)
    #expect(abs(z.divergence(from: z).number) < 1e-7)
    #expect(abs(z.cosineLoss(z).number) < 1e-6)
    #expect(abs(z.cosineLoss(-z).number - 2) < 1e-6)
    #expect(z.squaredError(t).number == 1)
    #expect(z.smoothL1(t, reduction: .none).numbers == [0.5, 0.5])
  }
}
