package import Tensors

extension Task {
  package static let classify = Task(
    .classify,
    sample: ["N": 12, "M": 6, "Q": 6, "K": 3, "D": 4, "A": 5, "U": 5, "V": 2, "P": 2],
    rows: "query.features", scores: "logits", splits: .labels
  ) {
    answer in
    let wanted = ["auroc_ovr", "classwise_ece15"]
    var table = try ClassificationOutcomes(
      logits: try answer.output("logits"), labels: try answer.truth("labels").int32Values(),
      among: answer.classes, keepingClasses: answer.metrics.contains(where: wanted.contains))
    table.conflicts = try answer.truth["conflicting"]?.int32Values()
    return table
  }
}

extension ClassificationOutcomes: ROCTable {
  package static var characteristic: (score: String, positive: String) { ("margin", "label") }
}

extension ClassificationOutcomes: UnitTable, CompletableTable {
  /// Rows without a second cue are rows on which it agrees.
  package func completed(with columns: Set<String>) -> ClassificationOutcomes {
    guard columns.contains("conflict"), conflicts == nil else { return self }
    var table = self
    table.conflicts = labels
    return table
  }
}

extension ClassificationOutcomes: CalibratableTable {
  package func temperature(for outputs: [String: Tensor]) throws -> TemperatureScaling? {
    try outputs["logits"].map { try TemperatureScaling(logits: $0, labels: labels) }
  }

  package func scaling(
    _ outputs: [String: Tensor], by scaling: TemperatureScaling, among classes: [Int32]?
  ) throws -> ClassificationOutcomes {
    guard let logits = outputs["logits"] else { return self }
    return try self.scaling(logits: logits, by: scaling, among: classes)
  }
}
