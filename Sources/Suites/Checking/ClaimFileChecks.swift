internal import Documents
internal import Metrics

/// What is wrong with the claims of a suite file, whatever its data.
struct ClaimFileChecks {
  private let suite: SuiteFileChecks

  init(_ suite: SuiteFileChecks) { self.suite = suite }

  var problems: [DocumentProblem] {
    (suite.value["claims"]?.array ?? []).enumerated().flatMap { index, claim in
      boundProblems(claim, "/claims/\(index)")
        + ClaimReading.all(in: claim["value"] ?? .null, at: "/claims/\(index)/value")
        .flatMap { problems(of: $0) }
    }
  }

  private func boundProblems(_ claim: JSON, _ pointer: String) -> [DocumentProblem] {
    guard let expected = claim["expect"], PublishedClaim.Bound(expected) == nil else { return [] }
    return [
      DocumentProblem(
        pointer: "\(pointer)/expect", message: "the lower end is above the upper one")
    ]
  }

  private func problems(of reading: ClaimReading) -> [DocumentProblem] {
    let rows = reading.rows.compactMap { suite.rows?.problem(with: $0.name, at: $0.pointer) }
    let metrics = reading.metrics.compactMap { key, pointer in
      obstacle(to: key).map { DocumentProblem(pointer: pointer, message: $0) }
    }
    return rows + metrics + partitionProblems(reading)
  }

  private func obstacle(to key: String) -> String? {
    if let message = suite.foreign(key) { return message }
    let isOfTrials = MetricInfo.named(key)?.tasks.isEmpty == false
    // A mistyped metric of the suite may be the one that is meant.
    let areKnown = suite.metrics.allSatisfy { suite.foreign($0) == nil }
    guard suite.contract != nil, isOfTrials, areKnown, !suite.metrics.contains(key) else {
      return nil
    }
    return "the suite does not measure '\(key)'; add it to 'metrics'"
  }

  private func partitionProblems(_ reading: ClaimReading) -> [DocumentProblem] {
    guard let by = reading.json["group"]?["by"]?.string else { return [] }
    let known = suite.partitions
    guard !known.contains(by) else { return [] }
    let message =
      known.isEmpty
      ? "the suite has no groups; name some in 'groups'" : unknown("group", by, among: known)
    return [DocumentProblem(pointer: "\(reading.pointer)/group/by", message: message)]
  }
}

extension SuiteFileChecks {
  /// What the results are grouped by: the suite's groups, and those that its protocol makes.
  fileprivate var partitions: [String] {
    var names = strings("groups")
    switch `protocol` {
    case .audit(_, _, let shortcut): names += shortcut == nil ? [] : ["shortcut"]
    case .baseToNew: names.append("classes")
    case .imbalanced: names.append("frequency")
    case .probe: names += ["plot", "centroids"]
    case .shifts, .sources: names.append("shift")
    default: break
    }
    if value["calibration"] != nil { names.append("calibration") }
    if value["decision"] != nil { names.append("decision") }
    return names
  }
}

/// A part of a claim that reads measured values: a metric of rows, or operating points.
struct ClaimReading {
  let json: JSON
  let pointer: String

  /// All of a value, in its order.
  static func all(in value: JSON, at pointer: String) -> [ClaimReading] {
    switch value {
    case .array(let elements):
      elements.enumerated().flatMap {
        all(in: $1, at: JSONPointer.appending($0, to: pointer))
      }
    case .object(let members) where members["method"] != nil || members["methods"] != nil:
      [ClaimReading(json: value, pointer: pointer)]
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap {
        all(in: $1, at: JSONPointer.appending($0, to: pointer))
      }
    default: []
    }
  }

  /// The rows that it reads, with their places.
  var rows: [(name: String, pointer: String)] {
    let one = json["method"]?.string.map { [($0, "\(pointer)/method")] } ?? []
    return one
      + ["methods", "others"].flatMap { key in
        (json[key]?.array ?? []).enumerated().compactMap { index, name in
          name.string.map { ($0, "\(pointer)/\(key)/\(index)") }
        }
      }
  }

  /// The metrics that it reads, with their places.
  var metrics: [(key: String, pointer: String)] {
    if let key = json["metric"]?.string { return [(key, "\(pointer)/metric")] }
    if json["operating_points"] != nil {
      return ["fpr", "tpr"].map { ($0, "\(pointer)/operating_points") }
    }
    return json["over"] == nil ? [] : [("accuracy", pointer)]
  }

  /// The settings in which a line is drawn, each with the place of what is particular to it.
  var varied: [(members: [String: JSON], key: String, pointer: String)] {
    guard let (key, values) = json["over"]?.object?.first else { return [] }
    let common = json["setting"]?.object ?? [:]
    let place = JSONPointer.appending(key, to: "\(pointer)/over")
    return (values.array ?? []).enumerated().map { index, value in
      (common.merging([key: value]) { $1 }, key, "\(place)/\(index)")
    }
  }
}
