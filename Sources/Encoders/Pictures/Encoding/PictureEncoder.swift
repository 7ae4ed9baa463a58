internal import Autograd
internal import Layers
internal import Tensors

/// An image tower that turns framed pictures into rows, a batch at a time.
package struct PictureEncoder {
  private let tower: ImageTower
  private let tape = Tape()
  private let keepsPatches: Bool

  package init(_ tower: ImageTower, keepsPatches: Bool = false) {
    self.tower = tower
    self.keepsPatches = keepsPatches
  }

  /// The embeddings `[N, E]` of pixels `[N, 3, S, S]`, as long as the weights make them, and the
  /// embeddings of their patches `[N, G G, E]` where they are kept.
  package func rows(
    _ pixels: [Float], count: Int, onlyFeatures: Bool = false
  ) -> (features: [Float], patches: [Float]) {
    tape.reset()
    return tape.withoutGradients {
      let images = tape.constant(pixels, shape: [count, 3, tower.side, tower.side])
      guard keepsPatches, !onlyFeatures else { return (tower.features(of: images).numbers, []) }
      let tokens = tower.tokens(of: images)
      let patches = tokens.slice(1..<tokens.shape[1], axis: 1)
      let embedded = tower.projected(tower.normAfter(patches))
      return (tower.pooled(tokens).numbers, embedded.numbers)
    }
  }
}
