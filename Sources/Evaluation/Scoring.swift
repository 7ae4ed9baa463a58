internal import Datasets
internal import Contracts
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
/// The first query set gives the trial's own metrics; each further one is a group `shift`.
func score(
  _ outputs: [[String: Tensor]], of evaluation: EvaluationCase, in setting: PlannedSetting
) throws -> Score {
  var result = Score()
  for (index, query) in evaluation.queries.enumerated() {
    let table = try outcomes(outputs[index], query: query, task: setting.contract.task)
    // Keyed by the data alone, so that every method meets the same resamples.
    let bootstrap = Bootstrap(
      key: Philox.key("bootstrap", setting.dataset.digest.description, query.name))
    let metrics = measure(setting.metrics, on: table, bootstrap: bootstrap)
    if index == 0 {
      result.metrics = metrics
      result.columns = table.columns
    } else {
      result.groups.append(
        GroupRecord(by: "shift", key: query.name, n: table.n, metrics: metrics))
    }
    for grouping in query.groupings {
      result.groups += groups(
        of: table, by: grouping, metrics: setting.metrics, bootstrap: bootstrap)
    }
  }
  return result
}

private func outcomes(
  _ outputs: [String: Tensor], query: CaseQuery, task: String
) throws -> any OutcomeTable {
  switch task {
  case Contract.classify.task:
    guard let logits = outputs["logits"] else {
      preconditionFailure("the host hands on outputs only after they passed the contract")
    }
    return try ClassificationOutcomes(logits: logits, labels: query.labels)
  default:
    throw UnknownTask(description: "this build has no metrics for the task '\(task)'")
  }
}

private struct UnknownTask: Error, CustomStringConvertible { var description: String }

private func groups(
  of table: any OutcomeTable, by grouping: Grouping, metrics: [String], bootstrap: Bootstrap
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
