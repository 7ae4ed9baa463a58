/// How often entries may occur: the threshold t, and what follows from it for every entry.
struct Balance {
  /// t: the texts of an entry are thinned out to about so many.
  let threshold: Int
  /// The probability `t / max(n_e, t)` of each entry `[K]`: 1 up to the threshold.
  let probabilities: [Double]

  /// Takes the number of texts of each entry.
  init(threshold: Int, counts: [Int]) {
    self.threshold = threshold
    probabilities = counts.map { Double(threshold) / Double(max($0, threshold)) }
  }

  /// The threshold for a tail share p: the count at the cumulative share of matches nearest to p.
  ///
  /// Counts ascend, entries without a match are left out; of equally near shares the first counts.
  static func threshold(tailShare: Double, counts: [Int]) -> Int {
    let ascending = counts.filter { $0 > 0 }.sorted()
    let total = Double(ascending.reduce(0, +))
    var best = (threshold: 1, distance: Double.infinity)
    var sum = 0
    for count in ascending {
      sum += count
      let distance = abs(Double(sum) / total - tailShare)
      if distance < best.distance { best = (count, distance) }
    }
    return best.threshold
  }

  /// The share of all matches that entries with fewer texts than the threshold have.
  func tailShare(counts: [Int]) -> Double {
    let total = counts.reduce(0, +)
    let tail = counts.reduce(0) { $1 < threshold ? $0 + $1 : $0 }
    return total > 0 ? Double(tail) / Double(total) : 0
  }

  /// The probability that at least one entry of a text keeps it, `1 - Π (1 - p_e)`.
  func keepProbability(of text: Int, in index: MatchIndex) -> Double {
    var dropped = 1.0
    index.forEachEntry(of: text) { dropped *= 1 - probabilities[$0] }
    return 1 - dropped
  }
}
