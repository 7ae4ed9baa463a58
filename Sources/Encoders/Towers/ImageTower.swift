package import Autograd
package import Layers
internal import Tensors

/// CLIP's vision transformer: pictures `[N, 3, S, S]` to embeddings `[N, E]`.
///
/// Dosovitskiy et al. 2021 with a norm before the blocks, as in Radford et al. 2021. Its steps can
/// be taken one by one: `patches`, `sequence`, `transformer`, `pooled`.
///
///     let tape = Tape()
///     let images = tape.constant(pixels, shape: [32, 3, 224, 224])
///     let features = tape.withoutGradients { tower.features(of: images) }    // [32, E]
package struct ImageTower: Layer {
  /// The kernel of the patches, `[W, 3, P, P]`.
  package let kernel: NetworkParameter
  /// The token that the embedding is read from, `[W]`.
  package let classToken: NetworkParameter
  /// Of the class token and of each patch, `[1 + G G, W]`, rows of patches from the top.
  package let positions: NetworkParameter
  /// Before the blocks.
  package let normBefore: LayerNorm
  /// The blocks.
  package let transformer: Transformer
  /// Behind the blocks.
  package let normAfter: LayerNorm
  /// To the embedding, `[W, E]`.
  package let projection: NetworkParameter

  /// Makes a tower with CLIP's first values; without a seed with zeros, to be read next.
  package init(_ shape: DualEncoderShape, name: String = "visual", seed: UInt64? = 0) {
    let width = shape.image.width
    precondition(shape.side.isMultiple(of: shape.patch), "patches tile the image")
    let grid = shape.side / shape.patch
    let deviation = 1 / Float(width).squareRoot()
    let area = 3 * shape.patch * shape.patch
    kernel = NetworkParameter(
      "\(name).conv1.weight", shape: [width, 3, shape.patch, shape.patch],
      .uniform(bound: 1 / Float(area).squareRoot()), seed: seed)
    classToken = NetworkParameter(
      "\(name).class_embedding", shape: [width], .normal(deviation: deviation), seed: seed)
    positions = NetworkParameter(
      "\(name).positional_embedding", shape: [1 + grid * grid, width],
      .normal(deviation: deviation), seed: seed)
    normBefore = LayerNorm("\(name).ln_pre", width: width)
    transformer = Transformer(
      "\(name).transformer", width: width, heads: shape.image.heads, depth: shape.image.depth,
      expansion: shape.image.expansion, activation: shape.image.activation, seed: seed)
    normAfter = LayerNorm("\(name).ln_post", width: width)
    projection = NetworkParameter(
      "\(name).proj", shape: [width, shape.embedding], .normal(deviation: deviation), seed: seed)
  }

  /// The same weights with other positions, for images of another size.
  init(_ other: ImageTower, positions: NetworkParameter) {
    kernel = other.kernel
    classToken = other.classToken
    self.positions = positions
    normBefore = other.normBefore
    transformer = other.transformer
    normAfter = other.normAfter
    projection = other.projection
  }

  package var parameters: [NetworkParameter] {
    [kernel, classToken, positions] + normBefore.parameters + transformer.parameters
      + normAfter.parameters + [projection]
  }

  /// The pixels of an edge of a patch.
  package var patch: Int { kernel.shape[2] }
  /// The patches along an edge of the image, G.
  package var grid: Int { Int(Double(positions.shape[0] - 1).squareRoot().rounded()) }
  /// The pixels of an edge of the image.
  package var side: Int { grid * patch }

  // MARK: Steps

  /// What the kernel makes of each patch, without positions; `[N, G G, W]`.
  package func patches(of images: Variable) -> Variable {
    let windows = images.patches(size: patch)
    return windows.linear(images.tape.use(kernel).reshaped(kernel.shape[0], windows.shape[2]))
  }

  /// The tokens that enter the first block: class token and patches, with positions, normed;
  /// `[N, 1 + G G, W]`.
  package func sequence(_ patches: Variable) -> Variable {
    let (tape, count, width) = (patches.tape, patches.shape[0], patches.shape[2])
    precondition(
      patches.shape[1] + 1 == positions.shape[0],
      "the tower has positions for \(positions.shape[0] - 1) patches, not \(patches.shape[1]); "
        + "resize it to images of that size")
    let head = tape.use(classToken).reshaped(1, 1, width).repeated(to: [count, 1, width])
    return normBefore(tape.concatenate([head, patches], axis: 1) + tape.use(positions))
  }

  /// The embedding that the class token carries behind the last block; `[N, E]`.
  package func pooled(_ tokens: Variable) -> Variable {
    let head = tokens.slice(0..<1, axis: 1).reshaped(tokens.shape[0], tokens.shape[2])
    return projected(normAfter(head))
  }

  /// Normed tokens as embeddings; `[..., W] -> [..., E]`.
  package func projected(_ tokens: Variable) -> Variable {
    tokens.matmul(tokens.tape.use(projection))
  }

  // MARK: Features

  /// The tokens that leave the last block, or the first `count` of them; `[N, 1 + G G, W]`.
  package func tokens(
    of images: Variable, blocks count: Int? = nil, mask: AttentionMask = AttentionMask(),
    edit: Transformer.Edit? = nil
  ) -> Variable {
    let mark = images.tape.mark
    let start = images.tape.keep(sequence(patches(of: images)), since: mark)
    return transformer(start, first: count, mask: mask, edit: edit)
  }

  /// The embeddings, as long as the weights make them; `[N, E]`.
  package func features(
    of images: Variable, mask: AttentionMask = AttentionMask(), edit: Transformer.Edit? = nil
  ) -> Variable {
    pooled(tokens(of: images, mask: mask, edit: edit))
  }

  /// The patches behind the last block, normed but not projected; `[N, G G, W]`.
  package func patchTokens(of images: Variable) -> Variable {
    normAfter(patches(in: tokens(of: images)))
  }

  /// The tokens behind each block, the first block's first; `[N, 1 + G G, W]` each.
  package func layers(of images: Variable) -> [Variable] {
    var layers: [Variable] = []
    _ = tokens(of: images) { block, tokens in
      if block > 0 { layers.append(tokens) }
      return tokens
    }
    return layers
  }

  /// Embeddings of patches that keep their own value in the last block; `[N, G G, E]`.
  ///
  /// MaskCLIP, Zhou, Loy and Dai 2022. There the last block adds nothing to its input and its
  /// network is left out; CLIP-DINOiser keeps both, `isWhole`.
  package func maskCLIP(of images: Variable, isWhole: Bool = true) -> Variable {
    guard let last = transformer.blocks.last else { return projected(patchTokens(of: images)) }
    let start = patches(in: tokens(of: images, blocks: transformer.blocks.count - 1))
    let values =
      isWhole
      ? last(start, form: .ownValue)
      : last.attention(last.norms.attention(start), form: .ownValue)
    return projected(normAfter(values))
  }

  /// How much the class token attends to each patch, by block and head; `[N, heads, G G]` each.
  ///
  /// The class token's attention to itself is left out, so a row sums to less than 1.
  package func classAttention(of images: Variable) -> [Variable] {
    var weights: [Variable] = []
    _ = tokens(of: images) { place, tokens in
      if place < transformer.blocks.count {
        let block = transformer.blocks[place]
        let all = block.attention.weights(of: block.norms.attention(tokens), queries: 0..<1)
        let count = all.shape[3] - 1
        weights.append(
          all.slice(1..<count + 1, axis: 3).reshaped(all.shape[0], all.shape[1], count))
      }
      return tokens
    }
    return weights
  }

  private func patches(in tokens: Variable) -> Variable {
    tokens.slice(1..<tokens.shape[1], axis: 1)
  }
}
