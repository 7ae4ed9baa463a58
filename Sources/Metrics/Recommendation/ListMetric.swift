internal import Glibc

/// A metric of one user's ranked list, cut at k.
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

  /// The cuts that metric keys are made for.
  static let cuts = [1, 3, 5, 10]

  /// Takes a metric key apart, such as `dcg5_saito`.
  init?(_ key: String) {
    let forms: [(prefix: String, suffix: String, statistic: Statistic)] = [
      ("snips_dcg", "_saito", .snipsDCGSaito), ("ips_dcg", "_saito", .ipsDCGSaito),
      ("dcg", "_saito", .dcgSaito), ("ndcg", "_exp", .ndcgExponential), ("ndcg", "", .ndcg),
      ("recall", "", .recall), ("map", "_saito", .averagePrecisionSaito),
      ("map", "", .averagePrecision),
    ]
    for form in forms where key.hasPrefix(form.prefix) && key.hasSuffix(form.suffix) {
      let number = key.dropFirst(form.prefix.count).dropLast(form.suffix.count)
      guard let cut = Int(number), ListMetric.cuts.contains(cut) else { continue }
      (statistic, self.cut) = (form.statistic, cut)
      return
    }
    return nil
  }

  var takesExposure: Bool { statistic == .snipsDCGSaito || statistic == .ipsDCGSaito }

  /// The value on a list, the best-ranked item first, of which some are relevant (gain above 1/2).
  func value(gains: [Double], weights: [Double]?) -> Double {
    let top = gains.prefix(cut)
    let relevant = gains.count { $0 > 0.5 }
    switch statistic {
    case .dcgSaito: return sum(top, discount: saitoDiscount)
    case .snipsDCGSaito:
      let weighted = zip(gains, weights ?? []).map { $0 * $1 }
      return sum(weighted.prefix(cut), discount: saitoDiscount) / weighted.reduce(0, +)
    case .ipsDCGSaito:
      let weighted = zip(gains, weights ?? []).map { $0 * $1 }
      return sum(weighted.prefix(cut), discount: saitoDiscount) / Double(gains.count)
    case .ndcg: return normalised(gains)
    case .ndcgExponential: return normalised(gains.map { exp2($0) - 1 })
    case .recall: return Double(top.count { $0 > 0.5 }) / Double(relevant)
    case .averagePrecision: return precisions(top) / Double(min(relevant, cut))
    case .averagePrecisionSaito: return precisions(top) / Double(relevant)
    }
  }

  private func normalised(_ gains: [Double]) -> Double {
    let ideal = gains.sorted(by: >).prefix(cut)
    return sum(gains.prefix(cut), discount: logarithmicDiscount)
      / sum(ideal, discount: logarithmicDiscount)
  }

  private func sum(_ gains: some Sequence<Double>, discount: (Int) -> Double) -> Double {
    zip(1..., gains).reduce(0) { $0 + $1.1 * discount($1.0) }
  }

  /// The sum of the precision at each rank that holds a relevant item.
  private func precisions(_ gains: some Sequence<Double>) -> Double {
    var hits = 0.0
    return zip(1..., gains).reduce(0) { sum, entry in
      guard entry.1 > 0.5 else { return sum }
      hits += 1
      return sum + hits / Double(entry.0)
    }
  }
}

/// 1 at rank 1, from rank 2 on 1 / log2(rank): ranks 1 and 2 weigh the same.
private func saitoDiscount(_ rank: Int) -> Double { rank == 1 ? 1 : 1 / log2(Double(rank)) }

private func logarithmicDiscount(_ rank: Int) -> Double { 1 / log2(Double(rank) + 1) }

/// `log(1 + exp(x))` without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
