import Autograd
import Layers
import Tensors

/// A small CLIP: images of 32 by 32 pixels in patches of 4, texts of 24 words, width 64.
///
/// The reference of the trainable suites: three blocks for images, two causal ones for texts, four
/// heads, an embedding of 64.
struct DualEncoder: Layer {
  let patches: Linear
  let classToken, imagePositions, textPositions, logScale: NetworkParameter
  let words: Embedding
  let imageBlocks, textBlocks: [TransformerBlock]
  let imageNorms: (LayerNorm, LayerNorm)
  let textNorm: LayerNorm
  let imageProjection, textProjection: Linear
  let length = 24

  init(width: Int = 64, heads: Int = 4, words count: Int = 2000) {
    patches = Linear("visual.conv1", inputs: 48, outputs: width, hasBias: false)
    classToken = NetworkParameter(
      "visual.class_embedding", shape: [1, width], .normal(deviation: 0.125))
    imagePositions = NetworkParameter(
      "visual.positional_embedding", shape: [65, width], .normal(deviation: 0.125))
    textPositions = NetworkParameter(
      "positional_embedding", shape: [length, width], .normal(deviation: 0.01))
    logScale = NetworkParameter("logit_scale", shape: [], filledWith: 2.6593)
    words = Embedding("token_embedding", count: count, width: width)
    imageBlocks = (0..<3).map {
      TransformerBlock("visual.transformer.resblocks.\($0)", width: width, heads: heads, depth: 3)
    }
    textBlocks = (0..<2).map {
      TransformerBlock("transformer.resblocks.\($0)", width: width, heads: heads, depth: 2)
    }
    imageNorms = (
      LayerNorm("visual.ln_pre", width: width), LayerNorm("visual.ln_post", width: width)
    )
    textNorm = LayerNorm("ln_final", width: width)
    imageProjection = Linear("visual.proj", inputs: width, outputs: 64, hasBias: false)
    textProjection = Linear("text_projection", inputs: width, outputs: 64, hasBias: false)
  }

  var parameters: [NetworkParameter] {
    patches.parameters + [classToken, imagePositions] + imageNorms.0.parameters
      + imageBlocks.flatMap(\.parameters) + imageNorms.1.parameters + imageProjection.parameters
      + words.parameters + [textPositions] + textBlocks.flatMap(\.parameters)
      + textNorm.parameters + textProjection.parameters + [logScale]
  }

  /// The contrastive loss of pictures `[N, 3, 32, 32]` and ids `[N, 24]`.
  func loss(_ images: [Float], _ ids: [Int32], on tape: Tape) -> Variable {
    let count = ids.count / length
    let pictures = tape.constant(images, shape: [count, 3, 32, 32])
    let width = classToken.shape[1]
    let head = tape.use(classToken).reshaped(1, 1, width).repeated(to: [count, 1, width])
    var x = tape.concatenate([head, patches(pictures.patches(size: 4))], axis: 1)
    x = imageNorms.0(x + tape.use(imagePositions))
    for block in imageBlocks { x = block(x) }
    let image = imageProjection(
      imageNorms.1(x.slice(0..<1, axis: 1).reshaped(count, width)))
    var y = words(ids, batch: count, on: tape) + tape.use(textPositions)
    for block in textBlocks { y = block(y, mask: AttentionMask(isCausal: true)) }
    let ends = (0..<count).map { Int32($0 * length + length - 1) }
    let text = textProjection(textNorm(y.reshaped(count * length, width).gathered(ends)))
    return image.unitRows().contrastiveLoss(text.unitRows(), logScale: tape.use(logScale))
  }
}
