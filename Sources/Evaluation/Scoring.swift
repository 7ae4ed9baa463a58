internal import Contracts
internal import Datasets
internal import Documents
internal import Glibc
internal import Metrics
internal import Numerics
internal import Suites
internal import Tensors

/// What the host makes of one trial's outputs with what it kept for itself.
struct Score {
  var metrics: [String: MetricValue] = [:]
  var groups: [GroupRecord] = []
  var calibration: [CalibrationRecord] = []
  /// Per-sample columns of the trial's own metrics; enough to compute each again.
  var columns: [String: Tensor] = [:]
  /// The same for the groups that are queries of their own: their rows one after the other, in the
  /// order of the groups.
  var partColumns: [String: Tensor] = [:]
  /// Which group each row of the trial's own query is in, by what the rows are grouped by.
  var groupColumns: [String: Tensor] = [:]
}

/// Computes metrics and groups from the outputs of all queries.
///
/// The queries without a part give the trial's own metrics; each part is a group.
func score(
  _ outputs: [[String: Tensor]], of evaluation: EvaluationCase, in setting: PlannedSetting
) throws -> Score {
  var result = Score()
  let task = setting.contract.task
  var tables = try zip(outputs, evaluation.queries).map {
    try outcomes($0, of: $1, task: task, metrics: setting.metrics)
  }
  fillConflicts(&tables)
  fillUnits(&tables, evaluation.queries)
  let temperature = try calibrate(&tables, outputs, evaluation.queries)
  let threshold = decide(&tables, evaluation.queries)
  /// Keyed by the data alone, so that every method meets the same resamples.
  func bootstrap(_ name: String) -> Bootstrap {
    Bootstrap(key: Philox.key("bootstrap", setting.dataset.digest.description, name))
  }
  let own = evaluation.queries.indices.filter { evaluation.queries[$0].part == nil }
  if let first = own.first {
    let table = try joined(own.map { tables[$0] }, task: task)
    result.metrics = measure(
      setting.metrics, on: table, bootstrap: bootstrap(evaluation.queries[first].name))
    result.columns = table.columns
    if own.count == 1 {
      result.groupColumns = memberships(of: evaluation.queries[first], rows: table.n)
    } else {
      let groupings = joinedGroupings(own.map { (evaluation.queries[$0], tables[$0].n) })
      for grouping in groupings {
        result.groupColumns[grouping.by] = Tensor(grouping.codes, shape: [grouping.codes.count])
        result.groups += try attributeGroups(
          of: table, by: grouping, metrics: setting.metrics,
          bootstrap: bootstrap(evaluation.queries[first].name))
      }
    }
  }
  for (table, query) in zip(tables, evaluation.queries) {
    if let part = query.part {
      result.groups.append(
        GroupRecord(
          by: part, key: query.name, n: table.n,
          metrics: measure(setting.metrics, on: table, bootstrap: bootstrap(query.name)),
          isPart: true, reference: query.reference))
    }
    if query.part == CaseQuery.calibration, let temperature {
      result.groups[result.groups.count - 1].metrics["temperature"] = MetricValue(
        value: temperature.temperature, n: table.n,
        reason: temperature.isAtBound ? "the least NLL lies beyond the range searched" : nil)
    }
    if query.part == CaseQuery.decision, let threshold {
      result.groups[result.groups.count - 1].metrics["decision_threshold"] = threshold
    }
    if query.part == nil { result.calibration += calibrationCurves(of: query, table) }
    if query.part == nil, own.count > 1 { continue }
    result.groups += try groups(
      of: query, table, metrics: setting.metrics, bootstrap: bootstrap(query.name))
  }
  let parts = evaluation.queries.indices.filter { evaluation.queries[$0].part != nil }
  if !parts.isEmpty {
    result.partColumns = try joined(parts.map { tables[$0] }, task: task).columns
  }
  if let base = evaluation.queries.firstIndex(where: { $0.part == "classes" }) {
    result.groups.append(
      harmonicMean(
        of: setting.metrics, on: [tables[base], tables[0]], bootstrap: bootstrap("harmonic mean")))
  }
  return result
}

/// Says of the rows without a second cue that it agrees, where any query has one, so that the
/// outcomes of all parts can stand in one table.
private func fillConflicts(_ tables: inout [any OutcomeTable]) {
  let rows = tables.compactMap { $0 as? ClassificationOutcomes }
  guard rows.count == tables.count, rows.contains(where: { $0.conflicts != nil }) else { return }
  tables = rows.map { table in
    var table = table
    table.conflicts = table.conflicts ?? table.labels
    return table
  }
}

/// Says of each row of a classifier's tables which unit it belongs to, where any query has units; a
/// row of a query without them is a unit of its own.
private func fillUnits(_ tables: inout [any OutcomeTable], _ queries: [CaseQuery]) {
  let rows = tables.compactMap { $0 as? ClassificationOutcomes }
  let known = queries.compactMap(\.units)
  guard rows.count == tables.count, !known.isEmpty else { return }
  var next = 1 + (known.joined().max().map(Int.init) ?? -1)
  tables = zip(rows, queries).map { table, query in
    var table = table
    if let units = query.units {
      table.units = units.map(Int.init)
    } else {
      table.units = Array(next..<next + table.n)
      next += table.n
    }
    return table
  }
}

/// The rows of several tables of one task as one table.
private func joined(
  _ tables: [any OutcomeTable], task: String
) throws -> any OutcomeTable {
  guard tables.count > 1 else { return tables[0] }
  let columns = tables.map(\.columns)
  let shared = columns.reduce(Set(columns[0].keys)) { $0.intersection($1.keys) }
  return try outcomeTable(
    task: task,
    columns: Dictionary(
      uniqueKeysWithValues: shared.map { name in
        (name, Tensor(concatenating: columns.compactMap { $0[name] }))
      }))
}

/// The groupings of several queries' rows, one after the other; rows of a query without one are in
/// no group.
private func joinedGroupings(_ queries: [(query: CaseQuery, n: Int)]) -> [Suites.Grouping] {
  var order: [String] = []
  for by in queries.flatMap({ $0.query.groupings.map(\.by) }) where !order.contains(by) {
    order.append(by)
  }
  return order.compactMap { by in
    let parts = queries.map { query, n in (query.groupings.first { $0.by == by }, n) }
    guard var joined = Suites.Grouping(joining: parts) else { return nil }
    joined.minimumRows = parts.compactMap(\.0).first?.minimumRows ?? joined.minimumRows
    return joined
  }
}

/// The harmonic mean over base and new classes, `2 b n / (b + n)`, of each metric that is a share.
///
/// Intervals are of the whole functional. Source: Xian et al., TPAMI 2019, for accuracy.
private func harmonicMean(
  of keys: [String], on tables: [any OutcomeTable], bootstrap: Bootstrap
) -> GroupRecord {
  var parts: [(rows: [Int], table: any OutcomeTable)] = []
  var count = 0
  for table in tables {
    parts.append((Array(count..<count + table.n), table))
    count += table.n
  }
  var metrics: [String: any WeightedMetric] = [:]
  for key in keys {
    guard let info = MetricInfo.named(key), info.higherIsBetter, info.range == 0...1 else {
      continue
    }
    let prepared = parts.compactMap { part in
      part.table.evaluator(for: key).map { (rows: part.rows, metric: $0) }
    }
    guard prepared.count == parts.count else { continue }
    // Not under the metric's own key, which would call for the interval of a share.
    metrics["harmonic \(key)"] = CompositeMetric(
      parts: prepared, reason: "base or new classes have no value"
    ) { values in
      if values.contains(0) { return 0 }
      return Double(values.count) / values.reduce(0) { $0 + 1 / $1 }
    }
  }
  let units = tables.compactMap(\.units)
  let measured = measure(
    metrics,
    over: RowUnits(
      rowCount: count, units: units.count == tables.count ? units.flatMap(\.self) : nil),
    bootstrap: bootstrap)
  return GroupRecord(
    by: "classes", key: "harmonic mean", n: count,
    metrics: Dictionary(
      uniqueKeysWithValues: measured.map { (String($0.key.dropFirst("harmonic ".count)), $0.value) }
    ))
}

/// Decides every table of two classes at the threshold that its validation rows give, if any.
///
/// Returns that threshold as a probability.
private func decide(
  _ tables: inout [any OutcomeTable], _ queries: [CaseQuery]
) -> MetricValue? {
  guard let place = queries.firstIndex(where: { $0.part == CaseQuery.decision }),
    let validation = tables[place] as? ClassificationOutcomes,
    let margin = validation.threshold(of: queries[place].decision)
  else { return nil }
  tables = tables.map { ($0 as? ClassificationOutcomes)?.deciding(at: margin) ?? $0 }
  return MetricValue(value: 1 / (1 + exp(-margin)), n: validation.unitCount)
}

extension ClassificationOutcomes {
  /// The margin that these validation rows settle.
  fileprivate func threshold(of decision: Suite.Decision) -> Double? {
    switch decision {
    case .even: nil
    case .youden: youdenThreshold
    case .falsePositiveRate(let target): threshold(falsePositiveRateAtMost: target)
    }
  }
}

func groups(
  of table: any OutcomeTable, by grouping: Suites.Grouping, metrics: [String], bootstrap: Bootstrap
) -> [GroupRecord] {
  var rows = [[Int]](repeating: [], count: grouping.keys.count)
  for (row, code) in grouping.codes.enumerated() where rows.indices.contains(Int(code)) {
    rows[Int(code)].append(row)
  }
  let metrics = grouping.holdsClass ? metrics.filter(ofOneClass.contains) : metrics
  return zip(grouping.keys, rows).map { key, rows in
    GroupRecord(
      by: grouping.by, key: key, n: rows.count,
      metrics: measure(metrics, on: table.selecting(rows: rows), bootstrap: bootstrap))
  }
}

/// Within one class only the means over rows mean anything: the rest needs several classes.
let ofOneClass: Set<String> = ["accuracy", "top5_accuracy", "nll", "brier", "brier_binary"]
