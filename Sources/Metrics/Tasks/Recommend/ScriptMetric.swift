internal import Glibc

/// A metric of one user's ranked list as a published script has it.
///
/// With the paper of Saito et al. (WSDM 2020) came two scripts, which differ: `_semi` for the
/// semi-synthetic data takes the users with a relevant item and divides the sum by that of their
/// relevances; `_real` for the uniformly shown ratings takes every user, 0.001 + 0.999 r for a
/// relevance r, and divides DCG and average precision by nothing. Where scores are tied the value is
/// the expectation over the orders of what is tied; the scripts take whatever order their sort leaves.
struct ScriptMetric {
  enum Statistic {
    case semiDCG, realDCG, realRecall, realPrecision
  }

  let statistic: Statistic
  let cut: Int

  init(_ statistic: Statistic, _ cut: Int) {
    self.statistic = statistic
    self.cut = cut
  }

  /// Whether users without a relevant item count too.
  var takesEveryUser: Bool { statistic != .semiDCG }

  /// The value on a list, the best score first; an item is relevant above 1/2.
  func value(relevance: [Double], scores: [Float]) -> Double {
    let gains = relevance.map { takesEveryUser ? 0.001 + 0.999 * $0 : $0 }
    let isRelevant = relevance.map { $0 > 0.5 }
    let blocks = blocks(of: scores)
    switch statistic {
    case .semiDCG: return discounted(gains, blocks) / gains.reduce(0, +)
    case .realDCG: return discounted(gains, blocks)
    case .realRecall:
      return expected(gains, blocks).prefix(cut).reduce(0, +) / gains.reduce(0, +)
    case .realPrecision: return precisions(gains, isRelevant, blocks)
    }
  }

  /// The places of equal scores.
  private func blocks(of scores: [Float]) -> [Range<Int>] {
    var starts = scores.indices.filter { $0 == 0 || scores[$0] != scores[$0 - 1] }
    starts.append(scores.count)
    return zip(starts, starts.dropFirst()).map { $0..<$1 }
  }

  /// The expected gain at each place: the mean of its block.
  private func expected(_ gains: [Double], _ blocks: [Range<Int>]) -> [Double] {
    blocks.flatMap { block in
      let mean = gains[block].reduce(0, +) / Double(block.count)
      return [Double](repeating: mean, count: block.count)
    }
  }

  /// The sum of gains, rank 1 weighing 1 and rank r from 2 on 1 / log2 r.
  private func discounted(_ gains: [Double], _ blocks: [Range<Int>]) -> Double {
    zip(1..., expected(gains, blocks).prefix(cut)).reduce(0) { sum, entry in
      sum + (entry.0 == 1 ? entry.1 : entry.1 / log2(Double(entry.0)))
    }
  }

  /// The sum, over the ranks in the cut that hold a relevant item, of the mean gain up to there.
  ///
  /// In a block of m places with h relevant items, gains that sum to g, those of the relevant ones to
  /// r, and p before it, a place that t of the block precede adds `h p + r + t (h g - r) / (m - 1)`
  /// over m times its rank.
  private func precisions(
    _ gains: [Double], _ isRelevant: [Bool], _ blocks: [Range<Int>]
  ) -> Double {
    var (sum, before) = (0.0, 0.0)
    for block in blocks where block.lowerBound < cut {
      let count = Double(block.count)
      let all = gains[block].reduce(0, +)
      let hits = Double(block.count { isRelevant[$0] })
      let relevant = block.reduce(0) { isRelevant[$1] ? $0 + gains[$1] : $0 }
      for place in block.prefix(cut - block.lowerBound) {
        let earlier = Double(place - block.lowerBound)
        let pairs = earlier == 0 ? 0 : earlier * (hits * all - relevant) / (count - 1)
        sum += (hits * before + relevant + pairs) / (count * Double(place + 1))
      }
      before += all
    }
    return sum
  }
}
