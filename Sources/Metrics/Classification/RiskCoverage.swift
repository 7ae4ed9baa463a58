/// The area under the risk-coverage curve: the mean, over k, of the error rate of the k most
/// confident rows; rows of equal confidence share their errors evenly.
///
/// Source: Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep neural
/// classifiers", ICLR 2019, which also defines the excess over the best ordering.
struct RiskCoverage: WeightedMetric {
  /// Rows of equal confidence, the most confident first.
  private let levels: RowGroups
  /// The wrong rows of each level.
  private let errors: RowGroups
  private let aboveOptimum: Bool

  init(confidence: [Float], correct: [Bool], aboveOptimum: Bool) {
    let order = confidence.indices.sorted { confidence[$0] > confidence[$1] }
    var starts: [Int] = []
    var errorStarts: [Int] = []
    var wrong: [Int32] = []
    for (place, row) in order.enumerated() {
      if place == 0 || confidence[row] != confidence[order[place - 1]] {
        starts.append(place)
        errorStarts.append(wrong.count)
      }
      if !correct[row] { wrong.append(Int32(row)) }
    }
    levels = RowGroups(rows: order.map(Int32.init), starts: starts + [order.count])
    errors = RowGroups(rows: wrong, starts: errorStarts + [wrong.count])
    self.aboveOptimum = aboveOptimum
  }

  func values(under weights: WeightBlock) -> [Double] {
    let lanes = WeightBlock.lanes
    let counts = levels.counts(under: weights)
    let wrong = errors.counts(under: weights)
    // harmonic[k] = 1 + 1/2 + ... + 1/k sums risks over a level in closed form.
    var harmonic = [0.0]
    for k in 0..<(weights.totals.max() ?? 0) { harmonic.append(harmonic[k] + 1 / Double(k + 1)) }
    return (0..<lanes).map { lane in
      var covered = 0
      var errorsAbove = 0.0
      var area = 0.0
      for level in 0..<levels.count {
        let count = Int(counts[level * lanes + lane])
        guard count > 0 else { continue }
        let wrong = Double(wrong[level * lanes + lane])
        let rate = wrong / Double(count)
        // sum over k of (errorsAbove + (k - covered) rate) / k
        area +=
          (errorsAbove - Double(covered) * rate) * (harmonic[covered + count] - harmonic[covered])
          + wrong
        covered += count
        errorsAbove += wrong
      }
      if aboveOptimum {
        let right = covered - Int(errorsAbove)
        area -= errorsAbove - Double(right) * (harmonic[covered] - harmonic[right])
      }
      return area / Double(covered)
    }
  }

  var undefinedReason: String { "there are no rows" }
}
