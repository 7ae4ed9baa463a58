internal import Evaluation
internal import PluginHost

extension GateRule {
  /// Judges what became of the trials, whatever they measured.
  func judgeTrials(_ diff: ReportDiff) -> GateResult {
    var tally = GateTally()
    if subject == .newFailures {
      tally.judged += diff.loadFailures.count
      tally.findings += diff.loadFailures.map {
        GateFinding(row: $0.place, text: "newly failing: \($0.text)")
      }
    }
    for row in diff.trialRows where concerns(row) {
      tally.judged += 1
      guard let text = problem(of: row) else { continue }
      tally.findings.append(GateFinding(row: row.name, text: text))
    }
    return tally.result(of: self)
  }

  /// Whether a trial is one that the rule can say something about.
  private func concerns(_ row: DiffRow) -> Bool {
    switch subject {
    case .missing, .status: row.baselineStatus != nil
    case .predictions:
      row.predictionsChanged != nil || row.lost.contains { $0.trial.predictions != nil }
    default: true
    }
  }

  /// What is wrong with a trial by this rule; nil where nothing is.
  private func problem(of row: DiffRow) -> String? {
    let isMissing = row.verdict == .missing
    let absence = "is missing in the candidate"
    switch subject {
    case .missing: return isMissing ? absence : nil
    case .newFailures:
      // A trial that is not there was not seen to run.
      if isMissing { return row.lost.isEmpty ? nil : absence }
      let isNewAndFails =
        row.verdict == .new && row.candidateStatus != .ok && row.candidateStatus != .unsupported
      guard row.verdict == .newlyFailing || isNewAndFails else { return nil }
      return "newly failing: \(row.candidateStatus?.rawValue ?? "")"
    case .status:
      guard let old = row.baselineStatus, let new = row.candidateStatus else { return absence }
      return old == new ? nil : "status \(old.rawValue) -> \(new.rawValue)"
    case .predictions:
      if let changed = row.predictionsChanged { return changed ? "other predictions" : nil }
      return row.lost.first.map { "no predictions: it \($0.reason.clause)" }
    default: return nil
    }
  }
}
