internal import Tensors

/// The per-sample outcomes of two methods on the same rows, in one table.
package struct OutcomePair: Sendable {
  /// The rows of the first method, then those of the second.
  package let joint: any OutcomeTable
  package let units: RowUnits
  /// Equal for pairs on the same rows, which so share their draws.
  package let key: UInt64

  /// The number of rows of either method.
  package var n: Int { units.rowCount }

  /// Puts the outcomes of two methods into one table; columns that only one has are left out.
  ///
  /// - Throws: ``MetricsError`` if the columns that both have are no table of the task.
  package init(
    _ first: any OutcomeTable, _ second: any OutcomeTable, task: String, key: UInt64
  ) throws(MetricsError) {
    let (old, new) = (first.columns, second.columns)
    var columns: [String: Tensor] = [:]
    for (name, column) in old {
      guard let other = new[name], column.dtype == other.dtype, column.shape == other.shape
      else { continue }
      columns[name] = Tensor(concatenating: [column, other])
    }
    joint = try outcomeTable(task: task, columns: columns)
    units = RowUnits(rowCount: first.n, units: first.units)
    self.key = key
  }

  /// A metric of the joint table over all rows or some of them; nil where it is none of the table.
  package func evaluator(_ metric: String, rows: [Int]? = nil) -> (any WeightedMetric)? {
    guard let rows else { return joint.evaluator(for: metric) }
    let both = rows + rows.map { $0 + n }
    return joint.selecting(rows: both).evaluator(for: metric).map { metric in
      CompositeMetric(parts: [(both, metric)], reason: "") { $0[0] }
    }
  }

  /// What each unit adds to the difference of a metric that is a mean over the same rows on both
  /// sides; nil for any other metric.
  package func terms(_ metric: String, rows: [Int]? = nil) -> DifferenceTerms? {
    let table = rows.map { joint.selecting(rows: $0 + $0.map { $0 + n }) } ?? joint
    let count = rows?.count ?? n
    guard let terms = table.evaluator(for: metric)?.rowMean else { return nil }
    var values: [Int: (old: Double?, new: Double?)] = [:]
    for (row, value) in zip(terms.rows, terms.values) {
      let place = row % max(count, 1)
      if row < count {
        values[place, default: (nil, nil)].old = value
      } else {
        values[place, default: (nil, nil)].new = value
      }
    }
    var differences: [(row: Int, value: Double)] = []
    for place in values.keys.sorted() {
      guard let old = values[place]?.old, let new = values[place]?.new else { return nil }
      differences.append((rows?[place] ?? place, new - old))
    }
    return DifferenceTerms(differences, units: units, key: key)
  }
}

/// A difference of means as a sum over independent units.
package struct DifferenceTerms: Sendable {
  /// A unit of some test rows.
  package struct Unit: Hashable, Sendable {
    package let rows: UInt64
    package let place: Int
  }

  /// What each unit adds.
  package let byUnit: [Unit: Double]
  /// The rows that count, and the difference of each.
  private let rows: [Int]
  private let differences: [Double]
  private let units: RowUnits
  private let key: UInt64

  init(_ differences: [(row: Int, value: Double)], units: RowUnits, key: UInt64) {
    rows = differences.map(\.row)
    self.differences = differences.map(\.value)
    self.units = units
    self.key = key
    let share = 1 / Double(max(differences.count, 1))
    byUnit = differences.reduce(into: [:]) { sums, term in
      sums[Unit(rows: key, place: units.unit(of: term.row)), default: 0] += share * term.value
    }
  }

  /// The difference in each resample of the units.
  package func resampled(_ resamples: Int) -> [Double] {
    var values = [Double](repeating: 0, count: units.rowCount)
    for (row, difference) in zip(rows, differences) { values[row] = difference }
    let mean = SubsetMean(rows: rows, values: values, reason: "")
    return Bootstrap(resamples: resamples, key: key).distributions(of: [mean], over: units)[0]
  }
}
