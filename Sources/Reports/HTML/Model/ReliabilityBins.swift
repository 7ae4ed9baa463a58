/// Confidence against correctness in 15 bins of equal width, `(lower, upper]`, as `ece15_width` has.
///
/// Source: Guo et al., "On calibration of modern neural networks", ICML 2017, equation 3.
struct ReliabilityBins {
  struct Bin {
    var count = 0
    /// The mean confidence.
    var confidence = 0.0
    /// The share of right rows.
    var accuracy = 0.0
    /// Wilson's interval of the share, 95 %.
    var lower = 0.0
    var upper = 0.0
  }

  static let binCount = 15

  let bins: [Bin]
  /// The rows of all repeats.
  let count: Int
  /// The expected calibration error of all rows together; nil without rows.
  let error: Double?

  /// Counts rows into bins.
  ///
  /// - Parameter repeats: how often the same test rows are among these, once for each seed: the
  ///   intervals are those of the distinct rows.
  init(confidence: [Float], correct: [Bool], repeats: Int = 1) {
    let edges = (1..<Self.binCount).map { Float($0) / Float(Self.binCount) }
    var counts = [Int](repeating: 0, count: Self.binCount)
    var hits = counts
    var sums = [Double](repeating: 0, count: Self.binCount)
    for (value, isRight) in zip(confidence, correct) where value.isFinite {
      let bin = edges.count { $0 < value }
      counts[bin] += 1
      hits[bin] += isRight ? 1 : 0
      sums[bin] += Double(value)
    }
    count = counts.reduce(0, +)
    var gaps = 0.0
    bins = counts.indices.map { index -> Bin in
      guard counts[index] > 0 else { return Bin() }
      let n = Double(counts[index])
      gaps += abs(Double(hits[index]) - sums[index])
      let bounds = wilsonBounds(
        share: Double(hits[index]) / n, n: n / Double(max(repeats, 1)))
      return Bin(
        count: counts[index], confidence: sums[index] / n, accuracy: Double(hits[index]) / n,
        lower: bounds.lowerBound, upper: bounds.upperBound)
    }
    error = count > 0 ? gaps / Double(count) : nil
  }
}

/// Wilson's 95 % interval of a share of `n` rows, which need not be a whole number.
private func wilsonBounds(share: Double, n: Double) -> ClosedRange<Double> {
  let z = 1.959963984540054
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let half =
    z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
  return max(0, centre - half)...min(1, max(centre + half, max(0, centre - half)))
}
