package import Documents
internal import Metrics

/// Published or reference values that a report can be held against, schema `assay.ledger/1`.
package struct Ledger: Sendable {
  /// A group of a trial's rows.
  package struct Group: Equatable, Sendable {
    package var by: String
    package var key: String
  }

  /// One value: what was measured where, how exactly it should come again, and who says so.
  package struct Row: Equatable, Sendable {
    package var suite: String
    package var dataset: String
    /// The row's label in a report; `*` stands for every row.
    package var method: String
    package var setting: [String: JSON]
    package var metric: String
    /// In the unit of the metric: an accuracy of 61 % is 0.61.
    package var value: Double
    package var tolerance: Double
    package var source: String
    /// What the features were made with; nil where the dataset says it.
    package var backbone: String?
    /// How the published method was tuned: `none`, `val`, `cv`, `oracle` or `unknown`.
    package var selection: String
    /// The group of rows that the value is about, such as `shift` and `blur-3`; nil: all rows.
    package var group: Group?
    /// The seeds that the value is a mean over; nil: all that the report has.
    package var seeds: [Int]?
  }

  package let rows: [Row]

  /// Reads a ledger; the error lists every problem of the file.
  package init(path: String) throws {
    let schema = try JSONSchema(JSON(parsing: Ledger.schemaText))
    let (document, found) = try Document.reading(path: path, schema: schema)
    let problems = document.joining(found, Ledger.unknownMetrics(in: document.value))
    guard problems.isEmpty else { throw DocumentError(path: path, problems: problems) }
    let value = schema.completing(document.value)
    rows = (value["rows"]?.array ?? []).map { row in
      Row(
        suite: row["suite"]?.string ?? "", dataset: row["dataset"]?.string ?? "",
        method: row["method"]?.string ?? "", setting: row["setting"]?.object ?? [:],
        metric: row["metric"]?.string ?? "", value: row["value"]?.double ?? .nan,
        tolerance: row["tolerance"]?.double ?? 0, source: row["source"]?.string ?? "",
        backbone: row["backbone"]?.string, selection: row["selection"]?.string ?? "none",
        group: row["group"].map {
          Group(by: $0["by"]?.string ?? "", key: $0["key"]?.string ?? "")
        },
        seeds: row["seeds"]?.array?.compactMap(\.int))
    }
  }

  private static func unknownMetrics(in value: JSON) -> [DocumentProblem] {
    (value["rows"]?.array ?? []).enumerated().compactMap { index, row in
      guard let key = row["metric"]?.string, MetricInfo.named(key) == nil else { return nil }
      let near = nearestName(to: key, in: MetricInfo.all.map(\.key))
      return DocumentProblem(
        pointer: "/rows/\(index)/metric",
        message: "there is no metric '\(key)'; "
          + (near.map { "did you mean '\($0)'?" } ?? "'assay list metrics' names them"))
    }
  }
}
