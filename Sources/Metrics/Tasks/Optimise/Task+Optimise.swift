internal import Tensors

extension Task {
  package static let optimise = Task(
    .optimise,
    sample: [
      "S": 4, "B": 3, "E": 2, "P": 3, "N": 12, "D": 4, "K": 3, "H": 5, "T": 12, "Y": 1, "W": 4,
      "A": 2, "C": 3,
    ],
    drawn: ["seed", "batches", "records"],
    outcomes: { answer in
      let judge = try OptimisationJudge(answer)
      return try judge.outcomes(
        parameters: try answer.output("parameters"),
        gradients: try answer.output("gradients").doubles()[0])
    })
}
