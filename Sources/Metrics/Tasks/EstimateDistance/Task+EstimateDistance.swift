internal import Tensors

extension Task {
  package static let estimateDistance = Task(
    .estimateDistance, sample: ["N": 12, "M": 6, "D": 4]
  ) { answer in
    try DistanceOutcomes(
      references: try answer.truth("reference").doubles(),
      referenceErrors: answer.truth["reference_error"]?.doubles(),
      values: try answer.output("value").doubles(),
      standardErrors: answer.outputs["std_error"]?.doubles())
  }
}
