internal import CKernels
internal import Glibc
package import Tensors

extension ClassificationOutcomes {
  /// Takes the outcomes of scores `[Q, K]` f32 in one pass over them.
  ///
  /// Probabilities are softmax(logits) in f64 with the row's maximum taken off first.
  ///
  /// - Parameter keepingClasses: Keep the log-odds of every class, of which `auroc_ovr` and
  ///   `classwise_ece15` are made.
  package init(
    logits: Tensor, labels: [Int32], keepingClasses: Bool = false
  ) throws(MetricsError) {
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
    var margins: [Double] = []
    var classMargins = [[Double]](repeating: [], count: keepingClasses && classes > 2 ? classes : 0)
    logits.withElements(of: Float.self) { scores in
      for (row, label) in labels.enumerated() {
        let scores = UnsafeBufferPointer(rebasing: scores[(row * classes)..<((row + 1) * classes)])
        let outcome = RowOutcome(scores: scores, label: Int(label))
        if outcome == nil { notFinite += scores.count { !$0.isFinite } }
        rows.append(outcome ?? RowOutcome())
        if classes == 2 { margins.append(logOdds(of: 1, in: scores)) }
        for number in classMargins.indices {
          classMargins[number].append(logOdds(of: number, in: scores))
        }
      }
    }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The logits hold \(notFinite) values that are NaN or infinite.")
    }
    self.init(
      labels: labels, predicted: rows.map(\.predicted), ranks: rows.map(\.rank),
      topFive: rows.map(\.topFive), confidence: rows.map(\.confidence),
      certainty: rows.map(\.certainty), nll: rows.map(\.nll), brier: rows.map(\.brier),
      margins: classes == 2 ? margins : nil,
      classMargins: classMargins.isEmpty ? nil : classMargins, conflicts: nil, units: nil,
      scaled: nil, classCounts: [Int32](repeating: Int32(classes), count: labels.count))
  }

  /// Takes the outcomes from stored columns; `top5`, `certainty`, `margin`, `class_margins` and
  /// `class_count` may be missing.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "label")
    self.init(
      labels: try reader.natural("label"), predicted: try reader.natural("predicted"),
      ranks: try reader.natural("rank"),
      topFive: columns["top5"] == nil ? nil : try reader.finite("top5"),
      confidence: try reader.finite("confidence"),
      certainty: columns["certainty"] == nil ? nil : try reader.finiteDoubles("certainty"),
      nll: try reader.finite("nll"), brier: try reader.finite("brier"),
      margins: columns["margin"] == nil ? nil : try reader.finiteDoubles("margin"),
      classMargins: columns["class_margins"] == nil
        ? nil : try reader.finiteColumns("class_margins"),
      conflicts: columns["conflict"] == nil ? nil : try reader.natural("conflict"),
      units: columns["unit"] == nil ? nil : try reader.natural("unit").map(Int.init),
      scaled: columns["nll_scaled"] == nil
        ? nil
        : Scaled(
          confidence: try reader.finite("confidence_scaled"),
          nll: try reader.finite("nll_scaled"),
          certainty: columns["certainty_scaled"] == nil
            ? nil : try reader.finiteDoubles("certainty_scaled")),
      classCounts: columns["class_count"] == nil ? nil : try reader.natural("class_count"))
  }
}

extension ClassificationOutcomes {
  /// The same outcomes with what the given scores at another temperature amount to.
  ///
  /// - Throws: ``MetricsError`` if a score is not finite at that temperature.
  package func scaling(
    logits: Tensor, by scaling: TemperatureScaling, among classes: [Int32]? = nil
  ) throws(MetricsError) -> ClassificationOutcomes {
    let inverse = Float(1 / scaling.temperature)
    let values = logits.withElements(of: Float.self) { $0.map { $0 * inverse } }
    let other = try ClassificationOutcomes(
      logits: Tensor(values, shape: logits.shape), labels: labels, among: classes)
    var result = self
    result.scaled = Scaled(
      confidence: other.confidence, nll: other.nll, certainty: other.certainty)
    return result
  }
}

/// z_c - ln sum of exp z_j over the other classes, within the finite numbers.
private func logOdds(of number: Int, in scores: UnsafeBufferPointer<Float>) -> Double {
  var highest = -Double.infinity
  for (index, score) in scores.enumerated() where index != number {
    highest = max(highest, Double(score))
  }
  var others = 0.0
  for (index, score) in scores.enumerated() where index != number {
    others += exp(Double(score) - highest)
  }
  let limit = Double(Float.greatestFiniteMagnitude)
  return max(-limit, min(Double(scores[number]) - highest - log(others), limit))
}

/// What is kept of one row of scores.
private struct RowOutcome {
  var predicted: Int32 = 0
  var rank: Int32 = 0
  var topFive: Float = 0
  var confidence: Float = 0
  var certainty = 0.0
  var nll: Float = 0
  var brier: Float = 0

  init() {}

  /// Nil if a score is NaN or infinite.
  init?(scores: UnsafeBufferPointer<Float>, label: Int) {
    let target = scores[label]
    var best = 0
    var above = 0
    var tied = 0
    var lower = 0
    var allFinite = true
    for (index, score) in scores.enumerated() {
      allFinite = allFinite && score.isFinite
      if score > scores[best] { best = index }
      if score > target { above += 1 }
      if score == target { tied += 1 }
      if score == target && index < label { lower += 1 }
    }
    guard allFinite else { return nil }

    // Everything relative to the maximum's term, which is 1: sums of the others keep their
    // precision however small they are.
    let maximum = Double(scores[best])
    var others = 0.0
    var squares = 0.0
    for part in [scores[..<best], scores[(best + 1)...]] {
      let part = UnsafeBufferPointer(rebasing: part)
      guard let first = part.baseAddress else { continue }
      assay_shim_softmax_terms(first, part.count, scores[best], &others, &squares)
    }
    var targetTerm = 1.0
    if label != best {
      var square = 0.0
      (targetTerm, squares) = (0, squares + 1)
      withUnsafePointer(to: target) {
        assay_shim_softmax_terms($0, 1, scores[best], &targetTerm, &square)
      }
      squares -= square
    }
    let sum = 1 + others
    let missed = label == best ? others : sum - targetTerm
    predicted = Int32(best)
    rank = Int32(above + lower)
    topFive =
      Float(TiedLevel(above: above, count: tied, relevant: 1).places(within: 5)) / Float(tied)
    confidence = Float(1 / sum)
    // Terms that are too small for a sum still have a logarithm.
    certainty = others > 1e-300 ? -log(others) : logOdds(of: best, in: scores)
    nll = Float(
      min(log1p(others) + (maximum - Double(target)), Double(Float.greatestFiniteMagnitude)))
    brier = Float((squares + missed * missed) / (sum * sum))
  }
}
