/// The false positive rate at the highest threshold that keeps a share of the positive rows.
///
/// Takes the first of the distinct scores, from the highest, where that share is reached; nothing is
/// interpolated.
struct FalsePositiveRate: WeightedMetric {
  private let ranking: BinaryRanking
  private let share: Double

  init(_ ranking: BinaryRanking, atTruePositiveRate share: Double) {
    self.ranking = ranking
    self.share = share
  }

  func values(under weights: WeightBlock) -> [Double] {
    let totals = ranking.totals(under: weights)
    var lanes = totals.positives.map { total in
      // The comparison of rates, not of counts, decides exact cases as other software does.
      var needed = Int(share * Double(total))
      while Double(needed) / Double(total) < share { needed += 1 }
      return Lane(needed: needed)
    }
    ranking.walk(&lanes, under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      guard totals.positives[lane] > 0, totals.negatives[lane] > 0 else { return .nan }
      return Double(lanes[lane].negatives) / Double(totals.negatives[lane])
    }
  }

  var undefinedReason: String { "only one class is present" }

  private struct Lane: CurveLane {
    /// The weight of positive rows that is still wanted.
    var needed: Int
    var negatives = 0

    @inline(__always)
    mutating func pass(positives added: Int, negatives others: Int) {
      guard needed > 0 else { return }
      needed &-= added
      negatives &+= others
    }
  }
}
