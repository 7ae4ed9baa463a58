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

  // MARK: A click: δ1 - a δ0

  /// The value at logit s.
  func clickValue(_ s: Float, background a: Double) -> Double {
    let s = Double(min(s, LocalLoss.bound))
    switch self {
    case .crossEntropy:
      // δ1 = δ0 - s.
      return a == 1 ? -s : (1 - a) * (max(s, 0) + log1p(exp(-abs(s)))) - s
    case .squares:
      let r = 1 / (1 + exp(-s))
      return (1 - r) * (1 - r) - a * r * r
    }
  }

  /// The derivative at logit s.
  func clickSlope(_ s: Float, background a: Float) -> Float {
    guard s < LocalLoss.bound else { return 0 }
    switch self {
    case .crossEntropy: return a == 1 ? -1 : (1 - a) / (1 + expf(-s)) - 1
    case .squares:
      let r = 1 / (1 + expf(-s))
      return -2 * r * (1 - r) * (1 - r + a * r)
    }
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
