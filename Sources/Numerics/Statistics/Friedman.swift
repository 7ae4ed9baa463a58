internal import Glibc

/// Friedman's test that k methods rank alike on n blocks, and what Nemenyi's test says of each pair.
///
/// ```swift
/// let test = FriedmanTest(values: accuracies, higherIsBetter: true)  // [block][method]
/// test?.meanRanks
/// ```
///
/// Rank 1 is best, ties share their mean rank, for which the statistic is corrected. Source: Demšar,
/// "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), section 3.2.
package struct FriedmanTest: Equatable, Sendable {
  /// The mean rank of each method.
  package let meanRanks: [Double]
  /// The ranks of the methods in each block, `[n][k]`.
  package let ranks: [[Double]]
  /// Nil where all methods tie in every block.
  package let chiSquared: Double?
  /// The p-value of `chiSquared` on k - 1 degrees of freedom.
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
    ranks = values.map { midRanks(higherIsBetter ? $0.map { -$0 } : $0) }
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
    p = chiSquaredTail(above: statistic, degreesOfFreedom: k - 1)
    let rest = n * (k - 1) - statistic
    // Rounding must not make a remainder of what is 0.
    guard rest > 1e-9 * n * (k - 1) else {
      imanDavenport = .infinity
      imanDavenportP = pow(orders(of: ranks[0]), 1 - n)
      return
    }
    let ratio = (n - 1) * statistic / rest
    imanDavenport = ratio
    imanDavenportP = fTail(above: ratio, degreesOfFreedom: k - 1, (k - 1) * (n - 1))
  }

  /// Nemenyi's critical difference: mean ranks that differ by less may be equal.
  ///
  /// q sqrt(k (k + 1) / (6 n)), q being the studentised range exceeded with probability `alpha`, over
  /// the root of 2.
  package func criticalDifference(alpha: Double = 0.05) -> Double {
    rangeQuantile(exceededBy: alpha, groups: meanRanks.count) / 2.0.squareRoot() * standardError
  }

  /// Nemenyi's p-value for two methods, which holds for all pairs at once.
  package func nemenyiP(_ first: Int, _ second: Int) -> Double {
    let distance = abs(meanRanks[first] - meanRanks[second])
    return rangeTail(above: 2.0.squareRoot() * distance / standardError, groups: meanRanks.count)
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

/// The number of different orders of ranks, of which tied ones may change places.
private func orders(of ranks: [Double]) -> Double {
  let ties = Dictionary(grouping: ranks, by: \.self).values
  return exp(
    ties.reduce(lgamma(Double(ranks.count) + 1)) { $0 - lgamma(Double($1.count) + 1) })
}
