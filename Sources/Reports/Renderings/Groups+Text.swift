import Evaluation
internal import Metrics

/// The groups of one kind in words: what a terminal and a pull request show alike.
struct GroupTables {
  /// A title, and rows of cells under a head.
  struct Part {
    var title: String
    var head: [String]
    var rows: [[String]]
  }

  /// Names the groups, the worst of them and their gap; then the disparities of decisions, if any.
  let parts: [Part]

  /// With `differences`, each group's value less that of all rows as well.
  init(_ summary: GroupSummary, metric: String?, differences: Bool) {
    let labels = summary.labels
    let place = "\(summary.panel.nameAtLargest), "
    func row(_ name: String, _ n: String, _ values: [String: GroupValue]) -> [String] {
      [name, n] + labels.map { values[$0].map(GroupTables.text) ?? "" }
    }
    func optional(_ name: String, _ values: [String: GroupValue]) -> [[String]] {
      values.isEmpty ? [] : [row(name, "", values)]
    }
    let isDisparity = metric.map { key in MetricInfo.fairness.contains { $0.key == key } } ?? false
    var parts: [Part] = []
    if !isDisparity {
      parts.append(
        Part(
          title: "\(place)\(summary.metric.title) by \(summary.by)",
          head: [summary.by, "n"] + labels,
          rows: summary.groups.map { group in
            var cells = row(
              group.isSmall ? "\(group.key) (small)" : group.key, String(group.n), group.values)
            if let reason = group.reason, cells.count > 2 { cells[2] = "none: \(reason)" }
            return cells
          } + optional("worst group", summary.worst) + optional("gap", summary.gaps)
            + (differences
              ? summary.groups.flatMap { optional("\($0.key) less all", $0.differences) } : [])))
    }
    if !summary.disparities.isEmpty {
      parts.append(
        Part(
          title: "\(place)disparities of decisions by \(summary.by)",
          head: ["disparity", ""] + labels,
          rows: summary.disparities.map { row($0.metric.title, "", $0.values) }))
    }
    self.parts = parts
  }

  /// A value with half the width of its interval.
  static func text(_ value: GroupValue) -> String {
    let half = value.interval.map { " ± \(Format.value(($0.upper - $0.lower) / 2))" } ?? ""
    return Format.value(value.mean) + half
  }
}

extension Report {
  /// The groups of each kind but classes at each largest setting, so that no mean hides where a method
  /// breaks.
  func groupTables(metric: String? = nil, differences: Bool = false) -> [GroupTables.Part] {
    let model = PageModel(report: self, samples: nil)
    return model.blocks.flatMap(\.panels)
      .flatMap { GroupSummary.summaries(of: $0, model, metric: metric) }
      .filter { $0.by != "class" && !$0.groups.isEmpty }
      .flatMap { GroupTables($0, metric: metric, differences: differences).parts }
  }

  /// The groups as tables for a terminal.
  func groupLines(metric: String?, differences: Bool, style: TextStyle) -> [String] {
    groupTables(metric: metric, differences: differences).flatMap { part in
      let table = TextTable(
        head: part.head.prefix(2).map { Cell($0) }
          + part.head.dropFirst(2).map { Cell($0, .faint) },
        rows: part.rows.map { $0.map { Cell($0) } })
      return [Escaping.line(part.title)] + table.lines(style) + [""]
    }
  }
}
