package import Tensors

extension ClassificationOutcomes {
  /// Takes the outcomes of scores `[Q, K]` f32 when only some classes may be decided for, in rising
  /// order: the scores of the others are masked before the softmax.
  ///
  /// Labels and decisions keep their numbers among all K classes; ranks and probabilities are those
  /// within the subset. With nil every class may be decided for.
  package init(
    logits: Tensor, labels: [Int32], among classes: [Int32]?, keepingClasses: Bool = false
  ) throws(MetricsError) {
    guard let classes else {
      try self.init(logits: logits, labels: labels, keepingClasses: keepingClasses)
      return
    }
    let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    var local: [Int32] = []
    for (row, label) in labels.enumerated() {
      guard let place = places[label] else {
        throw MetricsError(
          .invalidInput,
          "The label of row \(row) is \(label), which is not among the \(classes.count) classes "
            + "that may be decided for.")
      }
      local.append(place)
    }
    let kept = try ClassificationOutcomes(
      logits: try logits.selecting(columns: classes), labels: local)
    self.init(
      labels: labels, predicted: kept.predicted.map { classes[Int($0)] }, ranks: kept.ranks,
      topFive: kept.topFive, confidence: kept.confidence, certainty: kept.certainty,
      nll: kept.nll, brier: kept.brier, margins: nil, classMargins: nil, conflicts: nil, units: nil,
      scaled: nil, classCounts: kept.classCounts)
  }
}

extension Tensor {
  /// Some columns of a f32 matrix, `[Q, S]` of `[Q, K]`.
  fileprivate func selecting(columns: [Int32]) throws(MetricsError) -> Tensor {
    guard dtype == .f32, shape.rank == 2, columns.allSatisfy({ $0 >= 0 && $0 < shape[1] }) else {
      throw MetricsError(
        .invalidInput,
        "The logits are \(dtype) \(shape), which have no columns \(columns.first ?? 0) to "
          + "\(columns.last ?? 0).")
    }
    let width = shape[1]
    let values = withElements(of: Float.self) { values in
      (0..<shape[0]).flatMap { row in columns.map { values[row * width + Int($0)] } }
    }
    return Tensor(values, shape: [shape[0], columns.count])
  }
}
