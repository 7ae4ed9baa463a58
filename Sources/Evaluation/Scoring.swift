internal import Contracts
internal import Datasets
internal import Documents
internal import Estimates
internal import Glibc
internal import Metrics
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
  completeColumns(&tables)
  fillUnits(&tables, evaluation.queries)
  let temperature = try calibrate(&tables, outputs, evaluation.queries)
  let threshold = decide(&tables, evaluation.queries)
  let all = tables.map { Outcomes($0) }
  let own = evaluation.queries.indices.filter { evaluation.queries[$0].part == .test }
  if let first = own.first {
    let table = try joined(own.map { tables[$0] }, task: task)
    let outcomes = own.count == 1 ? all[first] : Outcomes(table)
    result.metrics = measure(setting.metrics, of: outcomes)
    result.columns = table.columns
    if own.count == 1 {
      result.groupColumns = memberships(of: evaluation.queries[first], rows: table.n)
    } else {
      let groupings = joinedGroupings(own.map { (evaluation.queries[$0], tables[$0].n) })
      for grouping in groupings {
        result.groupColumns[grouping.by] = Tensor(grouping.codes, shape: [grouping.codes.count])
        result.groups += try attributeGroups(
          of: outcomes, by: grouping, metrics: setting.metrics)
      }
    }
  }
  for (place, query) in evaluation.queries.enumerated() {
    let table = tables[place]
    if query.part != .test {
      result.groups.append(
        GroupRecord(
          .part(query.part), n: table.n, metrics: measure(setting.metrics, of: all[place]),
          isPart: true, reference: query.reference))
    }
    if query.part == .calibration, let temperature {
      result.groups[result.groups.count - 1].metrics["temperature"] = MetricValue(
        value: temperature.temperature, n: table.n,
        reason: temperature.isAtBound ? "the least NLL lies beyond the range searched" : nil)
    }
    if query.part == .decision, let threshold {
      result.groups[result.groups.count - 1].metrics["decision_threshold"] = threshold
    }
    if query.part == .test { result.calibration += calibrationCurves(of: query, table) }
    if query.part == .test, own.count > 1 { continue }
    result.groups += try groups(of: query, all[place], metrics: setting.metrics)
  }
  let parts = evaluation.queries.indices.filter { evaluation.queries[$0].part != .test }
  if !parts.isEmpty {
    result.partColumns = try joined(parts.map { tables[$0] }, task: task).columns
  }
  if let base = evaluation.queries.firstIndex(where: { $0.part == .base }) {
    result.groups.append(
      harmonicMean(of: setting.metrics, on: [all[base], all[0]]))
  }
  return result
}

/// Gives every table the columns that the dataset has for the rows of any query, so that the
/// outcomes of all parts can stand in one table.
private func completeColumns(_ tables: inout [any OutcomeTable]) {
  let columns = Set(tables.flatMap(\.givenColumns))
  tables = tables.map { ($0 as? any CompletableTable)?.completed(with: columns) ?? $0 }
}

/// Says of each row which unit it belongs to, where any query has units; a row of a query without
/// them is a unit of its own.
private func fillUnits(_ tables: inout [any OutcomeTable], _ queries: [CaseQuery]) {
  let rows = tables.compactMap { $0 as? any UnitTable }
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
private func joinedGroupings(_ queries: [(query: CaseQuery, n: Int)]) -> [Grouping] {
  var order: [String] = []
  for by in queries.flatMap({ $0.query.groupings.map(\.by) }) where !order.contains(by) {
    order.append(by)
  }
  return order.compactMap { by in
    let parts = queries.map { query, n in (query.groupings.first { $0.by == by }, n) }
    guard var joined = Grouping(joining: parts) else { return nil }
    joined.minimumRows = parts.compactMap(\.0).first?.minimumRows ?? joined.minimumRows
    return joined
  }
}

/// The harmonic mean over base and new classes, `2 b n / (b + n)`, of each metric that is a share.
private func harmonicMean(of keys: [String], on parts: [Outcomes]) -> GroupRecord {
  var metrics: [String: MetricValue] = [:]
  for key in keys {
    guard let info = MetricInfo.named(key), info.higherIsBetter, info.range == 0...1 else {
      continue
    }
    metrics[key] = Estimator().estimate(
      .harmonicMean(parts.map { .reading(Reading(key, of: $0)) }), in: info.range)
  }
  let count = parts.reduce(0) { $0 + $1.units.rowCount }
  for key in metrics.keys { metrics[key]?.n = parts.reduce(0) { $0 + $1.units.unitCount } }
  return GroupRecord(.harmonicMean, n: count, metrics: metrics)
}

/// Decides every table of two classes at the threshold that its validation rows give, if any.
///
/// Returns that threshold as a probability.
private func decide(
  _ tables: inout [any OutcomeTable], _ queries: [CaseQuery]
) -> MetricValue? {
  guard let place = queries.firstIndex(where: { $0.part == .decision }),
    let validation = tables[place] as? any ThresholdedTable,
    let margin = validation.threshold(of: queries[place].decision)
  else { return nil }
  tables = tables.map { ($0 as? any ThresholdedTable)?.deciding(at: margin) ?? $0 }
  return MetricValue(value: 1 / (1 + exp(-margin)), n: validation.unitCount)
}

extension ThresholdedTable {
  /// The score that these validation rows settle.
  fileprivate func threshold(of decision: Suite.Decision) -> Double? {
    switch decision {
    case .even: nil
    case .youden: youdenThreshold
    case .falsePositiveRate(let target): threshold(falsePositiveRateAtMost: target)
    }
  }
}

func groups(
  of outcomes: Outcomes, by grouping: Grouping, metrics: [String]
) -> [GroupRecord] {
  var rows = [[Int]](repeating: [], count: grouping.keys.count)
  for (row, code) in grouping.codes.enumerated() where rows.indices.contains(Int(code)) {
    rows[Int(code)].append(row)
  }
  let metrics = grouping.holdsClass ? metrics.filter(ofOneClass.contains) : metrics
  return zip(grouping.keys, rows.enumerated()).map { key, group in
    GroupRecord(
      .rows(by: grouping.by, key: key), n: group.element.count,
      metrics: measure(
        metrics, of: outcomes, in: .group(group.offset, by: grouping.by, rows: group.element)))
  }
}

/// Within one class only the means over rows mean anything: the rest needs several classes.
let ofOneClass: Set<String> = ["accuracy", "top5_accuracy", "nll", "brier", "brier_binary"]
