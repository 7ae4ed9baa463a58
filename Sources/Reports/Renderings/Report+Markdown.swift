internal import Evaluation

extension Report {
  /// The report as Markdown: a table per dataset, then what failed and what to know.
  package func markdown(metric: String? = nil) -> String {
    let grids = grids(metric: metric).filter { metric == nil || $0.isMeasured }
    var blocks = ["# Assay report", Escaping.markdown(summaryText)]
    for grid in grids {
      blocks.append(Escaping.markdown("\(grid.suite) / \(grid.dataset)").asHeading)
      blocks.append("\(Escaping.markdown(grid.metric.title)), \(grid.metric.directionText).")
      blocks.append(
        markdownTable(
          head: ["method"] + grid.settings.map { TrialOrder.text($0) },
          rows: grid.rows.map { row in [row.label] + row.scores.map { $0?.text ?? "" } }))
    }
    blocks += groupTables(metric: metric).map { part in
      folded(part.title, markdownTable(head: part.head, rows: part.rows))
    }
    blocks += DerivedTable.tables(of: self).compactMap { table in
      let shown = table.shownColumns(metric: metric)
      guard !shown.isEmpty else { return nil }
      return folded(
        "\(table.suite) / \(table.dataset): over all shifts",
        markdownTable(
          head: ["method", "setting"] + shown.map { DerivedTable.title(table.columns[$0]) },
          rows: table.rows.map { row in
            [row.key.label, TrialOrder.text(row.key.setting)]
              + shown.map { DerivedTable.text(row.values[$0]) }
          }))
    }
    let legend = ScoreGrid.legend(grids).map { "- \(Escaping.markdown($0))" }
    if !legend.isEmpty { blocks.append(legend.joined(separator: "\n")) }
    if let claimMarkdown {
      blocks.append("Claims".asHeading)
      blocks.append(claimMarkdown)
      if let tallyMarkdown { blocks.append(tallyMarkdown) }
    }
    if !failures.isEmpty {
      blocks.append("Failed".asHeading)
      blocks.append(
        markdownTable(
          head: ["trial", "how"], rows: failures.map { [$0.name, $0.failureText] },
          alignment: "---"))
    }
    if !warnings.isEmpty {
      blocks.append("Warnings".asHeading)
      blocks.append(
        markdownTable(
          head: ["where", "what"], rows: warnings.shown.map { [$0.place, $0.text] },
          alignment: "---"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }
}

/// A block that opens at a click.
private func folded(_ title: String, _ content: String) -> String {
  "<details><summary>\(Escaping.markdown(title))</summary>\n\n\(content)\n\n</details>"
}

extension String {
  /// The text as a second-level heading.
  var asHeading: String { "## \(self)" }
}

/// A Markdown table of plain texts; the first column is aligned left, the others as said.
func markdownTable(head: [String], rows: [[String]], alignment: String = "---:") -> String {
  let rule = ["---"] + Array(repeating: alignment, count: max(0, head.count - 1))
  let body = ([head] + rows).map { $0.map(Escaping.markdown) }
  let lines = [body[0], rule] + body.dropFirst()
  return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
}
