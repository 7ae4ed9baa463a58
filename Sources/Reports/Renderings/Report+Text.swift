internal import Documents
internal import Evaluation
internal import PluginHost

extension Report {
  /// One line for each reason why a method could not run on a dataset.
  private var unsupportedLines: [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for trial in trials where trial.status == .unsupported {
      let reason = trial.failure?.message ?? "unsupported"
      let line = "n/a: \(trial.label) on \(trial.dataset): \(reason)"
      if counts[line] == nil { order.append(line) }
      counts[line, default: 0] += 1
    }
    return order.map { line in
      let count = counts[line] ?? 0
      return Escaping.line(count == 1 ? line : "\(line) (\(count) trials)")
    }
  }

  /// The report as text for a terminal: a table per dataset, then what failed and what to know.
  ///
  /// A metric that only groups or derived values have is told of these alone.
  package func text(
    metric: String? = nil, differences: Bool = false, style: TextStyle = TextStyle()
  ) -> String {
    let grids = grids(metric: metric).filter { metric == nil || $0.isMeasured }
    var lines: [String] = []
    for grid in grids {
      lines.append(
        Escaping.line("\(grid.suite) / \(grid.dataset): \(direction(grid.metric))"))
      lines += table(grid).lines(style)
      lines.append("")
    }
    lines += groupLines(metric: metric, differences: differences, style: style)
    lines += derivedLines(metric: metric, style: style)
    lines += ScoreGrid.legend(grids)
    if !failures.isEmpty {
      lines.append("")
      lines.append("Failed:")
      lines += failures.map { trial in
        style.painted(Escaping.line("  \(trial.name): \(trial.failureText)"), .red)
      }
    }
    lines += unsupportedLines
    lines += claimLines(style: style)
    lines += warnings.shown.map { warning in
      style.painted(Escaping.line("Warning, \(warning.place): \(warning.text)"), .yellow)
    }
    lines += tallyLines(style: style)
    lines.append(Escaping.line(summaryText))
    return lines.joined(separator: "\n") + "\n"
  }

  private func direction(_ metric: MetricEntry) -> String {
    "\(metric.title), \(metric.directionText)"
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
