internal import Glibc

/// Wilcoxon's signed-rank test that paired differences lie around 0, two-sided.
///
/// ```swift
/// let test = WilcoxonTest(differences: zip(candidate, baseline).map(-))
/// test.p  // nil where every difference is 0
/// ```
///
/// Exact for up to 25 differences without ties and zeros; else by the normal approximation with
/// corrections for ties and continuity. Source: Wilcoxon, Biometrics Bulletin 1 (1945); Pratt, JASA
/// 54 (1959).
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
  package init(differences: [Double], zeros: Zeros = .dropped) {
    precondition(differences.allSatisfy(\.isFinite), "differences are finite numbers")
    let ranked = zeros == .dropped ? differences.filter { $0 != 0 } : differences
    let ranks = midRanks(ranked.map(abs))
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
    let hasTies = Set(ties).count < ties.count
    isExact = n > 0 && n <= Self.exactUpTo && !hasTies && zeroCount == 0
    guard n > 0 else {
      p = nil
      return
    }
    p =
      isExact
      ? exactProbability(statistic, n)
      : normalApproximation(sums.above, ranked.count, zeros: zeroCount, ranks: ties)
  }
}

/// Twice the share of the 2^n choices of signs whose rank sum is at most `statistic`.
private func exactProbability(_ statistic: Double, _ n: Int) -> Double {
  var ways = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
  ways[0] = 1
  for rank in 1...n {
    for sum in stride(from: ways.count - 1, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
  }
  let tail = ways.prefix(Int(statistic) + 1).reduce(0, +)
  return min(1, 2 * tail / exp2(Double(n)))
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

/// The mean place, from 1, of each value among the ascending ones.
package func midRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}
