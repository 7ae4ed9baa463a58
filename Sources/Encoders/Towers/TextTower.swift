package import Autograd
package import Layers
internal import Tensors

/// CLIP's causal text transformer: ids `[N, T]` to embeddings `[N, E]`.
///
///     let features = tower.features(of: ids, count: 80, on: tape)       // [80, E]
///
/// Prompts that are learnt go in as vectors: `embedded`, their change, then `tokens` and `pooled`.
package struct TextTower: Layer {
  /// The vectors of the ids, `[V, W]`.
  package let words: Embedding
  /// Of the places, `[T, W]`.
  package let positions: NetworkParameter
  /// The blocks.
  package let transformer: Transformer
  /// Behind the blocks.
  package let norm: LayerNorm
  /// To the embedding, `[W, E]`.
  package let projection: NetworkParameter
  /// The id that ends a text; nil for the largest of each.
  package let end: Int32?

  /// Makes a tower with CLIP's first values; without a seed with zeros, to be read next.
  package init(_ shape: DualEncoderShape, seed: UInt64? = 0) {
    let width = shape.text.width
    words = Embedding("token_embedding", count: shape.vocabulary, width: width, seed: seed)
    positions = NetworkParameter(
      "positional_embedding", shape: [shape.length, width], .normal(deviation: 0.01), seed: seed)
    transformer = Transformer(
      "transformer", width: width, heads: shape.text.heads, depth: shape.text.depth,
      expansion: shape.text.expansion, activation: shape.text.activation, seed: seed)
    norm = LayerNorm("ln_final", width: width)
    projection = NetworkParameter(
      "text_projection", shape: [width, shape.embedding],
      .normal(deviation: 1 / Float(width).squareRoot()), seed: seed)
    end = shape.end
  }

  /// The same weights with other positions, for texts of another length.
  init(_ other: TextTower, positions: NetworkParameter) {
    words = other.words
    self.positions = positions
    transformer = other.transformer
    norm = other.norm
    projection = other.projection
    end = other.end
  }

  package var parameters: [NetworkParameter] {
    [positions, projection] + words.parameters + transformer.parameters + norm.parameters
  }

  /// The most tokens of a text, T.
  package var length: Int { positions.shape[0] }

  // MARK: Steps

  /// The vectors of ids with positions; `[N, L, W]`, where L is at most T.
  package func embedded(_ ids: [Int32], count: Int, on tape: Tape) -> Variable {
    placed(words(ids, batch: count, on: tape))
  }

  /// Vectors `[N, L, W]` with positions.
  package func placed(_ vectors: Variable) -> Variable {
    let length = vectors.shape[1]
    precondition(length <= self.length, "\(length) tokens, of which \(self.length) have a position")
    return vectors + vectors.tape.use(positions).slice(0..<length)
  }

  /// The tokens that leave the last block, not normed; `[N, L, W]`.
  package func tokens(_ embedded: Variable, edit: Transformer.Edit? = nil) -> Variable {
    transformer(embedded, mask: AttentionMask(isCausal: true), edit: edit)
  }

  /// The embeddings that the tokens at some places carry, one of each text; `[N, E]`.
  package func pooled(_ tokens: Variable, at places: [Int]) -> Variable {
    let (length, width) = (tokens.shape[1], tokens.shape[2])
    let rows = places.enumerated().map { Int32($0 * length + $1) }
    return norm(tokens.reshaped(-1, width).gathered(rows)).matmul(tokens.tape.use(projection))
  }

  /// The place of the end of each text: the first of its end's id, else of its largest.
  package func ends(of ids: [Int32], count: Int) -> [Int] {
    let length = ids.count / max(count, 1)
    return (0..<count).map { text in
      let row = ids[text * length..<(text + 1) * length]
      if let end, let place = row.firstIndex(of: end) { return place - row.startIndex }
      var best = 0
      for place in 1..<max(length, 1) where ids[text * length + place] > ids[text * length + best] {
        best = place
      }
      return best
    }
  }

  // MARK: Features

  /// The embeddings of `count` texts of as many ids each, not normalised; `[N, E]`.
  ///
  /// Tokens behind the last end are left out: as no token sees a later one, they change nothing.
  package func features(
    of ids: [Int32], count: Int, on tape: Tape, edit: Transformer.Edit? = nil
  ) -> Variable {
    precondition(count > 0 && ids.count.isMultiple(of: count), "\(ids.count) ids of \(count) texts")
    let (mark, length) = (tape.mark, ids.count / count)
    let ends = ends(of: ids, count: count)
    let used = min(length, (ends.max() ?? 0) + 1)
    let seen = (0..<count).flatMap { ids[$0 * length..<$0 * length + used] }
    let start = tape.keep(embedded(seen, count: count, on: tape), since: mark)
    return tape.keep(pooled(tokens(start, edit: edit), at: ends), since: mark)
  }
}
