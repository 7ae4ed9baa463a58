internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import Numerics
internal import Suites
internal import Tensors

/// What the host makes of one trial's outputs with the labels it kept for itself.
struct Score {
  var metrics: [String: MetricValue] = [:]
  var groups: [GroupRecord] = []
  /// Per-sample columns; enough to compute every metric again.
  var columns: [String: Tensor] = [:]
}

/// Computes metrics and groups from the outputs of all query sets.
///
/// A query that is no part of another gives the trial's own metrics; each part is a group.
func score(
  _ outputs: [[String: Tensor]], of evaluation: EvaluationCase, in setting: PlannedSetting
) throws -> Score {
  var result = Score()
  var tables: [any OutcomeTable] = []
  for (index, query) in evaluation.queries.enumerated() {
    let table = try outcomes(outputs[index], query: query, task: setting.contract.task)
    tables.append(table)
    // Keyed by the data alone, so that every method meets the same resamples.
    let bootstrap = Bootstrap(
      key: Philox.key("bootstrap", setting.dataset.digest.description, query.name))
    let metrics = measure(setting.metrics, on: table, bootstrap: bootstrap)
    if let part = query.part {
      result.groups.append(GroupRecord(by: part, key: query.name, n: table.n, metrics: metrics))
    } else {
      result.metrics = metrics
      result.columns = table.columns
    }
    for grouping in query.groupings {
      result.groups += groups(
        of: table, by: grouping, metrics: setting.metrics, bootstrap: bootstrap)
    }
  }
  if let base = evaluation.queries.firstIndex(where: { $0.part == "classes" }) {
    let bootstrap = Bootstrap(
      key: Philox.key("bootstrap", setting.dataset.digest.description, "harmonic mean"))
    result.groups.append(
      harmonicMean(of: setting.metrics, on: [tables[base], tables[0]], bootstrap: bootstrap))
  }
  return result
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
  let measured = measure(metrics, over: RowUnits(rowCount: count), bootstrap: bootstrap)
  return GroupRecord(
    by: "classes", key: "harmonic mean", n: count,
    metrics: Dictionary(
      uniqueKeysWithValues: measured.map { (String($0.key.dropFirst("harmonic ".count)), $0.value) }
    ))
}

private func outcomes(
  _ outputs: [String: Tensor], query: CaseQuery, task: String
) throws -> any OutcomeTable {
  func required(_ name: String) -> Tensor {
    guard let output = outputs[name] else {
      preconditionFailure("the host hands on outputs only after they passed the contract")
    }
    return output
  }
  switch task {
  case Contract.classify.task:
    return try ClassificationOutcomes(logits: required("logits"), labels: query.labels)
  case Contract.detectOOD.task:
    return try DetectionOutcomes(
      scores: required("ood_score"), isOOD: query.labels.map { $0 < 0 }, labels: query.labels,
      logits: outputs["logits"])
  default:
    throw UnknownTask(description: "this build has no metrics for the task '\(task)'")
  }
}

private struct UnknownTask: Error, CustomStringConvertible { var description: String }

private func groups(
  of table: any OutcomeTable, by grouping: Suites.Grouping, metrics: [String], bootstrap: Bootstrap
) -> [GroupRecord] {
  var rows = [[Int]](repeating: [], count: grouping.keys.count)
  for (row, code) in grouping.codes.enumerated() where rows.indices.contains(Int(code)) {
    rows[Int(code)].append(row)
  }
  // Within one class only the means over rows mean anything: the rest needs several classes.
  let metrics = grouping.by == "class" ? metrics.filter(ofOneClass.contains) : metrics
  return zip(grouping.keys, rows).map { key, rows in
    GroupRecord(
      by: grouping.by, key: key, n: rows.count,
      metrics: measure(metrics, on: table.selecting(rows: rows), bootstrap: bootstrap))
  }
}

private let ofOneClass: Set<String> = ["accuracy", "top5_accuracy", "nll", "brier"]
