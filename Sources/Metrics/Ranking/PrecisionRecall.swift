internal import Glibc

/// The area under the precision-recall curve, in one of its two forms.
struct PrecisionRecallArea: WeightedMetric {
  enum Rule {
    /// Average precision: the sum over distinct scores of (R_i - R_{i-1}) P_i.
    case step
    /// Trapezoids between the points of distinct scores, starting at recall 0 and precision 1.
    case trapezoid
    /// Average precision against chance: 1 - ln AP / ln prevalence, 0 at chance and 1 if perfect.
    ///
    /// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays",
    /// 2025.
    case adjusted
  }

  private let ranking: BinaryRanking
  private let rule: Rule

  init(_ ranking: BinaryRanking, _ rule: Rule) {
    self.ranking = ranking
    self.rule = rule
  }

  func values(under weights: WeightBlock) -> [Double] {
    var lanes = [Lane](
      repeating: Lane(isTrapezoid: rule == .trapezoid), count: WeightBlock.lanes)
    ranking.walk(&lanes, under: weights)
    return lanes.map { lane in
      guard lane.positives > 0 else { return .nan }
      let area = lane.area / Double(lane.positives)
      guard rule == .adjusted else { return area }
      let prevalence = Double(lane.positives) / Double(lane.positives + lane.negatives)
      return prevalence < 1 ? 1 - log(area) / log(prevalence) : .nan
    }
  }

  var undefinedReason: String {
    rule == .adjusted ? "only one class is present" : "there are no positive rows"
  }

  private struct Lane: CurveLane {
    let isTrapezoid: Bool
    var positives = 0
    var negatives = 0
    /// The precision after the last level.
    var precision = 1.0
    var area = 0.0

    @inline(__always)
    mutating func pass(positives added: Int, negatives others: Int) {
      positives &+= added
      negatives &+= others
      let next = Double(positives) / Double(positives &+ negatives)
      area += Double(added) * (isTrapezoid ? (next + precision) / 2 : next)
      precision = next
    }
  }
}
