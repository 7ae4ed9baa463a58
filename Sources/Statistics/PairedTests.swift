/// Tests of the discordant pairs of two classifiers on the same samples (McNemar).
///
/// Of N paired samples only those matter that exactly one of the two gets right: `lost` of them were
/// right before, `won` of them are right now. Under the null hypothesis each falls either way with
/// probability 1/2.
package enum McNemar {
  /// The exact two-sided p-value: twice the lower tail of Binomial(lost + won, 1/2), at most 1.
  ///
  /// Any counts are safe; 1 without discordant pairs.
  package static func exact(lost: Int, won: Int) -> Double {
    precondition(lost >= 0 && won >= 0, "counts of discordant pairs are not negative")
    guard lost != won else { return 1 }
    return min(1, 2 * binomialTail(atMost: min(lost, won), trials: lost + won))
  }
}

/// Holm's step-down adjustment of a family of p-values, in the order given.
///
/// adjusted(i) = max over j <= i of min(1, (m - j + 1) p(j)) with p(1) <= ... <= p(m)
/// (Holm, Scandinavian Journal of Statistics 6, 1979). All p-values must be numbers in 0...1.
package func holmAdjusted(_ p: [Double]) -> [Double] {
  let order = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
  var adjusted = p
  var running = 0.0
  for (rank, index) in order.enumerated() {
    running = max(running, min(1, Double(p.count - rank) * p[index]))
    adjusted[index] = running
  }
  return adjusted
}
