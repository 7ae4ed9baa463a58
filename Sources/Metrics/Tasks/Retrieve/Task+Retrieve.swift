internal import Tensors

extension Task {
  package static let retrieve = Task(
    .retrieve, sample: ["N": 12, "M": 6, "D": 4, "V": 2, "P": 2], rows: "query.image",
    scores: "similarity",
    // A text follows its image.
    spread: { asked in
      asked.codes + (try asked.truth("image_of_text") ?? []).map { asked.codes[Int($0)] }
    },
    outcomes: { answer in
      try RetrievalOutcomes(
        similarity: try answer.output("similarity"),
        imageOfText: try answer.truth("image_of_text").int32Values())
    })
}
