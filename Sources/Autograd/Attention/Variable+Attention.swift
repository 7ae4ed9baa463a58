internal import Tensors

extension Variable {
  /// Attention of queries `[B, L, W]` to keys and values `[B, S, W]` in `heads` parts; `[B, L, W]`.
  ///
  /// `softmax(Q Kᵀ / √d + mask) V` for each head of d = W / heads columns; Vaswani et al. 2017,
  /// equation 1. A query that sees no key gives zeros.
  ///
  ///     let mixed = q.attention(to: k, v, heads: 4, mask: AttentionMask(isCausal: true))
  public func attention(
    to keys: Variable, _ values: Variable, heads: Int, mask: AttentionMask = AttentionMask()
  ) -> Variable {
    precondition(
      shape.rank == 3 && keys.shape.rank == 3 && keys.shape == values.shape
        && keys.shape[0] == shape[0] && keys.shape[2] == shape[2],
      "attention takes queries [B, L, W], keys and values [B, S, W], not \(shape), "
        + "\(keys.shape) and \(values.shape)")
    let width = shape[2]
    let step = AttentionStep(
      (self, 0, width), (keys, 0, width), (values, 0, width), width: width, heads: heads,
      mask: mask)
    return tape.record(shape, of: [self, keys, values]) {
      step.compute($0)
    } walk: { gradient in
      // One after the other: the three may be the same variable.
      values.addGradient { to, adds in
        step.eachHead { step.valueSlopes($0, gradient, to, adds: adds) }
      }
      step.eachHead { step.scoreSlopes($0, gradient) }
      addGradient { to, adds in step.eachHead { step.querySlopes($0, to, adds: adds) } }
      keys.addGradient { to, adds in step.eachHead { step.keySlopes($0, to, adds: adds) } }
    }
  }

  /// Attention of a sequence to itself, from queries, keys and values side by side, `[B, L, 3 W]`,
  /// as one product gives them; `[B, L, W]`.
  public func selfAttention(heads: Int, mask: AttentionMask = AttentionMask()) -> Variable {
    precondition(
      shape.rank == 3 && shape[2].isMultiple(of: 3),
      "self-attention takes queries, keys and values side by side, [B, L, 3 W], not \(shape)")
    let (stride, width) = (shape[2], shape[2] / 3)
    let step = AttentionStep(
      (self, 0, stride), (self, width, stride), (self, 2 * width, stride), width: width,
      heads: heads, mask: mask)
    return tape.record([shape[0], shape[1], width], of: [self]) {
      step.compute($0)
    } walk: { gradient in
      addGradient { to, adds in
        // All of a head while its weights are near.
        step.eachHead { head in
          step.valueSlopes(head, gradient, to, adds: adds)
          step.scoreSlopes(head, gradient)
          step.querySlopes(head, to, adds: adds)
          step.keySlopes(head, to, adds: adds)
        }
      }
    }
  }
}
