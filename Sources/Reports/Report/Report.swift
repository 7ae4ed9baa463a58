package import Evaluation
internal import Metrics
package import PluginHost
internal import Suites

/// The report of one run, schema `assay.report/2`.
///
/// Trials stand in the order of `TrialOrder`, metrics as given with the headline first, everything
/// else in the order of its name, so that equal runs give equal files but for the volatile blocks.
package struct Report: Equatable, Sendable {
  package static let schema = "assay.report/2"

  package var tool: ToolEntry
  package var run: RunEntry
  /// Nil after `strippingVolatile()`.
  package var environment: EnvironmentEntry?
  package private(set) var plugins: [PluginEntry]
  package private(set) var suites: [SuiteEntry]
  package private(set) var datasets: [DatasetEntry]
  package private(set) var metrics: [MetricEntry]
  package internal(set) var trials: [TrialRecord]
  package var aggregates: [Aggregate]
  /// What is made of several groups or rows: corruption errors, effective robustness.
  package var derived: [DerivedValue]
  /// What publications assert, and what became of it here.
  package var claims: [ClaimRecord]
  package var warnings: [ReportWarning]

  /// Makes a report of finished trials.
  ///
  /// With `samples` at hand the aggregates' intervals resample the test rows; see `aggregate`.
  package init(
    tool: ToolEntry, run: RunEntry, environment: EnvironmentEntry?, plugins: [PluginEntry],
    suites: [SuiteEntry], datasets: [DatasetEntry], metrics: [MetricEntry],
    trials: [TrialRecord], samples: TrialStore? = nil, claims: [SuiteClaim] = [],
    warnings: [ReportWarning] = []
  ) {
    let ordered = trials.sorted(by: TrialOrder.precedes)
    self.init(
      tool: tool, run: run, environment: environment, plugins: plugins, suites: suites,
      datasets: datasets, metrics: metrics, trials: ordered,
      aggregates: rounded(aggregate(ordered, samples: samples), \.interval),
      derived: rounded(derive(from: ordered, suites: suites, samples: samples), \.interval),
      claims: rounded(
        evaluate(claims, on: ordered, without: warnings.absentData, samples: samples),
        \.interval),
      warnings: warnings)
  }

  init(
    tool: ToolEntry, run: RunEntry, environment: EnvironmentEntry?, plugins: [PluginEntry],
    suites: [SuiteEntry], datasets: [DatasetEntry], metrics: [MetricEntry],
    trials: [TrialRecord], aggregates: [Aggregate], derived: [DerivedValue],
    claims: [ClaimRecord], warnings: [ReportWarning]
  ) {
    self.tool = tool
    self.run = run
    self.environment = environment
    self.plugins = plugins.sorted { ($0.name, $0.digest) < ($1.name, $1.digest) }
    self.suites = suites.sorted { ($0.id, $0.digest) < ($1.id, $1.digest) }
    self.datasets = datasets.sorted { ($0.id, $0.digest) < ($1.id, $1.digest) }
    self.metrics = metrics
    self.trials = trials.sorted(by: TrialOrder.precedes)
    self.aggregates = aggregates
    self.derived = derived
    self.claims = claims
    self.warnings = warnings
  }

  /// The number of trials by status, for every status.
  package var summary: [TrialStatus: Int] {
    var counts = Dictionary(uniqueKeysWithValues: TrialStatus.allCases.map { ($0, 0) })
    for trial in trials { counts[trial.status, default: 0] += 1 }
    return counts
  }

  /// Whether data do not mean what their names say, so that no number on them does.
  package var hasDataErrors: Bool {
    warnings.contains { $0.code == PlanWarning.Code.dataError.rawValue }
  }

  /// The code that a run with this result leaves with.
  package var exitCode: ExitCode {
    let isWhole = failures.isEmpty && unmeasured.isEmpty && loadFailures.isEmpty
    return ExitCode.leading(of: [
      isMeasured ? .fine : .nothingMeasured, isWhole && !hasDataErrors ? .fine : .trialsFailed,
    ])
  }

  /// Whether any trial has a value of any metric.
  package var isMeasured: Bool { trials.contains(where: \.hasValue) }

  /// The trials that ran to their end and came to no value, as on an empty test split.
  package var unmeasured: [TrialRecord] { trials.filter { $0.status == .ok && !$0.hasValue } }

  /// The plugins that were found and did not load, so that nobody knows their methods.
  package var loadFailures: [ReportWarning] { warnings.filter(\.isLoadFailure) }

  /// The report without what differs between two runs of the same work: machine, moment, cost, and
  /// the way in which the work was asked for.
  package func strippingVolatile() -> Report {
    var report = self
    report.environment = nil
    report.run.invocation = nil
    report.run.suites.sort()
    report.run.methods.sort()
    report.trials = trials.map { $0.strippingVolatile() }
    report.warnings.removeAll { ReportWarning.volatileCodes.contains($0.code) }
    return report
  }

  /// What is known of a metric.
  package func metric(_ key: String) -> MetricEntry? { metrics.first { $0.key == key } }
}

/// The elements with the bounds of their intervals as those of trials are.
private func rounded<T>(_ elements: [T], _ interval: WritableKeyPath<T, Interval?>) -> [T] {
  elements.map { element in
    var element = element
    element[keyPath: interval] = element[keyPath: interval]?.rounded()
    return element
  }
}

extension TrialRecord {
  /// Whether the trial has a value of any metric, of all its rows or of a group.
  fileprivate var hasValue: Bool {
    status == .ok
      && (metrics.values.contains { $0.value != nil }
        || groups.contains { $0.metrics.values.contains { $0.value != nil } })
  }
}

extension Report {
  /// The report of some of its trials, with the aggregates that go with them.
  package func filtering(_ isKept: (TrialRecord) -> Bool) -> Report {
    var part = self
    part.trials = trials.filter(isKept)
    let rows = Set(part.trials.map(RowKey.init))
    part.aggregates = aggregates.filter { rows.contains(RowKey($0)) }
    // Derived values may be over several settings of a row.
    func place(_ row: RowKey) -> [String] { [row.suite, row.dataset, row.label] }
    let places = Set(rows.map(place))
    part.derived = derived.filter { places.contains(place($0.row)) }
    return part
  }
}
