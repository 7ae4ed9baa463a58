import Autograd
import Foundation
import Layers
import Learners
import LinearAlgebra
import Random
import Tensors
import Testing

@Suite("Training")
struct TrainingTests {
  /// Thirty-two pairs that two small towers learn to tell apart.
  private struct Pairs {
    let images = MLP("image", widths: [6, 32, 8], seed: 1)
    let texts = MLP("text", widths: [5, 32, 8], activation: .relu, seed: 1)
    let logScale = NetworkParameter("logit_scale", shape: [], filledWith: 2.66)
    let rows: (Matrix<Float>, Matrix<Float>)

    init() {
      var random = Philox(key: Philox.key("pairs"))
      func draw(_ width: Int) -> Matrix<Float> {
        Matrix((0..<32 * width).map { _ in Float(random.normal()) }, rows: 32, columns: width)
      }
      rows = (draw(6), draw(5))
    }

    var parameters: [NetworkParameter] { images.parameters + texts.parameters + [logScale] }

    func loss(on tape: Tape) -> Variable {
      let image = images(tape.constant(rows.0.view)).unitRows()
      let text = texts(tape.constant(rows.1.view)).unitRows()
      return image.contrastiveLoss(text, logScale: tape.use(logScale))
    }

    func train(_ steps: Int, rule: UpdateRule, rate: Double) -> Float {
      let (tape, optimiser) = (Tape(), Optimiser(parameters, rule: rule))
      let schedule = Schedule.cosine(CosineSchedule(rate: rate, steps: steps, warmup: 5))
      for step in 0..<steps {
        tape.reset()
        loss(on: tape).backward()
        clipGradients(parameters, toNorm: 5)
        optimiser.step(rate: schedule.rate(at: step))
      }
      tape.reset()
      return tape.withoutGradients { loss(on: tape).number }
    }
  }

  @Test("learns 32 pairs by heart")
  func overfits() {
    #expect(Pairs().train(400, rule: .adamW(), rate: 1e-2) < 0.01)
    #expect(Pairs().train(400, rule: .lion(), rate: 1e-3) < 0.1)
  }

  @Test("ends with the same bytes twice")
  func determinism() {
    func run() -> [[Float]] {
      let pairs = Pairs()
      _ = pairs.train(20, rule: .adamW(), rate: 1e-2)
      return pairs.parameters.map(\.numbers)
    }
    #expect(run() == run())
  }

  @Test("moves nothing that is frozen, nor what has no gradient")
  func frozen() {
    let pairs = Pairs()
    pairs.images.freeze()
    let unused = NetworkParameter("unused", shape: [2, 2], filledWith: 1)
    let before = pairs.images.parameters.map(\.numbers)
    let optimiser = Optimiser(
      pairs.parameters + [unused], rule: .adamW(), weightDecay: 0.5)
    let tape = Tape()
    pairs.loss(on: tape).backward()
    let text = pairs.texts.layers[0].weight.numbers
    optimiser.step(rate: 0.1)
    #expect(pairs.images.parameters.map(\.numbers) == before)
    #expect(unused.numbers == [1, 1, 1, 1])
    #expect(pairs.texts.layers[0].weight.numbers != text)
    #expect(pairs.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test("steps Lion by the sign, with the decay apart")
  func lion() {
    let p = NetworkParameter("p", shape: [1, 3], numbers: [1, 2, 3])
    let optimiser = Optimiser([p], rule: .lion(betas: (0.5, 0.9)), weightDecay: 0.1)
    let tape = Tape()
    (tape.use(p) * tape.constant([4, -0.1, 0], shape: [1, 3])).sum().backward()
    optimiser.step(rate: 0.5)
    let wanted: [Float] = [0.45, 2.4, 2.85]
    #expect(zip(p.numbers, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("multiplies the rate of a group")
  func groups() {
    let (a, b) = (
      NetworkParameter("a", shape: [1], filledWith: 0),
      NetworkParameter("b", shape: [1], filledWith: 0)
    )
    let optimiser = Optimiser(
      [ParameterGroup([a]), ParameterGroup([b], rateFactor: 0.1)], rule: .sgd())
    let tape = Tape()
    (tape.use(a) + tape.use(b)).sum().backward()
    optimiser.step(rate: 1)
    #expect(a.numbers == [-1] && b.numbers == [-0.1])
  }

  @Test("shortens a long gradient, and leaves a short one")
  func clipping() {
    let p = NetworkParameter("p", shape: [2], filledWith: 0)
    let tape = Tape()
    (tape.use(p) * tape.constant([3, 4], shape: [2])).sum().backward()
    #expect(abs(clipGradients([p], toNorm: 10) - 5) < 1e-6)
    #expect(p.gradient == [3, 4])
    clipGradients([p], toNorm: 1)
    #expect(abs((p.gradient?[0] ?? 0) - 0.6) < 1e-5)
    #expect(clipGradients([], toNorm: 1) == 0)
  }

  @Test("warms up, then keeps or lowers the rate")
  func schedules() {
    let linear = Schedule.linear(rate: 1, steps: 6, warmup: 1, floor: 0.5)
    #expect((0..<7).map(linear.rate(at:)) == [0.5, 1, 0.9, 0.8, 0.7, 0.6, 0.5])
    let constant = Schedule.constant(rate: 3, warmup: 2)
    #expect((0..<4).map(constant.rate(at:)) == [1, 2, 3, 3])
    let cosine = Schedule.cosine(CosineSchedule(rate: 2, steps: 4))
    #expect(cosine.rate(at: 0) == 2 && abs(cosine.rate(at: 2) - 1) < 1e-12)
  }

  @Test("averages parameters, lends the averages and takes them back")
  func averages() {
    let p = NetworkParameter("p", shape: [1], filledWith: 1)
    let average = MovingAverage(of: [p], decay: 0.75)
    p.withNumbers { $0[0] = 5 }
    average.update()
    #expect(average.applied { p.numbers } == [2])
    #expect(p.numbers == [5])
    #expect(average.applied { p.numbers } == [2])
  }
}

@Suite("Checkpoints")
struct CheckpointTests {
  private let path = URL.temporaryDirectory.appending(path: "\(UUID()).safetensors").path()

  @Test("come back as they were written, running moments among them")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = ConvolutionBlock("a", inputs: 2, outputs: 3, seed: 1)
    first.norm.runningMean.withNumbers { $0[1] = 0.5 }
    try Checkpoint.write(first.parameters, metadata: ["made": "here"], to: path)
    let second = ConvolutionBlock("a", inputs: 2, outputs: 3, seed: 2)
    #expect(second.parameters[0].numbers != first.parameters[0].numbers)
    #expect(try Checkpoint.read(path, into: second.parameters) == [])
    #expect(second.parameters.map(\.numbers) == first.parameters.map(\.numbers))
    let unread = try Checkpoint.read(path, into: [second.norm.weight])
    #expect(unread.count == 4 && unread.contains("a.conv.weight"))
  }

  @Test("in bf16 are widened")
  func halves() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tensor = Tensor(dtype: .bf16, shape: [2]) { bytes in
      bytes.storeBytes(of: 0x3F80, as: UInt16.self)
      bytes.storeBytes(of: 0xC000, toByteOffset: 2, as: UInt16.self)
    }
    try SafetensorsFile.write([("p", tensor)], to: path)
    let p = NetworkParameter("p", shape: [2], filledWith: 0)
    try Checkpoint.read(path, into: [p])
    #expect(p.numbers == [1, -2])
  }

  @Test("that do not fit change nothing")
  func mismatch() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Checkpoint.write(
      [
        NetworkParameter("p", shape: [2], filledWith: 7),
        NetworkParameter("q", shape: [2, 1], filledWith: 7),
      ], to: path)
    let (p, q) = (
      NetworkParameter("p", shape: [2], filledWith: 0),
      NetworkParameter("q", shape: [2], filledWith: 0)
    )
    #expect(throws: TensorError.self) { try Checkpoint.read(path, into: [p, q]) }
    #expect(p.numbers == [0, 0])
    let missing = NetworkParameter("r", shape: [2], filledWith: 0)
    #expect(throws: TensorError.self) { try Checkpoint.read(path, into: [p, missing]) }
    #expect(p.numbers == [0, 0])
  }
}

@Suite("Layers")
struct LayerTests {
  @Test("start alike for a name and a seed, and differ else")
  func seeds() {
    func start(_ name: String, _ seed: UInt64) -> [Float] {
      Linear(name, inputs: 4, outputs: 4, seed: seed).weight.numbers
    }
    #expect(start("a", 1) == start("a", 1))
    #expect(start("a", 1) != start("a", 2))
    #expect(start("a", 1) != start("b", 1))
    #expect(start("a", 1).allSatisfy { abs($0) <= 0.5 })
  }

  @Test("embed ids, with zeros for padding")
  func embedding() {
    let tape = Tape()
    let table = Embedding("words", count: 3, width: 2)
    let rows = table([2, -1, 0, 2], batch: 2, on: tape)
    #expect(rows.shape == [2, 2, 2])
    #expect(Array(rows.numbers[2..<4]) == [0, 0])
    #expect(Array(rows.numbers[0..<2]) == Array(table.weight.numbers[4..<6]))
  }

  @Test("with group norm and shortcuts keep the shape")
  func shapes() {
    let tape = Tape()
    let x = tape.constant(repeatElement(1, count: 72), shape: [1, 2, 6, 6])
    let block = ConvolutionBlock("b", inputs: 2, outputs: 2, isResidual: true)
    #expect(GroupNorm("g", channels: 2, groups: 2)(block(x, isTraining: true)).shape == x.shape)
    let halved = ConvolutionBlock("h", inputs: 2, outputs: 4, stride: 2)
    #expect(halved(x, isTraining: false).shape == [1, 4, 3, 3])
    #expect(halved.parameterCount == 2 * 4 * 9 + 4 * 4)
  }

  @Test("of one batch entry and one number train without infinities")
  func single() {
    let tape = Tape()
    let norm = BatchNorm("n", channels: 2)
    let x = tape.constant([3, 4], shape: [1, 2], needsGradient: true)
    let y = norm(x, isTraining: true)
    #expect(y.numbers == [0, 0])
    y.sum().backward()
    #expect(x.gradient == [0, 0])
    #expect(norm.runningVariance.numbers.allSatisfy { abs($0 - 0.9) < 1e-6 })
  }
}
