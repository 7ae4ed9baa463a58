internal import Metrics
internal import Numerics
internal import Suites
internal import Tensors

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

/// Which group each row of a query is in, by what the rows are grouped by: `[n]`.
///
/// A number is a place among the groups of that name in the record; -1 stands for none of them, and
/// the number of groups for all of them, since contrasted sets may share rows.
func memberships(of query: CaseQuery, rows n: Int) -> [String: Tensor] {
  var columns: [String: Tensor] = [:]
  for grouping in query.groupings {
    columns[grouping.by] = Tensor(grouping.codes, shape: [grouping.codes.count])
  }
  for contrast in query.contrasts {
    var codes = [Int32](repeating: -1, count: n)
    for (place, set) in contrast.sets.enumerated() {
      for row in set.rows {
        codes[row] = codes[row] < 0 ? Int32(place) : Int32(contrast.sets.count)
      }
    }
    columns[contrast.by] = Tensor(codes, shape: [codes.count])
  }
  return columns
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
/// The last three are bootstrapped as a whole. Groups with fewer rows than the grouping's least, and
/// with two classes those with fewer positives or negatives, are measured but take no part in worst
/// group and gap, which name what they leave out. A metric that is better neither way has no worst
/// group. Where rows share units, such as
/// patients, units are counted. With two classes the gap also holds the disparities of the decisions.
/// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays", 2025, for
/// the rule on small groups.
func attributeGroups(
  of table: any OutcomeTable, by grouping: Suites.Grouping, metrics: [String], bootstrap: Bootstrap
) throws -> [GroupRecord] {
  let isShared = grouping.sharesRows
  let metrics =
    grouping.holdsClass && !isShared ? metrics.filter(ofOneClass.contains) : metrics
  let groups = try Metrics.Grouping(
    grouping.by, codes: grouping.codes, names: grouping.keys, sharing: isShared)
  let rows = groups.rows
  let own = grouping.keys.indices.map { place in groups.groupOfRow.count { $0 == place } }
  let binary = (table as? ClassificationOutcomes).flatMap { $0.margins == nil ? nil : $0 }
  let small = Set(
    rows.indices.filter {
      isShared
        ? own[$0] < grouping.minimumRows
        : isSmall(
          table.selecting(rows: rows[$0]), isBinary: binary != nil && !grouping.holdsClass,
          least: grouping.minimumRows)
    })
  var options = GroupOptions()
  options.leftOut = small

  func record(_ key: String, n: Int, _ role: GroupRecord.Role) -> GroupRecord {
    GroupRecord(by: grouping.by, key: key, n: n, metrics: [:], role: role)
  }
  let compared = rows.indices.filter { !small.contains($0) }.reduce(0) { $0 + own[$1] }
  var parts = zip(grouping.keys, rows.indices).map { key, place in
    record(key, n: own[place], small.contains(place) ? .small : .rows)
  }
  var worst = record("worst group", n: compared, .worst)
  var gap = record("gap", n: compared, .gap)
  var differences = zip(grouping.keys, own).map {
    record("\($0) less all", n: $1, .difference)
  }
  for key in metrics {
    guard table.evaluator(for: key) != nil else { continue }
    let found = try measureGroups(
      key, on: table, by: groups, options: options, bootstrap: bootstrap)
    for (place, group) in found.groups.enumerated() {
      parts[place].metrics[key] = group.value
      differences[place].metrics[key] = group.difference
    }
    if MetricInfo.named(key)?.direction != .neutral {
      worst.metrics[key] = found(.worst).leavingOut(found.skippedGroups)
    }
    gap.metrics[key] = found(.gap).leavingOut(found.skippedGroups)
  }
  if let binary, !grouping.holdsClass {
    let fairness = try measureFairness(
      of: binary, by: groups, options: options, bootstrap: bootstrap)
    for (key, value) in fairness.values where gap.metrics[key] == nil {
      gap.metrics[key] = value.leavingOut(fairness.skippedGroups[key] ?? [])
    }
  }
  return parts + [worst, gap] + differences
}

extension MetricValue {
  /// The same value with the groups that take no part in it, for which it has a note.
  fileprivate func leavingOut(_ groups: [String]) -> MetricValue {
    guard !groups.isEmpty else { return self }
    var value = self
    value.add(note: "skipped_groups: \(groups.joined(separator: ", "))")
    return value
  }
}

/// Whether a group has too few rows, or units of them, to be compared with others.
private func isSmall(_ group: any OutcomeTable, isBinary: Bool, least: Int) -> Bool {
  (isBinary ? group.support(for: "auroc") : group.unitCount) < least
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
