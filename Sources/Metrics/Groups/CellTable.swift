/// A partition of the rows into few cells, such as group by label by decision.
///
/// A metric that depends on cell counts alone need not be resampled row by row: in a bootstrap of n
/// independent rows the counts of the cells are multinomial with n trials, so that drawing them
/// costs nothing in n. Where rows share units, or two methods are compared on shared resamples, rows
/// are drawn all the same.
package final class CellTable: Sendable {
  /// The rows of each cell.
  let rows: RowGroups
  /// The number of rows in each cell.
  package let counts: [Int]

  /// Takes the number of each row's cell, below `count`.
  package init(cellOfRow: [Int32], count: Int) {
    rows = RowGroups(groupOfRow: cellOfRow, count: count)
    counts = zip(rows.starts.dropFirst(), rows.starts).map(-)
  }

  /// Whether drawing cell counts is worth it.
  var isSmall: Bool { counts.count * 8 <= rows.rows.count }
}

/// A metric of cell counts.
package struct CellMetric: WeightedMetric {
  package let table: CellTable
  package let undefinedReason: String
  private let evaluate: @Sendable ([Int]) -> Double

  /// Takes the metric as a function of the weight in each cell, NaN where undefined.
  package init(
    _ table: CellTable, reason: String, evaluate: @escaping @Sendable ([Int]) -> Double
  ) {
    self.table = table
    self.undefinedReason = reason
    self.evaluate = evaluate
  }

  package func value(ofCells counts: [Int]) -> Double { evaluate(counts) }

  package func values(under weights: WeightBlock) -> [Double] {
    let counts = table.rows.counts(under: weights)
    return (0..<WeightBlock.lanes).map { lane in
      evaluate(table.counts.indices.map { Int(counts[$0 * WeightBlock.lanes + lane]) })
    }
  }
}
