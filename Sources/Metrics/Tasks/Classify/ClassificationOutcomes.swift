package import Tensors

/// The outcomes of a classifier: per row the label, the prediction and what is left of the scores.
package struct ClassificationOutcomes: OutcomeTable {
  /// The true class.
  package let labels: [Int32]
  /// The class decided for: that of the highest score, ties going to the lowest index, or the one
  /// that ``deciding(at:)`` gives.
  package internal(set) var predicted: [Int32]
  /// The number of classes that stand above the true one, by score and then by lower index.
  package let ranks: [Int32]
  /// The expected share of the first five places that goes to the true class, where equal scores
  /// stand in random order: 0 or 1 unless a tie lies across the fifth place; nil where it was not
  /// kept.
  package let topFive: [Float]?
  /// The highest probability.
  package let confidence: [Float]
  /// The log-odds of the highest probability, which order rows where it is 1 to its last digit; nil
  /// where they were not kept.
  package let certainty: [Double]?
  /// -ln p(label), in nats.
  package let nll: [Float]
  /// The squared distance of the probabilities from the one-hot label, summed over the classes.
  package let brier: [Float]
  /// With two classes z1 - z0, the log-odds of class 1, the positive one; nil with other numbers.
  package let margins: [Double]?
  /// The log-odds of each class against the rest, `[K][n]`, where they were asked for.
  package let classMargins: [[Double]]?
  /// The class that a second, conflicting cue of each row shows, such as its texture where the label
  /// is its shape; equal to the label where the cues agree, nil where there is no second cue.
  package var conflicts: [Int32]?
  /// The independent unit of each row, such as a patient with several images; nil: each row is one.
  package var units: [Int]?
  /// Confidence and NLL of the scores at another temperature, where one was fitted.
  package internal(set) var scaled: Scaled?
  /// The number of classes that each row has scores of; nil where it was not kept.
  package internal(set) var classCounts: [Int32]?

  /// What a temperature changes: neither the decisions nor the ranks.
  package struct Scaled: Equatable, Sendable {
    package let confidence: [Float]
    package let nll: [Float]
    /// As ``ClassificationOutcomes/certainty``.
    package var certainty: [Double]?

    /// What orders rows by how sure the classifier is of them.
    var order: [Double] { certainty ?? confidence.map(Double.init) }
  }

  package var n: Int { labels.count }
  package var givenColumns: [String] {
    ["label"] + (conflicts == nil ? [] : ["conflict"]) + (units == nil ? [] : ["unit"])
  }

  package var given: [String: Tensor] {
    var given = ["label": Tensor(labels, shape: Shape([n]))]
    given["conflict"] = conflicts.map { Tensor($0, shape: Shape([n])) }
    given["unit"] = units.map { Tensor($0.map { Int32($0) }, shape: Shape([n])) }
    return given
  }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    var columns = [
      "label": Tensor(labels, shape: shape), "predicted": Tensor(predicted, shape: shape),
      "rank": Tensor(ranks, shape: shape), "confidence": Tensor(confidence, shape: shape),
      "nll": Tensor(nll, shape: shape), "brier": Tensor(brier, shape: shape),
    ]
    columns["top5"] = topFive.map { Tensor($0, shape: shape) }
    columns["certainty"] = certainty.map { Tensor(doubles: $0) }
    columns["margin"] = margins.map { Tensor(doubles: $0) }
    columns["class_margins"] = classMargins.map { margins in
      Tensor(
        doubles: (0..<n).flatMap { row in margins.map { $0[row] } },
        shape: Shape([n, margins.count]))
    }
    columns["class_count"] = classCounts.map { Tensor($0, shape: shape) }
    columns["conflict"] = conflicts.map { Tensor($0, shape: shape) }
    columns["unit"] = units.map { Tensor($0.map { Int32($0) }, shape: shape) }
    columns["confidence_scaled"] = scaled.map { Tensor($0.confidence, shape: shape) }
    columns["nll_scaled"] = scaled.map { Tensor($0.nll, shape: shape) }
    columns["certainty_scaled"] = scaled?.certainty.map { Tensor(doubles: $0) }
    return columns
  }

  package func selecting(rows: [Int]) -> ClassificationOutcomes {
    func selected<Value>(_ column: [Value]) -> [Value] { rows.map { column[$0] } }
    return ClassificationOutcomes(
      labels: selected(labels), predicted: selected(predicted), ranks: selected(ranks),
      topFive: topFive.map(selected), confidence: selected(confidence),
      certainty: certainty.map(selected), nll: selected(nll), brier: selected(brier),
      margins: margins.map(selected), classMargins: classMargins?.map(selected),
      conflicts: conflicts.map(selected), units: units.map(selected),
      scaled: scaled.map {
        Scaled(
          confidence: selected($0.confidence), nll: selected($0.nll),
          certainty: $0.certainty.map(selected))
      }, classCounts: classCounts.map(selected))
  }
}
