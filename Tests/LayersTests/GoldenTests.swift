import Autograd
import Layers
import Tensors
import Testing

@Suite("Parts of networks beside PyTorch")
struct GoldenTests {
  private let tolerance: Float = 1e-5

  /// Walks back as the reference did; checks the result and every gradient.
  private func check(
    _ golden: Golden, _ result: Variable, _ parameters: [NetworkParameter],
    _ inputs: [String: Variable]
  ) throws {
    #expect(try golden.error(result.numbers, "result") < tolerance)
    result.backward(seed: try golden.numbers("weights"))
    for parameter in parameters where parameter.isTrained {
      let error = try golden.error(parameter.gradient, "grad.\(parameter.name)")
      #expect(error < tolerance, "the gradient of \(parameter.name)")
    }
    for (name, input) in inputs {
      #expect(
        try golden.error(input.gradient, "grad.\(name)") < tolerance, "the gradient of \(name)")
    }
  }

  @Test("transformer blocks agree in results and gradients", arguments: ["pre", "post", "quick"])
  func block(name: String) throws {
    let golden = try Golden(name)
    let block = TransformerBlock(
      "block", width: 8, heads: 2, style: name == "post" ? .postNorm : .preNorm,
      activation: name == "quick" ? .quickGELU : .gelu)
    try golden.load(block.parameters)
    let tape = Tape()
    let x = try golden.leaf("x", on: tape)
    let allowed = (0..<10).map { $0 < 8 }
    let mask = AttentionMask(
      isCausal: name == "quick", allowedKeys: name == "post" ? allowed : nil)
    try check(golden, block(x, mask: mask), block.parameters, ["x": x])
  }

  @Test("a block with cross-attention agrees in results and gradients")
  func cross() throws {
    let golden = try Golden("cross")
    let block = TransformerBlock("block", width: 8, heads: 2, hasCrossAttention: true)
    try golden.load(block.parameters)
    let tape = Tape()
    let (x, memory) = (try golden.leaf("x", on: tape), try golden.leaf("memory", on: tape))
    try check(golden, block(x, memory: memory), block.parameters, ["x": x, "memory": memory])
  }

  @Test("a convolution with batch norm agrees, and so do its running moments and predictions")
  func convolution() throws {
    let golden = try Golden("conv")
    let block = ConvolutionBlock("block", inputs: 3, outputs: 4)
    try golden.load(block.parameters)
    let tape = Tape()
    let x = try golden.leaf("x", on: tape)
    try check(golden, block(x, isTraining: true), block.parameters, ["x": x])
    #expect(try golden.error(block.norm.runningMean.numbers, "running_mean") < tolerance)
    #expect(try golden.error(block.norm.runningVariance.numbers, "running_var") < tolerance)
    #expect(try golden.error(block(x, isTraining: false).numbers, "predicted") < tolerance)
  }

  @Test("the contrastive loss agrees, by its scale too")
  func contrastive() throws {
    let (golden, tape) = (try Golden("contrastive"), Tape())
    let (u, v) = (try golden.leaf("u", on: tape), try golden.leaf("v", on: tape))
    let scale = try golden.leaf("scale", on: tape)
    let loss = u.unitRows().contrastiveLoss(v.unitRows(), logScale: scale)
    loss.backward()
    #expect(try golden.error(loss.numbers, "loss") < tolerance)
    #expect(try golden.error(u.gradient, "grad.u") < tolerance)
    #expect(try golden.error(v.gradient, "grad.v") < tolerance)
    #expect(try golden.error(scale.gradient, "grad.scale") < tolerance)
  }

  @Test("cross-entropy with smoothed labels agrees, a row without label among them")
  func smoothed() throws {
    let (golden, tape) = (try Golden("smoothed"), Tape())
    let z = try golden.leaf("z", on: tape)
    let labels = try golden.numbers("labels").map { Int32($0) }
    let loss = z.crossEntropy(labels, smoothing: 0.1)
    loss.backward()
    #expect(try golden.error(loss.numbers, "loss") < tolerance)
    #expect(try golden.error(z.gradient, "grad.z") < tolerance)
  }

  @Test(
    "twenty steps of an optimiser with two groups end where PyTorch's do",
    arguments: ["adamw", "adam", "nesterov", "sgd"])
  func steps(name: String) throws {
    let golden = try Golden(name)
    let matrix = NetworkParameter("matrix", shape: [3, 4], filledWith: 0)
    let vector = NetworkParameter("vector", shape: [4], filledWith: 0)
    try golden.load([matrix, vector])
    let rule: UpdateRule =
      switch name {
      case "adamw": .adamW(betas: (0.9, 0.98), epsilon: 1e-6)
      case "adam": .adam()
      default: .sgd(momentum: 0.9, isNesterov: name == "nesterov")
      }
    let optimiser = Optimiser([matrix, vector], rule: rule, weightDecay: 0.1)
    let tape = Tape()
    for _ in 0..<20 {
      tape.reset()
      let (m, v) = (tape.use(matrix), tape.use(vector))
      ((m + v).squared() + (m * v).sigmoid()).sum().backward()
      clipGradients([matrix, vector], toNorm: 5)
      optimiser.step(rate: name.hasPrefix("adam") ? 0.05 : 0.02)
    }
    #expect(try golden.error(matrix.numbers, "final.matrix") < tolerance)
    #expect(try golden.error(vector.numbers, "final.vector") < tolerance)
  }
}
