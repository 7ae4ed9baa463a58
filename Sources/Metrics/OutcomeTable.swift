package import Tensors

/// What a method did on each evaluated row, and the metrics that follow from it.
package protocol OutcomeTable: Sendable {
  /// Its metrics in the order in which they are listed, the headline first.
  static var metrics: [Metric<Self>] { get }

  /// Takes the outcomes from stored columns.
  init(columns: [String: Tensor]) throws(MetricsError)

  /// The number of rows.
  var n: Int { get }
  /// Per-row columns `[n]` by name; together they are enough to compute every metric again.
  var columns: [String: Tensor] { get }
  /// The columns that the dataset decides, so that any two methods on the same rows share them.
  var givenColumns: [String] { get }
  /// Those of ``columns`` that are given.
  var given: [String: Tensor] { get }
  /// The independent unit (patient, query, user) that each row belongs to; nil: each row is one.
  var units: [Int]? { get }
  /// The table of some of the rows, in the order given.
  func selecting(rows: [Int]) -> Self
}

extension OutcomeTable {
  package var units: [Int]? { nil }
  package var given: [String: Tensor] { columns.filter { givenColumns.contains($0.key) } }
  /// The number of independent units, which are the rows where no units are given.
  package var unitCount: Int { units.map { Set($0).count } ?? n }

  /// The number of independent units that some rows belong to.
  package func unitCount(of rows: [Int]) -> Int {
    units.map { units in Set(rows.map { units[$0] }).count } ?? rows.count
  }

  /// Prepares one metric with what it rests on; nil if it is no metric of these outcomes.
  package func prepared(_ key: String) -> PreparedMetric? {
    guard let entry = Self.metrics.first(where: { $0.info.key == key }),
      let metric = entry.prepare(self)
    else { return nil }
    let counted = entry.counting.map { $0(self) } ?? metric.rowMean?.rows
    let units = counted.map { unitCount(of: $0) } ?? unitCount
    return PreparedMetric(
      metric: metric, rows: counted, unitCount: units,
      support: min(units, entry.support?(self) ?? units), note: entry.note?(self))
  }

  /// Prepares one metric; nil if it is no metric of these outcomes.
  package func evaluator(for key: String) -> (any WeightedMetric)? {
    Self.metrics.first { $0.info.key == key }?.prepare(self)
  }
}

/// Makes the outcome table of a task from stored columns.
package func outcomeTable(
  task name: String, columns: [String: Tensor]
) throws(MetricsError) -> any OutcomeTable {
  guard let task = Task.named(name) else {
    let known = Task.all.map { "'\($0.name)'" }
    throw MetricsError(
      .unknownTask,
      "No outcome table exists for task '\(name)'; known are "
        + "\(known.dropLast().joined(separator: ", ")) and \(known[known.count - 1]).")
  }
  return try task.table.init(columns: columns)
}
