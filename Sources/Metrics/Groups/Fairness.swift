/// How unequal decisions are between groups, each number bootstrapped as a whole.
package struct FairnessReport: Sendable {
  package let grouping: String
  /// By key of ``MetricInfo/fairness``.
  package let values: [String: MetricValue]
  /// By key, the groups that are left out for want of a value or of support.
  package let skippedGroups: [String: [String]]
}

/// Measures the disparities of a classifier's decisions between groups.
///
/// ```swift
/// let sex = try Grouping("sex", codes: codes, names: ["female", "male"])
/// let report = try measureFairness(of: outcomes, by: sex, bootstrap: bootstrap)
/// report.values["equalised_odds_gap"]
/// ```
///
/// With two classes the gaps are those of class 1; with more each class is held against the rest, and
/// the keys `<gap>_class_mean` and `<gap>_class_max` stand for mean and maximum over the classes that
/// have a gap. A group without positives (negatives) is left out of the TPR (FPR) gap, not counted as
/// 0.
///
/// Source: Hardt, Price and Srebro, "Equality of opportunity in supervised learning", NeurIPS 2016;
/// equalised odds by the greater of its two gaps, as fairlearn has it, and by their mean.
package func measureFairness(
  of table: ClassificationOutcomes, by grouping: Grouping,
  options: GroupOptions = GroupOptions(), bootstrap: Bootstrap
) throws(MetricsError) -> FairnessReport {
  try grouping.require(rows: table.n)
  let rates = GroupRates(
    labels: table.labels, predicted: table.predicted,
    classCount: 1 + Int(max(table.labels.max() ?? 0, table.predicted.max() ?? 0, 1)),
    grouping: grouping, options: options)
  let rows = RowUnits(rowCount: table.n, units: table.units)
  guard table.margins != nil else {
    return FairnessReport(
      grouping: grouping.name,
      values: measure(classGaps(rates), over: rows, bootstrap: bootstrap),
      skippedGroups: [:])
  }
  var skipped: [String: [String]] = [:]
  var metrics: [String: any WeightedMetric] = [:]
  for gap in FairnessGap.allCases {
    metrics[gap.rawValue] = rates.metric(gap.measured(on: rates, class: 1))
    let left = gap.rates.map { Set(rates.groups(with: $0, class: 1)) }
    skipped[gap.rawValue] = grouping.groupNames.indices
      .filter { group in left.contains { !$0.contains(group) } }
      .map { grouping.groupNames[$0] }
  }
  return FairnessReport(
    grouping: grouping.name,
    values: measure(metrics, over: rows, bootstrap: bootstrap),
    skippedGroups: skipped)
}

/// The gaps of each class against the rest: their mean and their maximum.
///
/// A class with fewer than two groups left has none.
private func classGaps(_ rates: GroupRates) -> [String: any WeightedMetric] {
  let observed = rates.observed
  var metrics: [String: any WeightedMetric] = [:]
  for gap in FairnessGap.allCases where gap.functional == .gap {
    let gaps = (0..<rates.classCount).map { gap.measured(on: rates, class: $0) }
      .filter { !$0(observed).isNaN }
    metrics["\(gap.rawValue)_class_mean"] = rates.metric { tally in
      gaps.reduce(0) { $0 + $1(tally) } / Double(gaps.count)
    }
    metrics["\(gap.rawValue)_class_max"] = rates.metric { tally in
      let values = gaps.map { $0(tally) }
      return values.contains(where: \.isNaN) ? .nan : values.max() ?? .nan
    }
  }
  return metrics
}
