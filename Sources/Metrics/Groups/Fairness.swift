/// Prepares the disparities, by key of ``MetricInfo/fairness``, so that two methods can be compared by
/// them.
///
/// - Throws: ``MetricsError`` if the grouping is of other rows.
package func fairnessEvaluators(
  of table: some DecisionTable, by grouping: Grouping, options: GroupOptions = GroupOptions()
) throws(MetricsError) -> [String: any WeightedMetric] {
  try grouping.require(rows: table.n)
  let rates = GroupRates(of: table, by: grouping, options: options)
  guard table.isBinary else { return classGaps(rates) }
  return Dictionary(
    uniqueKeysWithValues: FairnessGap.allCases.map {
      ($0.rawValue, rates.metric($0.measured(on: rates, class: 1)) as any WeightedMetric)
    })
}

extension GroupRates {
  /// The rates of decisions.
  package init(
    of table: some DecisionTable, by grouping: Grouping, options: GroupOptions
  ) {
    self.init(
      labels: table.labels, predicted: table.predicted,
      classCount: 1 + Int(max(table.labels.max() ?? 0, table.predicted.max() ?? 0, 1)),
      grouping: grouping, options: options)
  }
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
