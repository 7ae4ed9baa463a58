internal import Documents
internal import Evaluation

/// Why the reports must not stand in one table, one sentence each; empty when they may.
func mismatches(_ inputs: [MergeInput]) -> [String] {
  var reasons: [String] = []
  func compare<Value: Equatable>(
    _ what: String, _ advice: String, shown: (Value) -> String,
    _ entries: (Report) -> [(key: String, value: Value)]
  ) {
    var known: [String: (value: Value, name: String)] = [:]
    for input in inputs {
      for (key, value) in entries(input.report) {
        guard let earlier = known[key] else {
          known[key] = (value, input.name)
          continue
        }
        guard earlier.value != value else { continue }
        let subject = key.isEmpty ? what : "\(what) '\(key)'"
        let reason =
          "\(subject) differs: \(shown(earlier.value)) in \(earlier.name), "
          + "\(shown(value)) in \(input.name); \(advice)"
        if !reasons.contains(reason) { reasons.append(reason) }
      }
    }
  }
  let again = "run the trials again with one of them"
  compare("the plugin ABI", again, shown: { $0 }) { [("", $0.tool.abi)] }
  compare("the version of assay", again, shown: { $0 }) { [("", $0.tool.version)] }
  compare("suite", again, shown: { "version \($0.version), digest \($0.digest.short)" }) { report in
    report.suites.map { ($0.id, $0) }
  }
  compare("dataset", again, shown: { "version \($0.version), digest \($0.digest.short)" }) {
    report in report.datasets.map { ($0.id, $0) }
  }
  compare("metric", again, shown: { "version \($0.version)" }) { report in
    report.metrics.map { ($0.key, $0) }
  }
  compare("the contract of task", again, shown: { $0 }) { report in
    report.trials.map { ($0.task, $0.contract) }
  }
  compare("the number of threads of a trial", again, shown: { "\($0)" }) { report in
    report.run.limits["threads"].map { [("", Int(saturating: $0))] } ?? []
  }
  return reasons
}

/// What the reader of a merged report should know of the parts: other machines, other limits.
func differences(_ reports: [Report]) -> [ReportWarning] {
  var warnings: [ReportWarning] = []
  let machines = unique(
    reports.compactMap(\.environment).map { "\($0.cpu), BLAS \($0.blas.version) \($0.blas.core)" })
  if machines.count > 1 {
    warnings.append(
      ReportWarning(
        code: "machines", place: "merge",
        text:
          "the trials ran on \(machines.count) kinds of machine (\(machines.sorted().joined(separator: "; "))): "
          + "times are not comparable, and results may differ in the last bits"))
  }
  let limits = unique(reports.map { $0.run.limits.filter { $0.key != "threads" } })
  if limits.count > 1 {
    warnings.append(
      ReportWarning(
        code: "limits", place: "merge",
        text: "the trials ran under different limits; the largest of each is shown"))
  }
  return warnings
}
