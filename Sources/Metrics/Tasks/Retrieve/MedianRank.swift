/// The weighted median of ranks: the mean of the two middle ones where their number is even.
///
/// A rank that ties leave open is given by its mean over their orders; the median is that of these
/// means.
struct MedianRank: WeightedMetric {
  /// The rows of each rank that occurs, in ascending order.
  private let levels: RowGroups
  private let ranks: [Double]
  let undefinedReason: String

  init(rows: [Int], ranks: [Double], reason: String) {
    self.ranks = Set(rows.map { ranks[$0] }).sorted()
    let order = rows.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    let starts = order.indices.filter { $0 == 0 || ranks[order[$0]] != ranks[order[$0 - 1]] }
    levels = RowGroups(rows: order.map(Int32.init), starts: starts + [order.count])
    undefinedReason = reason
  }

  func values(under weights: WeightBlock) -> [Double] {
    let counts = levels.counts(under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      let total = ranks.indices.reduce(0) { $0 + Int(counts[$1 * WeightBlock.lanes + lane]) }
      guard total > 0 else { return .nan }
      func rank(at place: Int) -> Double {
        var passed = 0
        for level in ranks.indices {
          passed += Int(counts[level * WeightBlock.lanes + lane])
          if passed > place { return ranks[level] }
        }
        return .nan
      }
      return (rank(at: (total - 1) / 2) + rank(at: total / 2)) / 2
    }
  }
}
