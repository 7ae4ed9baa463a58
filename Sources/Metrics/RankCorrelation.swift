/// Spearman's rank correlation of two values a row: Pearson's of the mid-ranks.
///
/// Undefined where one of the two is constant. A weight of `c` counts as `c` tied rows.
package struct RankCorrelation: WeightedMetric {
  private let first: TieGroups
  private let second: TieGroups

  package let undefinedReason: String

  package init(
    _ first: [Double], _ second: [Double],
    reason: String = "one of the two values is the same in all rows"
  ) {
    undefinedReason = reason
    precondition(first.count == second.count, "one pair of values a row")
    self.first = TieGroups(first)
    self.second = TieGroups(second)
  }

  package func values(under weights: WeightBlock) -> [Double] {
    let (ranksX, ranksY) = (first.ranks(under: weights), second.ranks(under: weights))
    let lanes = WeightBlock.lanes
    return weights.withLines { lines in
      (0..<lanes).map { lane in
        let total = weights.totals[lane]
        let centre = (Double(total) + 1) / 2
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for row in first.groupOfRow.indices {
          let weight = Double(lines[row * lanes + lane])
          let x = ranksX[first.groupOfRow[row] * lanes + lane] - centre
          let y = ranksY[second.groupOfRow[row] * lanes + lane] - centre
          xx += weight * x * x
          yy += weight * y * y
          xy += weight * x * y
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : Double.nan
      }
    }
  }
}

/// Rows with equal values, in ascending order of the values.
private struct TieGroups {
  let groupOfRow: [Int]
  private let groups: RowGroups

  init(_ values: [Double]) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var starts = [0]
    var groupOfRow = [Int](repeating: 0, count: values.count)
    for (place, row) in order.enumerated() {
      if place > 0, values[order[place - 1]] != values[row] { starts.append(place) }
      groupOfRow[row] = starts.count - 1
    }
    if !order.isEmpty { starts.append(order.count) }
    self.groupOfRow = groupOfRow
    groups = RowGroups(rows: order.map(Int32.init), starts: starts)
  }

  /// The mid-rank of each group in each lane, `[count, 64]`.
  func ranks(under weights: WeightBlock) -> [Double] {
    let lanes = WeightBlock.lanes
    let counts = groups.counts(under: weights)
    var ranks = [Double](repeating: 0, count: counts.count)
    var below = [Double](repeating: 0, count: lanes)
    for place in counts.indices {
      let count = Double(counts[place])
      ranks[place] = below[place % lanes] + (count + 1) / 2
      below[place % lanes] += count
    }
    return ranks
  }
}
