internal import Estimates
internal import Metrics
internal import Suites
internal import Tensors

/// What the rows of one query are grouped by, and what groups of them are held against each other.
func groups(
  of query: CaseQuery, _ outcomes: Outcomes, metrics: [String]
) throws -> [GroupRecord] {
  var found: [GroupRecord] = []
  for grouping in query.groupings {
    found +=
      grouping.isAttribute
      ? try attributeGroups(of: outcomes, by: grouping, metrics: metrics)
      : groups(of: outcomes, by: grouping, metrics: metrics)
  }
  for contrast in query.contrasts {
    found += contrasted(contrast, in: outcomes, metrics: metrics)
  }
  return found
    + query.measurements.map { given in
      GroupRecord(
        .rows(by: given.by, key: given.key), n: given.values.count,
        metrics: measure(
          [given.metric: given.weightedMetric], over: outcomes.units,
          bootstrap: outcomes.bootstrap))
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
/// A group takes part in worst group and gap of a metric when what that metric counts of it (its
/// rows, its positives, the rows of its rarer class) reaches the grouping's least; worst group and
/// gap name what they leave out. A metric that is better neither way has no worst group. Where rows
/// share units, such as patients, units are counted. With two classes the gap also holds the
/// disparities of the decisions.
/// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays", 2025, for
/// the rule on small groups.
func attributeGroups(
  of outcomes: Outcomes, by grouping: Grouping, metrics: [String]
) throws -> [GroupRecord] {
  let isShared = grouping.sharesRows
  let metrics =
    grouping.holdsClass && !isShared ? metrics.filter(ofOneClass.contains) : metrics
  let own = grouping.keys.indices.map { place in grouping.codes.count { $0 == place } }
  var options = GroupOptions(minimumSupport: grouping.minimumRows)
  if isShared { options.leftOut = Set(own.indices.filter { own[$0] < grouping.minimumRows }) }

  let by = grouping.by
  var parts = zip(grouping.keys, own).map {
    GroupRecord(.rows(by: by, key: $0), n: $1, metrics: [:])
  }
  var worst = GroupRecord(.worst(by: by), n: 0, metrics: [:])
  var gap = GroupRecord(.gap(by: by), n: 0, metrics: [:])
  var differences = zip(grouping.keys, own).map {
    GroupRecord(.difference(by: by, key: $0), n: $1, metrics: [:])
  }
  for key in metrics {
    guard outcomes.table?.evaluator(for: key) != nil else { continue }
    let found = try measureGroups(key, of: outcomes, by: grouping, options: options)
    for (place, group) in found.groups.enumerated() {
      parts[place].metrics[key] = group.value
      differences[place].metrics[key] = group.difference
    }
    if MetricInfo.named(key)?.direction != .neutral {
      worst.metrics[key] = found.worst.leavingOut(found.skippedGroups)
    }
    gap.metrics[key] = found.gap.leavingOut(found.skippedGroups)
  }
  for place in parts.indices where parts[place].metrics.values.allSatisfy(\.isLeftOut) {
    parts[place].isSmall = true
  }
  let compared = parts.filter { $0.role == .rows }.reduce(0) { $0 + $1.n }
  (worst.n, gap.n) = (compared, compared)
  if let table = outcomes.table as? any DecisionTable, table.isBinary,
    !grouping.holdsClass
  {
    let fairness = try measureFairness(of: outcomes, by: grouping, options: options)
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

/// The metrics of two sets of rows, which may share some, and the first less the second.
///
/// Rows that both sets hold are drawn alike for both.
func contrasted(
  _ contrast: RowContrast, in outcomes: Outcomes, metrics: [String]
) -> [GroupRecord] {
  let subsets = contrast.sets.enumerated().map { place, set in
    Reading.Subset.group(place, by: contrast.by, rows: set.rows)
  }
  var gaps: [String: MetricValue] = [:]
  for key in metrics where subsets.count == 2 {
    guard outcomes.table?.evaluator(for: key) != nil else { continue }
    let sides = subsets.map { Estimand.reading(Reading(key, of: outcomes, in: $0)) }
    gaps[key] = Estimator().estimate(
      .difference(sides[0], sides[1]), undefined: "one of the sets has no value")
    gaps[key]?.n = outcomes.units.unitCount
  }
  return zip(contrast.sets, subsets).map { set, subset in
    GroupRecord(
      .rows(by: contrast.by, key: set.key), n: set.rows.count,
      metrics: measure(metrics, of: outcomes, in: subset))
  } + [
    GroupRecord(.gap(by: contrast.by), n: outcomes.units.rowCount, metrics: gaps)
  ]
}
