internal import Datasets
internal import Documents
package import PluginHost
package import Suites

extension RunRequest {
  /// What has to be run for trials to be had again: their rows and seeds on given suites.
  package init(repeating trials: [TrialRecord], suites: [Suite], limits: Limits) {
    var methods: [Method] = []
    for trial in trials {
      let method = Method(
        id: trial.method, settings: trial.config.object ?? [:], label: trial.label)
      if !methods.contains(method) { methods.append(method) }
    }
    self.init(
      suites: suites, methods: methods, seeds: Set(trials.map(\.seed)).sorted(), limits: limits)
  }
}

extension RunPlan {
  /// The plan without the trials that stand for none of `trials`.
  package func repeating(_ trials: [TrialRecord]) -> RunPlan {
    var plan = self
    plan.trials = self.trials.filter { planned in
      trials.contains { trial in
        trial.suite == planned.setting.suite && trial.dataset == planned.setting.dataset.id
          && trial.setting == planned.setting.setting && trial.seed == planned.setting.seed
          && trial.label == planned.choice.label
      }
    }
    return plan
  }
}

extension Limits {
  /// The limits that a report names; what it does not name is unlimited memory or the default.
  package init(named amounts: [String: Double]) {
    self.init()
    loadSeconds = amounts["load_seconds"] ?? loadSeconds
    fitSeconds = amounts["fit_seconds"] ?? fitSeconds
    predictSeconds = amounts["predict_seconds"] ?? predictSeconds
    memoryBytes = amounts["memory_bytes"].flatMap { Int(exactly: $0) }
    threads = amounts["threads"].flatMap { Int(exactly: $0) } ?? threads
  }
}
