internal import Glibc

/// How often rows are positive against how probable they were called, in bins of equal width.
///
/// A bin is `(lower, upper]`, the first one from 0 on; a bin without rows is left out. That is the
/// convention of scikit-learn's `calibration_curve` with the strategy `uniform`.
///
///     let curve = CalibrationCurve(probabilities: [0.1, 0.9], isPositive: [false, true])
///     curve.bins[1].share  // 1, of the rows between 0.8 and 0.9
package struct CalibrationCurve: Equatable, Sendable {
  /// The number of bins between 0 and 1.
  package static let binCount = 10

  package struct Bin: Equatable, Sendable {
    /// The place of the bin, from 0 on.
    package var place: Int
    /// The mean probability of its rows.
    package var probability: Double
    /// The share of its rows that are positive.
    package var share: Double
    /// The number of its rows.
    package var n: Int

    package init(place: Int, probability: Double, share: Double, n: Int) {
      self.place = place
      self.probability = probability
      self.share = share
      self.n = n
    }
  }

  /// Those that hold rows, by their place.
  package var bins: [Bin]

  package init(bins: [Bin]) { self.bins = bins }

  /// Takes a probability and a kind for each row.
  package init(probabilities: [Double], isPositive: [Bool]) {
    let edges = (1..<Self.binCount).map { Double($0) * (1 / Double(Self.binCount)) }
    var sums = [Double](repeating: 0, count: Self.binCount)
    var (counts, hits) = ([Int](repeating: 0, count: Self.binCount), sums)
    for (probability, isPositive) in zip(probabilities, isPositive) {
      let place = edges.count { $0 < probability }
      counts[place] += 1
      sums[place] += probability
      if isPositive { hits[place] += 1 }
    }
    bins = counts.indices.filter { counts[$0] > 0 }.map { place in
      let n = Double(counts[place])
      return Bin(
        place: place, probability: sums[place] / n, share: hits[place] / n, n: counts[place])
    }
  }
}

extension ClassificationOutcomes {
  /// The calibration curve of class 1 of two; nil with other numbers of classes.
  package var calibrationCurve: CalibrationCurve? {
    margins.map { margins in
      CalibrationCurve(
        probabilities: margins.map { 1 / (1 + exp(-$0)) },
        isPositive: labels.map { $0 == 1 })
    }
  }
}
