import Evaluation

extension ReportDiff {
  /// The diff as Markdown for a pull-request comment: the gates first, then what changed; rows that
  /// did not change are folded away.
  package func markdown() -> String {
    let quiet: Set<Verdict> = [.identical, .sameScoreOtherPredictions, .withinNoise, .noResult]
    let failed = exitCode != .fine
    let title = gates.isEmpty ? "Assay diff" : "Assay: gates \(failed ? "failed" : "passed")"
    var blocks = ["# \(title)", Escaping.markdown(summaryText)]
    if !gates.isEmpty {
      blocks.append(
        markdownTable(
          head: ["gate", "outcome", "judged", "what"], rows: gates.flatMap(gateRows),
          alignment: "---"))
    }
    func isLoud(_ row: DiffRow) -> Bool {
      !quiet.contains(row.verdict) || !row.changedGroups.isEmpty
    }
    let loud = pooledRows.filter(isLoud)
    let rest = pooledRows.filter { !isLoud($0) }
    if !loud.isEmpty {
      blocks.append("Changed".asHeading)
      blocks.append(table(loud))
    }
    let groups = loud.flatMap { row in row.changedGroups.map { (row, $0) } }
    if !groups.isEmpty {
      blocks.append("Groups that changed".asHeading)
      blocks.append(groupTable(groups))
    }
    if !rest.isEmpty {
      blocks.append(
        "<details><summary>\(rest.count) unchanged</summary>\n\n\(table(rest))\n\n</details>")
    }
    if !method.isEmpty {
      blocks.append(method.map { "- \(Escaping.markdown($0))" }.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// The comment of a pull request names this many groups.
  private static let shownGroups = 30

  private func groupTable(
    _ groups: [(row: DiffRow, group: (name: GroupID, comparison: Comparison))]
  ) -> String {
    let rows = groups.prefix(Self.shownGroups).map { row, group in
      [row.markedName, group.name.text, group.comparison.verdict.rawValue, group.comparison.text]
    }
    let rest = groups.count - rows.count
    return markdownTable(
      head: ["row", "group", "verdict", "score"],
      rows: rows + (rest > 0 ? [["and \(rest) more", "", "", ""]] : []), alignment: "---")
  }

  private func gateRows(_ gate: GateResult) -> [[String]] {
    let head = [gate.rule.text, gate.outcome.rawValue, String(gate.judged)]
    let found = gate.findings.map { finding in
      finding.row.isEmpty ? finding.text : "\(finding.row): \(finding.text)"
    }
    let spared = gate.spared.map { "within noise: \($0.row): \($0.text)" }
    let texts = found + spared
    guard let first = texts.first else { return [head + [""]] }
    return [head + [first]] + texts.dropFirst().map { ["", "", "", $0] }
  }

  private func table(_ rows: [DiffRow]) -> String {
    markdownTable(
      head: ["row", "verdict", "score", "flips", "notes"],
      rows: rows.map { row in
        [
          row.markedName, row.verdict.rawValue,
          shown(row).map(\.text).joined(separator: "; "), row.flips?.text(limit: 5) ?? "",
          ([row.reason, aside(row)].compactMap(\.self) + row.notes).joined(separator: "; "),
        ]
      }, alignment: "---")
  }
}
