internal import Metrics

extension Report {
  /// The report as tables for a paper: one `table` per dataset, in the commands of `booktabs`
  /// and of `graphicx`, which shrinks one that is wider than the text.
  ///
  /// The best mean of each setting is bold. That is no claim that it is better than the next one: a
  /// diff or a claim tests that.
  package func latex(metric: String? = nil) -> String {
    let grids = grids(metric: metric).filter { metric == nil || $0.isMeasured }
    let head = "% \\usepackage{booktabs,graphicx}\n% \(Escaping.line(summaryText))\n"
    return ([head] + grids.map(\.latex)).joined(separator: "\n")
  }
}

extension ScoreGrid {
  /// A table with methods down and settings across, or the other way where that is narrower.
  fileprivate var latex: String {
    let heads = settings.map { Escaping.latex(TrialOrder.text($0)) }
    let labels = rows.map { Escaping.latex($0.label) }
    let cells = rows.map { row in
      settings.indices.map { row.scores[$0]?.latex(best: best($0)) ?? "" }
    }
    let isTurned = settings.count > rows.count
    let columns = isTurned ? labels : heads
    let body = (isTurned ? heads : labels).enumerated().map { place, head in
      [head] + (isTurned ? cells.map { $0[place] } : cells[place])
    }
    let lines = body.map { "  \($0.joined(separator: " & ")) \\\\" }
    let notes = ScoreGrid.legend([self]).map(Escaping.latex)
    let caption =
      [Escaping.latex("\(suite) / \(dataset): \(metric.title), \(metric.directionText).")]
      + notes + (metric.direction == .neutral ? [] : ["Bold: the best mean."])
    let key = String("\(suite)-\(dataset)-\(metric.key)".map { isInLabel($0) ? $0 : "-" })
    return """
      \\begin{table}
      \\centering
      \\caption{\(caption.joined(separator: " "))}
      \\label{tab:\(key)}
      \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
      \\begin{tabular}{l\(columns.map { _ in "r" }.joined())}
        \\toprule
        \(([isTurned ? "setting" : "method"] + columns).joined(separator: " & ")) \\\\
        \\midrule
      \(lines.joined(separator: "\n"))
        \\bottomrule
      \\end{tabular}}
      \\end{table}

      """
  }

  private func isInLabel(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }

  /// The best mean of a setting; nil for a metric that is better neither way.
  private func best(_ place: Int) -> Double? {
    let means = rows.compactMap { $0.scores[place]?.aggregate?.mean }
    switch metric.direction {
    case .higher: return means.max()
    case .lower: return means.min()
    case .neutral: return nil
    }
  }
}

extension ScoreGrid.Score {
  fileprivate func latex(best: Double?) -> String {
    let parts = text.split(separator: " ", maxSplits: 1).map { Escaping.latex(String($0)) }
    let isBest = best != nil && aggregate?.mean == best
    let value = isBest ? "\\textbf{\(parts[0])}" : parts[0]
    return ([value] + parts.dropFirst().map { "{\\scriptsize \($0)}" }).joined(separator: " ")
  }
}
