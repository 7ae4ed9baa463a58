internal import CKernels

/// What a unit of a network does with its sum.
public enum Activation: String, CaseIterable, Sendable {
  /// `max(x, 0)`.
  case relu
  /// `x Φ(x)` with the normal distribution function.
  case gelu
  /// The GELU by its tanh formula, Hendrycks and Gimpel 2016.
  case tanhGELU
  /// `x σ(1.702 x)`, as in OpenAI's CLIP.
  case quickGELU
  /// `x σ(x)`.
  case silu
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  var kernel: assay_shim_activation {
    switch self {
    case .relu: ASSAY_SHIM_RELU
    case .gelu: ASSAY_SHIM_GELU
    case .tanhGELU: ASSAY_SHIM_TANH_GELU
    case .quickGELU: ASSAY_SHIM_QUICK_GELU
    case .silu: ASSAY_SHIM_SILU
    case .sigmoid: ASSAY_SHIM_SIGMOID
    case .tanh: ASSAY_SHIM_TANH
    }
  }
}

extension Variable {
  /// Applies an activation to each number.
  public func activated(_ activation: Activation) -> Variable { each(activation.kernel) }

  /// `max(x, 0)`; its slope at 0 is 0.
  public func relu() -> Variable { each(ASSAY_SHIM_RELU) }
  /// `x Φ(x)`.
  public func gelu() -> Variable { each(ASSAY_SHIM_GELU) }
  /// `x σ(1.702 x)`.
  public func quickGELU() -> Variable { each(ASSAY_SHIM_QUICK_GELU) }
  /// `1 / (1 + exp(-x))`.
  public func sigmoid() -> Variable { each(ASSAY_SHIM_SIGMOID) }
  /// The hyperbolic tangent.
  public func tanh() -> Variable { each(ASSAY_SHIM_TANH) }
  /// `log(1 + exp(x))`, which does not overflow.
  public func softplus() -> Variable { each(ASSAY_SHIM_SOFTPLUS) }
  /// The exponential; 0 below -87, infinite above 88.
  public func exp() -> Variable { each(ASSAY_SHIM_EXP) }
  /// The natural logarithm.
  public func log() -> Variable { each(ASSAY_SHIM_LOG) }
  /// The square root.
  public func squareRoot() -> Variable { each(ASSAY_SHIM_SQRT) }
  /// `1 / x`.
  public func reciprocal() -> Variable { each(ASSAY_SHIM_RECIPROCAL) }
  /// `x²`.
  public func squared() -> Variable { each(ASSAY_SHIM_SQUARE) }
  /// `|x|`; its slope at 0 is 0.
  public func magnitude() -> Variable { each(ASSAY_SHIM_ABS) }

  /// The number of the range that is nearest; no gradient comes back from outside.
  public func clamped(to range: ClosedRange<Float>) -> Variable {
    each(ASSAY_SHIM_CLAMP, range.lowerBound, range.upperBound)
  }

  /// `x² / (2 β)` where `|x| < β`, else `|x| - β / 2`.
  public func huber(beta: Float = 1) -> Variable {
    precondition(beta > 0, "the bend of the Huber function lies above 0")
    return each(ASSAY_SHIM_HUBER, beta)
  }

  private func each(
    _ function: assay_shim_activation, _ p: Float = 0, _ q: Float = 0
  ) -> Variable {
    let count = count
    return tape.record(shape, of: [self]) {
      assay_shim_activate(function, address, $0, count, p, q)
    } walk: { gradient in
      addGradient { to, adds in
        assay_shim_activation_slopes(function, address, gradient, to, count, p, q, adds ? 1 : 0)
      }
    }
  }
}
