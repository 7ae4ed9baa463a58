import Autograd
import Foundation
import Layers
import Tensors
import Testing

@testable import MixingLearning

@Suite("CutMix beside the authors' code")
struct CutMixGoldenTests {
  /// λ, the drawn centre on both axes, and the extents `[B, C, H, W]` and K of a stored step.
  struct Case: Sendable, CustomTestStringConvertible {
    let number: Int
    let share: Double
    let centre: (row: Int, column: Int)
    let extents: [Int]
    let classCount: Int

    var testDescription: String { "case \(number)" }

    var form: PictureForm {
      PictureForm(planes: extents[1], height: extents[2], width: extents[3])
    }

    func tensor(_ name: String) throws -> Tensor {
      let folder = URL(filePath: #filePath).deletingLastPathComponent()
      let file = try SafetensorsFile(path: folder.appending(path: "golden.safetensors").path())
      return try file.tensor(named: "c\(number)_\(name)")
    }

    func floats(_ name: String) throws -> [Float] {
      try tensor(name).withElements(of: Float.self) { Array($0) }
    }

    func integers(_ name: String) throws -> [Int32] {
      try tensor(name).withElements(of: Int32.self) { Array($0) }
    }

    func double(_ name: String) throws -> Double {
      try tensor(name).withElements(of: Double.self) { $0[0] }
    }
  }

  static let cases = [
    Case(number: 0, share: 0.6, centre: (2, 5), extents: [6, 3, 8, 8], classCount: 5),
    Case(number: 1, share: 0.3, centre: (7, 0), extents: [5, 1, 8, 8], classCount: 6),
    Case(number: 2, share: 0.5, centre: (3, 8), extents: [4, 2, 6, 10], classCount: 5),
  ]

  @Test(
    "box, batch and λ are theirs exactly, the loss and a step of a linear model to 1e-5",
    arguments: cases)
  func step(_ stored: Case) throws {
    let form = stored.form
    let box = CutBox(share: stored.share, centre: stored.centre, in: form)
    let corners = [
      box.rows.lowerBound, box.columns.lowerBound, box.rows.upperBound, box.columns.upperBound,
    ]
    #expect(try corners.map(Int32.init) == stored.integers("box"))
    #expect(abs(box.shareOutside(of: form) - (try stored.double("lambda_realised"))) < 1e-12)

    var batch = try stored.floats("x")
    let partners = try stored.integers("perm").map(Int.init)
    let draw = MixingDraw(
      share: stored.share, partners: partners,
      centres: [(row: Int, column: Int)](repeating: stored.centre, count: partners.count))
    let mixture = MixingMode.cutmix.mix(&batch, form: form, draw, side: 0)
    #expect(try batch == stored.floats("mixed"))

    let (classCount, labels) = (stored.classCount, try stored.integers("y"))
    let weight = NetworkParameter(
      "weight", shape: [classCount, form.count], numbers: try stored.floats("weight"))
    let bias = NetworkParameter("bias", shape: [classCount], numbers: try stored.floats("bias"))
    let tape = Tape()
    let logits = tape.constant(batch, shape: [labels.count, form.count])
      .linear(tape.use(weight), tape.use(bias))
    #expect(difference(logits.numbers, try stored.floats("logits")) < 1e-5)
    let loss = logits.crossEntropy(
      tape.constant(
        mixture.targets(labels, classCount: classCount), shape: [labels.count, classCount]))
    #expect(abs(Double(loss.number) - (try stored.double("loss"))) < 1e-5)
    loss.backward()
    #expect(difference(weight.gradient ?? [], try stored.floats("grad_weight")) < 1e-5)
    let optimiser = Optimiser(
      [ParameterGroup([weight, bias], weightDecay: 1e-4)],
      rule: .sgd(momentum: 0.9, isNesterov: true))
    optimiser.step(rate: 0.1)
    #expect(difference(weight.numbers, try stored.floats("weight_after")) < 1e-5)
  }

  private func difference(_ found: [Float], _ wanted: [Float]) -> Float {
    guard found.count == wanted.count else { return .infinity }
    return zip(found, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
