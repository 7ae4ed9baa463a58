/// The points of a ROC curve, from (0, 0) to (1, 1).
package struct ROCCurve: Equatable, Sendable {
  package struct Point: Equatable, Sendable {
    package var falsePositiveRate: Double
    package var truePositiveRate: Double
    /// Rows with at least this score are called positive; infinite at (0, 0).
    package var threshold: Double
  }

  package let points: [Point]

  /// Follows the distinct scores from the highest down, leaving out points between two corners.
  ///
  /// A point is left out where it repeats the step before it, as scikit-learn's
  /// `drop_intermediate` does; that changes no area.
  ///
  /// - Throws: ``MetricsError`` if only one class is present or a score is not finite.
  package init(scores: [Double], isPositive: [Bool]) throws(MetricsError) {
    let notFinite = scores.count { !$0.isFinite }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The scores hold \(notFinite) values that are NaN or infinite.")
    }
    guard isPositive.count == scores.count else {
      throw MetricsError(
        .invalidInput,
        "There are \(scores.count) scores but \(isPositive.count) labels; each row needs both.")
    }
    let ranking = BinaryRanking(scores: scores, isPositive: isPositive)
    let positives = ranking.positives.rows.count
    let negatives = ranking.negatives.rows.count
    guard positives > 0, negatives > 0 else {
      throw MetricsError(
        .undefined, "A ROC curve needs rows of both classes; only one class is present.")
    }
    var steps: [(positives: Int, negatives: Int)] = []
    for level in 0..<ranking.levels.count {
      let middle = ranking.negativeStarts[level]
      steps.append(
        (middle - ranking.levels.starts[level], ranking.levels.starts[level + 1] - middle))
    }
    var points = [Point(falsePositiveRate: 0, truePositiveRate: 0, threshold: .infinity)]
    var passed = (positives: 0, negatives: 0)
    for (level, step) in steps.enumerated() {
      passed.positives += step.positives
      passed.negatives += step.negatives
      if level > 0, level + 1 < steps.count, step == steps[level + 1] { continue }
      points.append(
        Point(
          falsePositiveRate: Double(passed.negatives) / Double(negatives),
          truePositiveRate: Double(passed.positives) / Double(positives),
          threshold: scores[Int(ranking.levels.rows[ranking.levels.starts[level]])]))
    }
    self.points = points
  }
}
