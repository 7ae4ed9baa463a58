internal import Glibc

/// The Wilson score interval of a proportion; the whole of `0...1` without trials.
///
/// Source: Wilson, JASA 22 (1927), without continuity correction.
package func wilsonInterval(
  successes: Double, trials: Int, level: Double = 0.95
) -> ClosedRange<Double> {
  guard trials > 0 else { return 0...1 }
  return wilsonInterval(rate: successes / Double(trials), trials: Double(trials), level: level)
}

/// The same of a proportion on an effective number of trials, which need not be whole.
package func wilsonInterval(
  rate: Double, trials n: Double, level: Double = 0.95
) -> ClosedRange<Double> {
  guard n > 0 else { return 0...1 }
  let z = normalQuantile(0.5 + level / 2)
  let centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
  let spread = rate * (1 - rate) / n + z * z / (4 * n * n)
  let half = z * max(spread, 0).squareRoot() / (1 + z * z / n)
  // At 0 and n the exact bound is 0 or 1; rounding must not cut it off.
  let lower = rate <= 0 ? 0 : max(0, centre - half)
  let upper = rate >= 1 ? 1 : min(1, centre + half)
  return lower...upper
}

/// The exact probability of at most `k` successes in `n` trials.
///
/// Walks the terms of the smaller tail away from the mode, so that small probabilities keep their
/// relative precision.
package func binomialTail(atMost k: Int, trials n: Int, probability p: Double = 0.5) -> Double {
  if k < 0 { return 0 }
  if k >= n || p <= 0 { return 1 }
  if p >= 1 { return 0 }
  if Double(k) > Double(n) * p {
    return 1 - binomialTail(atMost: n - k - 1, trials: n, probability: 1 - p)
  }
  var term = exp(
    logFactorial(n) - logFactorial(k) - logFactorial(n - k)
      + Double(k) * log(p) + Double(n - k) * log1p(-p))
  var sum = 0.0
  var successes = k
  while term > sum * 0x1p-60 {
    sum += term
    if successes == 0 { break }
    term *= Double(successes) / Double(n - successes + 1) * (1 - p) / p
    successes -= 1
  }
  return min(sum, 1)
}

private func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }
