internal import Evaluation
internal import Metrics
internal import PluginHost

extension Report {
  /// The report as CSV (RFC 4180): a line per trial and metric, then per group and metric; one line for
  /// a trial without any; last the derived values, which are of no one seed.
  package func csv() -> String {
    let head = [
      "suite", "dataset", "setting", "label", "method", "method_version", "seed", "status",
      "selection", "group_by", "group", "role", "metric", "value", "n", "lower", "upper", "level",
      "interval_method", "reason",
    ]
    let lines = trials.flatMap { trial -> [[String]] in
      let names = [
        trial.suite, trial.dataset, TrialOrder.text(trial.setting), trial.label, trial.method,
        trial.methodVersion,
      ].map(Escaping.csv)
      let start = names + [String(trial.seed), trial.status.rawValue, trial.selection.rawValue]
      guard !trial.metrics.isEmpty else {
        let reason = trial.status == .ok ? "" : trial.failureText
        return [start + Array(repeating: "", count: 10) + [Escaping.csv(reason)]]
      }
      let whole = rows(trial.metrics, after: start + ["", "", ""])
      return whole
        + trial.groups.flatMap { group in
          rows(
            group.metrics,
            after: start
              + [Escaping.csv(group.by), Escaping.csv(group.key), group.role.rawValue])
        }
    }
    let derivedLines = derived.map { value -> [String] in
      let names = [
        value.row.suite, value.row.dataset, TrialOrder.text(value.row.setting), value.row.label,
      ].map(Escaping.csv)
      let measured = MetricValue(
        value: value.value, n: 0, interval: value.interval, reason: value.reason)
      var cells = columns(measured)
      cells[1] = ""
      return names + ["", "", "", "derived", ""]
        + [Escaping.csv(value.by ?? ""), Escaping.csv(value.key ?? ""), ""]
        + [Escaping.csv(value.metric)] + cells
    }
    return ([head] + lines + derivedLines).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private func rows(_ metrics: [String: MetricValue], after start: [String]) -> [[String]] {
    metrics.keys.sorted().compactMap { key in
      metrics[key].map { start + [Escaping.csv(key)] + columns($0) }
    }
  }

  private func columns(_ metric: MetricValue) -> [String] {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let interval = metric.interval
    return [
      number(metric.value), String(metric.n), number(interval?.lower), number(interval?.upper),
      number(interval?.level), Escaping.csv(interval?.method ?? ""),
      Escaping.csv(metric.reason ?? ""),
    ]
  }
}
