internal import Documents
package import Evaluation
internal import Metrics
internal import PluginHost

/// A trial of a report beside the same trial run again.
package struct RerunTrial: Sendable {
  /// Whether the second run gave what the first did.
  package enum Verdict: String, Sendable {
    case same, differs
    /// The plan of today has no such trial.
    case gone
  }

  package let before: TrialRecord
  package let after: TrialRecord?
  package let verdict: Verdict
  /// What differs in the results, one sentence each; empty for `same`.
  package let results: [String]
  /// What differs in all that decides the results: plugin, config, data, suite, machine.
  package let causes: [String]
}

/// What came of running the trials of a report again.
package struct Rerun: Sendable {
  package let trials: [RerunTrial]

  /// Holds trials against those of a second run, joined by suite, dataset, setting, row and seed.
  ///
  /// - Parameter environments: The machine then, where the report tells, and now.
  package init(
    before: [TrialRecord], after: [TrialRecord],
    environments: (before: EnvironmentEntry?, after: EnvironmentEntry?)
  ) {
    let known = Dictionary(after.map { (Place($0), $0) }, uniquingKeysWith: { first, _ in first })
    let machine = machineChanges(environments.before, environments.after)
    trials = before.map { old in
      guard let new = known[Place(old)] else {
        return RerunTrial(
          before: old, after: nil, verdict: .gone,
          results: ["suite '\(old.suite)' does not plan this trial any more"], causes: [])
      }
      let results = resultChanges(old, new)
      var causes = causeChanges(old, new) + machine
      if !results.isEmpty, causes.isEmpty {
        causes = [
          "nothing that is recorded differs: the method does not give the same result twice"
        ]
      }
      return RerunTrial(
        before: old, after: new, verdict: results.isEmpty ? .same : .differs, results: results,
        causes: causes)
    }
  }

  package var isSame: Bool { trials.allSatisfy { $0.verdict == .same } }
}

/// Where a trial stands in a report.
private struct Place: Hashable {
  var row: RowKey
  var seed: Int
  init(_ trial: TrialRecord) {
    row = RowKey(trial)
    seed = trial.seed
  }
}

private func resultChanges(_ old: TrialRecord, _ new: TrialRecord) -> [String] {
  guard old.status == new.status else {
    let reason = new.failure.map { ": \($0.message)" } ?? ""
    return ["it was \(old.status.rawValue) and is \(new.status.rawValue) now\(reason)"]
  }
  var changes: [String] = []
  if old.failure?.kind != new.failure?.kind {
    changes.append(
      "it failed as \(old.failure?.kind ?? "-") and fails as \(new.failure?.kind ?? "-") now")
  }
  if old.predictions != new.predictions {
    changes.append(
      "the predictions were \(old.predictions?.short ?? "-") and are "
        + "\(new.predictions?.short ?? "-") now")
  }
  for key in Set(old.metrics.keys).union(new.metrics.keys).sorted() {
    let values = (old.metrics[key]?.value, new.metrics[key]?.value)
    guard values.0 != values.1 else { continue }
    changes.append("\(key) was \(text(values.0)) and is \(text(values.1)) now")
  }
  return changes
}

private func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "undefined" }

private func causeChanges(_ old: TrialRecord, _ new: TrialRecord) -> [String] {
  var changes: [String] = []
  func compare(_ what: String, _ before: String, _ after: String) {
    if before != after { changes.append("\(what) was \(before) and is \(after) now") }
  }
  compare("the plugin file", old.pluginDigest.short, new.pluginDigest.short)
  compare("the method's version", old.methodVersion, new.methodVersion)
  compare("the config", old.config.canonicalText, new.config.canonicalText)
  compare("the suite", old.suiteDigest.short, new.suiteDigest.short)
  compare("the dataset", old.datasetDigest.short, new.datasetDigest.short)
  compare("the contract", old.contract, new.contract)
  if changes.isEmpty, old.id != new.id {
    changes.append("the number of threads or the version of a metric differs")
  }
  return changes
}

private func machineChanges(_ old: EnvironmentEntry?, _ new: EnvironmentEntry?) -> [String] {
  guard let old, let new else { return [] }
  var changes: [String] = []
  func compare(_ what: String, _ before: String, _ after: String) {
    if before != after { changes.append("\(what) was \(before) and is \(after) now") }
  }
  compare("the set of BLAS kernels", old.blas.core, new.blas.core)
  compare("the version of BLAS", old.blas.version, new.blas.version)
  compare("the number of BLAS threads", "\(old.blas.threads)", "\(new.blas.threads)")
  compare("the processor", old.cpu, new.cpu)
  return changes
}
