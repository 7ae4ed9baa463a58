package import Autograd

/// The extents of the transformer of a tower.
package struct TowerShape: Equatable, Sendable {
  /// The numbers of a token, W.
  package var width: Int
  /// The number of blocks.
  package var depth: Int
  /// The heads of each attention.
  package var heads: Int
  /// How many times wider the network within a block is.
  package var expansion: Int
  /// What stands within that network.
  package var activation: Activation

  /// Takes heads of 64 numbers, as all of CLIP's published towers have, unless said otherwise.
  package init(
    width: Int, depth: Int, heads: Int? = nil, expansion: Int = 4, activation: Activation = .gelu
  ) {
    self.width = width
    self.depth = depth
    self.heads = heads ?? max(1, width / 64)
    self.expansion = expansion
    self.activation = activation
  }
}

/// What a CLIP is made of: extents that no weights are needed for.
///
///     var shape = DualEncoderShape.vitB32
///     shape.useActivation(.quickGELU)             // OpenAI's weights
///     let model = DualEncoder(shape, seed: 1)
package struct DualEncoderShape: Equatable, Sendable {
  /// The numbers of an embedding, E.
  package var embedding: Int
  /// The image tower's transformer.
  package var image: TowerShape
  /// The pixels of an edge of an image, S.
  package var side: Int
  /// The pixels of an edge of a patch.
  package var patch: Int
  /// The text tower's transformer.
  package var text: TowerShape
  /// The tokens of a text, T.
  package var length: Int
  /// The number of token ids, V.
  package var vocabulary: Int
  /// The id that ends a text, where its embedding is read; nil for the largest of each, as in CLIP.
  package var end: Int32?

  package init(
    embedding: Int, image: TowerShape, side: Int = 224, patch: Int, text: TowerShape,
    length: Int = 77, vocabulary: Int = 49408, end: Int32? = nil
  ) {
    self.embedding = embedding
    self.image = image
    self.side = side
    self.patch = patch
    self.text = text
    self.length = length
    self.vocabulary = vocabulary
    self.end = end
  }

  /// Sets what stands within the blocks of both towers.
  package mutating func useActivation(_ activation: Activation) {
    image.activation = activation
    text.activation = activation
  }

  /// ViT-B/32 of Radford et al, 2021, table 20.
  package static let vitB32 = DualEncoderShape(
    embedding: 512, image: TowerShape(width: 768, depth: 12), patch: 32,
    text: TowerShape(width: 512, depth: 12))

  /// ViT-B/16 of Radford et al, 2021, table 20.
  package static let vitB16 = DualEncoderShape(
    embedding: 512, image: TowerShape(width: 768, depth: 12), patch: 16,
    text: TowerShape(width: 512, depth: 12))

  /// ViT-L/14 of Radford et al, 2021, table 20.
  package static let vitL14 = DualEncoderShape(
    embedding: 768, image: TowerShape(width: 1024, depth: 24), patch: 14,
    text: TowerShape(width: 768, depth: 12))

  /// Pictures of 32 by 32 pixels in patches of 4, texts of 24 words: trained within minutes.
  package static let small = DualEncoderShape(
    embedding: 64, image: TowerShape(width: 64, depth: 3, heads: 4), side: 32, patch: 4,
    text: TowerShape(width: 64, depth: 2, heads: 4), length: 24, vocabulary: 2000)
}
