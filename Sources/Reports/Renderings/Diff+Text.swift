import Evaluation

extension ReportDiff {
  /// The diff as text for a terminal: rows, flips, gates, how it was tested.
  package func text(style: TextStyle = TextStyle(), everyTrial: Bool = false) -> String {
    let rows = everyTrial ? rows : pooledRows
    var lines: [String] = []
    if !rows.isEmpty {
      lines += table(rows).lines(style)
      lines.append("")
    }
    lines += remarks(rows).map(Escaping.line)
    for gate in gates {
      let colour: TextStyle.Colour = gate.outcome == .passed ? .green : .red
      let title = "gate \(gate.rule.text): \(gate.outcome.rawValue), \(gate.judged) judged"
      lines.append(style.painted(Escaping.line(title), colour))
      lines += gate.findings.map { finding in
        Escaping.line("  \(finding.row.isEmpty ? "" : "\(finding.row): ")\(finding.text)")
      }
      lines += gate.spared.map { Escaping.line("  within noise: \($0.row): \($0.text)") }
    }
    lines += method.map(Escaping.line)
    lines.append(summaryText)
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ rows: [DiffRow]) -> TextTable {
    TextTable(
      head: ["row", "verdict", "metric", "baseline", "candidate", "difference", "p"],
      rows: rows.flatMap { row -> [[Cell]] in
        let name = Cell(row.markedName)
        let shown = shown(row)
        guard !shown.isEmpty else { return [[name, cell(row.verdict)]] }
        return shown.map { comparison in
          let verdict = row.verdict == .newlyFailing || row.verdict == .incomparable
          let interval = comparison.interval.map { " \(Format.bounds($0))" } ?? ""
          let difference =
            comparison.delta == nil ? "-" : Format.signed(comparison.delta) + interval
          return [
            name, cell(verdict ? row.verdict : comparison.verdict), Cell(comparison.metric),
            Cell(Format.value(comparison.baseline)), Cell(Format.value(comparison.candidate)),
            Cell(difference), Cell(probability(comparison)),
          ]
        }
      }, leftColumns: [1, 2])
  }

  /// Groups named in text for each row.
  private static let shownGroups = 12

  private func probability(_ comparison: Comparison) -> String {
    guard let p = comparison.adjustedP else { return "-" }
    return "\(Format.probability(p)) \(comparison.test.word)"
  }

  private func cell(_ verdict: Verdict) -> Cell {
    switch verdict {
    case .regressed, .newlyFailing, .missing, .incomparable, .undefined:
      Cell(verdict.rawValue, .red)
    case .improved, .fixed: Cell(verdict.rawValue, .green)
    case .notResolvable: Cell(verdict.rawValue, .yellow)
    case .identical, .sameScoreOtherPredictions, .withinNoise, .new, .noResult:
      Cell(verdict.rawValue)
    }
  }

  /// Reasons, notes and flips, a line each.
  private func remarks(_ rows: [DiffRow]) -> [String] {
    rows.flatMap { row -> [String] in
      var lines: [String] = []
      if let reason = row.reason { lines.append("\(row.name): \(row.verdict.rawValue): \(reason)") }
      lines += row.notes.map { "\(row.name): \($0)" }
      lines += row.comparisons.compactMap { comparison in
        comparison.reason.map { "\(row.name): \(comparison.metric): \($0)" }
      }
      if let text = aside(row) { lines.append("\(row.name): \(text)") }
      if let text = row.groupText {
        lines.append("\(row.name): \(text)")
        lines += row.changedGroups.prefix(Self.shownGroups).map {
          "  \($0.comparison.verdict == .regressed ? "worse" : "better"): \($0.name.text): "
            + $0.comparison.text
        }
        let rest = row.changedGroups.count - Self.shownGroups
        if rest > 0 { lines.append("  and \(rest) more, which --format json lists") }
      }
      if let flips = row.flips, flips != Flips(lost: [], won: []) {
        lines.append("\(row.name): flips: \(flips.text())")
      }
      return lines
    }
  }
}
