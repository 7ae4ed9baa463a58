/// Why outcomes could not be made, read or compared.
package struct MetricsError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// No outcome table of that task exists.
    case unknownTask = "unknown-task"
    /// The table has no such metric.
    case unknownMetric = "unknown-metric"
    /// Scores, labels or columns have the wrong dtype, shape or values.
    case invalidInput = "invalid-input"
    /// Two tables do not describe the same rows.
    case notPaired = "not-paired"
    /// The metric has no value on these rows.
    case undefined
  }

  package var code: Code
  /// One sentence: what, where, what next.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
