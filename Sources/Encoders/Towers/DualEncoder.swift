package import Autograd
internal import Layers
internal import Tensors

/// A CLIP: an image tower and a text tower into one space, and the scale of their similarities.
///
///     let model = try DualEncoder(reading: "model.safetensors")
///     let images = model.image.features(of: pictures)
///     let loss = model.loss(images, model.text.features(of: ids, count: n, on: tape))
package struct DualEncoder: Layer {
  /// What the towers are made of.
  package let shape: DualEncoderShape
  package let image: ImageTower
  package let text: TextTower
  /// The logarithm of what cosines are multiplied by, `[]`.
  package let logScale: NetworkParameter
  /// What an image is brought to before the tower.
  package var preprocessing: ImagePreprocessing

  /// Makes a model with CLIP's first values; without a seed with zeros, to be read next.
  package init(_ shape: DualEncoderShape, seed: UInt64? = 0) {
    self.shape = shape
    image = ImageTower(shape, seed: seed)
    text = TextTower(shape, seed: seed)
    // log(1 / 0.07)
    logScale = NetworkParameter("logit_scale", shape: [], filledWith: 2.659_26)
    preprocessing = .clip(side: shape.side)
  }

  package var parameters: [NetworkParameter] {
    image.parameters + text.parameters + [logScale]
  }

  /// The contrastive loss of embeddings `[N, E]` that belong together row by row.
  ///
  /// Radford et al. 2021, figure 3: the mean of both directions' cross-entropies.
  package func loss(_ images: Variable, _ texts: Variable) -> Variable {
    images.unitRows().contrastiveLoss(texts.unitRows(), logScale: images.tape.use(logScale))
  }
}
