internal import Documents
internal import Evaluation
internal import PluginHost

extension Report {
  /// The report as text for a terminal: a table per dataset, then what failed and what to know.
  package func text(metric: String? = nil, style: TextStyle = TextStyle()) -> String {
    let grids = grids(metric: metric)
    var lines: [String] = []
    for grid in grids {
      lines.append(
        Escaping.line("\(grid.suite) / \(grid.dataset): \(direction(grid.metric))"))
      lines += table(grid).lines(style)
      lines.append("")
    }
    lines += ScoreGrid.legend(grids)
    if !failures.isEmpty {
      lines.append("")
      lines.append("Failed:")
      lines += failures.map { trial in
        style.painted(Escaping.line("  \(trial.name): \(trial.failureText)"), .red)
      }
    }
    let unsupported = trials.filter { $0.status == .unsupported }
    for (row, trials) in grouped(unsupported, by: RowKey.init) {
      let reason = trials[0].failure?.message ?? "unsupported"
      let place = "\(row.label) on \(row.dataset), \(TrialOrder.text(row.setting))"
      lines.append(Escaping.line("n/a: \(place): \(reason)"))
    }
    lines += warnings.map { warning in
      style.painted(Escaping.line("Warning, \(warning.place): \(warning.text)"), .yellow)
    }
    lines.append(Escaping.line(summaryText))
    return lines.joined(separator: "\n") + "\n"
  }

  private func direction(_ metric: MetricEntry) -> String {
    "\(metric.title), \(metric.higherIsBetter ? "higher" : "lower") is better"
  }

  private func table(_ grid: ScoreGrid) -> TextTable {
    TextTable(
      head: ["method"] + grid.settings.map { Cell(TrialOrder.text($0), .faint) },
      rows: grid.rows.map { row in
        [Cell(row.label)]
          + row.scores.map { score in
            guard let score else { return "" }
            let isBad = score.aggregate.map { !$0.isComplete } ?? false
            return Cell(score.text, isBad ? .red : nil)
          }
      })
  }
}
