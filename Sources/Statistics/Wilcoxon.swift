internal import Glibc

/// Wilcoxon's signed-rank test that paired differences lie around 0, two-sided.
///
/// ```swift
/// let test = WilcoxonTest(differences: zip(candidate, baseline).map(-))
/// test.p  // nil where every difference is 0
/// ```
///
/// Exact for up to 25 differences other than 0, also where they tie: every choice of signs is as
/// likely. Beyond by the normal approximation with corrections for ties and continuity. Source:
/// Wilcoxon, Biometrics Bulletin 1 (1945); Pratt, JASA 54 (1959).
package struct WilcoxonTest: Equatable, Sendable {
  /// What becomes of differences that are 0.
  package enum Zeros: Sendable {
    /// They are dropped before ranking.
    case dropped
    /// They are ranked with the others, and their ranks dropped (Pratt).
    case ranked
  }

  /// The lesser of the rank sums of positive and of negative differences.
  package let statistic: Double
  /// Nil where no difference is other than 0.
  package let p: Double?
  /// The number of differences other than 0.
  package let n: Int
  package let isExact: Bool
  /// What to know of the p-value, a clause.
  package let note: String?

  private static let exactUpTo = 25

  /// Tests finite differences.
  ///
  /// - Parameter tolerance: Differences up to this are 0, and magnitudes that lie no further apart tie;
  ///   nil for ``roundingTolerance(of:)`` of the differences. Take it from the values themselves where
  ///   these are at hand, since their rounding is what the differences hold.
  package init(differences: [Double], zeros: Zeros = .dropped, tolerance: Double? = nil) {
    precondition(differences.allSatisfy(\.isFinite), "differences are finite numbers")
    let tolerance = tolerance ?? roundingTolerance(of: differences)
    let rounded = differences.map { abs($0) <= tolerance ? 0 : $0 }
    let ranked = zeros == .dropped ? rounded.filter { $0 != 0 } : rounded
    let ranks = midRanks(ranked.map(abs), within: tolerance)
    let zeroCount = ranked.count { $0 == 0 }
    let sums = zip(ranked, ranks).reduce(into: (above: 0.0, below: 0.0)) { sums, pair in
      if pair.0 > 0 { sums.above += pair.1 }
      if pair.0 < 0 { sums.below += pair.1 }
    }
    n = ranked.count - zeroCount
    statistic = min(sums.above, sums.below)
    note =
      (1...5).contains(n)
      ? "fewer than 6 differences cannot reach p < 0.05"
      : n == 0 ? "every difference is 0" : nil
    let ties = zip(ranked, ranks).filter { $0.0 != 0 }.map(\.1)
    isExact = n > 0 && n <= Self.exactUpTo
    guard n > 0 else {
      p = nil
      return
    }
    p =
      isExact
      ? exactProbability(statistic, ranks: ties)
      : normalApproximation(sums.above, ranked.count, zeros: zeroCount, ranks: ties)
  }
}

/// Twice the share of the 2^n choices of signs whose rank sum is at most `statistic`.
///
/// Sums are counted rank after rank. A mid-rank may end in 1/2, so that twice the ranks are added.
private func exactProbability(_ statistic: Double, ranks: [Double]) -> Double {
  let doubled = ranks.map { Int((2 * $0).rounded()) }
  var ways = [Double](repeating: 0, count: doubled.reduce(1, +))
  ways[0] = 1
  for rank in doubled {
    for sum in stride(from: ways.count - 1, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
  }
  let tail = ways.prefix(Int((2 * statistic).rounded()) + 1).reduce(0, +)
  return min(1, 2 * tail / exp2(Double(ranks.count)))
}

/// The p-value of a rank sum of positive differences among `count` ranks, of which those of zeros
/// are dropped.
private func normalApproximation(
  _ above: Double, _ count: Int, zeros: Int, ranks: [Double]
) -> Double {
  let (n, z) = (Double(count), Double(zeros))
  let mean = (n * (n + 1) - z * (z + 1)) / 4
  let tied = Dictionary(grouping: ranks, by: \.self).values.reduce(0.0) { sum, block in
    let t = Double(block.count)
    return sum + t * t * t - t
  }
  let variance = (n * (n + 1) * (2 * n + 1) - z * (z + 1) * (2 * z + 1) - tied / 2) / 24
  let distance = max(0, abs(above - mean) - 0.5)
  return min(1, erfc(distance / (2 * variance).squareRoot()))
}
