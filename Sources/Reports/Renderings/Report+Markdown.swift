internal import Evaluation

extension Report {
  /// The report as Markdown: a table per dataset, then what failed and what to know.
  package func markdown(metric: String? = nil) -> String {
    let grids = grids(metric: metric)
    var blocks = ["# Assay report", Escaping.markdown(summaryText)]
    for grid in grids {
      blocks.append(Escaping.markdown("\(grid.suite) / \(grid.dataset)").asHeading)
      blocks.append("\(Escaping.markdown(grid.metric.title)), \(grid.metric.directionText).")
      blocks.append(
        markdownTable(
          head: ["method"] + grid.settings.map { TrialOrder.text($0) },
          rows: grid.rows.map { row in [row.label] + row.scores.map { $0?.text ?? "" } }))
    }
    let legend = ScoreGrid.legend(grids).map { "- \(Escaping.markdown($0))" }
    if !legend.isEmpty { blocks.append(legend.joined(separator: "\n")) }
    if let claimMarkdown {
      blocks.append("Claims".asHeading)
      blocks.append(claimMarkdown)
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
          head: ["where", "what"], rows: warnings.map { [$0.place, $0.text] }, alignment: "---"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }
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
