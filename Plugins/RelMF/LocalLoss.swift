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
  /// Below minus this, δ0 counts as 0.
  static let vanishing: Float = 80

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
    if self == .crossEntropy && a == 1 { return -1 }
    let r = 1 / (1 + expf(-s))
    return switch self {
    case .crossEntropy: (1 - a) * r - 1
    case .squares: -2 * r * (1 - r) * (1 - r + a * r)
    }
  }

  // MARK: Every pair: δ0

  /// Replaces logits, less `bias`, by `scale` times the derivative of δ0; returns the sum of δ0.
  func replaceBySlopes(
    _ logits: UnsafeMutableBufferPointer<Float>, bias: Float, scale: Float
  ) -> Double {
    var sum = 0.0
    switch self {
    case .crossEntropy:
      // δ0 = s + log(1 + exp(-s)), which is 0 in f64 long before exp overflows.
      for logit in logits { sum += Double(max(logit + bias, -LocalLoss.vanishing)) }
      exponentiate(logits, scale: -1, shift: -bias)
      sum += sumOfLogarithms(onePlus: logits)
      for index in 0..<logits.count { logits[index] = scale / (1 + logits[index]) }
    case .squares:
      exponentiate(logits, scale: -1, shift: -bias)
      for index in 0..<logits.count {
        let r = 1 / (1 + logits[index])
        sum += Double(r * r)
        logits[index] = 2 * scale * r * r * (1 - r)
      }
    }
    return sum
  }
}

/// The sum of `log(1 + x)`, with x held below `exp(80)`, by one logarithm of the product, whose
/// exponent is kept apart.
private func sumOfLogarithms(onePlus numbers: UnsafeMutableBufferPointer<Float>) -> Double {
  let ceiling = expf(LocalLoss.vanishing)
  var (product, exponent) = (1.0, 0)
  for start in stride(from: 0, to: numbers.count, by: 4) {
    for index in start..<min(start + 4, numbers.count) {
      product *= 1 + Double(min(numbers[index], ceiling))
    }
    guard product.isFinite else { return .nan }
    exponent += Int(product.exponent)
    product = product.significand
  }
  return log(product) + Double(exponent) * M_LN2
}
