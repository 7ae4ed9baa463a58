package import Tensors

/// The outcomes of a classifier: per row the label, the prediction and what is left of the scores.
package struct ClassificationOutcomes: OutcomeTable {
  /// The true class.
  package let labels: [Int32]
  /// The class of the highest score; ties go to the lowest index.
  package let predicted: [Int32]
  /// The number of classes that stand above the true one, by score and then by lower index.
  package let ranks: [Int32]
  /// The highest probability.
  package let confidence: [Float]
  /// -ln p(label), in nats.
  package let nll: [Float]
  /// The squared distance of the probabilities from the one-hot label, summed over the classes.
  package let brier: [Float]

  package var n: Int { labels.count }
  package var givenColumns: [String] { ["label"] }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    return [
      "label": Tensor(labels, shape: shape), "predicted": Tensor(predicted, shape: shape),
      "rank": Tensor(ranks, shape: shape), "confidence": Tensor(confidence, shape: shape),
      "nll": Tensor(nll, shape: shape), "brier": Tensor(brier, shape: shape),
    ]
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    switch metric {
    case "accuracy": ShareMetric(rows: n) { labels[$0] == predicted[$0] }
    case "top5_accuracy": ShareMetric(rows: n) { ranks[$0] < 5 }
    case "mean_per_class_accuracy": MeanPerClassAccuracy(confusion)
    case "macro_f1": MacroF1(confusion)
    case "nll": MeanMetric(nll.map(Double.init))
    case "brier": MeanMetric(brier.map(Double.init))
    case "ece15_width": WidthCalibration(confidence: confidence, correct: correct, norm: .mean)
    case "mce15_width": WidthCalibration(confidence: confidence, correct: correct, norm: .maximum)
    case "ece15_mass": MassCalibration(confidence: confidence, correct: correct)
    case "aurc": RiskCoverage(confidence: confidence, correct: correct, aboveOptimum: false)
    case "eaurc": RiskCoverage(confidence: confidence, correct: correct, aboveOptimum: true)
    default: nil
    }
  }

  package func rate(for metric: String) -> RowRate? {
    switch metric {
    case "accuracy": RowRate(rows: n, where: { labels[$0] == predicted[$0] })
    case "top5_accuracy": RowRate(rows: n, where: { ranks[$0] < 5 })
    default: nil
    }
  }

  private var correct: [Bool] { zip(labels, predicted).map { $0 == $1 } }
  private var confusion: Confusion { Confusion(labels: labels, predicted: predicted) }

  package func selecting(rows: [Int]) -> ClassificationOutcomes {
    ClassificationOutcomes(
      labels: rows.map { labels[$0] }, predicted: rows.map { predicted[$0] },
      ranks: rows.map { ranks[$0] }, confidence: rows.map { confidence[$0] },
      nll: rows.map { nll[$0] }, brier: rows.map { brier[$0] })
  }
}
