public import Autograd
internal import Tensors

/// What a token of a sequence compares with what.
public enum AttentionForm: String, CaseIterable, Sendable {
  /// Its query with the keys of all, as in Vaswani et al. 2017.
  case queriesToKeys
  /// Its value with the values of all, as in CLIP Surgery and AnomalyCLIP.
  case valuesToValues
  /// Nothing: it keeps its own value, as in MaskCLIP.
  case ownValue
}

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
    outputDeviation: Float? = nil, seed: UInt64? = 0
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

  /// A sequence that attends to itself in some form; `residual` is added.
  public func callAsFunction(
    _ x: Variable, form: AttentionForm = .queriesToKeys, mask: AttentionMask = AttentionMask(),
    residual: Variable? = nil
  ) -> Variable {
    switch form {
    case .queriesToKeys:
      let mixed = x.linear(inputWeight.on(x), inputBias.on(x))
        .selfAttention(heads: heads, mask: mask)
      return output(mixed, residual: residual)
    case .valuesToValues:
      let values = projected(x, 2..<3)
      let mixed = values.attention(to: values, values, heads: heads, mask: mask)
      return output(mixed, residual: residual)
    case .ownValue:
      return output(projected(x, 2..<3), residual: residual)
    }
  }

  /// A sequence that attends to a memory `[B, S, W]`; `residual` is added.
  public func callAsFunction(
    _ x: Variable, memory: Variable, mask: AttentionMask = AttentionMask(),
    residual: Variable? = nil
  ) -> Variable {
    let mixed = projected(x, 0..<1).attention(
      to: projected(memory, 1..<2), projected(memory, 2..<3), heads: heads, mask: mask)
    return output(mixed, residual: residual)
  }

  /// How much the tokens of a range attend to each token; `[B, heads, R, L]`.
  ///
  ///     let classAttention = attention.weights(of: tokens, queries: 0..<1)
  public func weights(of x: Variable, queries: Range<Int>) -> Variable {
    let (batch, length, width) = (x.shape[0], x.shape[1], inputBias.count / 3)
    let sides = projected(x, 0..<2)
    func heads(_ part: Range<Int>, rows: Range<Int>) -> Variable {
      sides.slice(part, axis: 2).slice(rows, axis: 1)
        .reshaped(batch, rows.count, self.heads, width / self.heads).permuted(0, 2, 1, 3)
    }
    return heads(0..<width, rows: queries).matmul(
      heads(width..<2 * width, rows: 0..<length), otherTransposed: true,
      scale: 1 / Float(width / self.heads).squareRoot()
    ).softmax()
  }

  /// The projections of a range of queries, keys and values (0, 1 and 2), side by side.
  private func projected(_ x: Variable, _ parts: Range<Int>) -> Variable {
    let width = inputBias.count / 3
    let rows = parts.lowerBound * width..<parts.upperBound * width
    return x.linear(inputWeight.on(x).slice(rows), inputBias.on(x).slice(rows))
  }
}
