extension ClassificationOutcomes {
  /// The margin from which to call a row positive so that TPR - FPR is greatest; the highest of equal
  /// ones.
  ///
  /// Nil without rows of both of two classes. Source: Youden, "Index for rating diagnostic tests",
  /// Cancer 3 (1950).
  package var youdenThreshold: Float? {
    guard let margins,
      let curve = try? ROCCurve(scores: margins, isPositive: labels.map { $0 == 1 })
    else { return nil }
    func youden(_ point: ROCCurve.Point) -> Double {
      point.truePositiveRate - point.falsePositiveRate
    }
    // The first point calls nothing positive, for which no margin stands.
    let points = curve.points.dropFirst()
    return points.max { youden($0) < youden($1) }?.threshold
  }
}
