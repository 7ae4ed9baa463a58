internal import Glibc

/// How yes logits z and no logits z̄ of one row become a score; sections 3.4 and 3.5 of the paper.
///
/// Scores are log-odds of the paper's probabilities that the row is of no class: they rank alike,
/// and rows whose probability rounds to 0 or 1 keep their order.
enum Rule: String, CaseIterable, Sendable {
  /// The probability that no class is right when each is taken back as far as it is denied.
  ///
  /// `1 - Σ softmax(z)ₖ σ(zₖ - z̄ₖ)`.
  case agreeingToDiffer = "atd"
  /// How far the class with the greatest logit is denied: `σ(z̄ₖ - zₖ)`.
  case competingToWin = "ctw"

  /// The score of a row `[K]`, higher for rows of no class.
  func callAsFunction(
    _ yes: UnsafeBufferPointer<Double>, _ no: UnsafeBufferPointer<Double>
  ) -> Double {
    guard var best = yes.indices.first else { return 0 }
    for label in yes.indices where yes[label] > yes[best] { best = label }
    switch self {
    case .competingToWin: return no[best] - yes[best]
    case .agreeingToDiffer:
      // Both sums have a term for each class, in logarithms: the terms span hundreds of orders.
      var (denied, kept) = (LogSum(), LogSum())
      for label in yes.indices {
        let difference = no[label] - yes[label]
        denied.add(yes[label] + logSigmoid(difference))
        kept.add(yes[label] + logSigmoid(-difference))
      }
      return denied.value - kept.value
    }
  }
}

/// `log σ(x)`, exact for large |x|.
private func logSigmoid(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }

/// A running `log Σ exp`.
private struct LogSum {
  private var greatest = -Double.infinity
  private var sum = 0.0

  mutating func add(_ term: Double) {
    if term > greatest {
      sum = sum * exp(greatest - term) + 1
      greatest = term
    } else {
      sum += exp(term - greatest)
    }
  }

  var value: Double { greatest + log(sum) }
}
