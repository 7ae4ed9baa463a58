package import Autograd
internal import Documents
internal import Layers
package import Tensors

/// What the weights of a checkpoint do not tell.
package struct CheckpointHints: Sendable {
  /// What stands within the blocks; `quickGELU` for OpenAI's weights.
  package var activation: Activation?
  /// The heads of the image tower, else one for 64 numbers.
  package var imageHeads: Int?
  /// The heads of the text tower, else one for 64 numbers.
  package var textHeads: Int?
  /// The id that ends a text, else the largest of each.
  package var end: Int32?

  package init(
    activation: Activation? = nil, imageHeads: Int? = nil, textHeads: Int? = nil, end: Int32? = nil
  ) {
    self.activation = activation
    self.imageHeads = imageHeads
    self.textHeads = textHeads
    self.end = end
  }

  /// These, and where they are silent those of others.
  func or(_ other: CheckpointHints) -> CheckpointHints {
    CheckpointHints(
      activation: activation ?? other.activation, imageHeads: imageHeads ?? other.imageHeads,
      textHeads: textHeads ?? other.textHeads, end: end ?? other.end)
  }
}

extension DualEncoder {
  /// Reads a checkpoint with the names of OpenAI's CLIP and of open_clip, f16, bf16 or f32.
  ///
  /// Extents come from the shapes of the weights. Heads, activation and statistics of pixels come
  /// from the hints, else from what `write` left in the file, else from an `open_clip_config.json`
  /// beside it, else they are heads of 64 numbers, GELU and OpenAI's statistics.
  package init(
    reading path: String, hints: CheckpointHints = CheckpointHints()
  ) throws(TensorError) {
    let file = try SafetensorsFile(path: path)
    let beside = try OpenCLIPConfig(beside: path)
    let shape = try DualEncoderShape(
      of: file, hints: hints.or(CheckpointHints(file.metadata)).or(beside?.hints ?? hints))
    self.init(shape, seed: nil)
    if let statistics = beside?.statistics {
      preprocessing.mean = statistics.mean
      preprocessing.deviation = statistics.deviation
    }
    try Checkpoint.read(path, into: parameters)
  }

  /// Writes a checkpoint that open_clip reads too, its numbers in a floating type.
  package func write(to path: String, as dtype: DType = .f32) throws(TensorError) {
    let notes = [
      "activation": shape.image.activation.rawValue, "image_heads": "\(shape.image.heads)",
      "text_heads": "\(shape.text.heads)",
    ].merging(shape.end.map { ["end": "\($0)"] } ?? [:]) { $1 }
    try Checkpoint.write(parameters, as: dtype, metadata: notes, to: path)
  }
}

extension CheckpointHints {
  /// What `write` left in a file.
  fileprivate init(_ notes: [String: String]) {
    self.init(
      activation: notes["activation"].flatMap(Activation.init(rawValue:)),
      imageHeads: notes["image_heads"].flatMap { Int($0) },
      textHeads: notes["text_heads"].flatMap { Int($0) },
      end: notes["end"].flatMap { Int32($0) })
  }
}

extension DualEncoderShape {
  /// The extents that the shapes of the weights tell.
  init(of file: SafetensorsFile, hints: CheckpointHints) throws(TensorError) {
    func extents(_ name: String, _ wanted: [String]) throws(TensorError) -> [Int] {
      let shape = try file.form(of: name).shape
      guard shape.rank == wanted.count, !shape.extents.contains(0) else {
        throw TensorError(
          "the tensor '\(name)' is \(shape), but CLIP's is [\(wanted.joined(separator: ", "))]",
          path: file.path)
      }
      return shape.extents
    }
    let kernel = try extents("visual.conv1.weight", ["width", "3", "patch", "patch"])
    let places = try extents("visual.positional_embedding", ["1 + grid * grid", "width"])
    let grid = Int(Double(places[0] - 1).squareRoot().rounded())
    guard grid > 0, grid * grid + 1 == places[0], kernel[1] == 3, kernel[2] == kernel[3] else {
      throw TensorError(
        "has no square grid of square patches of three colours: 'visual.conv1.weight' is "
          + "\(kernel), 'visual.positional_embedding' is \(places)", path: file.path)
    }
    func tower(
      _ name: String, width: Int, heads: Int?
    ) throws(TensorError) -> TowerShape {
      let prefix = "\(name).resblocks."
      let numbers = file.names.filter { $0.hasPrefix(prefix) }.compactMap {
        Int($0.dropFirst(prefix.count).prefix { $0 != "." })
      }
      let wide =
        numbers.isEmpty ? [4 * width] : try extents("\(prefix)0.mlp.c_fc.bias", ["4 width"])
      let shape = TowerShape(
        width: width, depth: Set(numbers).count, heads: heads, expansion: wide[0] / width,
        activation: hints.activation ?? .gelu)
      guard shape.heads > 0, width.isMultiple(of: shape.heads), wide[0].isMultiple(of: width) else {
        throw TensorError(
          "has '\(name)' of \(width) columns, which \(shape.heads) heads and a network of "
            + "\(wide[0]) do not go with; say how many heads it has", path: file.path)
      }
      return shape
    }
    let text = try extents("positional_embedding", ["length", "width"])
    self.init(
      embedding: try extents("visual.proj", ["width", "embedding"])[1],
      image: try tower("visual.transformer", width: kernel[0], heads: hints.imageHeads),
      side: grid * kernel[2], patch: kernel[2],
      text: try tower("transformer", width: text[1], heads: hints.textHeads), length: text[0],
      vocabulary: try extents("token_embedding.weight", ["vocabulary", "width"])[0], end: hints.end)
  }
}
