import Autograd
import Encoders
import Foundation
import Layers
import Tensors
import Testing

@Suite("Checkpoints of CLIP")
struct CheckpointTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "clip-\(UUID())")

  private func inFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "model.safetensors").path())
  }

  @Test("extents, heads and activation come back from a file, and all numbers")
  func roundTrip() throws {
    try inFolder { path in
      var shape = TinyCLIP.shape
      shape.useActivation(.quickGELU)
      shape.end = 2
      let model = DualEncoder(shape, seed: 3)
      try model.write(to: path)
      let read = try DualEncoder(reading: path)
      #expect(read.shape == shape)
      for (one, other) in zip(model.parameters, read.parameters) {
        #expect(one.name == other.name && one.shape == other.shape)
        #expect(one.numbers == other.numbers, "\(one.name)")
      }
    }
  }

  @Test("halves of both kinds are read, rounded to the nearest", arguments: [DType.f16, .bf16])
  func halves(type: DType) throws {
    try inFolder { path in
      let model = DualEncoder(TinyCLIP.shape, seed: 4)
      try model.write(to: path, as: type)
      let read = try DualEncoder(reading: path)
      let step: Float = type == .f16 ? 0x1p-11 : 0x1p-8
      for (one, other) in zip(model.parameters, read.parameters) {
        for (a, b) in zip(one.numbers, other.numbers) {
          #expect(abs(a - b) <= max(step * abs(a), 0x1p-25), "\(one.name)")
          guard abs(a - b) <= max(step * abs(a), 0x1p-25) else { return }
        }
      }
    }
  }

  @Test("what the weights do not tell comes from open_clip's file beside them, and hints go first")
  func config() throws {
    try inFolder { path in
      let model = try TinyCLIP().model
      // Without notes, as others write them.
      try Checkpoint.write(model.parameters, to: path)
      #expect(try DualEncoder(reading: path).shape.image.heads == 1)
      let text = """
        {"model_cfg": {"embed_dim": 24, "quick_gelu": true,
          "vision_cfg": {"width": 32, "head_width": 16}, "text_cfg": {"width": 32, "heads": 4}},
         "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.5, 1]}}
        """
      let config = folder.appending(path: "open_clip_config.json")
      try Data(text.utf8).write(to: config)
      let read = try DualEncoder(reading: path)
      #expect(read.shape.image.heads == 2 && read.shape.text.heads == 4)
      #expect(read.shape.text.activation == .quickGELU)
      #expect(read.preprocessing.deviation == [0.25, 0.5, 1])
      let hinted = try DualEncoder(
        reading: path, hints: CheckpointHints(activation: .gelu, textHeads: 2))
      #expect(hinted.shape.text.heads == 2 && hinted.shape.image.activation == .gelu)
      try Data("{".utf8).write(to: config)
      #expect(throws: TensorError.self) { _ = try DualEncoder(reading: path) }
    }
  }

  @Test("weights that are no CLIP's are refused, whatever is wrong with them")
  func refused() throws {
    try inFolder { path in
      let model = try TinyCLIP().model
      func check(_ change: (NetworkParameter) -> NetworkParameter?) throws {
        try Checkpoint.write(model.parameters.compactMap(change), to: path)
        #expect(throws: TensorError.self) { _ = try DualEncoder(reading: path) }
      }
      for name in ["visual.proj", "visual.conv1.weight", "token_embedding.weight", "ln_final.bias"]
      {
        try check { $0.name == name ? nil : $0 }
        try check { $0.name == name ? NetworkParameter(name, shape: [3], filledWith: 1) : $0 }
      }
      let positions = "visual.positional_embedding"
      try check {
        $0.name == positions ? NetworkParameter(positions, shape: [16, 32], filledWith: 0) : $0
      }
      try check { $0.name.contains("resblocks.0") ? nil : $0 }
      try Checkpoint.write(model.parameters, to: path)
      for heads in [0, -1, 5] {
        #expect(throws: TensorError.self) {
          _ = try DualEncoder(reading: path, hints: CheckpointHints(imageHeads: heads))
        }
      }
    }
  }
}

@Suite("Parameters whose numbers lie elsewhere")
struct BorrowedParameterTests {
  @Test("they are read in place, and copied when they are written")
  func borrowed() {
    let numbers: [Float] = [1, 2, 3, 4]
    let tensor = Tensor(numbers, shape: [4])
    let parameter = NetworkParameter(later: "x", shape: [2, 2])
    #expect(parameter.numbers == [0, 0, 0, 0])
    parameter.borrow(tensor)
    #expect(parameter.numbers == [1, 2, 3, 4])
    let tape = Tape()
    #expect(tape.use(parameter).sum().number == 10)
    tape.reset()
    parameter.withNumbers { $0[0] = 5 }
    #expect(parameter.numbers == [5, 2, 3, 4])
    #expect(tensor.withElements(of: Float.self) { $0[0] } == 1)
    #expect(tape.use(parameter).sum().number == 14)
  }
}
