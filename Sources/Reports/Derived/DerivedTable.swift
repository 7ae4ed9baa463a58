internal import Documents
internal import Evaluation
internal import Metrics

/// The derived values of one suite on one dataset, as a table: rows down, metrics across.
///
/// A metric that is about shifts has one column for each.
struct DerivedTable {
  /// What a column shows.
  struct Column: Hashable {
    var metric: String
    var key: String?
  }

  let suite: String
  let dataset: String
  let columns: [Column]
  let rows: [(key: RowKey, values: [DerivedValue?])]

  /// Whether the values are about the wording of prompts.
  var isOverPrompts: Bool {
    let keys = Set(MetricInfo.prompts.map(\.key))
    return columns.allSatisfy { keys.contains($0.metric) }
  }

  /// The tables of a report, in the order of its derived values.
  static func tables(of report: Report) -> [DerivedTable] {
    var order: [RowKey] = []
    var members: [RowKey: [DerivedValue]] = [:]
    for value in report.derived {
      var place = value.row
      (place.setting, place.label) = ([:], "")
      if members[place] == nil { order.append(place) }
      members[place, default: []].append(value)
    }
    return order.map { DerivedTable($0, members[$0] ?? []) }
  }

  private init(_ place: RowKey, _ values: [DerivedValue]) {
    suite = place.suite
    dataset = place.dataset
    // What is told corruption by corruption stands in the heat maps and in the JSON.
    let shown = values.filter { $0.by != "corruption" }
    columns = unique(shown.map { Column(metric: $0.metric, key: $0.key) })
    let columns = columns
    rows = unique(shown.map(\.row)).map { row in
      let own = shown.filter { $0.row == row }
      return (
        row,
        columns.map { column in
          own.first { $0.metric == column.metric && $0.key == column.key }
        }
      )
    }
  }

  /// A column's head, such as `mCE` or `Effective robustness, blur-3`.
  static func title(_ column: Column) -> String {
    let title = MetricInfo.named(column.metric)?.title ?? column.metric
    return column.key.map { "\(title), \($0)" } ?? title
  }
}

extension Report {
  /// The derived values as tables for a terminal: those of whole rows, or those of one metric.
  ///
  /// Effective robustness only on its mean over shifts would hide what the shifts do, so it waits to
  /// be asked for.
  func derivedLines(metric: String?, style: TextStyle) -> [String] {
    DerivedTable.tables(of: self).flatMap { table -> [String] in
      if metric == nil, let lines = table.sourceLines(style: style) { return lines }
      let shown = table.shownColumns(metric: metric)
      guard !shown.isEmpty else { return [] }
      let text = TextTable(
        head: ["method", "setting"]
          + shown.map { Cell(DerivedTable.title(table.columns[$0]), .faint) },
        rows: table.rows.map { row in
          [Cell(row.key.label), Cell(TrialOrder.text(row.key.setting))]
            + shown.map { Cell(DerivedTable.text(row.values[$0])) }
        }, nameColumns: 2)
      let over = table.isOverPrompts ? "prompts" : "shifts"
      return [Escaping.line("\(table.suite) / \(table.dataset): over all \(over)")]
        + text.lines(style) + [""]
    }
  }
}

extension DerivedTable {
  /// The columns of whole rows, or all of one metric.
  func shownColumns(metric: String?) -> [Int] {
    columns.indices.filter { index in
      metric.map { columns[index].metric == $0 } ?? (columns[index].key == nil)
    }
  }

  /// A value with half the width of its interval.
  static func text(_ value: DerivedValue?) -> String {
    guard let value else { return "" }
    let half = value.interval.map { " ± \(Format.value(($0.upper - $0.lower) / 2))" } ?? ""
    return Format.value(value.value) + half
  }
}
