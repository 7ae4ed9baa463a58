import Autograd
import Encoders
import Foundation
import Layers
import LinearAlgebra
import Tensors
import Testing

@Suite("Readings of CLIP's towers beside PyTorch")
struct TowerReadingTests {
  private let clip: TinyCLIP
  private let stored: SafetensorsFile
  private let tape = Tape()
  private var tower: ImageTower { clip.model.image }

  init() throws {
    clip = try TinyCLIP()
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    stored = try SafetensorsFile(path: folder.appending(path: "towers.safetensors").path())
  }

  private func error(_ found: [Float], _ name: String) throws -> Float {
    difference(
      found, try stored.tensor(named: name).withElements(of: Float.self) { Array($0) })
  }

  private func images(needsGradient: Bool = false) throws -> Variable {
    tape.constant(
      try clip.numbers("images").prefix(2 * 3 * 32 * 32), shape: [2, 3, 32, 32],
      needsGradient: needsGradient)
  }

  @Test("the class token's attention agrees in each block and head")
  func classAttention() throws {
    let weights = tower.classAttention(of: try images())
    #expect(weights.count == 2)
    for (block, weights) in weights.enumerated() {
      #expect(weights.shape == [2, 2, 16])
      #expect(try error(weights.numbers, "class_attention\(block)") < 1e-5)
    }
  }

  @Test("MaskCLIP's patches agree, with shortcut and network and without")
  func maskCLIP() throws {
    #expect(try error(tower.maskCLIP(of: images()).numbers, "mask_clip") < 1e-5)
    #expect(
      try error(tower.maskCLIP(of: images(), isWhole: false).numbers, "mask_clip_bare") < 1e-5)
  }

  @Test("attention of values to values agrees")
  func values() throws {
    let last = tower.transformer.blocks[1]
    let start = tower.tokens(of: try images(), blocks: 1)
    let found = last.attention(last.norms.attention(start), form: .valuesToValues)
    #expect(try error(found.numbers, "values_to_values") < 1e-5)
  }

  @Test("hidden patches are seen by no token")
  func masked() throws {
    let allowed = (0..<2 * 17).map { $0 < 17 ? $0 < 12 : $0 != 18 }
    let found = tower.features(of: try images(), mask: AttentionMask(allowedKeys: allowed))
    #expect(try error(found.numbers, "masked") < 1e-5)
  }

  @Test("the gradient of the pixels agrees, and frozen weights get none")
  func pixels() throws {
    clip.model.freeze()
    let images = try images(needsGradient: true)
    let features = tower.features(of: images)
    (features * features).sum().backward()
    let gradient = try #require(images.gradient)
    let every = (0..<6).flatMap { channel in
      stride(from: 0, to: 32, by: 5).flatMap { row in
        stride(from: 0, to: 32, by: 5).map { gradient[(channel * 32 + row) * 32 + $0] }
      }
    }
    #expect(try error(every, "image_gradient") < 1e-4)
    #expect(clip.model.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test(
    "positions are resized as PyTorch does",
    arguments: [
      ("bilinear", PositionFilter.bilinear), ("bicubic", .bicubic), ("smooth", .smoothBicubic),
    ], [3, 6])
  func positions(filter: (name: String, filter: PositionFilter), grid: Int) throws {
    let resized = tower.resized(toSide: 8 * grid, filter: filter.filter)
    #expect(resized.grid == grid && resized.side == 8 * grid)
    let numbers = resized.positions.numbers
    #expect(Array(numbers[..<32]) == Array(tower.positions.numbers[..<32]))
    #expect(try error(Array(numbers[32...]), "positions_\(filter.name)\(grid)") < 1e-5)
    let pixels = tape.constant(
      repeatElement(0.5, count: 3 * resized.side * resized.side),
      shape: [1, 3, resized.side, resized.side])
    #expect(resized.features(of: pixels).shape == [1, 24])
  }
}

extension TowerReadingTests {
  @Test("positions of texts are stretched as Long-CLIP does")
  func stretched() throws {
    let table = try stored.tensor(named: "stretched_in")
    var shape = TinyCLIP.shape
    shape.text = TowerShape(width: 4, depth: 1, heads: 1)
    shape.length = 77
    let text = TextTower(shape, seed: nil)
    text.positions.borrow(table)
    #expect(try error(text.stretched().positions.numbers, "stretched_out") < 1e-6)
  }
}

@Suite("Changes to CLIP's towers")
struct TowerChangeTests {
  @Test("positions of texts are stretched behind those that stay")
  func stretched() {
    // Positions on a line stay on it, in quarter steps behind the first four.
    var shape = TinyCLIP.shape
    shape.length = 10
    let text = TextTower(shape)
    text.positions.withNumbers { numbers in
      for index in numbers.indices { numbers[index] = Float(index / 32) }
    }
    let longer = text.stretched(keeping: 4, by: 4)
    #expect(longer.length == 4 * 10 - 3 * 4)
    let column = longer.positions.numbers.enumerated().filter { $0.offset % 32 == 0 }
    let wanted: [Float] = [0, 1, 2, 3] + (0..<24).map { 4 + Float($0) / 4 }
    #expect(column.map(\.element) == wanted)
    #expect(text.length == 10)
    #expect(text.stretched(keeping: 4, by: 1).positions.numbers == text.positions.numbers)
  }

  @Test("weights may come from their singular values, which get gradients")
  func factored() throws {
    let clip = try TinyCLIP()
    clip.model.freeze()
    let weight = clip.model.image.transformer.blocks[0].narrowing.weight
    let scales = NetworkParameter("scales", shape: [32, 1], filledWith: 1)
    let tape = Tape()
    // With scales of 1 the rows are what they were.
    let rows = tape.constant(weight.numbers, shape: weight.shape)
    tape.substitute(rows * tape.use(scales), for: weight)
    let features = clip.model.image.features(of: try clip.images(tape))
    #expect(try clip.error(features.numbers, "image_features") < 1e-5)
    features.sum().backward()
    #expect(scales.gradient?.contains { $0 != 0 } == true)
    #expect(weight.gradient == nil)
  }

  @Test("prompts that are put before a block and taken out again get gradients")
  func prompts() throws {
    let clip = try TinyCLIP()
    clip.model.freeze()
    let prompts = (0..<2).map {
      NetworkParameter(
        "prompt.\($0)", shape: [1, 3, 32], .normal(deviation: 0.1), seed: UInt64($0))
    }
    let tape = Tape()
    let features = clip.model.image.features(of: try clip.images(tape)) { block, tokens in
      // Behind the class token, in each block others.
      let rest = tokens.slice((block > 0 ? 4 : 1)..<tokens.shape[1], axis: 1)
      let head = tokens.slice(0..<1, axis: 1)
      guard block < 2 else { return tape.concatenate([head, rest], axis: 1) }
      let prompt = tape.use(prompts[block]).repeated(to: [4, 3, 32])
      return tape.concatenate([head, prompt, rest], axis: 1)
    }
    #expect(features.shape == [4, 24])
    #expect(try clip.error(features.numbers, "image_features") > 1e-3)
    (features * features).sum().backward()
    for prompt in prompts { #expect(prompt.gradient?.contains { $0 != 0 } == true) }
  }

  @Test("an edit that changes nothing changes no bit")
  func identity() throws {
    let clip = try TinyCLIP()
    let tape = Tape()
    let images = try clip.images(tape)
    let plain = tape.withoutGradients { clip.model.image.features(of: images).numbers }
    let edited = tape.withoutGradients {
      clip.model.image.features(of: images) { _, tokens in tokens }.numbers
    }
    #expect(plain == edited)
    #expect(plain == clip.model.image.features(of: images).numbers)
  }

  @Test("tokens behind the end of a text change nothing, nor does the rest of the batch")
  func padding() throws {
    let clip = try TinyCLIP()
    let tape = Tape()
    let ids: [Int32] = [62, 5, 9, 63, 0, 0]
    let alone = clip.model.text.features(of: ids, count: 1, on: tape).numbers
    let noisy = clip.model.text.features(of: [62, 5, 9, 63, 7, 30], count: 1, on: tape).numbers
    let long = clip.model.text.features(
      of: ids + [62, 1, 2, 3, 4, 63], count: 2, on: tape
    ).numbers
    #expect(difference(noisy, alone) < 1e-6)
    #expect(difference(Array(long.prefix(24)), alone) < 1e-6)
  }

  @Test("predicting takes the memory of one block, and training that of all")
  func memory() {
    var shape = TinyCLIP.shape
    shape.image.depth = 12
    let tower = ImageTower(shape)
    let pixels = [Float](repeating: 0.3, count: 16 * 3 * 32 * 32)
    func bytes(_ depth: Int, trains: Bool) -> Int {
      let tape = Tape()
      for _ in 0..<3 {
        tape.reset()
        let images = tape.constant(pixels, shape: [16, 3, 32, 32])
        if trains {
          _ = tower.tokens(of: images, blocks: depth)
        } else {
          tape.withoutGradients { _ = tower.tokens(of: images, blocks: depth) }
        }
      }
      return tape.capacity
    }
    #expect(bytes(12, trains: false) == bytes(2, trains: false))
    #expect(bytes(12, trains: true) > 4 * bytes(12, trains: false))
  }
}
