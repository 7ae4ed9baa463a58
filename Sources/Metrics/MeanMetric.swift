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
}

/// The weighted share of rows that have a property.
package struct ShareMetric: WeightedMetric {
  private let hits: RowGroups

  package init(rows n: Int, where property: (Int) -> Bool) {
    hits = RowGroups(one: (0..<Int32(n)).filter { property(Int($0)) })
  }

  package func values(under weights: WeightBlock) -> [Double] {
    zip(hits.counts(under: weights), weights.totals).map { Double($0) / Double($1) }
  }

  package var undefinedReason: String { "there are no rows" }
}
