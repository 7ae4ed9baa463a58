import Autograd
import Encoders
import Foundation
import Layers
import Tensors
import Testing

/// The tiny CLIP whose results `golden.py` stored.
struct TinyCLIP {
  static let shape = DualEncoderShape(
    embedding: 24, image: TowerShape(width: 32, depth: 2, heads: 2), side: 32, patch: 8,
    text: TowerShape(width: 32, depth: 2, heads: 2), length: 16, vocabulary: 64)

  let file: SafetensorsFile
  let model: DualEncoder
  /// `gelu` or `quickgelu`.
  let kind: String

  init(_ kind: String = "gelu") throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    file = try SafetensorsFile(path: folder.appending(path: "golden.safetensors").path())
    self.kind = kind
    var shape = TinyCLIP.shape
    if kind == "quickgelu" { shape.useActivation(.quickGELU) }
    model = DualEncoder(shape, seed: nil)
    for parameter in model.parameters {
      let stored = try numbers("weights/\(parameter.name)")
      parameter.withNumbers { _ = $0.update(fromContentsOf: stored) }
    }
  }

  func numbers(_ name: String) throws -> [Float] {
    try file.tensor(named: name).withElements(of: Float.self) { Array($0) }
  }

  func images(_ tape: Tape, needsGradient: Bool = false) throws -> Variable {
    tape.constant(try numbers("images"), shape: [4, 3, 32, 32], needsGradient: needsGradient)
  }

  func ids() throws -> [Int32] {
    try file.tensor(named: "tokens").withElements(of: Int32.self) { Array($0) }
  }

  /// The largest difference from what is stored, relative to its largest number.
  func error(_ found: some Collection<Float>, _ name: String) throws -> Float {
    try difference(found, numbers("\(kind)/\(name)"))
  }
}

/// The largest difference, relative to the largest number that is wanted.
func difference(_ found: some Collection<Float>, _ wanted: [Float]) -> Float {
  guard found.count == wanted.count else { return .infinity }
  let size = wanted.reduce(1e-30) { max($0, abs($1)) }
  let worst = zip(found, wanted).reduce(Float(0)) { worst, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(worst, distance)
  }
  return worst / size
}

@Suite("CLIP's towers beside open_clip")
struct TowerGoldenTests {
  @Test("embeddings agree to a part in 100,000", arguments: ["gelu", "quickgelu"])
  func embeddings(kind: String) throws {
    let clip = try TinyCLIP(kind)
    let tape = Tape()
    try tape.withoutGradients {
      let images = try clip.images(tape)
      #expect(
        try clip.error(clip.model.image.features(of: images).numbers, "image_features") < 1e-5)
      let texts = clip.model.text.features(of: try clip.ids(), count: 4, on: tape)
      #expect(try clip.error(texts.numbers, "text_features") < 1e-5)
    }
  }

  @Test("patch tokens and the tokens behind each block agree", arguments: ["gelu", "quickgelu"])
  func layers(kind: String) throws {
    let clip = try TinyCLIP(kind)
    let tape = Tape()
    try tape.withoutGradients {
      let images = try clip.images(tape)
      let patches = clip.model.image.patchTokens(of: images).slice(0..<1)
      #expect(try clip.error(patches.numbers, "patch_tokens") < 1e-5)
      let layers = clip.model.image.layers(of: images)
      #expect(layers.count == 2)
      for (place, layer) in layers.enumerated() {
        #expect(try clip.error(layer.slice(0..<1).numbers, "vision_block\(place)") < 1e-5)
      }
      let text = clip.model.text
      var seen: [Variable] = []
      _ = text.tokens(text.embedded(try clip.ids(), count: 4, on: tape)) { _, tokens in
        seen.append(tokens)
        return tokens
      }
      for place in 0..<2 {
        let found = seen[place + 1].slice(0..<1).numbers
        #expect(try clip.error(found, "text_block\(place)") < 1e-5)
      }
    }
  }

  @Test("the loss and the gradient of every weight agree", arguments: ["gelu", "quickgelu"])
  func gradients(kind: String) throws {
    let clip = try TinyCLIP(kind)
    let tape = Tape()
    let loss = clip.model.loss(
      clip.model.image.features(of: try clip.images(tape)),
      clip.model.text.features(of: try clip.ids(), count: 4, on: tape))
    #expect(try clip.error([loss.number], "loss") < 1e-5)
    loss.backward()
    for parameter in clip.model.parameters {
      let gradient = try #require(parameter.gradient, "\(parameter.name)")
      let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(try clip.error([Float(square)], "size/\(parameter.name)") < 2e-4)
      // Small beside the largest number of the whole gradient, which need not be among the first.
      let first = gradient.prefix(48)
      let wanted = try clip.numbers("\(kind)/grad/\(parameter.name)")
      let largest = gradient.reduce(0) { max($0, abs($1)) }
      let worst = zip(first, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= max(1e-4 * largest, 1e-6), "\(parameter.name)")
    }
  }
}
