package import Tensors

/// What a method did on each evaluated row, and the metrics that follow from it.
package protocol OutcomeTable: Sendable {
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
  /// Prepares one metric, so that evaluating it under many weightings is cheap.
  ///
  /// - Returns: nil if the key is not a metric of this table.
  func evaluator(for metric: String) -> (any WeightedMetric)?
  /// The metric as a share of rows, if it is one.
  func rate(for metric: String) -> RowRate?
  /// The number of rows that a metric rests on; for a ranking metric those of its rarer class.
  func support(for metric: String) -> Int
  /// The rows that count in a metric, such as the queries that something is relevant for; nil: all.
  func rows(countedBy metric: String) -> [Int]?
  /// What a reader should know of a metric's value on these rows, a clause; nil where there is
  /// nothing.
  func note(for metric: String) -> String?
  /// The table of some of the rows, in the order given.
  func selecting(rows: [Int]) -> Self
}

extension OutcomeTable {
  package var units: [Int]? { nil }
  package var given: [String: Tensor] { columns.filter { givenColumns.contains($0.key) } }
  package func rate(for metric: String) -> RowRate? { nil }
  package func note(for metric: String) -> String? { nil }
  package func support(for metric: String) -> Int { rows(countedBy: metric)?.count ?? n }
  package func rows(countedBy metric: String) -> [Int]? {
    rate(for: metric).map { rate in rate.isCounted.indices.filter { rate.isCounted[$0] } }
  }
  /// The number of independent units, which are the rows where no units are given.
  package var unitCount: Int { units.map { Set($0).count } ?? n }
  /// The number of independent units with a row that counts in a metric.
  package func unitCount(countedBy metric: String) -> Int {
    guard let rows = rows(countedBy: metric) else { return unitCount }
    guard let units else { return rows.count }
    return Set(rows.map { units[$0] }).count
  }
}

/// Makes the outcome table of a task from stored columns.
package func outcomeTable(
  task: String, columns: [String: Tensor]
) throws(MetricsError) -> any OutcomeTable {
  switch task {
  case "classify": return try ClassificationOutcomes(columns: columns)
  case "curate": return try CurationOutcomes(columns: columns)
  case "detect-ood": return try DetectionOutcomes(columns: columns)
  case "diversity": return try DiversityOutcomes(columns: columns)
  case "estimate-distance": return try DistanceOutcomes(columns: columns)
  case "recommend": return try RecommendationOutcomes(columns: columns)
  case "retrieve": return try RetrievalOutcomes(columns: columns)
  default:
    throw MetricsError(
      .unknownTask,
      "No outcome table exists for task '\(task)'; known are 'classify', 'curate', 'detect-ood', "
        + "'diversity', 'estimate-distance', 'recommend' and 'retrieve'.")
  }
}
