internal import Evaluation
internal import Metrics
internal import PluginHost

extension Report {
  /// The report as CSV (RFC 4180): a line per trial and metric, one line for a trial without any.
  package func csv() -> String {
    let head = [
      "suite", "dataset", "setting", "label", "method", "method_version", "seed", "status",
      "selection", "metric", "value", "n", "lower", "upper", "level", "interval_method", "reason",
    ]
    let lines = trials.flatMap { trial -> [[String]] in
      let names = [
        trial.suite, trial.dataset, TrialOrder.text(trial.setting), trial.label, trial.method,
        trial.methodVersion,
      ].map(Escaping.csv)
      let start = names + [String(trial.seed), trial.status.rawValue, trial.selection]
      guard !trial.metrics.isEmpty else {
        let reason = trial.status == .ok ? "" : trial.failureText
        return [start + Array(repeating: "", count: 7) + [Escaping.csv(reason)]]
      }
      return trial.metrics.keys.sorted().compactMap { key in
        trial.metrics[key].map { start + [Escaping.csv(key)] + columns($0) }
      }
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
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
