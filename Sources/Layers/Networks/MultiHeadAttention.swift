public import Autograd
internal import Tensors

/// Attention with learnt projections; `[B, L, W]`.
///
/// The names are those of PyTorch's `MultiheadAttention`, so of CLIP's checkpoints.
public struct MultiHeadAttention: Layer {
  /// The projections to queries, keys and values one below the other, `[3 W, W]`.
  public let inputWeight: NetworkParameter
  /// Their biases, `[3 W]`.
  public let inputBias: NetworkParameter
  /// The projection of the result, `[W, W]`.
  public let output: Linear
  /// The number of heads.
  public let heads: Int

  /// Makes a layer; projections start from normal draws of the deviations, 1 / √W where not given.
  public init(
    _ name: String, width: Int, heads: Int, deviation: Float? = nil,
    outputDeviation: Float? = nil, seed: UInt64 = 0
  ) {
    precondition(
      heads > 0 && width.isMultiple(of: heads), "\(width) columns are no \(heads) equal heads")
    let usual = 1 / Float(width).squareRoot()
    inputWeight = NetworkParameter(
      "\(name).in_proj_weight", shape: [3 * width, width],
      .normal(deviation: deviation ?? usual), seed: seed)
    inputBias = NetworkParameter("\(name).in_proj_bias", shape: [3 * width], filledWith: 0)
    output = Linear(
      "\(name).out_proj", inputs: width, outputs: width,
      initial: .normal(deviation: outputDeviation ?? usual), seed: seed)
    self.heads = heads
  }

  /// Those of the projections.
  public var parameters: [NetworkParameter] { [inputWeight, inputBias] + output.parameters }

  /// A sequence that attends to itself, or to a memory `[B, S, W]`; `residual` is added.
  public func callAsFunction(
    _ x: Variable, memory: Variable? = nil, mask: AttentionMask = AttentionMask(),
    residual: Variable? = nil
  ) -> Variable {
    let (weight, bias) = (inputWeight.on(x), inputBias.on(x))
    guard let memory else {
      let mixed = x.linear(weight, bias).selfAttention(heads: heads, mask: mask)
      return output(mixed, residual: residual)
    }
    let width = inputBias.count / 3
    func projected(_ input: Variable, _ part: Int) -> Variable {
      let rows = part * width..<(part + 1) * width
      return input.linear(weight.slice(rows), bias.slice(rows))
    }
    let mixed = projected(x, 0).attention(
      to: projected(memory, 1), projected(memory, 2), heads: heads, mask: mask)
    return output(mixed, residual: residual)
  }
}
