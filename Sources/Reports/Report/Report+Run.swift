internal import Datasets
internal import Documents
package import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

extension Report {
  /// The report of a run.
  package init(
    plan: RunPlan, result: RunResult, run: RunEntry, environment: EnvironmentEntry,
    samples: TrialStore
  ) {
    var plugins: [Digest: PluginDescription] = [:]
    for choice in plan.choices { plugins[choice.plugin.digest] = choice.plugin }
    let used = Set(plan.trials.map(\.setting.dataset.digest))
    var datasets: [Digest: DatasetEntry] = [:]
    for trial in plan.trials where used.contains(trial.setting.dataset.digest) {
      let dataset = trial.setting.dataset
      datasets[dataset.digest] = DatasetEntry(
        id: dataset.id, version: dataset.version, digest: dataset.digest,
        n: ["train", "val", "test"].reduce(dataset.cases.count) {
          $0 + (dataset.labels($1)?.count ?? 0)
        },
        classes: dataset.classes.isEmpty ? nil : dataset.classes.count,
        source: dataset.manifest.source, licence: dataset.manifest.licence)
    }
    self.init(
      tool: .current, run: run, environment: environment,
      plugins: plugins.values.map(PluginEntry.init),
      suites: plan.suites.map {
        SuiteEntry(
          id: $0.id, version: $0.version, digest: $0.digest, references: $0.references)
      },
      datasets: Array(datasets.values),
      metrics: plan.metrics.map { info in
        MetricEntry(
          key: info.key, title: info.title, version: info.version,
          direction: info.direction)
      },
      trials: result.records, samples: samples,
      claims: plan.suites.flatMap { suite in
        suite.claims.map { SuiteClaim(suite: suite.id, claim: $0) }
      },
      warnings: plan.left.map { ReportWarning(code: "skipped", place: "suites", text: $0) }
        + plan.absent.map(ReportWarning.absent)
        + plan.warnings.map {
          ReportWarning(code: $0.code.rawValue, place: $0.place, text: $0.portableText)
        } + probabilityWarnings(result.records))
  }
}

/// One warning for each row of the report whose logits look like probabilities.
private func probabilityWarnings(_ records: [TrialRecord]) -> [ReportWarning] {
  let code = OutputRemarks.probabilities
  let found = records.flatMap { record in
    record.warnings.filter { $0.code == code }.map { (label: record.label, text: $0.text) }
  }
  return Set(found.map(\.label)).sorted().map { label in
    let own = found.filter { $0.label == label }
    return ReportWarning(
      code: code, place: label,
      text: "in \(own.count) \(own.count == 1 ? "trial" : "trials") " + own[0].text)
  }
}

extension RunPlan {
  /// The metrics of the suites, each once, every suite's headline before its others.
  fileprivate var metrics: [MetricInfo] {
    var seen: Set<String> = []
    return suites.flatMap { $0.metrics + $0.metricsOfGroups }.filter { seen.insert($0).inserted }
      .compactMap(MetricInfo.named)
  }
}

extension ToolEntry {
  /// This build.
  package static let current = ToolEntry(version: "0.1.0", abi: "1.0")
}

extension PluginEntry {
  init(_ plugin: PluginDescription) {
    let file = plugin.path.split(separator: "/").last.map(String.init) ?? plugin.path
    self.init(
      name: file, version: plugin.methods.first?.version ?? "",
      abi: "\(plugin.abiMajor).\(plugin.abiMinor)", digest: plugin.digest,
      licence: plugin.methods.first?.license, runtime: plugin.runtime,
      methods: plugin.methods.map {
        MethodEntry(
          id: $0.id, version: $0.version, summary: $0.summary,
          paper: $0.references.isEmpty ? nil : $0.references)
      })
  }
}
