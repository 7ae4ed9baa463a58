internal import Glibc
internal import Numerics

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
      let rest = log1p(exp(-abs(s)))
      return max(-s, 0) + rest - a * (max(s, 0) + rest)
    case .squares:
      let r = 1 / (1 + exp(-s))
      return (1 - r) * (1 - r) - a * r * r
    }
  }

  /// The derivative at logit s.
  func clickSlope(_ s: Float, background a: Float) -> Float {
    guard s < LocalLoss.bound else { return 0 }
    let r = 1 / (1 + expf(-s))
    return switch self {
    case .crossEntropy: r - 1 - a * r
    case .squares: -2 * r * (1 - r) * (1 - r + a * r)
    }
  }

  // MARK: Every pair: δ0

  /// Replaces logits, less `bias`, by `scale` times the derivative of δ0.
  func replaceBySlopes(
    _ logits: UnsafeMutableBufferPointer<Float>, bias: Float, scale: Float
  ) {
    exponentiate(logits, scale: -1, shift: -bias)
    switch self {
    case .crossEntropy:
      for index in 0..<logits.count { logits[index] = scale / (1 + logits[index]) }
    case .squares:
      for index in 0..<logits.count {
        let r = 1 / (1 + logits[index])
        logits[index] = 2 * scale * r * r * (1 - r)
      }
    }
  }

  /// The sum of δ0 over logits, less `bias`, which are overwritten.
  func sum(_ logits: UnsafeMutableBufferPointer<Float>, bias: Float) -> Double {
    var total = 0.0
    switch self {
    case .crossEntropy:
      for index in 0..<logits.count {
        let logit = logits[index] + bias
        total += Double(max(logit, 0))
        logits[index] = -abs(logit)
      }
      exponentiate(logits)
      // Factors lie in 1...2: a thousand of them stay within f64, and cost one logarithm.
      for start in stride(from: 0, to: logits.count, by: 1000) {
        var product = 1.0
        for index in start..<min(start + 1000, logits.count) {
          product *= 1 + Double(logits[index])
        }
        total += log(product)
      }
    case .squares:
      exponentiate(logits, scale: -1, shift: -bias)
      for index in 0..<logits.count {
        let r = 1 / (1 + Double(logits[index]))
        total += r * r
      }
    }
    return total
  }
}
