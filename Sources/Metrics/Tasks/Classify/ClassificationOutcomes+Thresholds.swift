extension ClassificationOutcomes {
  /// The margin from which to call a row positive so that TPR - FPR is greatest; the highest of equal
  /// ones.
  ///
  /// Nil without rows of both of two classes. Source: Youden, "Index for rating diagnostic tests",
  /// Cancer 3 (1950).
  package var youdenThreshold: Double? {
    func youden(_ point: ROCCurve.Point) -> Double {
      point.truePositiveRate - point.falsePositiveRate
    }
    // The first point calls nothing positive, for which no margin stands.
    return curve?.points.dropFirst().max { youden($0) < youden($1) }?.threshold
  }

  /// The lowest margin of a row from which to call rows positive so that FPR is at most a target.
  ///
  /// That gives the greatest TPR within the target. Where even the highest margin exceeds it, the next
  /// number above: nothing is called positive. Nil without rows of both of two classes.
  package func threshold(falsePositiveRateAtMost target: Double) -> Double? {
    guard let margins, curve != nil else { return nil }
    let negatives = zip(margins, labels).filter { $1 == 0 }.map(\.0).sorted(by: >)
    // The rounding of target x count must not cost a row where the product is whole.
    let allowed = Int((target * Double(negatives.count) + 1e-9).rounded(.down))
    guard allowed < negatives.count else { return margins.min() }
    let excluded = negatives[allowed]
    return margins.filter { $0 > excluded }.min() ?? excluded.nextUp
  }

  private var curve: ROCCurve? {
    margins.flatMap { try? ROCCurve(scores: $0, isPositive: labels.map { $0 == 1 }) }
  }
}
