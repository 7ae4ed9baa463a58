internal import Glibc

extension CurationOutcomes {
  package func rate(for metric: String) -> RowRate? {
    switch metric {
    case "kept_share": rate(.text) { $0.isKept }
    case "tail_kept":
      rate(.text, among: \.isTail, reason: "no text matches a tail entry") { $0.isKept }
    case "concepts_kept":
      rate(.entry, among: { $0.count > 0 }, reason: "no entry has a match") { $0.countAfter > 0 }
    case "probe_accuracy": rate(.test, reason: noProbe) { $0.label == $0.predicted }
    default: nil
    }
  }

  private func rate(
    _ kind: Kind, among isCounted: (Row) -> Bool = { _ in true },
    reason: String = "there are no texts", where isHit: (Row) -> Bool
  ) -> RowRate {
    RowRate(
      rows: n, among: { rows[$0].kind == kind && isCounted(rows[$0]) },
      where: { isHit(rows[$0]) }, reason: reason)
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    let texts = places(.text)
    switch metric {
    case "expected_share":
      return SubsetMean(
        rows: texts, values: rows.map(\.probability), reason: "there are no texts")
    case "kept_ratio":
      return RatioOfSums(
        texts, rows.map { $0.isKept ? 1 : 0 }, rows.map(\.probability),
        reason: "no text had a chance to be kept")
    case "entry_entropy": return entries { EntryEntropy($0, $0.map(\.countAfter)) }
    case "entry_entropy_before": return entries { EntryEntropy($0, $0.map(\.count)) }
    case "entry_gini": return entries { EntryGini($0, $0.map(\.countAfter)) }
    case "entry_gini_before": return entries { EntryGini($0, $0.map(\.count)) }
    case "head_lift":
      return RatioOfSums(
        thinnedEntries, rows.map(\.countAfter), rows.map { $0.count * $0.alone },
        reason: "no entry is thinned out")
    case "match_precision":
      return RatioOfSums(
        places(.entry) { $0.reported >= 0 }, rows.map { min($0.count, $0.reported) },
        rows.map(\.reported), reason: "the method reports no matches")
    case "match_recall":
      return RatioOfSums(
        places(.entry) { $0.reported >= 0 }, rows.map { min($0.count, $0.reported) },
        rows.map(\.count), reason: "the method reports no matches, or there are none")
    case "probe_balanced_accuracy": return meanRecall(places(.test), reason: noProbe)
    case "probe_few_accuracy":
      return meanRecall(
        places(.test, where: \.isFew), reason: "no class of the probe has few texts")
    default: return rate(for: metric)?.metric
    }
  }

  package func rows(countedBy metric: String) -> [Int]? {
    if let rate = rate(for: metric) {
      return rate.isCounted.indices.filter { rate.isCounted[$0] }
    }
    switch metric {
    case "expected_share", "kept_ratio": return places(.text)
    case "probe_balanced_accuracy": return places(.test)
    case "probe_few_accuracy": return places(.test, where: \.isFew)
    case "entry_entropy", "entry_gini", "entry_entropy_before", "entry_gini_before":
      return places(.entry) { $0.count > 0 }
    case "head_lift": return thinnedEntries
    case "match_precision", "match_recall": return places(.entry) { $0.reported >= 0 }
    default: return places(.entry)
    }
  }

  private var thinnedEntries: [Int] { places(.entry) { $0.alone >= 0 && $0.alone < 1 } }

  private var noProbe: String { "the dataset has no probe, or nothing to train it on was kept" }

  /// A metric of the entries that have a match in the pool.
  private func entries(_ metric: ([Row]) -> any WeightedMetric) -> any WeightedMetric {
    let places = places(.entry) { $0.count > 0 }
    let prepared = metric(places.map { rows[$0] })
    return CompositeMetric(parts: [(places, prepared)], reason: prepared.undefinedReason) { $0[0] }
  }

  private func meanRecall(_ places: [Int], reason: String) -> any WeightedMetric {
    let confusion = Confusion(
      labels: places.map { rows[$0].label }, predicted: places.map { rows[$0].predicted })
    return CompositeMetric(parts: [(places, MeanPerClassAccuracy(confusion))], reason: reason) {
      $0[0]
    }
  }
}

// MARK: Metrics

/// The sum of one value per row over the sum of another, over some of the rows.
private struct RatioOfSums: WeightedMetric {
  private let rows: RowGroups
  private let numerators: [Double]
  private let denominators: [Double]
  let undefinedReason: String

  init(_ rows: [Int], _ numerators: [Double], _ denominators: [Double], reason: String) {
    self.rows = RowGroups(one: rows.map(Int32.init))
    self.numerators = numerators
    self.denominators = denominators
    undefinedReason = reason
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(rows.sums(of: numerators, under: weights), rows.sums(of: denominators, under: weights))
      .map { $1 > 0 ? $0 / $1 : .nan }
  }
}

/// The entropy in nats of the distribution of matches over entries.
private struct EntryEntropy: WeightedMetric {
  private let counts: [Double]
  private let terms: [Double]
  private let all: RowGroups

  init(_ rows: [CurationOutcomes.Row], _ counts: [Double]) {
    self.counts = counts
    terms = counts.map { $0 > 0 ? $0 * log($0) : 0 }
    all = RowGroups(one: Array(0..<Int32(counts.count)))
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(all.sums(of: counts, under: weights), all.sums(of: terms, under: weights)).map {
      $0 > 0 ? log($0) - $1 / $0 : .nan
    }
  }

  var undefinedReason: String { "no entry has a match" }
}

/// The Gini coefficient of the numbers of matches of the entries.
///
/// `Σ (2 i - n - 1) x_i / (n Σ x_i)` over the ascending numbers `x_1 ... x_n`.
private struct EntryGini: WeightedMetric {
  private let counts: [Double]
  private let ascending: [Int]

  init(_ rows: [CurationOutcomes.Row], _ counts: [Double]) {
    self.counts = counts
    ascending = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
  }

  func values(under weights: WeightBlock) -> [Double] {
    let lanes = WeightBlock.lanes
    var below = [Double](repeating: 0, count: lanes)
    var sums = below
    var ranked = below
    weights.withLines { lines in
      for row in ascending {
        for lane in 0..<lanes {
          let weight = Double(lines[row * lanes + lane])
          let part = weight * counts[row]
          sums[lane] += part
          ranked[lane] += part * (2 * below[lane] + weight - Double(weights.totals[lane]))
          below[lane] += weight
        }
      }
    }
    return (0..<lanes).map { sums[$0] > 0 ? ranked[$0] / (below[$0] * sums[$0]) : .nan }
  }

  var undefinedReason: String { "no entry has a match" }
}
