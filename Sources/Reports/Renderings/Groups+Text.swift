import Evaluation
internal import Metrics

extension Report {
  /// A table for each kind of groups but classes: one line per shift or attribute value, so that no
  /// mean hides where a method breaks.
  func groupLines(style: TextStyle) -> [String] {
    let model = PageModel(report: self, samples: nil)
    let summaries = model.blocks.flatMap(\.panels)
      .flatMap { GroupSummary.summaries(of: $0, model) }
      .filter { $0.by != "class" && !$0.groups.isEmpty }
    return summaries.flatMap { summary in
      let title = "\(summary.panel.nameAtLargest), \(summary.metric.title) by \(summary.by)"
      return [Escaping.line(title)] + table(summary).lines(style) + [""]
    }
  }

  private func table(_ summary: GroupSummary) -> TextTable {
    TextTable(
      head: [Cell(summary.by), "n"] + summary.labels.map { Cell($0, .faint) },
      rows: summary.groups.map { group in
        [Cell(group.isSmall ? "\(group.key) (small)" : group.key), Cell(String(group.n))]
          + cells(group.values, summary.labels)
      } + (summary.gaps.isEmpty ? [] : [["gap", ""] + cells(summary.gaps, summary.labels)]))
  }

  private func cells(_ values: [String: GroupValue], _ labels: [String]) -> [Cell] {
    labels.map { label in
      guard let value = values[label] else { return "" }
      let half = value.interval.map { ($0.upper - $0.lower) / 2 }
      return Cell(Format.value(value.mean) + (half.map { " ± \(Format.value($0))" } ?? ""))
    }
  }
}
