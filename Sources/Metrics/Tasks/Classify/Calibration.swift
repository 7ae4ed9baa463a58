internal import Glibc

/// The number of bins in `ece15_*`.
let calibrationBinCount = 15

/// The calibration error in 15 bins of equal width, `(lower, upper]`.
///
/// Source: Guo et al., "On calibration of modern neural networks", ICML 2017, equations 3 and 5.
/// Edges are `k / 15` in f32, as the stored confidence is.
struct WidthCalibration: CalibrationDistance {
  enum Norm {
    /// Expected calibration error: gaps weighted by the bins' shares.
    case mean
    /// Maximum calibration error.
    case maximum
  }

  private let bins: RowGroups
  private let gaps: [Double]
  private let norm: Norm
  private let confidences: [Float]

  init(confidence: [Float], correct: [Bool], norm: Norm) {
    bins = calibrationBins(confidence)
    gaps = calibrationGaps(confidence, correct)
    self.norm = norm
    confidences = confidence
  }

  package var expectedOfCalibrated: Double {
    let found = (0..<bins.count).map { bin in
      let rows = bins.rows[bins.starts[bin]..<bins.starts[bin + 1]]
      let sum = rows.reduce(0) { $0 + Double(confidences[Int($1)]) }
      return CalibrationBin(
        rows: rows.count, confidence: rows.isEmpty ? 0 : sum / Double(rows.count))
    }
    return norm == .mean ? found.expectedMean : found.expectedMaximum
  }

  func values(under weights: WeightBlock) -> [Double] {
    let lanes = WeightBlock.lanes
    let sums = bins.sums(of: gaps, under: weights)
    var result = [Double](repeating: 0, count: lanes)
    switch norm {
    case .mean:
      for place in sums.indices { result[place % lanes] += abs(sums[place]) }
      return zip(result, weights.totals).map { $0 / Double($1) }
    case .maximum:
      let counts = bins.counts(under: weights)
      for place in sums.indices where counts[place] > 0 {
        result[place % lanes] = max(result[place % lanes], abs(sums[place]) / Double(counts[place]))
      }
      return zip(result, weights.totals).map { $1 == 0 ? Double.nan : $0 }
    }
  }

  var undefinedReason: String { "there are no rows" }
}

/// The mean over the classes of the calibration error of one class's probability on all rows, in bins
/// as above.
///
/// Source: Kull et al., "Beyond temperature scaling", NeurIPS 2019, equation 3.
struct ClasswiseCalibration: CalibrationDistance {
  private let classes: [WidthCalibration]

  /// Takes the log-odds of each class against the rest, `[K][n]`.
  init(classMargins: [[Double]], labels: [Int32]) {
    classes = classMargins.enumerated().map { number, margins in
      WidthCalibration(
        confidence: margins.map { Float(1 / (1 + exp(-$0))) },
        correct: labels.map { $0 == number }, norm: .mean)
    }
  }

  func values(under weights: WeightBlock) -> [Double] {
    let values = classes.map { $0.values(under: weights) }
    return (0..<WeightBlock.lanes).map { lane in
      values.reduce(0) { $0 + $1[lane] } / Double(values.count)
    }
  }

  package var expectedOfCalibrated: Double {
    classes.reduce(0) { $0 + $1.expectedOfCalibrated } / Double(max(1, classes.count))
  }

  var undefinedReason: String { "there are no rows" }
}

/// The expected calibration error in 15 bins of equal count.
///
/// Rows are sorted by confidence and cut into blocks whose sizes differ by at most one, the larger
/// first, as NumPy's `array_split` does. Where an edge falls among rows of equal confidence, each bin
/// takes its share of all of them, so that the order of the rows decides nothing. Source: Nguyen and
/// O'Connor, EMNLP 2015.
struct MassCalibration: CalibrationDistance {
  /// The rows of each confidence, in ascending order.
  private let levels: RowGroups
  /// Runs of whole levels; most of them lie within one bin whatever the weights are.
  private let runs: RowGroups
  /// The first level of each run, and the end of the last one.
  private let levelStarts: [Int]
  private let gaps: [Double]
  private let confidences: [Float]
  private static let runLength = 16

  /// - Parameter order: What orders the rows as the confidence does and tells more of them apart.
  init(confidence: [Float], order keys: [Double], correct: [Bool]) {
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    let rows = order.map(Int32.init)
    let starts = order.indices.filter { $0 == 0 || keys[order[$0]] != keys[order[$0 - 1]] }
    levels = RowGroups(rows: rows, starts: starts + [order.count])
    var runStarts: [Int] = []
    var levelStarts: [Int] = []
    for (level, start) in starts.enumerated() {
      if let last = runStarts.last, start - last < MassCalibration.runLength { continue }
      runStarts.append(start)
      levelStarts.append(level)
    }
    runs = RowGroups(rows: rows, starts: runStarts + [order.count])
    self.levelStarts = levelStarts + [starts.count]
    gaps = calibrationGaps(confidence, correct)
    confidences = confidence
  }

  package var expectedOfCalibrated: Double {
    let n = levels.rows.count
    return (0..<calibrationBinCount).map { bin in
      let places = blockEnd(bin - 1, of: n)..<blockEnd(bin, of: n)
      let sum = places.reduce(0) { $0 + Double(confidences[Int(levels.rows[$1])]) }
      return CalibrationBin(
        rows: places.count, confidence: places.isEmpty ? 0 : sum / Double(places.count))
    }.expectedMean
  }

  func values(under weights: WeightBlock) -> [Double] {
    let counts = runs.counts(under: weights)
    let sums = runs.sums(of: gaps, under: weights)
    return weights.withLines { lines in
      (0..<WeightBlock.lanes).map { lane in
        value(lane, total: weights.totals[lane], lines: lines, counts: counts, sums: sums)
      }
    }
  }

  /// Walks the sorted rows of one lane, run by run where no bin ends, else level by level.
  private func value(
    _ lane: Int, total: Int, lines: UnsafePointer<UInt8>, counts: [UInt32], sums: [Double]
  ) -> Double {
    let lanes = WeightBlock.lanes
    var bin = 0
    var binEnd = blockEnd(0, of: total)
    var passed = 0
    var gap = 0.0
    var error = 0.0
    for run in 0..<runs.count {
      let runWeight = Int(counts[run * lanes + lane])
      if passed + runWeight < binEnd {
        passed += runWeight
        gap += sums[run * lanes + lane]
        continue
      }
      for level in levelStarts[run]..<levelStarts[run + 1] {
        var count = 0
        var sum = 0.0
        for place in levels.starts[level]..<levels.starts[level + 1] {
          let row = Int(levels.rows[place])
          let weight = Int(lines[row * lanes + lane])
          count += weight
          sum += Double(weight) * gaps[row]
        }
        let mean = count > 0 ? sum / Double(count) : 0
        while passed + count >= binEnd && bin < calibrationBinCount {
          let taken = binEnd - passed
          error += abs(gap + Double(taken) * mean)
          gap = 0
          count -= taken
          passed = binEnd
          bin += 1
          binEnd = blockEnd(bin, of: total)
        }
        gap += Double(count) * mean
        passed += count
      }
    }
    return error / Double(total)
  }

  private func blockEnd(_ bin: Int, of total: Int) -> Int {
    (bin + 1) * (total / calibrationBinCount) + min(bin + 1, total % calibrationBinCount)
  }

  /// The edges between bins that fall among rows of equal confidence.
  static func tiesAtEdges(_ confidence: [Double]) -> Int {
    let sorted = confidence.sorted()
    let edges = (1..<calibrationBinCount).map {
      $0 * (sorted.count / calibrationBinCount) + min($0, sorted.count % calibrationBinCount)
    }
    return Set(edges).count { edge in
      edge > 0 && edge < sorted.count && sorted[edge - 1] == sorted[edge]
    }
  }

  var undefinedReason: String { "there are no rows" }
}

/// The rows of each bin of equal width.
func calibrationBins(_ confidence: [Float]) -> RowGroups {
  let edges = (1..<calibrationBinCount).map { Float($0) / Float(calibrationBinCount) }
  return RowGroups(
    groupOfRow: confidence.map { value in Int32(edges.count { $0 < value }) },
    count: calibrationBinCount)
}

/// Correctness less confidence of each row: its share in a bin's gap.
func calibrationGaps(_ confidence: [Float], _ correct: [Bool]) -> [Double] {
  zip(confidence, correct).map { ($1 ? 1 : 0) - Double($0) }
}
