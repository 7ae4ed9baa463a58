/// The squared calibration error in bins of equal width, less what chance adds to it.
///
/// `sum_b n_b / N ((acc_b - conf_b)^2 - acc_b (1 - acc_b) / (n_b - 1))`, a bin of one row counting
/// 0.
/// Source: Kumar, Liang and Ma, "Verified uncertainty calibration", NeurIPS 2019, definition 4.1.
struct DebiasedCalibration: WeightedMetric {
  private let bins: RowGroups
  private let gaps: [Double]
  private let hits: [Double]

  init(confidence: [Float], correct: [Bool]) {
    bins = calibrationBins(confidence)
    gaps = calibrationGaps(confidence, correct)
    hits = correct.map { $0 ? 1 : 0 }
  }

  func values(under weights: WeightBlock) -> [Double] {
    let (counts, gaps, hits) = (
      bins.counts(under: weights), bins.sums(of: gaps, under: weights),
      bins.sums(of: hits, under: weights)
    )
    var result = [Double](repeating: 0, count: WeightBlock.lanes)
    for place in counts.indices where counts[place] > 1 {
      let n = Double(counts[place])
      let (gap, share) = (gaps[place] / n, hits[place] / n)
      result[place % WeightBlock.lanes] += n * (gap * gap - share * (1 - share) / (n - 1))
    }
    return zip(result, weights.totals).map { $0 / Double($1) }
  }

  var undefinedReason: String { "there are no rows" }
}
