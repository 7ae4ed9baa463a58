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

/// The false positive rate where the straight lines of the ROC curve pass a share of the positive
/// rows.
///
/// Where the share is that of points of the curve, the last of them counts, as in `numpy.interp`.
struct InterpolatedFalsePositiveRate: WeightedMetric {
  private let ranking: BinaryRanking
  private let share: Double

  init(_ ranking: BinaryRanking, atTruePositiveRate share: Double) {
    self.ranking = ranking
    self.share = share
  }

  func values(under weights: WeightBlock) -> [Double] {
    let totals = ranking.totals(under: weights)
    var lanes = totals.positives.map { Lane(total: Double($0), share: share) }
    ranking.walk(&lanes, under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      guard totals.positives[lane] > 0, totals.negatives[lane] > 0 else { return .nan }
      return lanes[lane].passing / Double(totals.negatives[lane])
    }
  }

  var undefinedReason: String { "only one class is present" }

  private struct Lane: CurveLane {
    let total: Double
    let share: Double
    var positives = 0
    var negatives = 0
    /// The weight of negative rows at the share, once it is passed.
    var passing = Double.nan

    @inline(__always)
    mutating func pass(positives added: Int, negatives others: Int) {
      guard passing.isNaN else { return }
      let (before, after) = (Double(positives) / total, Double(positives &+ added) / total)
      if after > share {
        passing = Double(negatives) + (share - before) / (after - before) * Double(others)
      }
      positives &+= added
      negatives &+= others
    }
  }
}

/// The false positive rate at the point of the ROC curve whose true positive rate is nearest to a
/// share.
///
/// Points that only add negative rows after all positive ones are passed do not count. Of points
/// equally near the one of more rows counts, as in the code of MCM, COOkeD and OpenOOD, which walks
/// from the lowest threshold up and takes NumPy's first minimum.
struct NearestFalsePositiveRate: WeightedMetric {
  private let ranking: BinaryRanking
  private let share: Double

  init(_ ranking: BinaryRanking, nearestTruePositiveRate share: Double) {
    self.ranking = ranking
    self.share = share
  }

  func values(under weights: WeightBlock) -> [Double] {
    let totals = ranking.totals(under: weights)
    var lanes = totals.positives.map { Lane(total: $0, share: share) }
    ranking.walk(&lanes, under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      guard totals.positives[lane] > 0, totals.negatives[lane] > 0 else { return .nan }
      return Double(lanes[lane].passing) / Double(totals.negatives[lane])
    }
  }

  var undefinedReason: String { "only one class is present" }

  private struct Lane: CurveLane {
    let total: Int
    let share: Double
    var positives = 0
    var negatives = 0
    var distance = Double.infinity
    /// The weight of negative rows at the nearest point so far.
    var passing = 0

    @inline(__always)
    mutating func pass(positives added: Int, negatives others: Int) {
      guard positives < total else { return }
      positives &+= added
      negatives &+= others
      let other = abs(Double(positives) / Double(total) - share)
      if other <= distance { (distance, passing) = (other, negatives) }
    }
  }
}
