/// Rows of two classes from the highest score to the lowest: what every ranking curve is made of.
///
/// A level holds the rows of one score, the positive ones first.
struct BinaryRanking: Sendable {
  let levels: RowGroups
  /// Where the negative rows of each level begin, as a place of `levels.rows`.
  let negativeStarts: [Int]
  /// The rows of each class.
  let positives: RowGroups
  let negatives: RowGroups

  /// Ranks finite scores.
  init(scores: [Float], isPositive: [Bool]) {
    self.init(levels: RowGroups(descending: scores, first: isPositive), isPositive: isPositive)
  }

  /// Ranks finite scores that f32 may not tell apart.
  init(scores: [Double], isPositive: [Bool]) {
    self.init(levels: RowGroups(descending: scores, first: isPositive), isPositive: isPositive)
  }

  /// Takes rows by descending score, the positive ones of each level first.
  private init(levels: RowGroups, isPositive: [Bool]) {
    self.levels = levels
    var negativeStarts: [Int] = []
    negativeStarts.reserveCapacity(levels.count)
    for level in 0..<levels.count {
      var place = levels.starts[level]
      let end = levels.starts[level + 1]
      while place < end, isPositive[Int(levels.rows[place])] { place += 1 }
      negativeStarts.append(place)
    }
    self.negativeStarts = negativeStarts
    var rows: (positives: [Int32], negatives: [Int32]) = ([], [])
    for (row, isPositive) in isPositive.enumerated() {
      if isPositive { rows.positives.append(Int32(row)) } else { rows.negatives.append(Int32(row)) }
    }
    positives = RowGroups(one: rows.positives)
    negatives = RowGroups(one: rows.negatives)
  }

  /// The weights of both classes in each lane.
  func totals(under weights: WeightBlock) -> (positives: [Int], negatives: [Int]) {
    let positives = positives.counts(under: weights).map(Int.init)
    return (positives, zip(weights.totals, positives).map { $0 - $1 })
  }

  /// Leads every lane from the highest score to the lowest; levels without weight are left out.
  func walk<Lane: CurveLane>(_ lanes: inout [Lane], under weights: WeightBlock) {
    weights.withLines { lines in
      levels.rows.withUnsafeBufferPointer { rows in
        lanes.withUnsafeMutableBufferPointer { lanes in
          for level in 0..<levels.count {
            let start = levels.starts[level]
            let middle = negativeStarts[level]
            let end = levels.starts[level + 1]
            for lane in 0..<weights.distinctLanes {
              var positives = 0
              var negatives = 0
              for place in start..<middle {
                positives &+= Int(lines[Int(rows[place]) &* WeightBlock.lanes &+ lane])
              }
              for place in middle..<end {
                negatives &+= Int(lines[Int(rows[place]) &* WeightBlock.lanes &+ lane])
              }
              if positives | negatives == 0 { continue }
              lanes[lane].pass(positives: positives, negatives: negatives)
            }
          }
          for lane in weights.distinctLanes..<WeightBlock.lanes { lanes[lane] = lanes[0] }
        }
      }
    }
  }
}

/// One lane's way down the scores.
protocol CurveLane {
  /// Takes in the weight of the rows of the next lower score, which is not 0.
  mutating func pass(positives: Int, negatives: Int)
}
