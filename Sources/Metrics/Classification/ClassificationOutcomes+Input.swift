internal import Glibc
package import Tensors

extension ClassificationOutcomes {
  /// Takes the outcomes of scores `[Q, K]` f32 in one pass over them.
  ///
  /// Probabilities are softmax(logits) in f64 with the row's maximum taken off first.
  package init(logits: Tensor, labels: [Int32]) throws(MetricsError) {
    guard logits.dtype == .f32, logits.shape.rank == 2, logits.shape[0] == labels.count else {
      throw MetricsError(
        .invalidInput,
        "The logits are \(logits.dtype) \(logits.shape); wanted is f32 [\(labels.count), K].")
    }
    let classes = logits.shape[1]
    if let row = labels.firstIndex(where: { $0 < 0 || Int($0) >= classes }) {
      throw MetricsError(
        .invalidInput,
        "The label of row \(row) is \(labels[row]), but the logits have \(classes) classes.")
    }
    var rows: [RowOutcome] = []
    rows.reserveCapacity(labels.count)
    var notFinite = 0
    logits.withElements(of: Float.self) { scores in
      for (row, label) in labels.enumerated() {
        let scores = UnsafeBufferPointer(rebasing: scores[(row * classes)..<((row + 1) * classes)])
        let outcome = RowOutcome(scores: scores, label: Int(label))
        if outcome == nil { notFinite += scores.count { !$0.isFinite } }
        rows.append(outcome ?? RowOutcome())
      }
    }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The logits hold \(notFinite) values that are NaN or infinite.")
    }
    self.init(
      labels: labels, predicted: rows.map(\.predicted), ranks: rows.map(\.rank),
      confidence: rows.map(\.confidence), nll: rows.map(\.nll), brier: rows.map(\.brier))
  }

  /// Takes the outcomes from stored columns, all `[n]`.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "label")
    self.init(
      labels: try reader.natural("label"), predicted: try reader.natural("predicted"),
      ranks: try reader.natural("rank"), confidence: try reader.finite("confidence"),
      nll: try reader.finite("nll"), brier: try reader.finite("brier"))
  }
}

/// What is kept of one row of scores.
private struct RowOutcome {
  var predicted: Int32 = 0
  var rank: Int32 = 0
  var confidence: Float = 0
  var nll: Float = 0
  var brier: Float = 0

  init() {}

  /// Nil if a score is NaN or infinite.
  init?(scores: UnsafeBufferPointer<Float>, label: Int) {
    let target = scores[label]
    var best = 0
    var above = 0
    var allFinite = true
    for (index, score) in scores.enumerated() {
      allFinite = allFinite && score.isFinite
      if score > scores[best] { best = index }
      if score > target || (score == target && index < label) { above += 1 }
    }
    guard allFinite else { return nil }

    // Everything relative to the maximum's term, which is 1: sums of the others keep their
    // precision however small they are.
    let maximum = Double(scores[best])
    var others = 0.0
    var squares = 0.0
    var targetTerm = 0.0
    for (index, score) in scores.enumerated() {
      let term = index == best ? 1 : exp(Double(score) - maximum)
      if index != best { others += term }
      if index == label { targetTerm = term } else { squares += term * term }
    }
    let sum = 1 + others
    let missed = label == best ? others : sum - targetTerm
    predicted = Int32(best)
    rank = Int32(above)
    confidence = Float(1 / sum)
    nll = Float(
      min(log1p(others) + (maximum - Double(target)), Double(Float.greatestFiniteMagnitude)))
    brier = Float((squares + missed * missed) / (sum * sum))
  }
}
