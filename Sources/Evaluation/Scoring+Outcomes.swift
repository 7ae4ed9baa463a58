internal import Metrics
internal import Suites
internal import Tensors

/// The outcomes of one call of `predict`, from what the method wrote and what the host kept.
func outcomes(
  _ outputs: [String: Tensor], of query: CaseQuery, task name: String, metrics: [String]
) throws -> any OutcomeTable {
  guard let task = Task.named(name) else {
    throw MetricsError(.unknownTask, "This build has no metrics for the task '\(name)'.")
  }
  return try task.outcomes(
    Answer(
      outputs: outputs, inputs: query.inputs, truth: query.truth, classes: query.classes,
      metrics: metrics))
}
