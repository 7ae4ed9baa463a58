internal import Contracts
internal import Documents
internal import Metrics

/// What a schema cannot say of a suite file, and what needs none of its data.
struct SuiteFileChecks {
  /// The document, complete with defaults where it is valid.
  let value: JSON
  /// Nil where there is no such task.
  let contract: Contract?
  let `protocol`: any SuiteProtocol
  /// The rows of the report by name; nil where they are not known.
  let rows: RowNames?
  private let methods: KnownMethods?

  /// Takes a document, and the methods at hand where they are known.
  init(_ value: JSON, methods: KnownMethods?) {
    self.value = value
    self.methods = methods
    contract = Contract.named(value["task"]?.string ?? "")
    `protocol` = suiteProtocol(value["protocol"] ?? [:])
    let own = (value["methods"]?.array ?? []).map { RunFile.Method($0).label }
    rows = RowNames(own: own, methods: methods?.ids ?? [])
  }

  /// Everything that is wrong, each with its place.
  var problems: [DocumentProblem] {
    let own = (value["methods"]?.array ?? []).map(RunFile.Method.init)
    return taskProblems + metricProblems + datasetProblems + protocolProblems + groupProblems
      + RunFile.Method.repeatedLabels(own) + (methods?.problems(own) ?? []) + referenceProblems
  }

  /// The keys of the metrics that trials have.
  var metrics: [String] { value["metrics"] == nil ? contract?.metrics ?? [] : strings("metrics") }

  func strings(_ key: String) -> [String] { (value[key]?.array ?? []).compactMap(\.string) }

  // MARK: Task and metrics

  private var taskProblems: [DocumentProblem] {
    guard let task = value["task"]?.string, contract == nil else { return [] }
    return [
      DocumentProblem(
        pointer: "/task", message: unknown("task", task, among: Contract.all.map(\.task)))
    ]
  }

  private var metricProblems: [DocumentProblem] {
    (value["metrics"]?.array ?? []).enumerated().compactMap { index, json in
      guard let key = json.string, let message = obstacle(to: key) else { return nil }
      return DocumentProblem(pointer: "/metrics/\(index)", message: message)
    }
  }

  /// Why the trials of the suite cannot have a metric.
  private func obstacle(to key: String) -> String? {
    if let message = foreign(key) { return message }
    if MetricInfo.named(key)?.tasks.isEmpty == true {
      return "'\(key)' is no metric of a trial but is made of several results, and reported "
        + "wherever these are there; leave it out"
    }
    if key.hasSuffix("_scaled"), value["calibration"] == nil {
      return "'\(key)' is measured at a fitted temperature; ask for one with "
        + "\"calibration\": \"temperature\""
    }
    return nil
  }

  /// Why a metric is none that results of the task have; nil for those of groups too.
  func foreign(_ key: String) -> String? {
    let own = MetricInfo.measured(in: contract?.task ?? "").map(\.key)
    guard let info = MetricInfo.named(key) else {
      let near = nearestName(to: key, in: own) != nil
      return unknown("metric", key, among: near ? own : MetricInfo.all.map(\.key))
    }
    guard let contract, !info.tasks.isEmpty, !info.tasks.contains(contract.task) else {
      return nil
    }
    let tasks = info.tasks.map { "'\($0)'" }.joined(separator: " and ")
    return "metric '\(key)' is one of task \(tasks), but the suite's task is '\(contract.task)'; "
      + "'assay info \(contract.task)' lists its metrics"
  }

  // MARK: Datasets, protocol and groups

  private var datasetProblems: [DocumentProblem] {
    strings("datasets").enumerated().filter { $1.hasPrefix("/") }.map { index, entry in
      DocumentProblem(
        pointer: "/datasets/\(index)",
        message: "'\(entry)' is an absolute path; give the dataset's id and name its folder "
          + "with --data, or a path relative to this file")
    }
  }

  private var protocolProblems: [DocumentProblem] {
    var problems: [DocumentProblem] = []
    if let contract, let made = `protocol`.task, made != contract.task {
      problems.append(
        DocumentProblem(
          pointer: "/protocol/kind",
          message: "protocol '\(`protocol`.kind)' makes settings of task '\(made)', but "
            + "the suite's task is '\(contract.task)'"))
    }
    problems += `protocol`.problems
    if value["calibration"] != nil, !`protocol`.takesTemperature {
      problems.append(
        DocumentProblem(
          pointer: "/calibration",
          message:
            "a temperature is carried over to shifts, which protocol '\(`protocol`.kind)' has "
            + "none of; leave it out"))
    }
    return problems
  }

  private var groupProblems: [DocumentProblem] {
    let hasGroups = !strings("groups").isEmpty
    if hasGroups, let message = `protocol`.obstacleToGroups {
      return [DocumentProblem(pointer: "/groups", message: message)]
    }
    guard value["min_group"] != nil, !hasGroups else { return [] }
    return [
      DocumentProblem(
        pointer: "/min_group",
        message: "there are no groups that it could be the least size of; name some in 'groups', "
          + "or leave it out")
    ]
  }
}
