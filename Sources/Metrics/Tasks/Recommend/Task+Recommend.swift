internal import Tensors

extension Task {
  package static let recommend = Task(
    .recommend, sample: ["M": 6, "Q": 6, "U": 5, "V": 2], rows: "query.pairs", scores: "scores",
    faults: { $0.impossibleExposures() + $0.repeatedPairs() },
    outcomes: { answer in
      try RecommendationOutcomes(
        scores: try answer.output("scores"), pairs: try answer.input("query.pairs"),
        relevance: try answer.truth("relevance"), exposure: answer.truth["exposure"])
    })
}

extension GivenCase {
  fileprivate func impossibleExposures() -> [Fault] {
    let probabilities = [
      (Member.fit, "propensity"), (.fit, "val.propensity"), (.truth, "exposure"),
    ]
    return probabilities.compactMap { member, name in
      guard let row = floats(member, name)?.firstIndex(where: { $0 <= 0 }) else { return nil }
      return Fault(
        member: member, name: name,
        message: "'\(name)' is 0 at \(row), and probabilities of exposure are above 0")
    }
  }

  /// No click is listed twice, nor both learned from and tuned on.
  fileprivate func repeatedPairs() -> [Fault] {
    var seen: [SIMD2<Int32>: String] = [:]
    for name in ["interactions", "val.interactions"] {
      guard let numbers = integers(.fit, name) else { continue }
      for (row, place) in stride(from: 0, to: numbers.count - 1, by: 2).enumerated() {
        let (user, item) = (numbers[place], numbers[place + 1])
        if let home = seen.updateValue(name, forKey: SIMD2(user, item)) {
          let message =
            "row \(row) of '\(name)', user \(user) and item \(item), is in '\(home)' too"
          return [Fault(member: .fit, name: name, message: message)]
        }
      }
    }
    return []
  }
}
