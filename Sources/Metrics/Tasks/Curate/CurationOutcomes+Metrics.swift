internal import Glibc

extension CurationOutcomes {
  package static let metrics: [Metric<CurationOutcomes>] = ofEntries + ofTexts + ofMatches + ofProbe

  private static let ofEntries: [Metric<CurationOutcomes>] = [
    Metric(
      "entry_entropy", "Entropy", direction: .higher, range: 0...Double.infinity,
      isDefault: true, undefined: noMatch,
      "Entropy in nats of the matches of the kept texts over the entries."
    ) {
      $0.entries { EntryEntropy($0, $0.map(\.countAfter)) }
    } counting: {
      $0.matched
    },
    Metric(
      "entry_entropy_before", "Entropy before", direction: .higher, range: 0...Double.infinity,
      isDefault: true, undefined: noMatch,
      "Entropy in nats of the matches of all texts over the entries."
    ) {
      $0.entries { EntryEntropy($0, $0.map(\.count)) }
    } counting: {
      $0.matched
    },
    Metric(
      "entry_gini", "Gini", direction: .lower, isDefault: true, undefined: noMatch,
      "Gini coefficient of the entries' numbers of kept texts, over entries with a match."
    ) {
      $0.entries { EntryGini($0, $0.map(\.countAfter)) }
    } counting: {
      $0.matched
    },
    Metric(
      "entry_gini_before", "Gini before", direction: .lower, isDefault: true, undefined: noMatch,
      "Gini coefficient of the entries' numbers of texts, over entries with a match."
    ) {
      $0.entries { EntryGini($0, $0.map(\.count)) }
    } counting: {
      $0.matched
    },
  ]

  private static let ofTexts: [Metric<CurationOutcomes>] = [
    Metric(
      "tail_kept", "Tail kept", direction: .higher, isDefault: true,
      undefined: "no text matches a tail entry",
      "Share kept of the texts that match a tail entry; the tail are the rarest entries, which "
        + "together have 10 % of the matches."
    ) { table in
      table.share(of: .text, among: \.isTail, reason: "no text matches a tail entry") { $0.isKept }
    },
    Metric(
      "concepts_kept", "Concepts kept", direction: .higher, isDefault: true, undefined: noMatch,
      "Share of the entries with a match in the pool that have one in the kept texts."
    ) { table in
      table.share(of: .entry, among: { $0.count > 0 }, reason: noMatch) { $0.countAfter > 0 }
    },
    Metric(
      "kept_share", "Kept", direction: .higher, isDefault: true, undefined: noTexts,
      "Share of the texts that are kept."
    ) { table in table.share(of: .text, reason: noTexts) { $0.isKept } },
    Metric(
      "expected_share", "Expected", direction: .higher, isDefault: true, undefined: noTexts,
      "Mean of the probabilities with which the texts were to be kept."
    ) { table in
      SubsetMean(
        rows: table.places(.text), values: table.rows.map(\.probability), reason: noTexts)
    },
    Metric(
      "kept_ratio", "Kept / expected", direction: .higher, range: 0...Double.infinity,
      isDefault: true, undefined: "no text had a chance to be kept",
      "Number of kept texts over the sum of the probabilities; 1 where these are what they say."
    ) { table in
      RatioOfSums(
        table.places(.text), table.rows.map { $0.isKept ? 1 : 0 }, table.rows.map(\.probability),
        reason: "no text had a chance to be kept")
    } counting: {
      $0.places(.text)
    },
  ]

  private static let ofMatches: [Metric<CurationOutcomes>] = [
    Metric(
      "head_lift", "Head lift", direction: .higher, range: 0...Double.infinity, isDefault: true,
      undefined: "no entry is thinned out",
      "Matches that thinned-out entries keep over what each would keep by itself, sum over sum."
    ) { table in
      RatioOfSums(
        table.thinned, table.rows.map(\.countAfter), table.rows.map { $0.count * $0.alone },
        reason: "no entry is thinned out")
    } counting: {
      $0.thinned
    },
    Metric(
      "match_precision", "Match precision", direction: .higher, isDefault: true,
      undefined: notReported,
      "Reported matches that are true over all reported, by the number of each entry."
    ) { table in
      RatioOfSums(
        table.reported, table.rows.map { min($0.count, $0.reported) }, table.rows.map(\.reported),
        reason: "the method reports no matches")
    } counting: {
      $0.reported
    },
    Metric(
      "match_recall", "Match recall", direction: .higher, isDefault: true, undefined: notReported,
      "True matches that are reported over all true ones, by the number of each entry."
    ) { table in
      RatioOfSums(
        table.reported, table.rows.map { min($0.count, $0.reported) }, table.rows.map(\.count),
        reason: notReported)
    } counting: {
      $0.reported
    },
  ]

  private static let ofProbe: [Metric<CurationOutcomes>] = [
    Metric(
      "probe_balanced_accuracy", "Probe, balanced", direction: .higher, isDefault: true,
      undefined: noProbe,
      "Mean recall over classes of a linear probe trained on a fixed number of draws of kept rows."
    ) {
      $0.meanRecall($0.places(.test), reason: noProbe)
    } counting: {
      $0.places(.test)
    },
    Metric(
      "probe_few_accuracy", "Probe, few", direction: .higher, isDefault: true,
      undefined: "no class of the probe has few texts",
      "Mean recall of the probe over classes of fewer than 20 texts in the pool."
    ) {
      $0.meanRecall($0.rare, reason: "no class of the probe has few texts")
    } counting: {
      $0.rare
    },
    Metric(
      "probe_accuracy", "Probe", direction: .higher, isDefault: true, undefined: noProbe,
      "Accuracy of the probe."
    ) { table in table.share(of: .test, reason: noProbe) { $0.label == $0.predicted } },
  ]

  private static let noMatch = "no entry has a match"
  private static let noTexts = "there are no texts"
  private static let notReported = "the method reports no matches, or there are none"
  private static let noProbe = "the dataset has no probe, or nothing to train it on was kept"

  /// The entries that have a match in the pool.
  private var matched: [Int] { places(.entry) { $0.count > 0 } }
  private var reported: [Int] { places(.entry) { $0.reported >= 0 } }
  private var thinned: [Int] { places(.entry) { $0.alone >= 0 && $0.alone < 1 } }
  /// The test rows of classes with few texts in the pool.
  private var rare: [Int] { places(.test, where: \.isFew) }

  private func share(
    of kind: Kind, among isCounted: (Row) -> Bool = { _ in true }, reason: String,
    where isHit: (Row) -> Bool
  ) -> ShareMetric {
    ShareMetric(
      rows: n, at: places(kind, where: isCounted), where: { isHit(rows[$0]) }, reason: reason)
  }

  private func entries(_ metric: ([Row]) -> any WeightedMetric) -> any WeightedMetric {
    let places = matched
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
