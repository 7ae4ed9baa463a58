internal import Documents
internal import Evaluation
internal import Metrics

/// How an interval was made, without its bounds.
struct IntervalKind: Hashable {
  var level: Double
  var method: String
  var resamples: Int?

  init(_ interval: Interval) {
    (level, method, resamples) = (interval.level, interval.method, interval.resamples)
  }

  init(_ kind: RecordCursor) throws(RecordError) {
    level = try kind.member("level").double()
    method = try kind.member("method").string()
    resamples = try kind.optional("resamples")?.int()
  }

  var json: JSON {
    var members: [String: JSON] = ["level": JSON(level), "method": .string(method)]
    members["resamples"] = resamples.map { JSON($0) }
    return .object(members)
  }
}

extension Interval {
  /// The interval as the pair of its bounds where it is of the usual kind, else with its kind.
  func json(usual: IntervalKind?) -> JSON {
    IntervalKind(self) == usual ? [JSON(lower), JSON(upper)] : json
  }

  /// Reads a pair of bounds of the usual kind, or an interval that says its own.
  init(_ interval: RecordCursor, usual: IntervalKind?) throws(RecordError) {
    guard case .array(let bounds) = interval.value else {
      try self.init(interval)
      return
    }
    guard let usual, bounds.count == 2 else {
      throw interval.unlike(
        usual == nil ? "an object, as its metric names no interval" : "a pair of bounds")
    }
    let pair = try interval.elements()
    self.init(
      lower: try pair[0].double(), upper: try pair[1].double(), level: usual.level,
      method: usual.method, resamples: usual.resamples)
  }
}

/// What many trials of a report have in common, and it says once.
///
/// Made from the trials when a report is written, and from its tables when it is read.
struct SharedEntries {
  /// The usual kind of interval by metric, of the values of trials.
  var intervals: [String: IntervalKind] = [:]
  /// The same of means over seeds.
  var meanIntervals: [String: IntervalKind] = [:]
  /// The groups that trials have, each time all of a trial.
  private(set) var groupSets: [[GroupRecord]] = []
  /// What the tables of suites, datasets and plugins say of a trial that names one of them.
  let digests: Digests
  private var places: [JSON: Int] = [:]

  /// The digests and versions that go with a name; those of a name that stands for several things
  /// are left out, and each trial says its own.
  struct Digests {
    var suites: [String: Digest]
    var datasets: [String: Digest]
    var plugins: [String: Digest]
    var versions: [String: String]

    init(suites: [SuiteEntry], datasets: [DatasetEntry], plugins: [PluginEntry]) {
      self.suites = ofOne(suites.map { ($0.id, $0.digest) })
      self.datasets = ofOne(datasets.map { ($0.id, $0.digest) })
      let methods = plugins.flatMap { plugin in
        plugin.methods.map { (plugin: plugin, method: $0) }
      }
      self.plugins = ofOne(methods.map { ($0.method.id, $0.plugin.digest) })
      versions = ofOne(methods.map { ($0.method.id, $0.method.version) })
    }
  }

  /// What the trials of a report share.
  init(_ report: Report) {
    digests = Digests(
      suites: report.suites, datasets: report.datasets, plugins: report.plugins)
    var kinds: [String: [IntervalKind: Int]] = [:]
    func count(_ metrics: [String: MetricValue]) {
      for case let (key, interval?) in metrics.mapValues(\.interval) {
        kinds[key, default: [:]][IntervalKind(interval), default: 0] += 1
      }
    }
    for trial in report.trials {
      count(trial.metrics)
      for group in trial.groups { count(group.metrics) }
      guard !trial.groups.isEmpty else { continue }
      let head = SharedEntries.head(of: trial)
      guard places[head] == nil else { continue }
      places[head] = groupSets.count
      groupSets.append(trial.groups)
    }
    intervals = kinds.mapValues(usual)
    var means: [String: [IntervalKind: Int]] = [:]
    for aggregate in report.aggregates {
      guard let interval = aggregate.interval else { continue }
      means[aggregate.metric, default: [:]][IntervalKind(interval), default: 0] += 1
    }
    meanIntervals = means.mapValues(usual)
  }

  /// What the tables of a report say.
  init(_ report: RecordCursor, digests: Digests) throws(RecordError) {
    self.digests = digests
    for metric in try report.member("metrics").elements() {
      let key = try metric.member("key").string()
      if let kind = try metric.optional("interval") { intervals[key] = try IntervalKind(kind) }
      if let kind = try metric.optional("mean_interval") {
        meanIntervals[key] = try IntervalKind(kind)
      }
    }
    groupSets =
      try report.optional("groups")?.map { groups throws(RecordError) in
        try groups.map { group throws(RecordError) in try GroupRecord(head: group) }
      } ?? []
  }

  /// The place of a trial's groups among the sets.
  func place(of trial: TrialRecord) -> Int? { places[SharedEntries.head(of: trial)] }

  /// The sets of groups as a member of a report.
  var groupSetsJSON: JSON { .array(groupSets.map { .array($0.map(\.headJSON)) }) }

  private static func head(of trial: TrialRecord) -> JSON { .array(trial.groups.map(\.headJSON)) }
}

/// The most frequent of some kinds; of equally frequent ones the same each time.
private func usual(_ kinds: [IntervalKind: Int]) -> IntervalKind {
  func order(_ kind: IntervalKind) -> (Int, String, Double, Int) {
    (kinds[kind] ?? 0, kind.method, kind.level, kind.resamples ?? 0)
  }
  return kinds.keys.sorted { order($0) > order($1) }[0]
}

/// The values of the names that have only one.
private func ofOne<Value: Equatable>(_ pairs: [(String, Value)]) -> [String: Value] {
  var values: [String: Value] = [:]
  var ambiguous: Set<String> = []
  for (name, value) in pairs where values.updateValue(value, forKey: name) != nil {
    ambiguous.insert(name)
  }
  return values.filter { !ambiguous.contains($0.key) }
}
