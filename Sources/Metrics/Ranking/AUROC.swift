/// The area under the ROC curve: the probability that a positive row scores above a negative one,
/// ties counting one half.
///
/// The same as the Mann-Whitney statistic by mid-ranks, (R+ - n+ (n+ + 1) / 2) / (n+ n-).
struct AUROC: WeightedMetric {
  let ranking: BinaryRanking
  /// All bits set where the row at that place of the ranking is positive.
  private let positiveMasks: [UInt64]
  /// The rows of each class in the levels that hold both.
  private let tiedPositives: RowGroups
  private let tiedNegatives: RowGroups

  init(_ ranking: BinaryRanking) {
    self.ranking = ranking
    var masks = [UInt64](repeating: 0, count: ranking.levels.rows.count)
    var positives: [Int32] = []
    var negatives: [Int32] = []
    var positiveEnds = [0]
    var negativeEnds = [0]
    for level in 0..<ranking.levels.count {
      let start = ranking.levels.starts[level]
      let middle = ranking.negativeStarts[level]
      let end = ranking.levels.starts[level + 1]
      for place in start..<middle { masks[place] = ~0 }
      guard start < middle, middle < end else { continue }
      positives += ranking.levels.rows[start..<middle]
      negatives += ranking.levels.rows[middle..<end]
      positiveEnds.append(positives.count)
      negativeEnds.append(negatives.count)
    }
    positiveMasks = masks
    tiedPositives = RowGroups(rows: positives, starts: positiveEnds)
    tiedNegatives = RowGroups(rows: negatives, starts: negativeEnds)
  }

  func values(under weights: WeightBlock) -> [Double] {
    if weights.distinctLanes == 1 { return plainValues(under: weights) }
    let totals = ranking.totals(under: weights)
    let ahead = pairsAhead(under: weights)
    let ties = tiedPairs(under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      let pairs = Double(totals.positives[lane]) * Double(totals.negatives[lane])
      return pairs == 0 ? .nan : (Double(ahead[lane]) - Double(ties[lane]) / 2) / pairs
    }
  }

  var undefinedReason: String { "only one class is present" }

  /// The value by one walk, for weights that are the same in every lane.
  private func plainValues(under weights: WeightBlock) -> [Double] {
    var lanes = [PlainLane](repeating: PlainLane(), count: WeightBlock.lanes)
    ranking.walk(&lanes, under: weights)
    return lanes.map { lane in
      let pairs = Double(lane.positives) * Double(lane.negatives)
      return pairs == 0 ? .nan : Double(lane.doubledArea) / 2 / pairs
    }
  }

  private struct PlainLane: CurveLane {
    var positives = 0
    var negatives = 0
    var doubledArea = 0

    @inline(__always)
    mutating func pass(positives added: Int, negatives others: Int) {
      doubledArea &+= others &* (2 &* positives &+ added)
      positives &+= added
      negatives &+= others
    }
  }

  /// The pairs of a positive and a negative row with the same score, in each lane.
  private func tiedPairs(under weights: WeightBlock) -> [Int] {
    var result = [Int](repeating: 0, count: WeightBlock.lanes)
    guard tiedPositives.count > 0 else { return result }
    let positives = tiedPositives.counts(under: weights)
    let negatives = tiedNegatives.counts(under: weights)
    for place in positives.indices {
      result[place % WeightBlock.lanes] += Int(positives[place]) * Int(negatives[place])
    }
    return result
  }

  /// The pairs in which the positive row does not score below the negative one, in each lane.
  ///
  /// Within a run of rows everything is counted in u16, eight lanes to an instruction. With weights
  /// of at most m, a run of 510 / m rows has p + q <= 510 and so p q <= 255 * 255.
  private func pairsAhead(under weights: WeightBlock) -> [Int] {
    let rows = ranking.levels.rows
    let runLength = max(2, 510 / max(1, Int(weights.bound)))
    var lanes = Lanes()
    weights.withLines { lines in
      rows.withUnsafeBufferPointer { rows in
        positiveMasks.withUnsafeBufferPointer { masks in
          for start in stride(from: 0, to: rows.count, by: runLength) {
            let run = start..<min(start + runLength, rows.count)
            lanes.add(run, of: rows, masks, lines, odd: 0)
            lanes.add(run, of: rows, masks, lines, odd: 1)
          }
        }
      }
    }
    return lanes.ahead
  }

  private struct Lanes {
    /// The weight of the positive rows so far.
    var positives = [Int](repeating: 0, count: WeightBlock.lanes)
    var ahead = [Int](repeating: 0, count: WeightBlock.lanes)

    /// Adds a run of rows to the lanes of even or of odd number.
    ///
    /// Unsafe invariant: `lines` holds 64 counts on a 64-byte border for every row.
    @inline(__always)
    mutating func add(
      _ run: Range<Int>, of rows: UnsafeBufferPointer<Int32>,
      _ masks: UnsafeBufferPointer<UInt64>, _ lines: UnsafePointer<UInt8>, odd: Int
    ) {
      var above = SIMD32<UInt16>.zero
      var below = SIMD32<UInt16>.zero
      var pairs = SIMD32<UInt16>.zero
      let shift = SIMD8(repeating: UInt64(truncatingIfNeeded: 8 &* odd))
      for place in run {
        let line = UnsafeRawPointer(lines).load(
          fromByteOffset: Int(rows[place]) &* 64, as: SIMD8<UInt64>.self)
        let counts = (line &>> shift) & 0x00FF_00FF_00FF_00FF
        let positive = counts & SIMD8(repeating: masks[place])
        let negative = unsafeBitCast(counts ^ positive, to: SIMD32<UInt16>.self)
        above &+= unsafeBitCast(positive, to: SIMD32<UInt16>.self)
        below &+= negative
        pairs &+= negative &* above
      }
      for index in 0..<32 {
        let lane = 2 &* index &+ odd
        ahead[lane] &+= Int(pairs[index]) &+ positives[lane] &* Int(below[index])
        positives[lane] &+= Int(above[index])
      }
    }
  }
}
