internal import CKernels
internal import Glibc

/// The loss of one pair at logit s, with `r = 1 / (1 + exp(-s))`: δ1 if relevant, δ0 if not.
enum LocalLoss: String, CaseIterable, Sendable {
  /// Cross-entropy: δ1 = -log r, δ0 = -log(1 - r).
  case crossEntropy = "ce"
  /// Squares: δ1 = (1 - r)², δ0 = r².
  case squares = "sq"

  /// No click pulls a logit beyond this.
  ///
  /// The weight of a click's δ0 is negative where its propensity is below 1; the pull of such a click
  /// never ends by itself.
  static let bound: Float = 30

  // MARK: A click: c (δ1 - b δ0) + (b - a) δ0

  /// The value at logit s, of a click with weight c.
  @inline(__always)
  func clickValue(_ s: Float, weight: Float, _ balance: Balance) -> Double {
    let value = Double(weight) * clickValue(s, own: balance.own)
    return balance.isEven ? value : value + (balance.own - balance.background) * blankValue(s)
  }

  /// `scale` times the derivative at logit s.
  @inline(__always)
  func clickSlope(_ s: Float, weight: Float, scale: Float, _ balance: Balance) -> Float {
    let slope = weight * scale * clickSlope(s, own: Float(balance.own))
    guard !balance.isEven else { return slope }
    return slope + scale * Float(balance.own - balance.background) * blankSlope(s)
  }

  /// `δ1 - b δ0`.
  private func clickValue(_ s: Float, own b: Double) -> Double {
    let s = Double(min(s, LocalLoss.bound))
    switch self {
    case .crossEntropy:
      // δ1 = δ0 - s.
      return b == 1 ? -s : (1 - b) * (max(s, 0) + log1p(exp(-abs(s)))) - s
    case .squares:
      let r = 1 / (1 + exp(-s))
      return (1 - r) * (1 - r) - b * r * r
    }
  }

  private func clickSlope(_ s: Float, own b: Float) -> Float {
    guard s < LocalLoss.bound else { return 0 }
    switch self {
    case .crossEntropy: return b == 1 ? -1 : (1 - b) / (1 + expf(-s)) - 1
    case .squares:
      let r = 1 / (1 + expf(-s))
      return -2 * r * (1 - r) * (1 - r + b * r)
    }
  }

  /// δ0.
  private func blankValue(_ s: Float) -> Double {
    let s = Double(s)
    switch self {
    case .crossEntropy: return max(s, 0) + log1p(exp(-abs(s)))
    case .squares:
      let r = 1 / (1 + exp(-s))
      return r * r
    }
  }

  private func blankSlope(_ s: Float) -> Float {
    let r = 1 / (1 + expf(-s))
    return self == .crossEntropy ? r : 2 * r * r * (1 - r)
  }

  // MARK: Every pair: δ0

  /// Replaces logits, less `bias`, by `scale` times the derivative of δ0; returns the sum of δ0.
  func replaceBySlopes(
    _ logits: UnsafeMutableBufferPointer<Float>, bias: Float, scale: Float
  ) -> Double {
    guard let base = logits.baseAddress else { return 0 }
    return switch self {
    case .crossEntropy: assay_shim_logistic_slopes(base, logits.count, bias, scale)
    case .squares: assay_shim_logistic_square_slopes(base, logits.count, bias, scale)
    }
  }
}
