import Autograd
import Layers
import Random
import Testing

@testable import MixingLearning

@Suite("Training on pictures")
struct PictureTrainingTests {
  private let form = PictureForm(planes: 1, height: 8, width: 8)

  /// Pictures with a bright stripe, across or down, on noise.
  private func stripes(_ count: Int, key: UInt64) -> PictureSet {
    var random = Philox(key: key)
    var numbers: [Float] = []
    for picture in 0..<count {
      let place = random.below(8)
      for row in 0..<8 {
        for column in 0..<8 {
          let isStripe = (picture % 2 == 0 ? row : column) == place
          numbers.append(Float((isStripe ? 2 : 0) + 0.3 * random.normal()))
        }
      }
    }
    return numbers.withUnsafeBufferPointer {
      PictureSet($0, form: form, labels: (0..<count).map { Int32($0 % 2) })
    }
  }

  private func training(
    _ mode: MixingMode, probability: Double = 1, seed: UInt64 = 1, epochs: Int = 6
  ) -> PictureTraining {
    var plan = PictureTraining.Plan()
    plan.mode = mode
    plan.probability = probability
    plan.epochs = epochs
    plan.batch = 16
    plan.side = 4
    plan.pad = 1
    plan.flips = true
    let network = SmallConvolutionNetwork(planes: 1, classCount: 2, width: 8, seed: seed)
    let training = PictureTraining(
      network, on: stripes(64, key: 9), classCount: 2, plan: plan, seed: seed)
    for epoch in 0..<epochs { #expect(training.epoch(epoch).isFinite) }
    return training
  }

  private func numbers(_ training: PictureTraining) -> [Float] {
    training.network.parameters.flatMap(\.numbers)
  }

  @Test("learns the stripes, with every mode", arguments: MixingMode.allCases)
  func learns(mode: MixingMode) {
    #expect(training(mode).trainingAccuracy() > 0.9)
  }

  @Test("without a step that mixes, every mode is none to the bit", arguments: MixingMode.allCases)
  func reduction(mode: MixingMode) {
    #expect(
      numbers(training(mode, probability: 0, epochs: 2)) == numbers(training(.none, epochs: 2)))
  }

  @Test("two trainings give the same bits, another seed or mode gives others")
  func determinism() {
    let first = numbers(training(.cutmix, epochs: 2))
    #expect(first == numbers(training(.cutmix, epochs: 2)))
    #expect(first != numbers(training(.cutmix, seed: 2, epochs: 2)))
    #expect(first != numbers(training(.cutout, epochs: 2)))
  }

  @Test("a network of tokens learns what the mean of the tokens tells")
  func tokens() {
    let grid = PictureForm(tokenRows: 2, columns: 2, depth: 3)
    var random = Philox(key: 5)
    let labels = (0..<48).map { Int32($0 % 3) }
    let numbers = labels.flatMap { label in
      (0..<12).map { Float(($0 % 3 == Int(label) ? 1 : 0) + 0.5 * random.normal()) }
    }
    let set = numbers.withUnsafeBufferPointer { PictureSet($0, form: grid, labels: labels) }
    var plan = PictureTraining.Plan()
    plan.epochs = 20
    let network = TokenNetwork(depth: 3, classCount: 3, width: 16, seed: 1)
    let training = PictureTraining(network, on: set, classCount: 3, plan: plan, seed: 1)
    for epoch in 0..<20 { _ = training.epoch(epoch) }
    #expect(training.trainingAccuracy() > 0.9)
  }

  @Test("pictures are moved within a black border, and mirrored")
  func moves() {
    let form = PictureForm(planes: 1, height: 3, width: 3)
    let numbers: [Float] = [0, 0, 0, 0, 9, 0, 0, 0, 0]
    let set = numbers.withUnsafeBufferPointer { PictureSet($0, form: form, labels: [0]) }
    var random = Philox(key: 6)
    let plain = set.batch([0], pad: 0, flips: false, using: &random)
    var seen: Set<Int> = []
    for _ in 0..<200 {
      let moved = set.batch([0], pad: 1, flips: true, using: &random)
      // The bright cell is somewhere, all else as black as before.
      let place = moved.firstIndex { $0 == plain[4] }
      seen.insert(place ?? -1)
      #expect(moved.count { $0 == plain[0] } == 8)
    }
    #expect(seen == Set(0..<9))
  }

  @Test("the two networks of pictures have the sizes that the method's card names")
  func sizes() {
    let small = SmallConvolutionNetwork(planes: 3, classCount: 10, width: 32, seed: 0)
    #expect(small.parameterCount(trained: true) == 141_034)
    let residual = SmallResidualNetwork(planes: 3, classCount: 10, width: 16, seed: 0)
    #expect(residual.parameterCount(trained: true) == 77_850)
  }
}

extension PictureNetwork {
  fileprivate func parameterCount(trained: Bool) -> Int {
    parameters.filter { $0.isTrained == trained }.reduce(0) { $0 + $1.count }
  }
}
