internal import Glibc

/// Friedman's test that k methods rank alike on n blocks, and what Nemenyi's test says of each pair.
///
/// ```swift
/// let test = FriedmanTest(values: accuracies, higherIsBetter: true)  // [block][method]
/// test?.meanRanks
/// ```
///
/// Rank 1 is best, ties share their mean rank, for which the statistic is corrected; values tie that
/// differ by rounding alone (``roundingTolerance(of:)``). Of two methods every p-value is that of the
/// exact sign test, which Friedman's test is then; with more, none falls below what so few blocks can
/// reach. Source: Demšar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7
/// (2006), section 3.2.
package struct FriedmanTest: Equatable, Sendable {
  /// The mean rank of each method.
  package let meanRanks: [Double]
  /// The ranks of the methods in each block, `[n][k]`.
  package let ranks: [[Double]]
  /// Nil where all methods tie in every block.
  package let chiSquared: Double?
  /// The p-value of `chiSquared` on k - 1 degrees of freedom; exact for two methods.
  package let p: Double?
  /// Iman and Davenport's F on k - 1 and (k - 1)(n - 1) degrees of freedom, which is less
  /// conservative; infinite where every block has the same order.
  package let imanDavenport: Double?
  /// Its p-value; where it is infinite the exact one, that all other blocks fall into the order of the
  /// first, since the F distribution would say 0 for however few blocks.
  package let imanDavenportP: Double?

  /// Ranks the values `[n][k]` of n blocks; nil for fewer than two blocks or two methods.
  package init?(values: [[Double]], higherIsBetter: Bool) {
    guard values.count > 1, let methods = values.first?.count, methods > 1 else { return nil }
    precondition(
      values.allSatisfy { $0.count == methods && $0.allSatisfy(\.isFinite) },
      "every block has a finite value of every method")
    let tolerance = roundingTolerance(of: values.joined())
    ranks = values.map { midRanks(higherIsBetter ? $0.map { -$0 } : $0, within: tolerance) }
    let (n, k) = (Double(values.count), Double(methods))
    let ranks = ranks
    let sums = (0..<methods).map { method in ranks.reduce(0) { $0 + $1[method] } }
    meanRanks = sums.map { $0 / n }
    let ties = ranks.reduce(0.0) { sum, block in
      sum
        + Dictionary(grouping: block, by: \.self).values.reduce(0.0) { sum, tied in
          let t = Double(tied.count)
          return sum + t * t * t - t
        }
    }
    let correction = 1 - ties / (n * k * (k * k - 1))
    guard correction > 0 else {
      (chiSquared, p, imanDavenport, imanDavenportP) = (nil, nil, nil, nil)
      return
    }
    let squares = sums.reduce(0) { $0 + ($1 - n * (k + 1) / 2) * ($1 - n * (k + 1) / 2) }
    let statistic = 12 * squares / (n * k * (k + 1)) / correction
    chiSquared = statistic
    // All other blocks in the order of the first is the most that can be observed.
    let least = pow(ranks.map(orders(of:)).max() ?? 1, 1 - n)
    let exact = methods == 2 ? signTest(ranks) : nil
    p = exact ?? max(least, chiSquaredTail(above: statistic, degreesOfFreedom: k - 1))
    let rest = n * (k - 1) - statistic
    // Rounding must not make a remainder of what is 0.
    guard rest > 1e-9 * n * (k - 1) else {
      imanDavenport = .infinity
      imanDavenportP = exact ?? pow(orders(of: ranks[0]), 1 - n)
      return
    }
    let ratio = (n - 1) * statistic / rest
    imanDavenport = ratio
    imanDavenportP =
      exact ?? max(least, fTail(above: ratio, degreesOfFreedom: k - 1, (k - 1) * (n - 1)))
  }

  /// Nemenyi's critical difference: mean ranks that differ by less may be equal.
  ///
  /// q sqrt(k (k + 1) / (6 n)), q being the studentised range exceeded with probability `alpha`, over
  /// the root of 2; for two methods the least difference that the sign test calls significant.
  /// Infinite where so few blocks tell nothing apart.
  package func criticalDifference(alpha: Double = 0.05) -> Double {
    if meanRanks.count == 2 {
      let decided = ranks.count { $0[0] != $0[1] }
      let wins = (decided / 2...decided).first {
        McNemar.exact(lost: decided - $0, won: $0) <= alpha
      }
      // A little less, so that rounding does not hide a difference of that size.
      return wins.map { Double(2 * $0 - decided) / Double(ranks.count) - 1e-9 } ?? .infinity
    }
    guard leastNemenyiP <= alpha else { return .infinity }
    return rangeQuantile(exceededBy: alpha, groups: meanRanks.count) / 2.0.squareRoot()
      * standardError
  }

  /// Nemenyi's p-value for two methods, which holds for all pairs at once.
  package func nemenyiP(_ first: Int, _ second: Int) -> Double {
    if meanRanks.count == 2 { return signTest(ranks) }
    let distance = abs(meanRanks[first] - meanRanks[second])
    return max(
      leastNemenyiP,
      rangeTail(above: 2.0.squareRoot() * distance / standardError, groups: meanRanks.count))
  }

  /// The probability that two of the methods are first and last in every block.
  private var leastNemenyiP: Double {
    let pairs = Double(meanRanks.count * (meanRanks.count - 1))
    return pow(pairs, 1 - Double(ranks.count))
  }

  private var standardError: Double {
    let k = Double(meanRanks.count)
    return (k * (k + 1) / (6 * Double(ranks.count))).squareRoot()
  }

  /// The largest groups of methods, best first, whose mean ranks differ by less than `difference`.
  package func cliques(within difference: Double) -> [[Int]] {
    let order = meanRanks.indices.sorted { (meanRanks[$0], $0) < (meanRanks[$1], $1) }
    var cliques: [[Int]] = []
    var covered = 0
    for start in order.indices {
      var end = start + 1
      while end < order.count, meanRanks[order[end]] - meanRanks[order[start]] < difference {
        end += 1
      }
      // One that ends where an earlier one does lies within it.
      if end - start > 1, end > covered {
        cliques.append(Array(order[start..<end]))
        covered = end
      }
    }
    return cliques
  }
}

/// The exact two-sided p-value of how often the first of two methods ranks before the second.
private func signTest(_ ranks: [[Double]]) -> Double {
  McNemar.exact(
    lost: ranks.count { $0[0] > $0[1] }, won: ranks.count { $0[0] < $0[1] })
}

/// The number of different orders of ranks, of which tied ones may change places.
private func orders(of ranks: [Double]) -> Double {
  let ties = Dictionary(grouping: ranks, by: \.self).values
  return exp(
    ties.reduce(lgamma(Double(ranks.count) + 1)) { $0 - lgamma(Double($1.count) + 1) })
}
