internal import Evaluation

/// A GitHub workflow command that marks a run.
///
/// Line breaks of the message stay; other control characters do not reach the log.
func annotation(_ level: String, title: String, _ message: String) -> String {
  let title = Escaping.line(title)
  let lines = message.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  let text = lines.map { Escaping.line(String($0)) }.joined(separator: "\n")
  return "::\(level) title=\(Escaping.annotationProperty(title))::\(Escaping.annotation(text))"
}

extension Report {
  /// The report as GitHub workflow annotations: an error per failed trial, a warning per warning,
  /// a notice per oracle row and one with the summary.
  package func annotations() -> String {
    let failed = failures.map { annotation("error", title: $0.name, $0.failureText) }
    let warned = warnings.shown.map { warning in
      annotation(warning.isLoadFailure ? "error" : "warning", title: warning.place, warning.text)
    }
    let oracle = grouped(trials.filter { $0.selection == .oracle }, by: RowKey.init).map {
      annotation(
        "notice", title: $0.1[0].label,
        "oracle: tuned on the test labels of \($0.0.suite) / \($0.0.dataset)")
    }
    let lines = failed + warned + oracle + [annotation("notice", title: "assay", summaryText)]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ReportDiff {
  /// The diff as GitHub workflow annotations: an error per broken rule and row, a warning for what
  /// got worse, a notice per oracle row and one with the summary.
  package func annotations() -> String {
    var lines: [String] = []
    for gate in gates where gate.outcome != .passed {
      let title = "assay gate \(gate.rule.text): \(gate.outcome.rawValue)"
      if gate.findings.isEmpty {
        lines.append(annotation("error", title: title, "no row to judge"))
      }
      lines += gate.findings.map { finding in
        let place = finding.row.isEmpty ? "" : "\(finding.row): "
        return annotation("error", title: title, place + finding.text)
      }
    }
    lines += loadFailures.map { annotation("warning", title: $0.place, $0.text) }
    lines += pooledRows.filter(\.verdict.isWorse).map { row in
      annotation("warning", title: "\(row.verdict.rawValue): \(row.markedName)", row.detail)
    }
    lines += pooledRows.filter(\.isOracle).map { row in
      annotation("notice", title: row.name, "oracle: tuned on the test labels")
    }
    lines.append(annotation("notice", title: "assay diff", summaryText))
    return lines.joined(separator: "\n") + "\n"
  }
}
