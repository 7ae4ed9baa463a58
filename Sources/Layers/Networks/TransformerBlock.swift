public import Autograd
internal import Tensors

/// Attention and a network of two layers, each with norm and shortcut; `[B, L, W]`.
///
/// The layout, the names and the first values of CLIP's blocks: `ln_1`, `attn`, `ln_2`, `mlp.c_fc`
/// and `mlp.c_proj`; with cross-attention `ln_cross` and `cross_attn` between the two.
///
///     let block = TransformerBlock("transformer.resblocks.0", width: 64, heads: 4, depth: 2)
///     let output = block(tokens, mask: AttentionMask(isCausal: true))
public struct TransformerBlock: Layer {
  /// Where the norms are.
  public enum Style: Sendable {
    /// Before attention and network, as in CLIP: `x + f(norm(x))`.
    case preNorm
    /// After the shortcut, as in Vaswani et al. 2017: `norm(x + f(x))`.
    case postNorm
  }

  /// The attention of the sequence to itself.
  public let attention: MultiHeadAttention
  /// The attention to a memory, where there is one.
  public let crossAttention: MultiHeadAttention?
  /// The widening layer of the network.
  public let widening: Linear
  /// The narrowing layer of the network.
  public let narrowing: Linear
  /// The norms of attention, cross-attention and network.
  public let norms: (attention: LayerNorm, crossAttention: LayerNorm?, network: LayerNorm)
  /// Where the norms are.
  public let style: Style
  /// What stands between the layers of the network.
  public let activation: Activation

  /// Makes a block of a stack of `depth`, which the first values of what is added depend on.
  public init(
    _ name: String, width: Int, heads: Int, depth: Int = 1, expansion: Int = 4,
    style: Style = .preNorm, activation: Activation = .gelu, hasCrossAttention: Bool = false,
    seed: UInt64? = 0
  ) {
    let attentionDeviation = 1 / Float(width).squareRoot()
    let added = attentionDeviation / Float(2 * max(depth, 1)).squareRoot()
    attention = MultiHeadAttention(
      "\(name).attn", width: width, heads: heads, deviation: attentionDeviation,
      outputDeviation: added, seed: seed)
    crossAttention =
      hasCrossAttention
      ? MultiHeadAttention(
        "\(name).cross_attn", width: width, heads: heads, deviation: attentionDeviation,
        outputDeviation: added, seed: seed) : nil
    widening = Linear(
      "\(name).mlp.c_fc", inputs: width, outputs: expansion * width,
      initial: .normal(deviation: 1 / Float(2 * width).squareRoot()), seed: seed)
    narrowing = Linear(
      "\(name).mlp.c_proj", inputs: expansion * width, outputs: width,
      initial: .normal(deviation: added), seed: seed)
    norms = (
      LayerNorm("\(name).ln_1", width: width),
      hasCrossAttention ? LayerNorm("\(name).ln_cross", width: width) : nil,
      LayerNorm("\(name).ln_2", width: width)
    )
    self.style = style
    self.activation = activation
  }

  /// Those of all parts, in the order of a checkpoint of CLIP.
  public var parameters: [NetworkParameter] {
    let cross = (norms.crossAttention?.parameters ?? []) + (crossAttention?.parameters ?? [])
    return norms.attention.parameters + attention.parameters + cross + norms.network.parameters
      + widening.parameters + narrowing.parameters
  }

  /// Applies the block; with cross-attention a memory `[B, S, W]` and its mask are given too.
  public func callAsFunction(
    _ x: Variable, form: AttentionForm = .queriesToKeys, mask: AttentionMask = AttentionMask(),
    memory: Variable? = nil, memoryMask: AttentionMask = AttentionMask()
  ) -> Variable {
    precondition(
      (memory == nil) == (crossAttention == nil),
      "a block with cross-attention takes a memory, and only such a block does")
    var x = step(x, norms.attention) { attention($0, form: form, mask: mask, residual: $1) }
    if let crossAttention, let memory, let norm = norms.crossAttention {
      x = step(x, norm) {
        crossAttention($0, memory: memory, mask: memoryMask, residual: $1)
      }
    }
    return step(x, norms.network) { narrowing(widening($0, activation: activation), residual: $1) }
  }

  /// One part with its norm; `part` is given its input and what to add.
  private func step(
    _ x: Variable, _ norm: LayerNorm, _ part: (Variable, Variable) -> Variable
  ) -> Variable {
    switch style {
    case .preNorm: part(norm(x), x)
    case .postNorm: norm(part(x, x))
    }
  }
}
