internal import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

extension TrialRecord {
  /// Reads a trial of a report; what is not said of it stands in the tables.
  init(_ trial: RecordCursor, in shared: SharedEntries) throws(RecordError) {
    guard case .object(var members) = trial.value else { throw trial.unlike("an object") }
    func complete(_ name: String, _ known: JSON?) {
      if members[name] == nil { members[name] = known }
    }
    let digests = shared.digests
    if let method = members["method"]?.string {
      complete("label", .string(method))
      complete("plugin", digests.plugins[method].map { .string($0.description) })
      complete("method_version", digests.versions[method].map(JSON.string))
    }
    if let suite = members["suite"]?.string {
      complete("suite_digest", digests.suites[suite].map { .string($0.description) })
    }
    if let dataset = members["dataset"]?.string {
      complete("dataset_digest", digests.datasets[dataset].map { .string($0.description) })
    }
    let config = try trial.member("config")
    let place = try config.int()
    guard shared.configs.indices.contains(place) else {
      throw config.unlike("the place of one of \(shared.configs.count) configs")
    }
    members["config"] = shared.configs[place]
    for name in ["notes", "warnings"] { complete(name, []) }
    for name in ["self_reported", "samples"] { complete(name, [:]) }
    // These three are written in another way than in the record of a store.
    members["metrics"] = [:]
    members["groups"] = []
    members["calibration"] = nil
    try self.init(RecordCursor(.object(members), pointer: trial.pointer))

    metrics = try trial.member("metrics").mapNamed { key, value throws(RecordError) in
      try MetricValue(value, usual: shared.intervals[key], in: shared)
    }
    if let groups = try trial.optional("groups") {
      self.groups = try readGroups(groups, in: shared)
    }
    calibration =
      try trial.optional("calibration")?.map { curve throws(RecordError) in
        try CalibrationRecord(columns: curve)
      } ?? []
    unreadOutcomes = try trial.optional("outcomes")?.digest()
  }
}

private func readGroups(
  _ cursor: RecordCursor, in shared: SharedEntries
) throws(RecordError) -> [GroupRecord] {
  let set = try cursor.member("set")
  let place = try set.int()
  guard shared.groupSets.indices.contains(place) else {
    throw set.unlike("the place of one of \(shared.groupSets.count) sets of groups")
  }
  var groups = shared.groupSets[place]
  for place in groups.indices { groups[place].metrics = [:] }
  _ = try cursor.member("metrics").mapNamed { key, column throws(RecordError) in
    try readColumn(column, of: key, into: &groups, in: shared)
  }
  return groups
}

/// Reads the values of one metric into the groups that have it.
private func readColumn(
  _ column: RecordCursor, of key: String, into groups: inout [GroupRecord], in shared: SharedEntries
) throws(RecordError) {
  let places = try column.optional("of")?.map { place throws(RecordError) in
    let number = try place.int()
    guard groups.indices.contains(number) else {
      throw place.unlike("the place of one of \(groups.count) groups")
    }
    return number
  }
  let chosen = places ?? Array(groups.indices)
  func entries(_ name: String) throws(RecordError) -> [RecordCursor]? {
    guard let cursor = try column.optional(name) else { return nil }
    let entries = try cursor.elements()
    guard entries.count == chosen.count else {
      throw cursor.unlike("an array of \(chosen.count) entries, one for each group")
    }
    return entries
  }
  guard let values = try entries("value") else {
    throw RecordError(pointer: column.pointer, message: "lacks the member 'value'")
  }
  let (counts, intervals) = (try entries("n"), try entries("interval"))
  let expected = try column.optional("expected")
  let alike = try column.optional("p_alike")
  for (entry, place) in chosen.enumerated() {
    let name = String(entry)
    var value = MetricValue(
      value: values[entry].value.isNull ? nil : try values[entry].double(),
      n: try counts?[entry].int() ?? groups[place].n)
    if let interval = intervals?[entry], !interval.value.isNull {
      value.interval = try Interval(interval, usual: shared.intervals[key], in: shared)
    }
    value.expected = try expected?.optional(name)?.double()
    value.p = try alike?.optional(name)?.double()
    groups[place].metrics[key] = value
  }
  func place(_ cursor: RecordCursor) throws(RecordError) -> Int {
    let entry = try cursor.int()
    guard chosen.indices.contains(entry) else {
      throw cursor.unlike("the place of one of \(chosen.count) entries")
    }
    return chosen[entry]
  }
  _ = try column.optional("reason")?.mapNamed { reason, entries throws(RecordError) in
    for entry in try entries.elements() { groups[try place(entry)].metrics[key]?.reason = reason }
  }
  for entry in try column.optional("left_out")?.elements() ?? [] {
    groups[try place(entry)].metrics[key]?.isLeftOut = true
  }
}

extension MetricValue {
  fileprivate init(
    _ metric: RecordCursor, usual: IntervalKind?, in shared: SharedEntries
  ) throws(RecordError) {
    guard case .object(var members) = metric.value else { throw metric.unlike("an object") }
    members["interval"] = nil
    try self.init(RecordCursor(.object(members), pointer: metric.pointer))
    interval = try metric.optional("interval").map { interval throws(RecordError) in
      try Interval(interval, usual: usual, in: shared)
    }
  }
}

extension CalibrationRecord {
  fileprivate init(columns curve: RecordCursor) throws(RecordError) {
    let places = try curve.member("bin").elements()
    func column(_ name: String) throws(RecordError) -> [RecordCursor] {
      let cursor = try curve.member(name)
      let entries = try cursor.elements()
      guard entries.count == places.count else {
        throw cursor.unlike("an array of \(places.count) entries, one for each bin")
      }
      return entries
    }
    let (probabilities, shares, counts) = (
      try column("probability"), try column("share"), try column("n")
    )
    var bins: [CalibrationCurve.Bin] = []
    for place in places.indices {
      bins.append(
        CalibrationCurve.Bin(
          place: try places[place].int(), probability: try probabilities[place].double(),
          share: try shares[place].double(), n: try counts[place].int()))
    }
    self.init(
      by: try curve.member("by").string(), key: try curve.member("key").string(),
      curve: CalibrationCurve(bins: bins))
  }
}
