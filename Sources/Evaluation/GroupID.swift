package import Datasets
package import Suites

/// What the values of a group are of: rows, or what several groups come down to.
///
/// Texts are made from it, so that a group may be called as anybody likes.
package enum GroupID: Hashable, Sendable {
  /// The rows of a query of their own.
  case part(Part)
  /// Rows of the trial's own query, by class, attribute or whatever else `by` names.
  case rows(by: String, key: String)
  /// The worst value among the groups of rows, for each metric.
  case worst(by: String)
  /// The greatest value among the groups less the least; of two sets, the first less the second.
  case gap(by: String)
  /// A group's value less that of all rows.
  case difference(by: String, key: String)
  /// What base and new classes come down to.
  case harmonicMean

  /// What the rows were grouped by: `class`, an attribute, `sex*age`, `shift`.
  package var by: String {
    switch self {
    case .part(let part): part.by ?? ""
    case .rows(let by, _), .worst(let by), .gap(let by), .difference(let by, _): by
    case .harmonicMean: "classes"
    }
  }

  /// What it is called among those with the same ``by``.
  package var key: String {
    switch self {
    case .part(let part): part.key
    case .rows(_, let key): key
    case .worst: "worst group"
    case .gap: "gap"
    case .difference(_, let key): "\(key) less all"
    case .harmonicMean: "harmonic mean"
    }
  }

  /// The group in words, such as `age 80+`.
  package var text: String { "\(by) \(key)" }

  /// What the values are of, whatever the size of the group.
  package var role: GroupRecord.Role {
    switch self {
    case .part, .rows, .harmonicMean: .rows
    case .worst: .worst
    case .gap: .gap
    case .difference: .difference
    }
  }

  /// Whether it is of rows of the trial's own query.
  package var isOfOwnRows: Bool {
    if case .rows = self { true } else { false }
  }

  /// The shift, if it is one.
  package var shift: ShiftID? {
    if case .part(.shift(let shift)) = self { shift } else { nil }
  }

  /// The rows behind shifts, if it is of these.
  package var clean: Part.Clean? {
    if case .part(.clean(let clean)) = self { clean } else { nil }
  }
}
