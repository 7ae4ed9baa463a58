internal import Documents
internal import Evaluation
internal import Metrics
internal import Random
internal import Tensors

/// The outcome table of a trial from its stored columns.
func loadOutcomes(
  _ trial: TrialRecord, from store: TrialStore?, side: String
) throws(ReportError) -> any OutcomeTable {
  try loadOutcomes(trial.samples, of: trial, from: store, side: side)
}

/// The outcome tables of the groups of a trial that are queries of their own, in their order.
func loadPartOutcomes(
  _ trial: TrialRecord, from store: TrialStore?, side: String
) throws(ReportError) -> [any OutcomeTable] {
  let table = try loadOutcomes(trial.partSamples, of: trial, from: store, side: side)
  let counts = trial.groups.filter(\.isPart).map(\.n)
  guard counts.reduce(0, +) == table.n else {
    throw ReportError(
      description: "the per-sample outcomes of \(side) are \(table.n) rows, but its parts have "
        + "\(counts.reduce(0, +))")
  }
  var start = 0
  return counts.map { count in
    defer { start += count }
    return table.selecting(rows: Array(start..<start + count))
  }
}

private func loadOutcomes(
  _ columns: [String: Digest], of trial: TrialRecord, from store: TrialStore?, side: String
) throws(ReportError) -> any OutcomeTable {
  if let store, let list = trial.unreadOutcomes {
    throw ReportError(
      description: "the per-sample outcomes of \(side) cannot be used: \(store.path) does not hold "
        + "them (\(list.short))")
  }
  guard let store, !columns.isEmpty else {
    throw ReportError(description: "\(side) has no per-sample outcomes at hand")
  }
  do {
    return try outcomeTable(task: trial.task, columns: try store.read(columns))
  } catch {
    throw ReportError(description: "the per-sample outcomes of \(side) cannot be used: \(error)")
  }
}

/// The key of the resamples of a trial's test rows: decided by the data alone, never by the method.
func rowsKey(
  _ purpose: String, _ trial: TrialRecord, given: [String], part: String? = nil
) -> UInt64 {
  let columns = given.sorted().map { trial.samples[$0]?.description ?? "" }
  let names = columns + (part.map { [$0] } ?? [])
  return Philox.key(purpose, trial.datasetDigest.description, names.joined(separator: " "))
}
