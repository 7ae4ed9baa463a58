internal import Documents
internal import Metrics

/// What keeps claims from reading the results of a suite, whatever its data.
extension SuiteFileChecks {
  /// Why no result has a metric; nil where some have.
  func obstacle(toReading key: String) -> String? {
    if let message = foreign(key) { return message }
    let isOfTrials = MetricInfo.named(key)?.tasks.isEmpty == false
    // A mistyped metric of the suite may be the one that is meant.
    let areKnown = metrics.allSatisfy { foreign($0) == nil }
    guard contract != nil, isOfTrials, areKnown, !metrics.contains(key) else { return nil }
    return "the suite does not measure '\(key)'; add it to 'metrics'"
  }

  /// Why results are not grouped so; nil where they are.
  func obstacle(toGroupsBy name: String) -> String? {
    guard !partitions.contains(name) else { return nil }
    return partitions.isEmpty
      ? "the suite has no groups; name some in 'groups'" : unknown("group", name, among: partitions)
  }

  /// What the results are grouped by: the suite's groups, and those that its protocol makes.
  private var partitions: [String] {
    var names = strings("groups") + `protocol`.partitions
    if value["calibration"] != nil { names.append("calibration") }
    if value["decision"] != nil { names.append("decision") }
    return names
  }
}
