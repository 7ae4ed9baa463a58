internal import Tensors

extension Task {
  package static let detectOOD = Task(
    .detectOOD,
    sample: ["N": 12, "M": 6, "Q": 6, "K": 3, "D": 4, "A": 5, "U": 5, "V": 2, "P": 2],
    rows: "query.features", scores: "ood_score", splits: .outOfDistribution,
    faults: { $0.outside(-1, $0.extent("K"), "labels", "-1 for OOD, or a class") },
    // Each group of in-distribution rows is held against all OOD rows.
    spread: { asked in
      zip(asked.codes, try asked.truth("labels") ?? []).map { $1 < 0 ? Int32(asked.count) : $0 }
    },
    outcomes: { answer in
      let labels = try answer.truth("labels").int32Values()
      return try DetectionOutcomes(
        scores: try answer.output("ood_score"), isOOD: labels.map { $0 < 0 }, labels: labels,
        logits: answer.outputs["logits"], decisions: answer.outputs["is_ood"])
    })
}

extension DetectionOutcomes: ROCTable {
  package static var characteristic: (score: String, positive: String) { ("ood_score", "is_ood") }
}
