package import Metrics
internal import Statistics

/// A metric in every group, and what that comes down to.
package struct GroupedMetric: Sendable {
  package struct Group: Sendable {
    package let name: String
    package let value: MetricValue
    /// The group's value less that of all rows; undefined where either is.
    package let difference: MetricValue
    /// The rows or units that the value rests on.
    package let support: Int
  }

  package let key: String
  package let grouping: String
  package let groups: [Group]
  /// The groups that worst group and gap leave out: of too little support, or without a value.
  package let skippedGroups: [String]
  package let worstGroup: String?
  package let worst: MetricValue
  package let gap: MetricValue
}

/// Estimates a metric per group, the worst group and the gap between the greatest value and the
/// least.
///
/// A group takes part where the metric's own denominator reaches the least support. The gap takes
/// the simultaneous band of all pairs (``GroupBand``), beside which stand the p-value of "all
/// groups are alike" and the gap expected of them by chance. The worst group lies between the least
/// lower end of a group and the least upper end at level alpha / 2G: its lower end can be missed
/// only by the group that is worst indeed, its upper end by any of the G.
package func measureGroups(
  _ key: String, of outcomes: Outcomes, by grouping: Grouping,
  options: GroupOptions = GroupOptions()
) throws(MetricsError) -> GroupedMetric {
  let comparison = try GroupedReadings(key, of: outcomes, by: grouping, options: options)
  let estimator = Estimator(level: outcomes.bootstrap.level)
  if outcomes.bootstrap.resamples > 0 { comparison.draw() }
  let groups = grouping.keys.indices.map { place in
    var value = estimator.estimate(.reading(comparison.readings[place]))
    value.isLeftOut = !comparison.eligible.contains(place)
    let difference = comparison.difference(of: place, value, estimator)
    return GroupedMetric.Group(
      name: grouping.keys[place], value: value, difference: difference,
      support: comparison.support[place])
  }
  let worst = comparison.worst(groups.map(\.value), level: estimator.level)
  return GroupedMetric(
    key: key, grouping: grouping.by, groups: groups,
    skippedGroups: grouping.keys.indices.filter { !comparison.eligible.contains($0) }
      .map { grouping.keys[$0] },
    worstGroup: comparison.eligible.first { groups[$0].value.value == worst.value }
      .map { grouping.keys[$0] },
    worst: worst, gap: comparison.gap(groups.map(\.value), level: estimator.level))
}

/// Estimates a metric per group on one table.
package func measureGroups(
  _ key: String, on table: some OutcomeTable, by grouping: Grouping,
  options: GroupOptions = GroupOptions(), bootstrap: Bootstrap
) throws(MetricsError) -> GroupedMetric {
  try measureGroups(
    key, of: Outcomes(table, bootstrap: bootstrap), by: grouping, options: options)
}

/// A metric read in each group of rows.
private struct GroupedReadings {
  let key: String
  let outcomes: Outcomes
  let whole: Reading
  let readings: [Reading]
  let support: [Int]
  /// The places of the groups that are compared.
  let eligible: [Int]
  /// Misses and hits of each group that is compared, of proportions of independent rows.
  let cells: CellTable?

  init(
    _ key: String, of outcomes: Outcomes, by grouping: Grouping, options: GroupOptions
  ) throws(MetricsError) {
    guard let table = outcomes.table else {
      throw MetricsError(.invalidInput, "Groups are of a table's rows.")
    }
    try grouping.require(rows: table.n)
    whole = Reading(key, of: outcomes)
    guard whole.prepared != nil else {
      throw MetricsError(.unknownMetric, "'\(key)' is not a metric of these outcomes.")
    }
    self.key = key
    self.outcomes = outcomes
    let rows = grouping.rows
    let readings = rows.enumerated().map { place, rows in
      Reading(key, of: outcomes, in: .group(place, by: grouping.by, rows: rows))
    }
    let support = readings.map { $0.prepared?.support ?? 0 }
    self.readings = readings
    self.support = support
    eligible = readings.indices.filter {
      readings[$0].prepared?.value.isNaN == false && support[$0] >= options.minimumSupport
        && !options.leftOut.contains($0)
    }
    cells = GroupedReadings.cells(
      eligible.map { readings[$0] }, key: key, rows: outcomes.units)
  }

  /// Cell 0 holds what counts in no group, then come misses and hits of each group; nil where rows
  /// share units or are in several groups.
  private static func cells(_ readings: [Reading], key: String, rows: RowUnits) -> CellTable? {
    guard rows.areRows else { return nil }
    var cellOfRow = [Int32](repeating: 0, count: rows.rowCount)
    for (group, reading) in readings.enumerated() {
      guard let prepared = reading.prepared, let mean = prepared.metric.rowMean,
        mean.isProportion, MetricInfo.isShare(key, mean)
      else { return nil }
      for (row, value) in zip(mean.rows, mean.values) {
        let place = prepared.place(of: row)
        guard cellOfRow[place] == 0 else { return nil }
        cellOfRow[place] = Int32(2 * group + (value == 1 ? 2 : 1))
      }
    }
    return CellTable(cellOfRow: cellOfRow, count: 2 * readings.count + 1)
  }

  /// Draws all groups on one walk; proportions of independent rows take no rows.
  func draw() {
    if cells == nil { outcomes.draw([whole.name] + readings.map(\.name)) }
  }

  /// A group's value less that of all rows.
  func difference(
    of place: Int, _ value: MetricValue, _ estimator: Estimator
  ) -> MetricValue {
    if cells != nil, let own = readings[place].prepared?.metric.rowMean,
      let all = whole.prepared?.metric.rowMean,
      let contrast = ProportionContrast(of: own, in: all)
    {
      var result = MetricValue(value: contrast.difference, n: value.n)
      result.interval = contrast.interval(level: estimator.level)
      return result
    }
    var result = estimator.estimate(.difference(.reading(readings[place]), .reading(whole)))
    result.n = value.n
    return result
  }

  /// The worst value among the groups.
  func worst(_ values: [MetricValue], level: Double) -> MetricValue {
    let n = eligible.reduce(0) { $0 + values[$1].n }
    let found = eligible.compactMap { values[$0].value }
    let higherIsBetter = MetricInfo.named(key)?.higherIsBetter ?? true
    guard let worst = higherIsBetter ? found.min() : found.max() else {
      return .undefined(n: n, "no group has a value")
    }
    var result = MetricValue(value: worst, n: n)
    let cautious = Estimator(level: 1 - (1 - level) / Double(eligible.count))
    let own = eligible.compactMap { values[$0].interval }
    let wide = eligible.compactMap { cautious.estimate(.reading(readings[$0])).interval }
    let ends =
      higherIsBetter
      ? (own.map(\.lower).min(), wide.map(\.upper).min())
      : (wide.map(\.lower).max(), own.map(\.upper).max())
    if own.count == eligible.count, wide.count == eligible.count, let lower = ends.0,
      let upper = ends.1
    {
      result.interval = Interval(
        lower: min(lower, worst), upper: max(upper, worst), level: level, method: "worst-group")
    }
    return result
  }

  /// The greatest value less the least.
  func gap(_ values: [MetricValue], level: Double) -> MetricValue {
    let n = eligible.reduce(0) { $0 + values[$1].n }
    guard eligible.count > 1 else {
      return .undefined(
        n: n, eligible.isEmpty ? "no group has a value" : "only one group has a value")
    }
    let family = family
    var result = MetricValue(value: family.gap, n: n)
    guard outcomes.bootstrap.resamples > 0 else { return result }
    let units = eligible.map { readings[$0].prepared?.units ?? 0 }.min() ?? 0
    guard units > 1 else { return result }
    let band = GroupBand([family], level: level, units: units)
    let range = MetricInfo.named(key)?.range
    result.interval = band.gap(of: 0).map { ends in
      let most = range.map { $0.upperBound - $0.lowerBound } ?? .infinity
      return Interval(
        lower: min(ends.lowerBound, family.gap), upper: max(family.gap, min(ends.upperBound, most)),
        level: level, method: "simultaneous", resamples: outcomes.bootstrap.resamples)
    }
    result.p = band.pOfAlike
    result.expected = band.expected { $0[0] }
    return result
  }

  private var family: GroupFamily {
    let parts = eligible.map { readings[$0] }
    if let cells {
      let counts = outcomes.bootstrap.cellCounts(of: cells, over: outcomes.units)
      return GroupFamily(
        rates: parts.map { $0.prepared?.value ?? .nan },
        trials: parts.map { Double($0.prepared?.units ?? 1) },
        resampled: parts.indices.map { group in
          counts.map { Double($0[2 * group + 2]) / Double($0[2 * group + 1] + $0[2 * group + 2]) }
        })
    }
    let drawn = parts.map { $0.replicates?.resampled ?? [] }
    let range = MetricInfo.named(key)?.range ?? 0...1
    let width = range.upperBound - range.lowerBound
    let trials = parts.map { Double(max(1, $0.prepared?.units ?? 1)) }
    let values = parts.map { $0.prepared?.value ?? .nan }
    let sampled = zip(parts, drawn).map { reading, drawn in
      let deviation = standardDeviation(drawn.filter { !$0.isNaN }) ?? 0
      return Area([(reading, 1)])?.variance ?? deviation * deviation
    }
    let areShares = parts.allSatisfy { reading in
      reading.prepared?.metric.rowMean.map { MetricInfo.isShare(key, $0) } ?? false
    }
    if areShares {
      let effective = parts.indices.map { place in
        effectiveTrials(values[place], variance: sampled[place], most: trials[place])
      }
      return GroupFamily(rates: values, trials: effective, resampled: drawn)
    }
    return GroupFamily(
      values: values,
      variances: parts.indices.map { place in
        // A group without spread, such as one whose rows are ranked without an error, has some.
        let least = smoothedVariance(hits: 0, of: trials[place])
        return sampled[place] > 0 ? sampled[place] : width.isFinite ? width * width * least : 1e-300
      }, resampled: drawn)
  }
}

extension Reading.Subset {
  /// The rows of a group, by its place among those of a grouping.
  package static func group(_ place: Int, by grouping: String, rows: [Int]) -> Reading.Subset {
    Reading.Subset("\(grouping) \(place)", rows: rows)
  }
}
