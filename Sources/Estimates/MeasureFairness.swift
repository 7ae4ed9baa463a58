internal import Glibc
package import Metrics
internal import Statistics

/// How unequal decisions are between groups.
package struct FairnessReport: Sendable {
  package let grouping: String
  /// By key of ``MetricInfo/fairness``.
  package let values: [String: MetricValue]
  /// By key, the groups that are left out for want of a value or of support.
  package let skippedGroups: [String: [String]]
}

/// Estimates the disparities of a classifier's decisions between groups.
///
/// ```swift
/// let sex = try Grouping("sex", codes: codes, names: ["female", "male"])
/// let report = try measureFairness(of: outcomes, by: sex)
/// report.values["equalised_odds_gap"]
/// ```
///
/// With two classes the gaps are those of class 1; with more each class is held against the rest,
/// and the keys `<gap>_class_mean` and `<gap>_class_max` stand for mean and maximum over the
/// classes that have a gap. A group without positives (negatives) is left out of the TPR (FPR) gap,
/// not counted as 0. All rates of one disparity share one band (``GroupBand``); that of a ratio is
/// of logarithms.
///
/// Source: Hardt, Price and Srebro, "Equality of opportunity in supervised learning", NeurIPS 2016;
/// equalised odds by the greater of its two gaps, as fairlearn has it, and by their mean.
package func measureFairness(
  of outcomes: Outcomes, by grouping: Grouping, options: GroupOptions = GroupOptions()
) throws(MetricsError) -> FairnessReport {
  guard let table = outcomes.table as? any DecisionTable else {
    throw MetricsError(.invalidInput, "Disparities are of decisions between classes.")
  }
  try grouping.require(rows: table.n)
  let disparities = Disparities(outcomes, table, grouping, options)
  var values: [String: MetricValue] = [:]
  var skipped: [String: [String]] = [:]
  for gap in FairnessGap.allCases {
    if table.isBinary {
      values[gap.rawValue] = disparities.value(gap, classes: [1]) { $0[0] }
      skipped[gap.rawValue] = disparities.skipped(gap).map { grouping.keys[$0] }
    } else if gap.functional == .gap {
      let classes = disparities.classes(of: gap)
      values["\(gap.rawValue)_class_mean"] = disparities.value(gap, classes: classes) {
        mean($0) ?? .nan
      }
      values["\(gap.rawValue)_class_max"] = disparities.value(gap, classes: classes) {
        $0.max() ?? .nan
      }
    }
  }
  return FairnessReport(grouping: grouping.by, values: values, skippedGroups: skipped)
}

/// Estimates the disparities of one table.
package func measureFairness(
  of table: some DecisionTable, by grouping: Grouping,
  options: GroupOptions = GroupOptions(), bootstrap: Bootstrap
) throws(MetricsError) -> FairnessReport {
  try measureFairness(
    of: Outcomes(table, bootstrap: bootstrap), by: grouping, options: options)
}

/// The rates of all groups and classes, drawn together.
private struct Disparities {
  private struct Cell: Hashable {
    let rate: GroupRates.Rate
    let number: Int
    let group: Int
  }

  private let rates: GroupRates
  private let observed: GroupRates.Tally
  private let outcomes: Outcomes
  private let n: Int
  /// The groups that take part in a rate of a class.
  private var members: [GroupRates.Rate: [Int: [Int]]] = [:]
  /// Hits and counted rows of each cell in each resample.
  private var drawn: [Cell: [(hits: Int, counted: Int)]] = [:]

  init(
    _ outcomes: Outcomes, _ table: some DecisionTable, _ grouping: Grouping,
    _ options: GroupOptions
  ) {
    self.outcomes = outcomes
    n = outcomes.units.unitCount
    let rates = GroupRates(of: table, by: grouping, options: options)
    self.rates = rates
    observed = rates.observed
    let numbers = table.isBinary ? [1] : Array(0..<rates.classCount)
    var cells: [Cell] = []
    for rate in [GroupRates.Rate.selection, .truePositive, .falsePositive] {
      for number in numbers {
        let groups = rates.groups(with: rate, class: number)
        members[rate, default: [:]][number] = groups
        guard groups.count > 1 else { continue }
        cells += groups.map { Cell(rate: rate, number: number, group: $0) }
      }
    }
    guard outcomes.bootstrap.resamples > 0, outcomes.units.unitCount > 1, !cells.isEmpty else {
      return
    }
    var fractions = cells.map { _ in [(hits: Int, counted: Int)]() }
    for counts in outcomes.bootstrap.cellCounts(of: rates.table, over: outcomes.units) {
      let tally = rates.tally(counts)
      for (place, cell) in cells.enumerated() {
        fractions[place].append(tally.fraction(cell.rate, group: cell.group, class: cell.number))
      }
    }
    drawn = Dictionary(uniqueKeysWithValues: zip(cells, fractions))
  }

  /// The classes that have the disparity.
  func classes(of gap: FairnessGap) -> [Int] {
    (0..<rates.classCount).filter { number in
      !gap.measured(on: rates, class: number)(observed).isNaN
    }
  }

  func skipped(_ gap: FairnessGap) -> [Int] {
    (0..<rates.groupCount).filter { group in
      gap.rates.contains { members[$0]?[1]?.contains(group) != true }
    }
  }

  /// A disparity over classes, of which `combine` makes one number; it grows with each of them.
  func value(
    _ gap: FairnessGap, classes: [Int], _ combine: ([Double]) -> Double
  ) -> MetricValue {
    let perClass = classes.map { gap.measured(on: rates, class: $0)(observed) }
    let value = combine(perClass)
    guard !perClass.isEmpty, !value.isNaN else {
      return .undefined(n: n, "fewer than two groups have a value")
    }
    var result = MetricValue(value: value, n: n)
    let families = classes.flatMap { number in
      gap.rates.map { family($0, class: number, isRatio: gap.functional == .ratio) }
    }
    guard !families.contains(where: { $0.resampled.contains(where: \.isEmpty) }) else {
      return result
    }
    let band = GroupBand(families, level: outcomes.bootstrap.level, units: outcomes.units.unitCount)
    let ends = families.indices.compactMap { band.gap(of: $0) }
    guard ends.count == families.count else { return result }
    func made(_ ends: [Double]) -> Double {
      let width = gap.rates.count
      return combine(
        classes.indices.map { gap.combined(Array(ends[($0 * width)..<(($0 + 1) * width)])) })
    }
    let isRatio = gap.functional == .ratio
    let lower = made(ends.map { isRatio ? exp(-$0.upperBound) : $0.lowerBound })
    let upper = made(ends.map { isRatio ? exp(-$0.lowerBound) : $0.upperBound })
    result.interval = Interval(
      lower: min(lower, value), upper: max(min(upper, 1), value),
      level: outcomes.bootstrap.level, method: "simultaneous",
      resamples: outcomes.bootstrap.resamples)
    result.p = band.pOfAlike
    if !isRatio {
      result.expected = band.expected { gaps in
        let width = gap.rates.count
        return combine(
          classes.indices.map { gap.combined(Array(gaps[($0 * width)..<(($0 + 1) * width)])) })
      }
    }
    return result
  }

  private func family(
    _ rate: GroupRates.Rate, class number: Int, isRatio: Bool
  ) -> GroupFamily {
    let groups = members[rate]?[number] ?? []
    let fractions = groups.map { observed.fraction(rate, group: $0, class: number) }
    let resampled = groups.map { drawn[Cell(rate: rate, number: number, group: $0)] ?? [] }
    if isRatio { return GroupFamily(logsOf: fractions, resampled: resampled) }
    let values = fractions.map { Double($0.hits) / Double($0.counted) }
    let shares = resampled.map { $0.map { Double($0.hits) / Double($0.counted) } }
    let trials = groups.indices.map { place in
      let counted = Double(fractions[place].counted)
      if outcomes.units.areRows { return counted }
      let deviation = standardDeviation(shares[place].filter { !$0.isNaN }) ?? 0
      let units = counted * Double(outcomes.units.unitCount) / Double(outcomes.units.rowCount)
      return values[place] * (1 - values[place]) > 0
        ? effectiveTrials(values[place], variance: deviation * deviation, most: counted)
        : max(1, units)
    }
    return GroupFamily(rates: values, trials: trials, resampled: shares)
  }
}

extension GroupFamily {
  /// The logarithms of rates with half a hit and half a miss more, by the delta method.
  fileprivate init(
    logsOf fractions: [(hits: Int, counted: Int)], resampled: [[(hits: Int, counted: Int)]]
  ) {
    func rate(_ fraction: (hits: Int, counted: Int)) -> Double {
      (Double(fraction.hits) + 0.5) / (Double(fraction.counted) + 1)
    }
    func variance(_ fraction: (hits: Int, counted: Int)) -> Double {
      let rate = rate(fraction)
      return (1 - rate) / rate / Double(max(1, fraction.counted))
    }
    self.init(
      values: fractions.map { log(rate($0)) }, variances: fractions.map(variance),
      resampled: resampled.map { $0.map { log(rate($0)) } },
      resampledVariances: resampled.map { $0.map(variance) })
  }
}

extension FairnessGap {
  /// The disparity of one class, from those of its rates.
  fileprivate func combined(_ rates: [Double]) -> Double {
    switch self {
    case .equalisedOddsGapMean, .equalisedOddsRatioMean: mean(rates) ?? .nan
    case .equalisedOddsRatio: rates.min() ?? .nan
    default: rates.max() ?? .nan
    }
  }
}
