internal import Glibc
internal import LinearAlgebra

/// A score of one row of logits; the higher, the more the row is held for in-distribution.
public enum Score: Sendable {
  /// `max_k softmax(z)_k`; Hendrycks and Gimpel, ICLR 2017.
  case maximumProbability
  /// `max_k z_k`; Hendrycks et al., ICML 2022.
  case maximumLogit
  /// `T log sum_k exp(z_k / T)`; Liu et al., NeurIPS 2020.
  case energy(temperature: Double)
  /// `sum_k p_k log p_k` with `p = softmax(z)`, the negative entropy.
  case negativeEntropy
  /// The variance of `softmax(z)_k` over the classes.
  case variance

  /// The score of a row that is not empty, in double precision.
  func callAsFunction(_ logits: UnsafeBufferPointer<Float>) -> Double {
    var greatest = -Double.infinity
    for logit in logits { greatest = max(greatest, Double(logit)) }
    switch self {
    case .maximumLogit: return greatest
    case .maximumProbability:
      // The logarithm ranks alike and keeps rows apart whose probability rounds to 1.
      return -logSum(logits, above: greatest, temperature: 1)
    case .energy(let temperature):
      return greatest + temperature * logSum(logits, above: greatest, temperature: temperature)
    case .negativeEntropy:
      // No term is positive, so that nothing cancels, however small the entropy is.
      let rest = logSum(logits, above: greatest, temperature: 1)
      return logits.reduce(0) { sum, logit in
        let logarithm = (Double(logit) - greatest) - rest
        return sum + logarithm * exp(logarithm)
      }
    case .variance:
      let shift = greatest + logSum(logits, above: greatest, temperature: 1)
      let mean = 1 / Double(logits.count)
      return mean
        * logits.reduce(0) { sum, logit in
          let difference = exp(Double(logit) - shift) - mean
          return sum + difference * difference
        }
    }
  }

  /// `log sum_k exp((z_k - greatest) / T)`.
  private func logSum(
    _ logits: UnsafeBufferPointer<Float>, above greatest: Double, temperature: Double
  ) -> Double {
    var rest = 0.0
    var isGreatest = true
    for logit in logits {
      // The greatest logit gives exactly 1, which is left to log1p.
      if isGreatest && Double(logit) == greatest {
        isGreatest = false
        continue
      }
      rest += exp((Double(logit) - greatest) / temperature)
    }
    return log1p(rest)
  }
}
