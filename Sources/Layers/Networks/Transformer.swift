public import Autograd

/// Transformer blocks one after the other; `[B, L, W] -> [B, L, W]`.
///
/// The blocks are named `<name>.resblocks.0` and so on, as in CLIP's checkpoints.
///
///     let transformer = Transformer("transformer", width: 64, heads: 4, depth: 2)
///     let output = transformer(tokens, mask: AttentionMask(isCausal: true))
public struct Transformer: Layer {
  /// The blocks, the first applied first.
  public let blocks: [TransformerBlock]

  /// Sees the tokens that enter the block of a number, and says which do.
  ///
  /// It is asked once more, with the number of blocks, for the tokens that leave the last.
  public typealias Edit = (_ block: Int, _ tokens: Variable) -> Variable

  /// Makes blocks of one form.
  public init(
    _ name: String, width: Int, heads: Int, depth: Int, expansion: Int = 4,
    activation: Activation = .gelu, seed: UInt64? = 0
  ) {
    blocks = (0..<depth).map {
      TransformerBlock(
        "\(name).resblocks.\($0)", width: width, heads: heads, depth: depth, expansion: expansion,
        activation: activation, seed: seed)
    }
  }

  /// Those of all blocks.
  public var parameters: [NetworkParameter] { blocks.flatMap(\.parameters) }

  /// Applies the blocks, or the first of them.
  ///
  /// Where no way back is left and nothing edits or keeps the tokens, the memory is that of one
  /// block.
  public func callAsFunction(
    _ x: Variable, first count: Int? = nil, mask: AttentionMask = AttentionMask(),
    edit: Edit? = nil
  ) -> Variable {
    let (tape, start) = (x.tape, x.tape.mark)
    let count = count ?? blocks.count
    var x = x
    for (place, block) in blocks.prefix(count).enumerated() {
      if let edit { x = edit(place, x) }
      // What an edit has seen stays: it may be a feature that is asked for.
      let mark = edit == nil ? start : tape.mark
      x = tape.keep(block(x, mask: mask), since: mark)
    }
    return edit?(count, x) ?? x
  }
}
