internal import Metrics
internal import Numerics
internal import Suites

/// What the rows of one query are grouped by, and what groups of them are held against each other.
func groups(
  of query: CaseQuery, _ table: any OutcomeTable, metrics: [String], bootstrap: Bootstrap
) throws -> [GroupRecord] {
  var found: [GroupRecord] = []
  for grouping in query.groupings {
    found +=
      grouping.isAttribute
      ? try attributeGroups(of: table, by: grouping, metrics: metrics, bootstrap: bootstrap)
      : groups(of: table, by: grouping, metrics: metrics, bootstrap: bootstrap)
  }
  for contrast in query.contrasts {
    found += contrasted(contrast, in: table, metrics: metrics, bootstrap: bootstrap)
  }
  return found
    + query.measurements.map { given in
      let rows = RowUnits(rowCount: given.values.count, units: table.units)
      return GroupRecord(
        by: given.by, key: given.key, n: given.values.count,
        metrics: measure(
          [given.metric: given.weightedMetric], over: rows, bootstrap: bootstrap))
    }
}

extension RowMeasurement {
  fileprivate var weightedMetric: any WeightedMetric {
    guard let difference else { return MeanMetric(values) }
    let parts = [difference.of, difference.less].map { rows in
      (rows: rows, metric: MeanMetric(rows.map { values[$0] }) as any WeightedMetric)
    }
    return CompositeMetric(parts: parts, reason: "one of the groups has no rows") { $0[0] - $0[1] }
  }
}

/// The metrics of every group of an attribute, then what they come down to: the worst group, the gap
/// between the greatest value and the least, and each group less all rows.
///
/// The last three are bootstrapped as a whole. Groups with fewer than ten rows, and with two classes
/// those with fewer than ten positives or negatives, are measured but take no part in worst group and
/// gap; where rows share units, such as patients, ten units. With two classes the gap also holds the disparities of the decisions. Source: Sourget et al.,
/// "Fairness and robustness of CLIP-based models for chest X-rays", 2025, for the rule on small groups.
func attributeGroups(
  of table: any OutcomeTable, by grouping: Suites.Grouping, metrics: [String], bootstrap: Bootstrap
) throws -> [GroupRecord] {
  let metrics = grouping.holdsClass ? metrics.filter(ofOneClass.contains) : metrics
  let groups = try Metrics.Grouping(grouping.by, codes: grouping.codes, names: grouping.keys)
  let rows = groups.rows
  let binary = (table as? ClassificationOutcomes).flatMap { $0.margins == nil ? nil : $0 }
  let small = Set(
    rows.indices.filter {
      isSmall(table.selecting(rows: rows[$0]), isBinary: binary != nil && !grouping.holdsClass)
    })
  var options = GroupOptions()
  options.leftOut = small

  func record(_ key: String, n: Int, _ role: GroupRecord.Role) -> GroupRecord {
    GroupRecord(by: grouping.by, key: key, n: n, metrics: [:], role: role)
  }
  let compared = rows.indices.filter { !small.contains($0) }.reduce(0) { $0 + rows[$1].count }
  var parts = zip(grouping.keys, rows.indices).map { key, place in
    record(key, n: rows[place].count, small.contains(place) ? .small : .rows)
  }
  var worst = record("worst group", n: compared, .worst)
  var gap = record("gap", n: compared, .gap)
  var differences = zip(grouping.keys, rows).map {
    record("\($0) less all", n: $1.count, .difference)
  }
  for key in metrics {
    guard table.evaluator(for: key) != nil else { continue }
    let found = try measureGroups(
      key, on: table, by: groups, options: options, bootstrap: bootstrap)
    for (place, group) in found.groups.enumerated() {
      parts[place].metrics[key] = group.value
      differences[place].metrics[key] = group.difference
    }
    worst.metrics[key] = found(.worst)
    gap.metrics[key] = found(.gap)
  }
  if let binary, !grouping.holdsClass {
    let fairness = try measureFairness(
      of: binary, by: groups, options: options, bootstrap: bootstrap)
    gap.metrics.merge(fairness.values) { measured, _ in measured }
  }
  return parts + [worst, gap] + differences
}

/// Whether a group has too few rows, or units of them, to be compared with others.
private func isSmall(_ group: any OutcomeTable, isBinary: Bool) -> Bool {
  (isBinary ? group.support(for: "auroc") : group.unitCount) < 10
}

/// The metrics of two sets of rows, which may share some, and the first less the second.
///
/// The gap is bootstrapped as a whole: rows that both sets hold are drawn alike for both.
func contrasted(
  _ contrast: RowContrast, in table: any OutcomeTable, metrics: [String], bootstrap: Bootstrap
) -> [GroupRecord] {
  let tables = contrast.sets.map { table.selecting(rows: $0.rows) }
  var gaps: [String: any WeightedMetric] = [:]
  for key in metrics {
    let parts = zip(contrast.sets, tables).compactMap { set, table in
      table.evaluator(for: key).map { (rows: set.rows, metric: $0) }
    }
    guard parts.count == 2 else { continue }
    // Not under the metric's own key, which would call for the interval of a share.
    gaps["gap \(key)"] = CompositeMetric(parts: parts, reason: "one of the sets has no value") {
      $0[0] - $0[1]
    }
  }
  let found = measure(
    gaps, over: RowUnits(rowCount: table.n, units: table.units), bootstrap: bootstrap)
  return zip(contrast.sets, tables).map { set, table in
    GroupRecord(
      by: contrast.by, key: set.key, n: table.n,
      metrics: measure(metrics, on: table, bootstrap: bootstrap))
  } + [
    GroupRecord(
      by: contrast.by, key: "gap", n: table.n,
      metrics: Dictionary(
        uniqueKeysWithValues: found.map { (String($0.key.dropFirst("gap ".count)), $0.value) }),
      role: .gap)
  ]
}
