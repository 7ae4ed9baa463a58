internal import Glibc
package import Tensors

/// The outcomes of a decision between two classes: score, label, and whether the score reached the
/// threshold.
package struct BinaryOutcomes: OutcomeTable {
  /// The higher, the more the row is held for positive.
  package let scores: [Float]
  package let labels: [Bool]
  package let decisions: [Bool]

  /// Takes scores and labels; a row is called positive if its score is at least the threshold.
  ///
  /// - Throws: ``MetricsError`` if the counts differ or a score is not finite.
  package init(scores: [Float], labels: [Bool], threshold: Float) throws(MetricsError) {
    guard scores.count == labels.count else {
      throw MetricsError(
        .invalidInput,
        "There are \(scores.count) scores but \(labels.count) labels; each row needs both.")
    }
    try requireFinite(scores, "The scores")
    self.init(scores: scores, labels: labels, decisions: scores.map { $0 >= threshold })
  }

  /// Takes the logits `[Q, 2]` of a classifier; class 1 is the positive one.
  ///
  /// The score is the margin z1 - z0, which ranks rows as the probability of class 1 does without
  /// running into 0 and 1; the threshold is a probability.
  package init(logits: Tensor, labels: [Int32], threshold: Double = 0.5) throws(MetricsError) {
    guard logits.dtype == .f32, logits.shape == Shape([labels.count, 2]) else {
      throw MetricsError(
        .invalidInput,
        "The logits are \(logits.dtype) \(logits.shape); wanted is f32 [\(labels.count), 2].")
    }
    if let row = labels.firstIndex(where: { $0 != 0 && $0 != 1 }) {
      throw MetricsError(
        .invalidInput, "The label of row \(row) is \(labels[row]); wanted is 0 or 1.")
    }
    let margins = logits.withElements(of: Float.self) { values in
      labels.indices.map { values[2 * $0 + 1] - values[2 * $0] }
    }
    try self.init(
      scores: margins, labels: labels.map { $0 == 1 },
      threshold: Float(log(threshold / (1 - threshold))))
  }

  private init(scores: [Float], labels: [Bool], decisions: [Bool]) {
    self.scores = scores
    self.labels = labels
    self.decisions = decisions
  }

  /// Takes the outcomes from stored columns.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "score")
    self.init(
      scores: try reader.finite("score"), labels: try reader.flags("label"),
      decisions: try reader.flags("decision"))
  }

  package var n: Int { scores.count }
  package var givenColumns: [String] { ["label"] }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    return [
      "score": Tensor(scores, shape: shape),
      "label": Tensor(labels.map { Int32($0 ? 1 : 0) }, shape: shape),
      "decision": Tensor(decisions.map { Int32($0 ? 1 : 0) }, shape: shape),
    ]
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    switch metric {
    case "auroc": AUROC(ranking)
    case "ap": PrecisionRecallArea(ranking, .step)
    case "aupr_trapz": PrecisionRecallArea(ranking, .trapezoid)
    case "adjusted_auprc": PrecisionRecallArea(ranking, .adjusted)
    default: rate(for: metric)?.metric
    }
  }

  private var ranking: BinaryRanking { BinaryRanking(scores: scores, isPositive: labels) }

  package func rate(for metric: String) -> RowRate? {
    switch metric {
    case "accuracy": RowRate(rows: n, where: { decisions[$0] == labels[$0] })
    case "selection_rate": RowRate(rows: n, where: { decisions[$0] })
    case "prevalence": RowRate(rows: n, where: { labels[$0] })
    case "tpr":
      RowRate(
        rows: n, among: { labels[$0] }, where: { decisions[$0] },
        reason: "there are no positive rows")
    case "fpr":
      RowRate(
        rows: n, among: { !labels[$0] }, where: { decisions[$0] },
        reason: "there are no negative rows")
    default: nil
    }
  }

  package func support(for metric: String) -> Int {
    if let rate = rate(for: metric) { return rate.countedRows }
    let positives = labels.count { $0 }
    return min(positives, n - positives)
  }

  package func selecting(rows: [Int]) -> BinaryOutcomes {
    BinaryOutcomes(
      scores: rows.map { scores[$0] }, labels: rows.map { labels[$0] },
      decisions: rows.map { decisions[$0] })
  }
}
