package import Documents
internal import Evaluation
package import Metrics
package import Random
package import Statistics

/// How the methods of a report rank by one metric, over its blocks: suite, dataset and setting.
///
/// ```swift
/// let ranking = try MethodRanking(report, metric: "accuracy")
/// print(ranking.text(style: TextStyle()))
/// ```
///
/// A block's value of a method is its mean over seeds; blocks without a value of every method are
/// left out and named. Values that differ by no more than 1e-12 of the largest tie: that is rounding. Source: Demšar, JMLR 7 (2006); Holm for the pairs' Wilcoxon tests.
package struct MethodRanking: Sendable {
  package struct Method: Sendable {
    package let label: String
    package let meanRank: Double
    /// Percentile interval over resampled blocks.
    package let interval: Interval?
    /// Whether test labels chose something in one of its trials.
    package let isOracle: Bool
  }

  /// Two methods, the one of the better mean rank first.
  package struct Pair: Sendable {
    package let first: String
    package let second: String
    /// The blocks that the first wins, loses and ties.
    package let wins: Int
    package let losses: Int
    package let ties: Int
    package let nemenyiP: Double
    package let wilcoxon: WilcoxonTest
    /// Wilcoxon's p-value after Holm over all pairs.
    package internal(set) var adjustedP: Double?
  }

  /// A block that is left out, and why.
  package struct Dropped: Sendable {
    package let block: RowKey
    package let reason: String
  }

  package let metric: MetricEntry
  /// Best first.
  package let methods: [Method]
  package let blocks: [RowKey]
  package let dropped: [Dropped]
  package let test: FriedmanTest
  package let alpha: Double
  package let criticalDifference: Double
  /// The largest groups of methods that Nemenyi's test does not tell apart.
  package let cliques: [[String]]
  package let pairs: [Pair]
  /// What to know of these numbers, in sentences.
  package let notes: [String]
}

/// Why a report gives no ranking.
package struct RankingError: Error, CustomStringConvertible {
  package let exitCode: ExitCode
  package let description: String
}

extension MethodRanking {
  /// Ranks the methods of a report.
  ///
  /// - Parameters:
  ///   - metric: The metric; nil for the report's first.
  ///   - suites: Only blocks of these suites; empty for all.
  ///   - labels: Only these rows; empty for all that have a value somewhere.
  /// - Throws: ``RankingError`` if a name is not known, the metric is better neither way, or there are
  ///   fewer than two methods or two blocks.
  package init(
    _ report: Report, metric key: String? = nil, suites: [String] = [],
    methods labels: [String] = [],
    resamples: Int = 2000, alpha: Double = 0.05
  ) throws(RankingError) {
    let metric = try MethodRanking.metric(key, of: report)
    try require(suites, among: report.suites.map(\.id), option: "--suite")
    let cells = report.aggregates.filter {
      $0.metric == metric.key && (suites.isEmpty || suites.contains($0.suite))
    }
    let known = unique(cells.filter { $0.mean != nil }.map(\.label))
    try require(labels, among: known, option: "--method")
    let chosen = labels.isEmpty ? known : unique(labels)
    guard chosen.count > 1 else {
      throw RankingError(
        exitCode: .usage,
        description:
          "a ranking takes two methods or more; with values of '\(metric.key)' the report "
          + "has \(chosen.isEmpty ? "none" : "only '\(chosen[0])'")")
    }
    let (blocks, values, dropped) = complete(cells, of: chosen)
    guard let test = FriedmanTest(values: values, higherIsBetter: metric.higherIsBetter) else {
      throw RankingError(
        exitCode: .nothingMeasured,
        description: "a ranking takes two blocks or more that have '\(metric.key)' of all "
          + "\(chosen.count) methods; there \(blocks.isEmpty ? "is none" : "is one"), and "
          + "\(dropped.count) are left out"
          + (dropped.first.map { ", the first (\($0.name)) because \($0.reason)" } ?? "")
          + "; name fewer methods with --method, or a suite with --suite")
    }
    self.metric = metric
    self.blocks = blocks
    self.dropped = dropped
    self.test = test
    self.alpha = alpha
    let order = chosen.indices.sorted { (test.meanRanks[$0], $0) < (test.meanRanks[$1], $1) }
    let intervals = meanRankIntervals(test.ranks, resamples: resamples, key: metric.key)
    let oracles = Set(report.trials.filter { $0.selection == .oracle }.map(RowKey.init))
    methods = order.map { place in
      Method(
        label: chosen[place], meanRank: test.meanRanks[place], interval: intervals[place],
        isOracle: blocks.contains { oracles.contains($0.of(chosen[place])) })
    }
    criticalDifference = test.criticalDifference(alpha: alpha)
    cliques = test.cliques(within: criticalDifference).map { $0.map { chosen[$0] } }
    pairs = MethodRanking.pairs(order, chosen, values, test, metric)
    notes = MethodRanking.notes(blocks: blocks, canTellApart: criticalDifference.isFinite)
  }

  private static func metric(
    _ key: String?, of report: Report
  ) throws(RankingError) -> MetricEntry {
    guard let metric = key.map({ report.metric($0) }) ?? report.metrics.first else {
      let known = report.metrics.map(\.key)
      let hint = key.flatMap { nearestName(to: $0, in: known) }.map { "; did you mean '\($0)'?" }
      throw RankingError(
        exitCode: .usage,
        description: key.map { "--metric: the report has no metric '\($0)'" + (hint ?? "") }
          ?? "the report has no metric")
    }
    guard metric.direction != .neutral else {
      throw RankingError(
        exitCode: .usage,
        description: "'\(metric.key)' is better neither way, so that no method ranks before another"
      )
    }
    return metric
  }

  private static func pairs(
    _ order: [Int], _ labels: [String], _ values: [[Double]], _ test: FriedmanTest,
    _ metric: MetricEntry
  ) -> [Pair] {
    var pairs: [Pair] = []
    let tolerance = roundingTolerance(of: values.joined())
    for (place, first) in order.enumerated() {
      for second in order[(place + 1)...] {
        let sign: Double = metric.higherIsBetter ? 1 : -1
        let gains = values.map { sign * ($0[first] - $0[second]) }
        pairs.append(
          Pair(
            first: labels[first], second: labels[second], wins: gains.count { $0 > tolerance },
            losses: gains.count { $0 < -tolerance }, ties: gains.count { abs($0) <= tolerance },
            nemenyiP: test.nemenyiP(first, second),
            wilcoxon: WilcoxonTest(differences: gains, zeros: .ranked, tolerance: tolerance)))
      }
    }
    // Without a difference anywhere nothing speaks against equality.
    for (place, p) in holmAdjusted(pairs.map { $0.wilcoxon.p ?? 1 }).enumerated()
    where pairs[place].wilcoxon.p != nil {
      pairs[place].adjustedP = p
    }
    return pairs
  }

  private static func notes(blocks: [RowKey], canTellApart: Bool) -> [String] {
    var notes: [String] = []
    let datasets = Set(blocks.map(\.dataset)).count
    if datasets < blocks.count {
      notes.append(
        "The \(blocks.count) blocks are of \(datasets) \(datasets == 1 ? "dataset" : "datasets"): "
          + "blocks of one dataset are not independent, so that the p-values are too small and the "
          + "intervals too narrow.")
    }
    if blocks.count < 6 {
      notes.append("With fewer than 6 blocks no Wilcoxon test can reach p < 0.05.")
    }
    if !canTellApart {
      notes.append("With so few blocks no difference of mean ranks is significant.")
    }
    return notes
  }
}

extension MethodRanking.Dropped {
  var name: String { block.blockName }
}

extension RowKey {
  /// The place of a block in one line.
  var blockName: String { "\(suite) / \(dataset) / \(TrialOrder.text(setting))" }

  /// The row of a method in this block.
  func of(_ label: String) -> RowKey {
    var row = self
    row.label = label
    return row
  }
}

private func require(
  _ names: [String], among known: [String], option: String
) throws(RankingError) {
  guard let wrong = names.first(where: { !known.contains($0) }) else { return }
  let hint = nearestName(to: wrong, in: known).map { "; did you mean '\($0)'?" }
  throw RankingError(
    exitCode: .usage,
    description: "\(option): the report has no '\(wrong)' that is measured"
      + (hint ?? "; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"))
}

/// The blocks that have a value of every method, those values `[block][method]`, and the others.
private func complete(
  _ cells: [Aggregate], of labels: [String]
) -> (blocks: [RowKey], values: [[Double]], dropped: [MethodRanking.Dropped]) {
  var blocks: [RowKey] = []
  var values: [[Double]] = []
  var dropped: [MethodRanking.Dropped] = []
  for (block, cells) in grouped(cells, by: { RowKey($0).of("") }) {
    let found = labels.map { label in cells.first { $0.label == label } }
    // A mean over other seeds than the others' is no match for theirs.
    let usable = found.map { $0?.isComplete == true ? $0?.mean : nil }
    let numbers = usable.compactMap { $0?.isFinite == true ? $0 : nil }
    guard numbers.count < labels.count else {
      blocks.append(block)
      values.append(numbers)
      continue
    }
    let missing = zip(labels, zip(found, usable)).filter { $0.1.1 == nil }.map { label, cell in
      guard let aggregate = cell.0 else { return "'\(label)' was not run" }
      return aggregate.mean == nil
        ? "'\(label)' has no value" : "'\(label)' has no value for \(aggregate.failed) of its seeds"
    }
    dropped.append(
      MethodRanking.Dropped(block: block, reason: missing.joined(separator: ", ")))
  }
  return (blocks, values, dropped)
}

/// The interval of each method's mean rank over resampled blocks, the same ones for all methods.
private func meanRankIntervals(
  _ ranks: [[Double]], resamples: Int, key: String
) -> [Interval?] {
  let bootstrap = Bootstrap(resamples: resamples, key: 0)
  var random = Philox(key: Philox.key("rank", key, "\(ranks.count)"), stream: 0)
  var distributions = ranks[0].map { _ in [Double]() }
  for _ in 0..<resamples {
    let drawn = ranks.map { _ in random.below(ranks.count) }
    for method in distributions.indices {
      distributions[method].append(
        drawn.reduce(0) { $0 + ranks[$1][method] } / Double(ranks.count))
    }
  }
  return distributions.map { bootstrap.interval(of: $0).interval }
}
