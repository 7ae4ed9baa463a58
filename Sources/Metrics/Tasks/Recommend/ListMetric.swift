internal import Glibc

/// A metric of one user's ranked list, cut at k; equal scores count with what a random order of them
/// is expected to give (``TiedList``).
///
/// Source of the `_saito` forms: Saito et al., "Unbiased Recommender Learning from
/// Missing-Not-At-Random Implicit Feedback", WSDM 2020, and the code published with it.
struct ListMetric {
  enum Statistic: Equatable {
    /// Sum of the gains over the logarithm of the rank; ranks 1 and 2 both weigh 1.
    case dcgSaito
    /// The same, each gain weighted by the inverse of its propensity, over the sum of all weights.
    case snipsDCGSaito
    /// The sum of weighted gains over the number of the list's items.
    case ipsDCGSaito
    /// Sum of the gains over log2(rank + 1), over the largest that the list allows.
    case ndcg
    /// The same with the gain 2^relevance - 1.
    case ndcgExponential
    /// The relevant items in the cut over all relevant ones.
    case recall
    /// The precisions at the relevant ranks in the cut over min(relevant, k).
    case averagePrecision
    /// The same over the number of relevant items.
    case averagePrecisionSaito
  }

  let statistic: Statistic
  let cut: Int

  init(_ statistic: Statistic, _ cut: Int) {
    self.statistic = statistic
    self.cut = cut
  }

  /// The cuts that metric keys are made for.
  static let cuts = [1, 3, 5, 10]

  var takesExposure: Bool { statistic == .snipsDCGSaito || statistic == .ipsDCGSaito }

  /// Whether a list counts by its gains, and not only by its relevant items.
  var isGraded: Bool { statistic == .ndcg || statistic == .ndcgExponential }

  /// The expected value on a list with equal scores in random order.
  func value(_ list: ScoredList) -> Double {
    switch statistic {
    case .dcgSaito: return sum(list, list.gains, discount: saitoDiscount)
    case .snipsDCGSaito:
      let weighted = list.weightedGains
      return sum(list, weighted, discount: saitoDiscount) / weighted.reduce(0, +)
    case .ipsDCGSaito:
      return sum(list, list.weightedGains, discount: saitoDiscount) / Double(list.gains.count)
    case .ndcg: return normalised(list, list.gains)
    case .ndcgExponential: return normalised(list, exponential(list.gains))
    case .recall: return list.tied.found(atDepth: cut) / Double(list.tied.relevant)
    case .averagePrecision:
      return list.tied.precisions(atDepth: cut) / Double(min(list.tied.relevant, cut))
    case .averagePrecisionSaito:
      return list.tied.precisions(atDepth: cut) / Double(list.tied.relevant)
    }
  }

  private func normalised(_ list: ScoredList, _ gains: [Double]) -> Double {
    let ideal = zip(1..., gains.sorted(by: >).prefix(cut)).reduce(0.0) {
      $0 + $1.1 * logarithmicDiscount($1.0)
    }
    return sum(list, gains, discount: logarithmicDiscount) / ideal
  }

  /// The gains 2^r - 1, all divided by 2^max so that no grade overflows; a ratio does not see it.
  private func exponential(_ gains: [Double]) -> [Double] {
    let top = gains.max() ?? 0
    return gains.map { exp2($0 - top) - exp2(-top) }
  }

  /// The discounted gains within the cut; each place of a tie has the tie's mean gain.
  private func sum(_ list: ScoredList, _ gains: [Double], discount: (Int) -> Double) -> Double {
    var sum = 0.0
    for (start, end) in zip(list.starts, list.starts.dropFirst()) where start < cut {
      let gain = gains[start..<end].reduce(0, +) / Double(end - start)
      for place in start..<min(end, cut) { sum += gain * discount(place + 1) }
    }
    return sum
  }
}

/// The list of one user by descending score.
struct ScoredList {
  /// The relevance of each item.
  let gains: [Double]
  /// What makes up for the exposure of each item, where that is known.
  let weights: [Double]?
  /// Where each run of equal scores starts, and the end of the last one.
  let starts: [Int]

  /// An item counts as relevant above 1/2.
  static func isRelevant(_ gain: Double) -> Bool { gain > 0.5 }

  var tied: TiedList {
    TiedList(
      zip(starts, starts.dropFirst()).map { start, end in
        TiedLevel(
          above: start, count: end - start,
          relevant: gains[start..<end].count(where: ScoredList.isRelevant))
      })
  }

  fileprivate var weightedGains: [Double] { zip(gains, weights ?? []).map { $0 * $1 } }
}

/// 1 at rank 1, from rank 2 on 1 / log2(rank): ranks 1 and 2 weigh the same.
private func saitoDiscount(_ rank: Int) -> Double { rank == 1 ? 1 : 1 / log2(Double(rank)) }

private func logarithmicDiscount(_ rank: Int) -> Double { 1 / log2(Double(rank) + 1) }

/// `log(1 + exp(x))` without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
