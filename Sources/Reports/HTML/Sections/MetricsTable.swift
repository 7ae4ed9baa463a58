import Metrics

/// All metrics of a block: one row for each method and setting, one column for each metric.
struct MetricsTable {
  let model: PageModel
  let block: Block

  var markup: Markup {
    let metrics = Array(block.metrics.prefix(model.limits.columns)).map(model.metric)
    let decimals = metrics.map { metric in
      Number.decimals(for: block.rows.compactMap { $0.aggregates[metric.key]?.interval })
    }
    let shown = block.rows.prefix(model.limits.closedRows)
    let rows = shown.map { row -> [Markup] in
      ["\(settingText(row.setting))", "\(row.label)"]
        + metrics.enumerated().map { index, metric in
          SummaryCell(row, metric.key, decimals[index], []).markup
        }
    }
    return Table(
      name: "All metrics, \(block.name)",
      note: """
        Means over seeds with sampling intervals; \u{2191} higher is better, \u{2193} lower is \
        better.\(leftOut(block.rows.count - shown.count, "row"))\
        \(leftOut(block.metrics.count - metrics.count, "metric"))
        """,
      columns: [.text("Setting"), .text("Method")]
        + metrics.map { metric in
          let arrows: [MetricInfo.Direction: String] = [.higher: " \u{2191}", .lower: " \u{2193}"]
          return .number("\(metric.title)\(arrows[metric.direction] ?? "")")
        },
      heads: 2, rows: rows, classes: "sortable matrix"
    ).markup
  }
}
