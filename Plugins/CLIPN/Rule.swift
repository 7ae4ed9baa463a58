internal import Glibc

/// How yes logits z and no logits z̄ of one row become a score and a decision; sections 3.4 and 3.5
/// of the paper.
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

  /// What a rule says of a row.
  struct Answer {
    /// Higher for rows of no class.
    var score = 0.0
    /// Whether the row is of no class, decided without a threshold.
    var isOOD = false
  }

  /// The answer for a row `[K]`.
  ///
  /// Competing-to-win decides by `p > 1/2` for the denial of the winner, agreeing-to-differ by the
  /// probability of no class against the greatest `softmax(z)ₖ σ(zₖ - z̄ₖ)`.
  func callAsFunction(
    _ yes: UnsafeBufferPointer<Double>, _ no: UnsafeBufferPointer<Double>
  ) -> Answer {
    guard var best = yes.indices.first else { return Answer() }
    for label in yes.indices where yes[label] > yes[best] { best = label }
    switch self {
    case .competingToWin:
      let difference = no[best] - yes[best]
      return Answer(score: difference, isOOD: difference > 0)
    case .agreeingToDiffer:
      // Both sums have a term for each class, in logarithms: the terms span hundreds of orders.
      var (denied, kept) = (LogSum(), LogSum())
      for label in yes.indices {
        let difference = no[label] - yes[label]
        denied.add(yes[label] + logSigmoid(difference))
        kept.add(yes[label] + logSigmoid(-difference))
      }
      return Answer(score: denied.value - kept.value, isOOD: denied.value > kept.greatest)
    }
  }
}

/// The probability `σ(z̄ - z)` that a text of logit z is denied by one of logit z̄.
func denial(of yes: Double, by no: Double) -> Float { Float(exp(logSigmoid(no - yes))) }

/// `log σ(x)`, exact for large |x|.
private func logSigmoid(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }

/// A running `log Σ exp`.
private struct LogSum {
  private(set) var greatest = -Double.infinity
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
