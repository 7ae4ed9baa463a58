package import Tensors

/// The outcomes of an out-of-distribution (OOD) detector on in-distribution (ID) and OOD rows.
package struct DetectionOutcomes: OutcomeTable {
  /// The higher, the more the row is held for OOD.
  package let scores: [Float]
  package let isOOD: [Bool]
  /// The class of each ID row, -1 where there is none.
  package let labels: [Int32]
  /// The class of the highest logit, if the method gave logits; ties go to the lowest index.
  package let predicted: [Int32]?
  /// Whether the method itself holds the row for OOD, if it said so.
  package let decisions: [Bool]?

  /// Takes the scores `[Q]` and, if the method gave them, logits `[Q, K]` and decisions `[Q]`.
  ///
  /// - Throws: ``MetricsError`` if shapes differ or a score is not finite.
  package init(
    scores: Tensor, isOOD: [Bool], labels: [Int32], logits: Tensor? = nil,
    decisions: Tensor? = nil
  ) throws(MetricsError) {
    guard scores.dtype == .f32, scores.shape == Shape([isOOD.count]), labels.count == isOOD.count
    else {
      throw MetricsError(
        .invalidInput,
        "The OOD scores are \(scores.dtype) \(scores.shape), with \(isOOD.count) OOD marks and "
          + "\(labels.count) labels; wanted is f32 [Q] and Q of each.")
    }
    let values = scores.withElements(of: Float.self) { Array($0) }
    try requireFinite(values, "The OOD scores")
    self.init(
      scores: values, isOOD: isOOD, labels: labels,
      predicted: try logits.map { (logits) throws(MetricsError) in
        try highestClass(of: logits, rows: isOOD.count)
      },
      decisions: try decisions.map { (decisions) throws(MetricsError) in
        try ColumnReader(["decision": decisions], rowsOf: "decision").flags("decision")
      })
  }

  private init(
    scores: [Float], isOOD: [Bool], labels: [Int32], predicted: [Int32]?, decisions: [Bool]?
  ) {
    self.scores = scores
    self.isOOD = isOOD
    self.labels = labels
    self.predicted = predicted
    self.decisions = decisions
  }

  /// Takes the outcomes from stored columns; `predicted` and `decision` may be missing.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "ood_score")
    self.init(
      scores: try reader.finite("ood_score"), isOOD: try reader.flags("is_ood"),
      labels: try reader.values("label", .i32),
      predicted: columns["predicted"] == nil ? nil : try reader.natural("predicted"),
      decisions: columns["decision"] == nil ? nil : try reader.flags("decision"))
  }

  package var n: Int { scores.count }
  package var givenColumns: [String] { ["is_ood", "label"] }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    var columns = [
      "ood_score": Tensor(scores, shape: shape), "label": Tensor(labels, shape: shape),
      "is_ood": Tensor(isOOD.map { Int32($0 ? 1 : 0) }, shape: shape),
    ]
    columns["predicted"] = predicted.map { Tensor($0, shape: shape) }
    columns["decision"] = decisions.map { Tensor($0.map { Int32($0 ? 1 : 0) }, shape: shape) }
    return columns
  }

  package func selecting(rows: [Int]) -> DetectionOutcomes {
    DetectionOutcomes(
      scores: rows.map { scores[$0] }, isOOD: rows.map { isOOD[$0] },
      labels: rows.map { labels[$0] }, predicted: predicted.map { all in rows.map { all[$0] } },
      decisions: decisions.map { all in rows.map { all[$0] } })
  }
}

/// The class of the highest logit of each row; ties go to the lowest index.
private func highestClass(of logits: Tensor, rows: Int) throws(MetricsError) -> [Int32] {
  guard logits.dtype == .f32, logits.shape.rank == 2, logits.shape[0] == rows, logits.shape[1] > 0
  else {
    throw MetricsError(
      .invalidInput, "The logits are \(logits.dtype) \(logits.shape); wanted is f32 [\(rows), K].")
  }
  let classes = logits.shape[1]
  return try logits.withElements(of: Float.self) { (values) throws(MetricsError) in
    let notFinite = values.count { !$0.isFinite }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The logits hold \(notFinite) values that are NaN or infinite.")
    }
    return (0..<rows).map { row in
      var best = 0
      for index in 1..<max(classes, 1)
      where values[row * classes + index] > values[row * classes + best] {
        best = index
      }
      return Int32(best)
    }
  }
}
