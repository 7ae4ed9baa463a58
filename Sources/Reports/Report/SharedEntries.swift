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

  /// What kinds are ordered by.
  var order: (String, Double, Int) { (method, level, resamples ?? 0) }

  var json: JSON {
    var members: [String: JSON] = ["level": JSON(level), "method": .string(method)]
    members["resamples"] = resamples.map { JSON($0) }
    return .object(members)
  }
}

extension Interval {
  /// The pair of bounds, with the place of the kind as a third where it is not the usual one.
  func json(usual: IntervalKind?, in shared: SharedEntries) -> JSON {
    let kind = IntervalKind(self)
    guard kind != usual, let place = shared.place(of: kind) else {
      return [JSON(lower), JSON(upper)]
    }
    return [JSON(lower), JSON(upper), JSON(place)]
  }

  /// Reads bounds of the usual kind, or of the one at the place that follows them.
  init(
    _ interval: RecordCursor, usual: IntervalKind?, in shared: SharedEntries
  ) throws(RecordError) {
    let entries = try interval.elements()
    guard entries.count == 2 || entries.count == 3 else {
      throw interval.unlike("a pair of bounds, with the place of its kind or without")
    }
    var kind = usual
    if entries.count == 3 {
      let place = try entries[2].int()
      guard shared.kinds.indices.contains(place) else {
        throw entries[2].unlike("the place of one of \(shared.kinds.count) kinds of intervals")
      }
      kind = shared.kinds[place]
    }
    guard let kind else {
      throw interval.unlike("bounds with the place of their kind, as their metric names none")
    }
    self.init(
      lower: try entries[0].double(), upper: try entries[1].double(), level: kind.level,
      method: kind.method, resamples: kind.resamples)
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
  /// All kinds of intervals, in an order of their own.
  private(set) var kinds: [IntervalKind] = []
  private var kindPlaces: [IntervalKind: Int] = [:]
  /// The configs of the trials.
  private(set) var configs: [JSON] = []
  private var places: [JSON: Int] = [:]
  private var configPlaces: [JSON: Int] = [:]

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
      if configPlaces[trial.config] == nil {
        configPlaces[trial.config] = configs.count
        configs.append(trial.config)
      }
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
    let derived = report.derived.compactMap { $0.interval.map(IntervalKind.init) }
    let all = Set(derived).union(kinds.values.flatMap(\.keys)).union(means.values.flatMap(\.keys))
    self.kinds = all.sorted { $0.order < $1.order }
    for (place, kind) in self.kinds.enumerated() { kindPlaces[kind] = place }
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
    kinds =
      try report.optional("intervals")?.map { kind throws(RecordError) in
        try IntervalKind(kind)
      } ?? []
    configs =
      try report.optional("configs")?.map { config throws(RecordError) in
        JSON.object(try config.object())
      } ?? []
    groupSets =
      try report.optional("groups")?.map { groups throws(RecordError) in
        try groups.map { group throws(RecordError) in try GroupRecord(head: group) }
      } ?? []
  }

  /// The place of a trial's groups among the sets.
  func place(of trial: TrialRecord) -> Int? { places[SharedEntries.head(of: trial)] }

  /// The place of a kind of interval of the report.
  func place(of kind: IntervalKind) -> Int? { kindPlaces[kind] }

  /// The place of a config of one of the trials.
  func place(of config: JSON) -> Int { configPlaces[config] ?? 0 }

  /// The sets of groups as a member of a report.
  var groupSetsJSON: JSON { .array(groupSets.map { .array($0.map(\.headJSON)) }) }

  private static func head(of trial: TrialRecord) -> JSON { .array(trial.groups.map(\.headJSON)) }
}

/// The most frequent of some kinds; of equally frequent ones the same each time.
private func usual(_ kinds: [IntervalKind: Int]) -> IntervalKind {
  kinds.keys.sorted {
    let counts = (kinds[$0] ?? 0, kinds[$1] ?? 0)
    return counts.0 == counts.1 ? $0.order < $1.order : counts.0 > counts.1
  }[0]
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
