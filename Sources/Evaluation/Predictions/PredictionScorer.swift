internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import PluginHost
internal import Suites

/// Scores predictions that were made elsewhere, as if a plugin had returned them.
///
/// A file that is missing or breaks the contract gives a failed trial.
package struct PredictionScorer: TrialExecutor {
  package let folder: PredictionFolder
  /// `none`, `val`, `cv` or `oracle`: what their maker says of how the method was tuned.
  package let selection: Selection

  package init(folder: PredictionFolder, selection: Selection) {
    self.folder = folder
    self.selection = selection
  }

  /// The id of the method that stands for the files.
  package static let methodID = "predictions"

  package func run(_ trial: PlannedTrial) -> TrialRunner.Result {
    let start = monotonicSeconds()
    var result = TrialRunner.Result(record: TrialRecord(planned: trial))
    result.record.selection = selection
    do {
      let evaluation = try trial.setting.materialise()
      result.record.rows = ["query": evaluation.rows["query"] ?? 0]
      let outputs = try folder.read(trial.setting, evaluation)
      let score = try score(outputs, of: evaluation, in: trial.setting)
      result.record.add(OutputRemarks(outputs, task: trial.setting.contract.task))
      result.record.metrics = score.metrics
      result.record.groups = score.groups
      result.record.calibration = score.calibration
      result.record.predictions = trial.setting.contract.digest(of: outputs)
      result.columns = score.columns
      result.partColumns = score.partColumns
      result.groupColumns = score.groupColumns
    } catch let breach as ContractBreach {
      let isMissing = breach.kind.hasSuffix("-file")
      result.record.status = isMissing ? .error : .contractBreach
      result.record.failure = TrialFailure(
        stage: isMissing ? "load" : "check", kind: breach.kind, message: breach.message)
    } catch {
      result.record.status = .error
      result.record.failure = TrialFailure(stage: "load", kind: "file", message: "\(error)")
    }
    result.record.cost.wallSeconds = monotonicSeconds() - start
    return result
  }
}

extension RunPlan {
  /// The plan of scoring a folder of predictions on suites: one row, every setting.
  package init(
    scoring folder: PredictionFolder, label: String, request: RunRequest
  ) throws {
    let tasks = Set(request.suites.map(\.contract.task)).sorted()
    let method = MethodDescription(
      id: PredictionScorer.methodID, version: "1.0.0",
      summary: "Predictions that were made elsewhere.", configSchema: ["type": "object"],
      claims: tasks.compactMap { task in
        Contract.named(task).map { Claim(task: task, version: $0.version, inputs: []) }
      })
    let plugin = PluginDescription(
      path: PredictionScorer.methodID, digest: try folder.digest(), abiMajor: 1, abiMinor: 0,
      methods: [method])
    var request = request
    request.methods = [.init(id: method.id, label: label)]
    try self.init(request, methods: [(plugin, method)], threads: 1)
  }
}
