package import Evaluation
internal import Metrics
internal import Suites

/// A group of rows, or what several groups come down to, in two reports.
package struct GroupComparison: Equatable, Sendable {
  package var name: GroupID
  /// The number of rows in the candidate.
  package var n: Int
  package var comparisons: [Comparison]

  package init(name: GroupID, n: Int, comparisons: [Comparison]) {
    self.name = name
    self.n = n
    self.comparisons = comparisons
  }
}

extension GroupRecord {
  /// Whether the group says how a method does on rows that it is judged by.
  ///
  /// Not those that settle a threshold or a temperature, nor groups too small to be compared.
  var isCompared: Bool {
    role != .small && role != .difference && id != .part(.calibration) && id != .part(.decision)
  }
}

extension TrialRecord {
  func comparedGroup(_ id: GroupID) -> GroupRecord? {
    groups.first { $0.id == id && $0.isCompared }
  }

  /// The groups whose least value is the worst group's: those held against each other, else every
  /// group but classes, which count only where there is nothing else.
  func worstCandidates(_ metric: String) -> [GroupRecord] {
    let measured = groups.filter { $0.isCompared && $0.metrics[metric]?.value != nil }
    let held = measured.filter { $0.role == .worst }
    let rows = measured.filter { $0.role == .rows && $0.id != .harmonicMean }
    let others = rows.filter { !($0.id.isOfOwnRows && $0.by == "class") }
    return !held.isEmpty ? held : others.isEmpty ? rows : others
  }
}
