internal import Tensors

extension Task {
  /// Its outcomes are those of any classifier.
  package static let classifyImages = Task(
    .classifyImages,
    sample: ["N": 12, "Q": 6, "K": 3, "C": 1, "H": 4, "W": 5, "P": 6, "R": 2, "D": 4],
    rows: "query.images", scores: "logits",
    outcomes: { answer in
      try ClassificationOutcomes(
        logits: try answer.output("logits"), labels: try answer.truth("labels").int32Values(),
        keepingClasses: answer.metrics.contains { ["auroc_ovr", "classwise_ece15"].contains($0) })
    })
}
