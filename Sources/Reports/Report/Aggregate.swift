package import Documents
package import Evaluation
package import Metrics

/// One metric of one method in one setting, over the seeds.
///
/// The spread of the seeds and the sampling interval are two numbers that are never merged.
package struct Aggregate: Equatable, Sendable {
  package var suite: String
  package var dataset: String
  package var setting: [String: JSON]
  package var label: String
  package var metric: String
  /// The mean over the seeds that have a value; nil when none has.
  package var mean: Double?
  /// The sample standard deviation over the seeds; nil for fewer than two.
  package var sdSeeds: Double?
  /// The seeds that have a value.
  package var nSeeds: Int
  /// The seeds that failed, or where the metric is undefined: the mean says nothing about them.
  package var failed: Int
  /// The sampling interval of the mean.
  ///
  /// Over the test rows, which all seeds share, where the outcomes are at hand;
  /// `mean-of-seed-bounds` is the mean of the seeds' own bounds, which is at least as wide.
  package var interval: Interval?

  /// Tells whether every seed has a value.
  package var isComplete: Bool { failed == 0 }

  package init(
    suite: String, dataset: String, setting: [String: JSON], label: String, metric: String,
    mean: Double?, sdSeeds: Double?, nSeeds: Int, failed: Int, interval: Interval?
  ) {
    self.suite = suite
    self.dataset = dataset
    self.setting = setting
    self.label = label
    self.metric = metric
    self.mean = mean
    self.sdSeeds = sdSeeds
    self.nSeeds = nSeeds
    self.failed = failed
    self.interval = interval
  }
}

/// What a row of tables is about: one method in one setting, all seeds.
package struct RowKey: Hashable, Sendable {
  package var suite: String
  package var dataset: String
  package var setting: [String: JSON]
  package var label: String

  package init(suite: String, dataset: String, setting: [String: JSON], label: String) {
    self.suite = suite
    self.dataset = dataset
    self.setting = setting
    self.label = label
  }

  package init(_ trial: TrialRecord) {
    suite = trial.suite
    dataset = trial.dataset
    setting = trial.setting
    label = trial.label
  }

  package init(_ aggregate: Aggregate) {
    suite = aggregate.suite
    dataset = aggregate.dataset
    setting = aggregate.setting
    label = aggregate.label
  }
}

/// Splits a sequence into runs of equal rows, in the order of first appearance.
package func grouped<T>(_ elements: some Sequence<T>, by key: (T) -> RowKey) -> [(RowKey, [T])] {
  var order: [RowKey] = []
  var members: [RowKey: [T]] = [:]
  for element in elements {
    let row = key(element)
    if members[row] == nil { order.append(row) }
    members[row, default: []].append(element)
  }
  return order.map { ($0, members[$0] ?? []) }
}
