internal import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Statistics
internal import Suites

/// A report held against a ledger.
package struct Verification: Sendable {
  /// What became of one row of the ledger.
  package enum Verdict: Equatable, Sendable {
    case reproduced(measured: Double)
    case off(measured: Double)
    /// It ran, but has no value.
    case failed(reason: String)
    /// The report does not have what the row is about.
    case notRunnable(reason: String)
  }

  package struct Finding: Sendable {
    package let row: Ledger.Row
    /// The label in the report, where the row of the ledger stands for every one.
    package let label: String
    package let verdict: Verdict
    /// Whether the published value or the one measured was tuned on the test rows.
    package let isOracle: Bool
  }

  package let findings: [Finding]

  /// Compares every row of the ledger with the mean of its trials.
  package init(_ report: Report, against ledger: Ledger) {
    findings = ledger.rows.flatMap { row in
      let labels = row.method == "*" ? unique(report.trials.map(\.label)) : [row.method]
      return labels.map { label in
        let trials = report.trials.filter { trial in
          trial.suite == row.suite && trial.dataset == row.dataset && trial.label == label
            && trial.setting == row.setting && row.seeds?.contains(trial.seed) != false
        }
        return Finding(
          row: row, label: label, verdict: verdict(row, label, trials, report),
          isOracle: row.selection == "oracle" || trials.contains { $0.selection == .oracle })
      }
    }
  }

  /// The rows that the report could say something about.
  package var judged: [Finding] {
    findings.filter { if case .notRunnable = $0.verdict { false } else { true } }
  }

  package var exitCode: ExitCode {
    if judged.isEmpty { return .nothingMeasured }
    let isFine = judged.allSatisfy { if case .reproduced = $0.verdict { true } else { false } }
    return isFine ? .fine : .gateFailed
  }
}

private func verdict(
  _ row: Ledger.Row, _ label: String, _ trials: [TrialRecord], _ report: Report
) -> Verification.Verdict {
  if trials.isEmpty {
    return .notRunnable(reason: absence(row, label, report))
  }
  let missing = (row.seeds ?? []).filter { seed in !trials.contains { $0.seed == seed } }
  guard missing.isEmpty else {
    return .notRunnable(
      reason: "the report lacks seed \(missing.map(String.init).joined(separator: ", "))")
  }
  if let trial = trials.first(where: { $0.status == .unsupported }) {
    return .notRunnable(reason: trial.failure?.message ?? "the method cannot run there")
  }
  if let trial = trials.first(where: { $0.status != .ok }) {
    return .failed(
      reason: "seed \(trial.seed) is \(trial.status.rawValue): \(trial.failure?.message ?? "-")")
  }
  guard let mean = mean(trials.compactMap { row.value(in: $0) }) else {
    if let undefined = trials.lazy.compactMap({ row.measured(in: $0) }).first {
      return .failed(
        reason: "\(row.metric) is undefined" + (undefined.reason.map { ": \($0)" } ?? ""))
    }
    return .notRunnable(
      reason: "the report has no metric '\(row.metric)' there"
        + (row.group.map { " for \($0.by) \($0.key)" } ?? ""))
  }
  if let trial = trials.first(where: { row.value(in: $0) == nil }) {
    return .failed(reason: "seed \(trial.seed) has no \(row.metric)")
  }
  // The slack is for the rounding of decimal fractions alone.
  let isWithin = abs(mean - row.value) <= row.tolerance + 1e-12
  return isWithin ? .reproduced(measured: mean) : .off(measured: mean)
}

extension Ledger.Row {
  /// What a trial measured, of all its rows or of the group that is meant.
  fileprivate func value(in trial: TrialRecord) -> Double? { measured(in: trial)?.value }

  /// The same with the reason where there is no value.
  fileprivate func measured(in trial: TrialRecord) -> MetricValue? {
    guard let group else { return trial.metrics[metric] }
    return Quantity.Part(by: group.by, key: group.key).groups(in: trial).first?.metrics[metric]
  }
}

/// The first thing about a row that the report does not have.
private func absence(_ row: Ledger.Row, _ label: String, _ report: Report) -> String {
  func lacks(_ isThere: (TrialRecord) -> Bool) -> Bool { !report.trials.contains(where: isThere) }
  if lacks({ $0.suite == row.suite }) { return "the report has no suite '\(row.suite)'" }
  if lacks({ $0.suite == row.suite && $0.dataset == row.dataset }) {
    return "the report has no dataset '\(row.dataset)'"
  }
  if lacks({ $0.label == label }) { return "the report has no row '\(label)'" }
  let setting = TrialOrder.text(row.setting)
  if lacks({ $0.suite == row.suite && $0.dataset == row.dataset && $0.setting == row.setting }) {
    return "the report has no setting \(setting)"
  }
  return "the report has no such trial of '\(label)' with \(setting)"
}
