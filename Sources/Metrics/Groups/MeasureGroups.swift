internal import Numerics

/// Which groups take part in worst group, gap and ratio, and which are flagged.
package struct GroupOptions: Sendable {
  /// The least support of a group that takes part: the independent rows or units that its value
  /// rests on; for a ranking metric those of its rarer class.
  package var minimumSupport: Int
  /// Places of groups that take no part whatever their support.
  package var leftOut: Set<Int> = []
  /// Groups of less support are flagged as small.
  package var smallSupport: Int

  package init(minimumSupport: Int = 1, smallSupport: Int = 30) {
    self.minimumSupport = minimumSupport
    self.smallSupport = smallSupport
  }
}

/// A metric in every group, and what that comes down to.
package struct GroupedMetric: Sendable {
  package struct Group: Sendable {
    package let name: String
    package let value: MetricValue
    /// The group's value less that of all rows; undefined where either is.
    package let difference: MetricValue
    /// The rows or units that the value rests on.
    package let support: Int
    package let isSmall: Bool
  }

  package let key: String
  package let grouping: String
  package let groups: [Group]
  /// The groups that the functionals leave out: of too little support, or without a value.
  package let skippedGroups: [String]
  package let worstGroup: String?
  package let functionals: [GroupFunctional: MetricValue]

  package func callAsFunction(_ functional: GroupFunctional) -> MetricValue {
    functionals[functional] ?? .undefined(n: 0, "it was not measured")
  }
}

/// Measures a metric per group, and worst group, gap and ratio each bootstrapped as a whole.
///
/// Which groups take part is decided once, on the rows themselves; a resample in which one of them
/// has no value has no functional either. Shares of independent rows take Wilson's interval per group
/// and cell counts (``CellTable``) for the functionals; everything else is resampled by rows.
package func measureGroups(
  _ key: String, on table: some OutcomeTable, by grouping: Grouping,
  options: GroupOptions = GroupOptions(), bootstrap: Bootstrap
) throws(MetricsError) -> GroupedMetric {
  let parts = try GroupParts(key, of: table, by: grouping, options: options)
  let units = RowUnits(rowCount: table.n, units: table.units)
  var distributions: [[Double]] = []
  if bootstrap.resamples > 0 {
    if let cells = parts.cellMetrics, units.areRows, cells.table.isSmall {
      distributions = bootstrap.cellDistributions(
        of: cells.metrics + [cells.whole], in: cells.table)
    } else {
      distributions = bootstrap.distributions(of: parts.metrics + [parts.whole], over: units)
    }
  }
  let groups = grouping.groupNames.indices.map { group in
    var value = parts.values[group]
    if value.value != nil {
      if let rate = parts.rates?[group], units.areRows {
        value.interval = wilson(hits: rate.hits, of: rate.counted, level: bootstrap.level)
      } else if bootstrap.resamples > 0 {
        bootstrap.addInterval(of: distributions[group], to: &value)
      }
      if value.value != nil { value.add(note: parts.notes[group]) }
    }
    return GroupedMetric.Group(
      name: grouping.groupNames[group], value: value,
      difference: parts.difference(of: group, distributions, bootstrap),
      support: parts.support[group],
      isSmall: parts.support[group] < options.smallSupport)
  }
  let eligible = parts.eligible
  let values = eligible.compactMap { parts.values[$0].value }
  var functionals: [GroupFunctional: MetricValue] = [:]
  for functional in GroupFunctional.allCases {
    let found = functional(values, higherIsBetter: parts.higherIsBetter)
    let n = eligible.reduce(0) { $0 + parts.values[$1].n }
    var value =
      found.isNaN
      ? MetricValue.undefined(n: n, functional.reason(groups: eligible.count))
      : MetricValue(value: found, n: n)
    if value.value != nil, bootstrap.resamples > 0 {
      let distribution = (0..<bootstrap.resamples).map { resample in
        functional(
          eligible.map { distributions[$0][resample] }, higherIsBetter: parts.higherIsBetter)
      }
      bootstrap.addInterval(of: distribution, to: &value)
    }
    functionals[functional] = value
  }
  let worst = functionals[.worst]?.value
  return GroupedMetric(
    key: key, grouping: grouping.name, groups: groups,
    skippedGroups: grouping.groupNames.indices.filter { !eligible.contains($0) }
      .map { grouping.groupNames[$0] },
    worstGroup: eligible.first { parts.values[$0].value == worst }.map { grouping.groupNames[$0] },
    functionals: functionals)
}

/// Prepares a functional of a metric over groups, so that two methods can be compared by it.
///
/// - Throws: ``MetricsError`` if the metric is not one of the table, or the grouping is of other rows.
package func groupEvaluator(
  _ functional: GroupFunctional, of key: String, on table: some OutcomeTable,
  by grouping: Grouping, options: GroupOptions = GroupOptions()
) throws(MetricsError) -> any WeightedMetric {
  let parts = try GroupParts(key, of: table, by: grouping, options: options)
  let higherIsBetter = parts.higherIsBetter
  return CompositeMetric(
    parts: parts.eligible.map { parts.parts[$0] },
    reason: functional.reason(groups: parts.eligible.count)
  ) { functional($0, higherIsBetter: higherIsBetter) }
}

/// A metric prepared for each group of rows.
private struct GroupParts {
  let higherIsBetter: Bool
  /// The metric of all rows, and its value.
  let whole: any WeightedMetric
  let wholeValue: MetricValue
  let parts: [CompositeMetric.Part]
  let values: [MetricValue]
  let support: [Int]
  /// What to know of each group's value.
  let notes: [String?]
  /// Hits and rows counted in each group, if the metric is a share of rows.
  let rates: [(hits: Int, counted: Int)]?
  /// The groups that functionals are made of.
  let eligible: [Int]
  /// The metric of each group from cell counts, if it is a share of rows.
  let cellMetrics: (table: CellTable, metrics: [CellMetric], whole: CellMetric)?

  /// The metric of each group under weights of all rows.
  var metrics: [any WeightedMetric] {
    parts.map { part in CompositeMetric(parts: [part], reason: "") { $0[0] } }
  }

  init(
    _ key: String, of table: some OutcomeTable, by grouping: Grouping, options: GroupOptions
  ) throws(MetricsError) {
    try grouping.require(rows: table.n)
    higherIsBetter = MetricInfo.named(key)?.higherIsBetter ?? true
    guard let whole = table.evaluator(for: key) else {
      throw MetricsError(.unknownMetric, "'\(key)' is not a metric of these outcomes.")
    }
    self.whole = whole
    let all = whole.values(under: .once(n: table.n))[0]
    wholeValue =
      all.isNaN
      ? .undefined(n: table.n, whole.undefinedReason) : MetricValue(value: all, n: table.n)
    var parts: [CompositeMetric.Part] = []
    var values: [MetricValue] = []
    var support: [Int] = []
    var notes: [String?] = []
    for rows in grouping.rows {
      let subset = table.selecting(rows: rows)
      guard let metric = subset.evaluator(for: key) else {
        throw MetricsError(.unknownMetric, "'\(key)' is not a metric of these outcomes.")
      }
      let value = metric.values(under: .once(n: rows.count))[0]
      let n = subset.unitCount(countedBy: key)
      parts.append((rows, metric))
      values.append(
        value.isNaN
          ? .undefined(n: n, metric.undefinedReason) : MetricValue(value: value, n: n))
      support.append(min(n, subset.support(for: key)))
      notes.append(subset.note(for: key))
    }
    self.notes = notes
    self.parts = parts
    self.values = values
    self.support = support
    eligible = values.indices.filter {
      values[$0].value != nil && support[$0] >= options.minimumSupport
        && !options.leftOut.contains($0)
    }
    let groups = grouping.groupNames.indices
    // A row of several groups has no cell of its own, unless it does not count.
    guard let rate = table.rate(for: key),
      !zip(grouping.groupOfRow, rate.isCounted).contains(where: { $0 >= groups.count && $1 })
    else {
      rates = nil
      cellMetrics = nil
      return
    }
    // Cell 0 holds what is not counted; then misses and hits of each group and of no group.
    let cells = CellTable(
      cellOfRow: zip(grouping.groupOfRow, zip(rate.isCounted, rate.isHit)).map { group, state in
        guard state.0 else { return 0 }
        return 2 * (group < 0 ? Int32(groups.count) : group) + (state.1 ? 2 : 1)
      }, count: 2 * groups.count + 3)
    rates = groups.map { group in
      (cells.counts[2 * group + 2], cells.counts[2 * group + 1] + cells.counts[2 * group + 2])
    }
    func share(_ slots: Range<Int>) -> CellMetric {
      CellMetric(cells, reason: "") { counts in
        let hits = slots.reduce(0) { $0 + counts[2 * $1 + 2] }
        return Double(hits) / Double(slots.reduce(hits) { $0 + counts[2 * $1 + 1] })
      }
    }
    cellMetrics = (cells, groups.map { share($0..<$0 + 1) }, share(0..<groups.count + 1))
  }

  /// A group's value less that of all rows, with the interval of the difference.
  func difference(
    of group: Int, _ distributions: [[Double]], _ bootstrap: Bootstrap
  ) -> MetricValue {
    guard let value = values[group].value, let whole = wholeValue.value else {
      let missing = values[group].value == nil ? values[group] : wholeValue
      return .undefined(n: values[group].n, missing.reason ?? "")
    }
    var difference = MetricValue(value: value - whole, n: values[group].n)
    if let all = distributions.last {
      bootstrap.addInterval(of: zip(distributions[group], all).map(-), to: &difference)
    }
    return difference
  }
}
