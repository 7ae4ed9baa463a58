internal import Contracts
internal import Metrics
internal import Suites
internal import Tensors

/// The outcomes of one call of `predict`, from what the method wrote and what the host kept.
func outcomes(
  _ outputs: [String: Tensor], of query: CaseQuery, task: String, metrics: [String]
) throws -> any OutcomeTable {
  let truth = query.truth
  func output(_ name: String) -> Tensor {
    guard let tensor = outputs[name] else {
      preconditionFailure("the host hands on outputs only after they passed the contract")
    }
    return tensor
  }
  func kept(_ name: String) -> Tensor {
    guard let tensor = truth[name] else {
      preconditionFailure("a suite is planned only with all of its contract's truth")
    }
    return tensor
  }
  switch task {
  case Contract.classify.task:
    var table = try ClassificationOutcomes(
      logits: output("logits"), labels: try kept("labels").int32Values(), among: query.classes,
      keepingClasses: metrics.contains("auroc_ovr") || metrics.contains("classwise_ece15"))
    table.conflicts = try truth["conflicting"]?.int32Values()
    return table
  case Contract.curate.task:
    return try CurationOutcomes(
      kept: output("kept"), keepProbability: output("keep_prob"),
      entryCount: outputs["entry_count"], entryProbability: outputs["entry_prob"],
      truth: try CurationTruth(truth))
  case Contract.detectOOD.task:
    let labels = try kept("labels").int32Values()
    return try DetectionOutcomes(
      scores: output("ood_score"), isOOD: labels.map { $0 < 0 }, labels: labels,
      logits: outputs["logits"], decisions: outputs["is_ood"])
  case Contract.retrieve.task:
    return try RetrievalOutcomes(
      similarity: output("similarity"), imageOfText: try kept("image_of_text").int32Values())
  case Contract.estimateDistance.task:
    return try DistanceOutcomes(
      references: doubles(kept("reference")),
      referenceErrors: truth["reference_error"].map(doubles), values: doubles(output("value")),
      standardErrors: outputs["std_error"].map(doubles))
  case Contract.recommend.task:
    guard let pairs = query.inputs.first(where: { $0.name == "query.pairs" }) else {
      preconditionFailure("a suite is planned only with all that predict always sees")
    }
    return try RecommendationOutcomes(
      scores: output("scores"),
      pairs: Tensor(dtype: pairs.dtype, shape: pairs.shape, fill: pairs.write),
      relevance: kept("relevance"), exposure: truth["exposure"])
  case Contract.diversity.task:
    return try DiversityOutcomes(
      modes: doubles(kept("modes")), prompts: doubles(kept("prompts")), sce: doubles(output("sce")),
      reports: try diversityReports(outputs, truth: truth))
  default:
    throw UnknownTask(description: "this build has no metrics for the task '\(task)'")
  }
}

/// What a diversity method reports beside its score, and how pure its corrected images are.
private func diversityReports(
  _ outputs: [String: Tensor], truth: [String: Tensor]
) throws -> [DiversityOutcomes.Report: [Double]] {
  var reports: [DiversityOutcomes.Report: [Double]] = [:]
  for (report, name) in [
    (DiversityOutcomes.Report.textDiversity, "text_diversity"), (.traceImage, "trace_image"),
    (.traceText, "trace_text"),
  ] {
    reports[report] = outputs[name].map(doubles)
  }
  for (report, name) in [
    (DiversityOutcomes.Report.promptPurity, "new.prompt"), (.modePurity, "new.mode"),
  ] {
    guard let corrected = outputs["corrected"], let labels = truth[name] else { continue }
    let purity = neighbourPurity(
      of: corrected, labels: try labels.int32Values(), neighbours: 5)
    reports[report] = purity.map { [$0] }
  }
  return reports
}

private struct UnknownTask: Error, CustomStringConvertible { var description: String }

private func doubles(_ tensor: Tensor) -> [Double] {
  tensor.withElements(of: Double.self) { Array($0) }
}
