internal import Glibc

/// Variances of few draws each, moderated by what the variances of all have in common.
///
/// Three seeds tell little of a spread. Where many rows each have a few, their variances are drawn
/// towards the common one, which adds its degrees of freedom to theirs: the less they differ beyond
/// chance, the more.
///
/// Source: Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004, article 3, sections 4 and 6.2.
package struct ModeratedVariances: Sendable {
  /// The common variance, and what it counts in degrees of freedom; 0 where there is none.
  package let common: Double
  package let commonDegrees: Double

  /// Takes variances above 0 with their degrees of freedom; fewer than three have nothing in common.
  package init(_ variances: [(variance: Double, degrees: Double)]) {
    let known = variances.filter { $0.variance > 0 && $0.variance.isFinite && $0.degrees > 0 }
    guard known.count > 2 else {
      (common, commonDegrees) = (0, 0)
      return
    }
    let logs = known.map {
      log($0.variance) - digamma($0.degrees / 2) + log($0.degrees / 2)
    }
    let centre = logs.reduce(0, +) / Double(logs.count)
    let spread = logs.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(logs.count - 1)
    let chance = known.reduce(0) { $0 + trigamma($1.degrees / 2) } / Double(known.count)
    guard spread > chance else {
      // They differ by no more than chance: one variance with the degrees of all.
      common = exp(centre)
      commonDegrees = known.reduce(0) { $0 + $1.degrees }
      return
    }
    let half = inverseTrigamma(spread - chance)
    common = exp(centre + digamma(half) - log(half))
    // No more than the variances themselves can tell.
    commonDegrees = min(2 * half, known.reduce(0) { $0 + $1.degrees })
  }

  /// The two-sided p-value of a mean of `count` draws with sample variance `variance`.
  package func p(mean: Double, variance: Double, count: Int) -> Double {
    let degrees = Double(count - 1)
    guard degrees > 0 else { return 1 }
    let pooled = (degrees * variance + commonDegrees * common) / (degrees + commonDegrees)
    guard pooled > 0 else { return mean == 0 ? 1 : 0 }
    return fTail(
      above: mean * mean * Double(count) / pooled, degreesOfFreedom: 1, degrees + commonDegrees)
  }
}

/// The logarithmic derivative of the gamma function at positive `x` (NIST DLMF 5.5.2, 5.11.2).
private func digamma(_ x: Double) -> Double {
  var (x, sum) = (x, 0.0)
  while x < 10 {
    sum -= 1 / x
    x += 1
  }
  let square = 1 / (x * x)
  return sum + log(x) - 0.5 / x - square * (1.0 / 12 - square * (1.0 / 120 - square / 252))
}

/// The derivative of ``digamma(_:)`` (NIST DLMF 5.15.8).
private func trigamma(_ x: Double) -> Double {
  var (x, sum) = (x, 0.0)
  while x < 10 {
    sum += 1 / (x * x)
    x += 1
  }
  let square = 1 / (x * x)
  return sum + 1 / x + square / 2
    + square / x * (1.0 / 6 - square * (1.0 / 30 - square / 42))
}

/// The place where ``trigamma(_:)`` is `y`, by bisection of its logarithm.
private func inverseTrigamma(_ y: Double) -> Double {
  var (low, high) = (-12.0, 12.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if trigamma(exp(middle)) > y { low = middle } else { high = middle }
  }
  return exp((low + high) / 2)
}
