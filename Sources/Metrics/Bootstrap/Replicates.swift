internal import Random

/// A metric as measured, in every resample, and without each block of units in turn.
package struct Replicates: Sendable {
  /// With every row once; NaN where undefined.
  package let value: Double
  /// In each resample of the units, NaN where undefined.
  package let resampled: [Double]
  /// Without one block of units after the other, NaN where undefined.
  package let jackknifed: [Double]

  package init(value: Double, resampled: [Double], jackknifed: [Double]) {
    self.value = value
    self.resampled = resampled
    self.jackknifed = jackknifed
  }
}

extension Bootstrap {
  /// The greatest number of blocks that the jackknife leaves out in turn.
  ///
  /// With more units than that a block is a random share of them, which estimates the skewness that
  /// the acceleration needs to about 0.003.
  package static let jackknifeBlocks = 256

  /// Evaluates metrics in every resample and jackknife replicate of the same units.
  package func replicates(
    of metrics: [any WeightedMetric], over rows: RowUnits
  ) -> [Replicates] {
    let once = WeightBlock.once(n: rows.rowCount)
    let values = metrics.map { $0.values(under: once)[0] }
    let resampled = distributions(of: metrics, over: rows)
    var left = metrics.map { _ in [Double]() }
    let count = min(rows.unitCount, Bootstrap.jackknifeBlocks)
    for start in stride(from: 0, to: resamples > 0 ? count : 0, by: WeightBlock.lanes) {
      let weights = rows.weights(
        of: Resamples.leavingOut(blocksFrom: start, of: count, key: key, n: rows.unitCount))
      let used = min(WeightBlock.lanes, count - start)
      for (place, metric) in metrics.enumerated() {
        left[place] += metric.values(under: weights).prefix(used)
      }
    }
    return metrics.indices.map {
      Replicates(value: values[$0], resampled: resampled[$0], jackknifed: left[$0])
    }
  }

  /// The counts of a table's cells in every resample: `[resample][cell]`.
  ///
  /// Of independent rows the counts are multinomial and drawn as such, which costs nothing in the
  /// number of rows; rows that share units are drawn with them.
  package func cellCounts(of table: CellTable, over rows: RowUnits) -> [[Int]] {
    if rows.areRows, table.isSmall {
      return (0..<resamples).map { resample in
        var random = Philox(key: key ^ 0x6365_6C6C_7461_626C, stream: UInt64(resample))
        return random.multinomial(trials: table.rows.rows.count, weights: table.counts)
      }
    }
    var result: [[Int]] = []
    let lanes = WeightBlock.lanes
    for index in 0..<((resamples + lanes - 1) / lanes) {
      let weights = rows.weights(of: Resamples.block(index, key: key, n: rows.unitCount))
      let counts = table.rows.counts(under: weights)
      for lane in 0..<min(lanes, resamples - index * lanes) {
        result.append(table.counts.indices.map { Int(counts[$0 * lanes + lane]) })
      }
    }
    return result
  }
}

extension Resamples {
  /// The weights of all units but those of one block, for 64 blocks from `start` on.
  static func leavingOut(blocksFrom start: Int, of count: Int, key: UInt64, n: Int) -> WeightBlock {
    var order = Array(0..<n)
    if n > count {
      // Units in the order of the file would give blocks that are too much alike.
      var random = Philox(key: key ^ 0x6A61_636B_6B6E_6966, stream: 0)
      random.shuffle(&order)
    }
    return WeightBlock(n: n) { lines in
      lines.update(repeating: 1)
      for (place, unit) in order.enumerated() {
        let lane = place % count - start
        guard (0..<WeightBlock.lanes).contains(lane) else { continue }
        lines[unit * WeightBlock.lanes + lane] = 0
      }
    }
  }
}
