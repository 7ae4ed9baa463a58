import Evaluation
import Metrics

/// How a diff came out, what its gates say, and how to read it.
struct DiffHead {
  private let model: DiffModel
  private var diff: ReportDiff { model.diff }

  init(_ model: DiffModel) { self.model = model }

  /// What stands above everything else.
  func markup(baseline: String, candidate: String) -> Markup {
    """
    \(verdict)\(tally)<p class="lead">Baseline <code>\(baseline)</code>, candidate \
    <code>\(candidate)</code>. \(diff.summaryText).</p>

    """
  }

  private var verdict: Markup {
    let code = diff.exitCode
    let broken = diff.gates.filter { $0.outcome != .passed }
    let worse = diff.pooledRows.count(where: \.verdict.isWorse)
    if !broken.isEmpty {
      return bad("\(Number.of(broken.count, "gate")) of \(diff.gates.count) did not pass.")
    }
    if code == .notComparable { return bad("The reports are not comparable in full.") }
    if code == .nothingMeasured { return bad("Nothing was measured in both reports.") }
    if !diff.gates.isEmpty { return good("Every gate passed.") }
    let missing = diff.pooledRows.count { $0.verdict == .missing }
    let partial = diff.pooledRows.count { row in
      !row.verdict.isWorse && row.lost.contains { $0.reason == .missing }
    }
    var findings: [String] = []
    if worse > missing { findings.append("\(Number.of(worse - missing, "row")) got worse") }
    if missing > 0 {
      findings.append(
        "\(Number.of(missing, "row")) of the baseline \(missing == 1 ? "is" : "are") missing")
    }
    if partial > 0 {
      findings.append("\(Number.of(partial, "row")) lack\(partial == 1 ? "s" : "") seeds")
    }
    findings += diff.loadFailures.map { "\($0.place) did not load" }
    return findings.isEmpty
      ? good("Nothing got worse beyond chance.") : bad(findings.joined(separator: ", ") + ".")
  }

  /// What became of the rows, as one bar.
  private var tally: Markup {
    let rows = diff.pooledRows
    return TallyBar(
      parts: Verdict.allCases.sorted { $0.rank < $1.rank }.map { verdict in
        TallyBar.Part(
          name: verdict.words, count: rows.count { $0.verdict == verdict }, look: verdict.fill)
      }
    ).markup
  }

  private func bad(_ text: String) -> Markup { verdictLine(isGood: false, "\(text)") }
  private func good(_ text: String) -> Markup { verdictLine(isGood: true, "\(text)") }

  // MARK: Gates

  var gates: Section? {
    guard !diff.gates.isEmpty else { return nil }
    let rows = diff.gates.map { gate -> [Markup] in
      let look: Markup = gate.outcome == .passed ? "held" : "broken"
      return [
        "<code>\(gate.rule.text)</code>",
        "<span class=\"\(look)\">\(gate.outcome.rawValue.replacing("-", with: " "))</span>",
        "\(Number.count(gate.judged))", "\(list(gate.findings))", "\(list(gate.spared))",
      ]
    }
    return Section(
      "gates", "Gates",
      Table(
        name: "Gates",
        note: "What is worse than the limit by no more than chance explains is spared.",
        columns: [
          .text("Rule"), .text("Outcome"), .number("Judged"), .text("Broken by"), .text("Spared"),
        ], rows: rows
      ).markup)
  }

  private func list(_ findings: [GateFinding]) -> Markup {
    guard !findings.isEmpty else { return "<span class=\"none\">none</span>" }
    let shown = findings.prefix(model.limits.groups)
    let items = shown.map { finding -> Markup in
      "<li>\(finding.row)\(finding.row.isEmpty ? "" : ": ")\(finding.text)</li>"
    }
    return """
      <ul class="findings">\(items)</ul>\(leftOut(findings.count - shown.count, "row"))
      """
  }

  // MARK: Reading

  var reading: Section? {
    let lines = diff.method
    guard !lines.isEmpty else { return nil }
    let items = lines.map { line -> Markup in "<li>\(line)</li>\n" }
    return Section(
      "tests", "How it was tested",
      """
      <p>Differences are candidate less baseline, over the same seeds, with their 95 % intervals. \
      A triangle that points down is worse beyond chance, one that points up is better. The two p \
      beside the adjusted one ask of other test rows, and of other draws; the greater counts.</p>
      <ul>
      \(items)</ul>

      """, isOpen: false)
  }
}
