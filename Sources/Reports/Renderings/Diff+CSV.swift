import Evaluation
internal import Metrics

extension ReportDiff {
  /// The diff as CSV (RFC 4180): a line per row and metric, then one per group of a pooled row; one
  /// line for a row without any metric.
  package func csv() -> String {
    let head = [
      "suite", "dataset", "setting", "label", "seeds", "pooled", "oracle", "verdict", "group_by",
      "group", "metric", "baseline", "candidate", "delta", "lower", "upper", "test", "p",
      "p_adjusted",
      "metric_verdict", "reason",
    ]
    let lines = rows.flatMap { row -> [[String]] in
      let names = [
        row.key.suite, row.key.dataset, TrialOrder.text(row.key.setting), row.key.label,
      ].map(Escaping.csv)
      let start =
        names + [
          row.seeds.map(String.init).joined(separator: " "), String(row.isPooled),
          String(row.isOracle), row.verdict.rawValue,
        ]
      guard !row.comparisons.isEmpty else {
        return [start + Array(repeating: "", count: 12) + [Escaping.csv(row.reason ?? "")]]
      }
      return row.comparisons.map { start + ["", ""] + columns($0) }
        + row.groups.flatMap { group in
          group.comparisons.map {
            start + [Escaping.csv(group.name.by), Escaping.csv(group.name.key)] + columns($0)
          }
        }
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private func columns(_ comparison: Comparison) -> [String] {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return [
      Escaping.csv(comparison.metric), number(comparison.baseline),
      number(comparison.candidate), number(comparison.delta),
      number(comparison.interval?.lower), number(comparison.interval?.upper),
      comparison.test.rawValue, number(comparison.p), number(comparison.adjustedP),
      comparison.verdict.rawValue, Escaping.csv(comparison.reason ?? ""),
    ]
  }
}
