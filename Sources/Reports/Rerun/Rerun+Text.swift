package import Documents
internal import Evaluation

extension Rerun {
  /// A line for each trial, and below it what differs.
  package var text: String {
    var lines: [String] = []
    for trial in trials {
      let old = trial.before
      lines.append(
        "\(trial.verdict.rawValue.padded(to: 7))  \(old.id.short)  \(old.label) on "
          + "\(old.dataset), \(TrialOrder.text(old.setting)), seed \(old.seed)")
      lines += trial.results.map { "         \($0)" }
      lines += trial.causes.map {
        "         \(trial.verdict == .same ? "although" : "because") \($0)"
      }
    }
    let same = trials.count { $0.verdict == .same }
    lines.append("\(same) of \(trials.count) trials gave the same results")
    return lines.joined(separator: "\n")
  }

  /// The comparison as a document.
  package var json: JSON {
    [
      "schema": "assay.rerun/1",
      "same": .bool(isSame),
      "trials": .array(
        trials.map { trial in
          [
            "id": .string(trial.before.id.description),
            "label": .string(trial.before.label),
            "dataset": .string(trial.before.dataset),
            "setting": .object(trial.before.setting),
            "seed": JSON(trial.before.seed),
            "verdict": .string(trial.verdict.rawValue),
            "results": .array(trial.results.map(JSON.string)),
            "causes": .array(trial.causes.map(JSON.string)),
          ]
        }),
    ]
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
