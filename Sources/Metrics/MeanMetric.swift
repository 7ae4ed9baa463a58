/// The weighted mean of one value per row.
package struct MeanMetric: WeightedMetric {
  private let values: [Double]
  private let everyRow: RowGroups

  package init(_ values: [Double]) {
    self.values = values
    self.everyRow = RowGroups(one: Array(0..<Int32(values.count)))
  }

  package func values(under weights: WeightBlock) -> [Double] {
    zip(everyRow.sums(of: values, under: weights), weights.totals).map { $0 / Double($1) }
  }

  package var undefinedReason: String { "there are no rows" }
  package var rowMean: RowMean? { RowMean(rows: Array(values.indices), values: values) }
}

/// The weighted mean of one value per row over some of the rows.
package struct SubsetMean: WeightedMetric {
  private let rows: RowGroups
  private let values: [Double]
  package let undefinedReason: String

  /// Takes a value for every row of the table.
  package init(rows: [Int], values: [Double], reason: String) {
    self.rows = RowGroups(one: rows.map(Int32.init))
    self.values = values
    undefinedReason = reason
  }

  package func values(under weights: WeightBlock) -> [Double] {
    zip(rows.sums(of: values, under: weights), rows.counts(under: weights))
      .map { $0 / Double($1) }
  }

  package var rowMean: RowMean? {
    let rows = rows.rows.map(Int.init)
    return RowMean(rows: rows, values: rows.map { values[$0] })
  }
}

/// The weighted share of rows that have a property, among all rows or some of them.
package struct ShareMetric: WeightedMetric {
  private let hits: RowGroups
  /// Nil: all rows.
  private let rows: RowGroups?
  private let rowCount: Int
  package let undefinedReason: String

  package init(rows n: Int, where property: (Int) -> Bool) {
    hits = RowGroups(one: (0..<Int32(n)).filter { property(Int($0)) })
    rows = nil
    rowCount = n
    undefinedReason = "there are no rows"
  }

  package init(
    rows n: Int, among isCounted: (Int) -> Bool, where property: (Int) -> Bool, reason: String
  ) {
    let counted = (0..<Int32(n)).filter { isCounted(Int($0)) }
    rows = RowGroups(one: counted)
    rowCount = n
    hits = RowGroups(one: counted.filter { property(Int($0)) })
    undefinedReason = reason
  }

  /// Takes the rows that count by their places.
  package init(rows n: Int, at counted: [Int], where property: (Int) -> Bool, reason: String) {
    rows = RowGroups(one: counted.map(Int32.init))
    hits = RowGroups(one: counted.filter(property).map(Int32.init))
    rowCount = n
    undefinedReason = reason
  }

  package func values(under weights: WeightBlock) -> [Double] {
    let totals = rows?.counts(under: weights).map(Int.init) ?? weights.totals
    return zip(hits.counts(under: weights), totals).map { Double($0) / Double($1) }
  }

  package var rowMean: RowMean? {
    let counted = rows?.rows.map(Int.init) ?? Array(0..<rowCount)
    let hits = Set(hits.rows.map(Int.init))
    return RowMean(rows: counted, values: counted.map { hits.contains($0) ? 1 : 0 })
  }
}
