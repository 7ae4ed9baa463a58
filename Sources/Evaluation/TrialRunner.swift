internal import Contracts
internal import Datasets
internal import Documents
package import PluginHost
package import Suites
package import Tensors

/// Runs one planned trial: slice, worker, check, score.
///
/// Every ending is a record; nothing that a plugin does ends the run.
package struct TrialRunner: TrialExecutor {
  package var host: PluginHost
  package var limits: Limits
  package var isolation: Isolation
  /// Takes the outputs of a trial that passed the contract.
  package var keep: (@Sendable (PlannedTrial, EvaluationCase, [[String: Tensor]]) throws -> Void)?

  package init(
    host: PluginHost, limits: Limits, isolation: Isolation,
    keep: (@Sendable (PlannedTrial, EvaluationCase, [[String: Tensor]]) throws -> Void)? = nil
  ) {
    self.host = host
    self.limits = limits
    self.isolation = isolation
    self.keep = keep
  }

  /// What came of a trial.
  package struct Result {
    package var record: TrialRecord
    /// The per-sample columns that belong beside the record.
    package var columns: [String: Tensor] = [:]
    /// The columns of the groups that are queries of their own.
    package var partColumns: [String: Tensor] = [:]
    /// The groups of the rows of the trial's own query.
    package var groupColumns: [String: Tensor] = [:]
    /// How the worker was confined; nil when none ran.
    package var sandbox: SandboxState?
  }

  /// Runs the trial to its end.
  package func run(_ trial: PlannedTrial) -> Result {
    let start = monotonicSeconds()
    var result = Result(record: TrialRecord(planned: trial))
    if let reason = trial.unsupported {
      result.record.status = .unsupported
      result.record.failure = TrialFailure(stage: "plan", kind: "unsupported", message: reason)
      return result
    }
    do {
      let evaluation = try trial.setting.materialise()
      result.record.rows = evaluation.rows
      let job = try makeJob(trial, evaluation)
      let outcome = host.run(job)
      result.record.take(outcome)
      result.sandbox = outcome.sandbox
      if outcome.status == .ok {
        let outputs = try evaluation.puttingBack(outcome.outputs, trial.setting.contract)
        let score = try score(outputs, of: evaluation, in: trial.setting)
        result.record.add(OutputRemarks(outputs, task: trial.setting.contract.task))
        result.record.metrics = score.metrics
        result.record.groups = score.groups
        result.record.calibration = score.calibration
        result.record.predictions = trial.setting.contract.digest(of: outputs)
        try keep?(trial, evaluation, outputs)
        result.columns = score.columns
        result.partColumns = score.partColumns
        result.groupColumns = score.groupColumns
      }
    } catch {
      result.record.status = .error
      result.record.failure = TrialFailure(stage: "plan", kind: "host", message: "\(error)")
    }
    result.record.cost.wallSeconds = monotonicSeconds() - start
    return result
  }

  private func makeJob(_ trial: PlannedTrial, _ evaluation: EvaluationCase) throws -> TrialJob {
    let contract = trial.setting.contract
    let fit = evaluation.fit.filter { trial.inputs.contains($0.name) }
    let known = try contract.symbols(of: evaluation.fit, in: contract.fit)
    let queries = try evaluation.calls.map { call in
      let inputs = call.inputs.filter { trial.inputs.contains($0.name) }
      let symbols = try contract.symbols(of: call.inputs, in: contract.predict, from: known)
      let outputs = contract.outputs.map { output in
        OutputSpec(
          name: output.name, dtype: output.dtypes[0], shape: output.shape(with: symbols))
      }
      return QuerySet(
        name: evaluation.queries[call.query].name, inputs: inputs, outputs: outputs)
    }
    return TrialJob(
      plugin: trial.choice.plugin.path, method: trial.choice.method.id, contract: contract,
      config: trial.choice.config, seed: UInt64(trial.setting.seed), stream: 0, fit: fit,
      queries: queries, limits: limits, isolation: isolation)
  }
}

extension TrialRecord {
  /// The record of a trial that has not run.
  init(planned trial: PlannedTrial) {
    let setting = trial.setting
    self.init(
      id: trial.id, key: trial.key, method: trial.choice.method.id,
      methodVersion: trial.choice.method.version, pluginDigest: trial.choice.plugin.digest,
      label: trial.choice.label, config: trial.choice.config, suite: setting.suite,
      suiteDigest: setting.suiteDigest, task: setting.contract.task,
      contract: setting.contract.version.description, dataset: setting.dataset.id,
      datasetDigest: setting.dataset.digest, setting: setting.setting, mixture: setting.mixture,
      seed: setting.seed,
      status: .ok, selection: trial.selection, notes: setting.notes)
  }

  /// Takes over how the worker ended and what the plugin said.
  mutating func take(_ outcome: TrialOutcome) {
    let outcome = outcome.shortened()
    status = outcome.status
    failure = outcome.failure
    notes += outcome.notes
    warnings += outcome.warnings
    selfReported = outcome.selfReported
    cost.loadSeconds = outcome.timing.load
    cost.fitSeconds = outcome.timing.fit
    cost.predictSeconds = outcome.timing.predict
    cost.cpuSeconds = outcome.cpuSeconds
    cost.peakResidentBytes = outcome.peakResidentBytes
  }
}
