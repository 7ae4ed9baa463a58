package import Evaluation
internal import Metrics
internal import Suites

/// A group of rows, or what several groups come down to, in two reports.
package struct GroupComparison: Equatable, Sendable {
  package var name: GroupName
  /// The number of rows in the candidate.
  package var n: Int
  package var comparisons: [Comparison]

  package init(name: GroupName, n: Int, comparisons: [Comparison]) {
    self.name = name
    self.n = n
    self.comparisons = comparisons
  }
}

/// What a group of a trial is called.
package struct GroupName: Hashable, Sendable {
  package var by: String
  package var key: String
  package var role: GroupRecord.Role

  package init(by: String, key: String, role: GroupRecord.Role) {
    self.by = by
    self.key = key
    self.role = role
  }

  /// The group in words, such as `age 80+`.
  package var text: String { "\(by) \(key)" }
}

extension GroupRecord {
  var name: GroupName { GroupName(by: by, key: key, role: role) }

  /// Whether the group says how a method does on rows that it is judged by.
  ///
  /// Not those that settle a threshold or a temperature, nor groups too small to be compared.
  var isCompared: Bool {
    role != .small && role != .difference && by != CaseQuery.calibration
      && by != CaseQuery.decision
  }
}

extension TrialRecord {
  /// The groups whose least value is the worst group's: those held against each other, else every
  /// group but classes, which count only where there is nothing else.
  func worstCandidates(_ metric: String) -> [GroupRecord] {
    let measured = groups.filter { $0.isCompared && $0.metrics[metric]?.value != nil }
    let held = measured.filter { $0.role == .worst }
    let rows = measured.filter { $0.role == .rows && $0.name != .harmonicMean }
    let others = rows.filter { $0.by != "class" }
    return !held.isEmpty ? held : others.isEmpty ? rows : others
  }
}

extension GroupName {
  /// What base and new classes come down to.
  static let harmonicMean = GroupName(by: "classes", key: "harmonic mean", role: .rows)
}
