/// A metric of the rows of one kind of table: what it is called and how it is computed.
///
/// ```swift
/// Metric(
///   "accuracy", "Accuracy", direction: .higher, isProportion: true, isDefault: true,
///   "Share of rows whose highest score is the true class."
/// ) { table in ShareMetric(rows: table.n) { table.labels[$0] == table.predicted[$0] } }
/// ```
package struct Metric<Table>: Sendable {
  package let info: MetricInfo
  /// Whether it is measured where a suite names no metrics; the first such one is the headline.
  package let isDefault: Bool
  /// Prepares the metric for a table; nil where the table holds nothing of it.
  let prepare: @Sendable (Table) -> (any WeightedMetric)?
  let counting: (@Sendable (Table) -> [Int]?)?
  let support: (@Sendable (Table) -> Int)?
  let note: (@Sendable (Table) -> String?)?

  /// Describes a metric that other tables have too.
  ///
  /// - Parameters:
  ///   - prepare: Prepares the metric, so that evaluating it under many weightings is cheap.
  ///   - counting: The rows that count, such as the queries that something is relevant for; nil:
  ///     all. What is a mean over rows tells its rows itself.
  ///   - support: The number of units that it rests on, where that is less than of those rows: for
  ///     a ranking those of its rarer class.
  ///   - note: What a reader should know of the value, a clause.
  package init(
    _ info: MetricInfo, isDefault: Bool = false,
    _ prepare: @escaping @Sendable (Table) -> (any WeightedMetric)?,
    counting: (@Sendable (Table) -> [Int]?)? = nil,
    support: (@Sendable (Table) -> Int)? = nil,
    note: (@Sendable (Table) -> String?)? = nil
  ) {
    self.info = info
    self.isDefault = isDefault
    self.prepare = prepare
    self.counting = counting
    self.support = support
    self.note = note
  }

  /// Describes a metric of these tables alone.
  package init(
    _ key: String, _ title: String, version: Int = 1, direction: MetricInfo.Direction,
    range: ClosedRange<Double> = 0...1, isProportion: Bool = false, isDefault: Bool = false,
    undefined: String = "there are no rows", source: String? = nil, _ summary: String,
    _ prepare: @escaping @Sendable (Table) -> (any WeightedMetric)?,
    counting: (@Sendable (Table) -> [Int]?)? = nil,
    support: (@Sendable (Table) -> Int)? = nil,
    note: (@Sendable (Table) -> String?)? = nil
  ) {
    let info = MetricInfo(
      key, title, version: version, direction: direction, range: range,
      isProportion: isProportion, undefined: undefined, source: source, summary)
    self.init(
      info, isDefault: isDefault, prepare, counting: counting, support: support, note: note)
  }
}

/// A metric that is prepared for a table, with what it rests on there.
package struct PreparedMetric: Sendable {
  package let metric: any WeightedMetric
  /// The rows that count; nil: all.
  package let rows: [Int]?
  /// The number of independent units with a row that counts.
  package let unitCount: Int
  /// The number of units that the value rests on; for a ranking metric those of its rarer class.
  package let support: Int
  /// What a reader should know of the value on these rows, a clause.
  package let note: String?
}
