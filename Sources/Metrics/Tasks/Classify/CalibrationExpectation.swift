internal import Glibc
internal import Random

/// The rows of one bin of a calibration error, and their mean confidence.
struct CalibrationBin: Sendable {
  let rows: Int
  let confidence: Double

  /// The mean absolute deviation of the hits from what their confidence says, if that is right.
  ///
  /// De Moivre's 2 m C(n, m) p^m (1 - p)^(n - m + 1) with m the least whole number above n p; the
  /// rows of a bin are taken to be of one confidence.
  var expectedGap: Double {
    guard rows > 0, confidence > 0, confidence < 1 else { return 0 }
    let n = Double(rows)
    let m = (n * confidence).rounded(.down) + 1
    guard m <= n else { return 0 }
    let term =
      lgamma(n + 1) - lgamma(m + 1) - lgamma(n - m + 1) + m * log(confidence)
      + (n - m + 1) * log1p(-confidence)
    return 2 * m * exp(term)
  }
}

extension [CalibrationBin] {
  /// The expected calibration error that right confidences have on these rows.
  var expectedMean: Double {
    let total = reduce(0) { $0 + $1.rows }
    return total == 0 ? 0 : reduce(0) { $0 + $1.expectedGap } / Double(total)
  }

  /// The greatest gap of a bin that right confidences have on these rows, as a mean over draws.
  var expectedMaximum: Double {
    let draws = 400
    var random = Philox(key: Philox.key("expected maximum"), stream: 0)
    var sum = 0.0
    for _ in 0..<draws {
      var greatest = 0.0
      for bin in self where bin.rows > 0 {
        // Confidences to 2^-30, which is as fine as they are stored.
        let weight = Int((bin.confidence * 0x1p30).rounded())
        let hits = random.binomial(trials: bin.rows, weight: weight, of: 1 << 30)
        greatest = Swift.max(greatest, abs(Double(hits) / Double(bin.rows) - bin.confidence))
      }
      sum += greatest
    }
    return sum / Double(draws)
  }
}
