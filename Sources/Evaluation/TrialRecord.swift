package import Documents
package import Metrics
package import PluginHost
package import Suites

/// What a trial cost.
///
/// Volatile: never part of a digest.
package struct TrialCost: Equatable, Sendable {
  package var loadSeconds: Double
  package var fitSeconds: Double
  package var predictSeconds: Double
  /// From the start of slicing to the finished record.
  package var wallSeconds: Double
  package var cpuSeconds: Double
  package var peakResidentBytes: Int

  package init(
    loadSeconds: Double = 0, fitSeconds: Double = 0, predictSeconds: Double = 0,
    wallSeconds: Double = 0, cpuSeconds: Double = 0, peakResidentBytes: Int = 0
  ) {
    self.loadSeconds = loadSeconds
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
    self.peakResidentBytes = peakResidentBytes
  }
}

/// The metrics of one part of the evaluated rows, or what those of several parts come down to.
package struct GroupRecord: Equatable, Sendable {
  /// What the values are of.
  package enum Role: String, CaseIterable, Sendable {
    /// The rows of the group.
    case rows
    /// The rows of a group that is too small to take part in worst group and gap.
    case small
    /// The worst value among the groups, for each metric.
    case worst
    /// The greatest value among the groups less the least; of two sets, the first less the second.
    case gap
    /// A group's value less that of all rows.
    case difference

    /// Whether the values are those of rows, not of a comparison.
    package var isOfRows: Bool { self == .rows || self == .small }
  }

  package var id: GroupID
  package var n: Int
  package var metrics: [String: MetricValue]
  /// Whether the rows are a query of their own, whose outcomes are among the trial's `partSamples`.
  package var isPart: Bool
  /// Whether it is too small to take part in worst group and gap.
  package var isSmall: Bool
  /// For a shift the key of the group that holds the rows without it; of any other name, the whole
  /// test set does.
  package var reference: String?

  package init(
    _ id: GroupID, n: Int, metrics: [String: MetricValue], isPart: Bool = false,
    isSmall: Bool = false, reference: String? = nil
  ) {
    self.id = id
    self.n = n
    self.metrics = metrics
    self.isPart = isPart
    self.isSmall = isSmall
    self.reference = reference
  }

  package var by: String { id.by }
  package var key: String { id.key }

  package var role: Role {
    isSmall && id.role == .rows ? .small : id.role
  }
}

/// One trial of a report: one method with one config on one dataset in one setting with one seed.
package struct TrialRecord: Equatable, Sendable {
  /// Digest of everything that decides the result; equal ids mean the same work.
  package var id: Digest
  /// The id without the method's version and file: what `diff` joins on.
  package var key: Digest
  package var method: String
  package var methodVersion: String
  package var pluginDigest: Digest
  /// The row's name: the method's id, or the name a run file gives to one of its configs.
  package var label: String
  /// The config, complete with defaults.
  package var config: JSON
  package var suite: String
  package var suiteDigest: Digest
  package var task: String
  package var contract: String
  package var dataset: String
  package var datasetDigest: Digest
  /// What varies within the suite, such as `{"shots": 4}`.
  package var setting: [String: JSON]
  /// The sources of the training rows, where the setting is a mixture of some.
  package var mixture: Mixture?
  package var seed: Int
  package var status: TrialStatus
  package var failure: TrialFailure?
  package var selection: Selection
  /// Rows handed over, such as `{"train": 40, "val": 500, "query": 3000}`.
  package var rows: [String: Int]
  package var metrics: [String: MetricValue]
  package var groups: [GroupRecord]
  /// Calibration curves of two classes, where rows are divided by more than their class.
  package var calibration: [CalibrationRecord]
  /// Numbers that the plugin reported about itself.
  package var selfReported: [String: Double]
  package var notes: [String]
  package var warnings: [TrialWarning]
  /// Digest of all output bytes; nil without a result.
  package var predictions: Digest?
  /// Per-sample outcome columns by name, each the digest of a column of the store.
  package var samples: [String: Digest]
  /// The same for the groups that are queries of their own, one after the other.
  package var partSamples: [String: Digest]
  /// Which group each row of the trial's own query is in, by what the rows are grouped by.
  ///
  /// A number is a place among the groups of rows of that name, -1 stands for none of them, and the
  /// number of groups for all of them.
  package var groupSamples: [String: Digest]
  /// Of a trial that was read from a report, what stands for columns that no store was asked for.
  package var unreadOutcomes: Digest?
  package var cost: TrialCost

  package init(
    id: Digest, key: Digest, method: String, methodVersion: String, pluginDigest: Digest,
    label: String, config: JSON, suite: String, suiteDigest: Digest, task: String,
    contract: String, dataset: String, datasetDigest: Digest, setting: [String: JSON],
    mixture: Mixture? = nil, seed: Int,
    status: TrialStatus, failure: TrialFailure? = nil, selection: Selection = .none,
    rows: [String: Int] = [:], metrics: [String: MetricValue] = [:], groups: [GroupRecord] = [],
    calibration: [CalibrationRecord] = [], selfReported: [String: Double] = [:],
    notes: [String] = [], warnings: [TrialWarning] = [],
    predictions: Digest? = nil, samples: [String: Digest] = [:],
    partSamples: [String: Digest] = [:], groupSamples: [String: Digest] = [:],
    cost: TrialCost = TrialCost()
  ) {
    self.id = id
    self.key = key
    self.method = method
    self.methodVersion = methodVersion
    self.pluginDigest = pluginDigest
    self.label = label
    self.config = config
    self.suite = suite
    self.suiteDigest = suiteDigest
    self.task = task
    self.contract = contract
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.setting = setting
    self.mixture = mixture
    self.seed = seed
    self.status = status
    self.failure = failure
    self.selection = selection
    self.rows = rows
    self.metrics = metrics
    self.groups = groups
    self.calibration = calibration
    self.selfReported = selfReported
    self.notes = notes
    self.warnings = warnings
    self.predictions = predictions
    self.samples = samples
    self.partSamples = partSamples
    self.groupSamples = groupSamples
    self.cost = cost
  }
}
