package import Datasets

/// Whose rows a query asks about.
///
/// Its texts are for people; what needs to know which part it is asks the value.
package enum Part: Hashable, Sendable {
  /// The rows that the trial's own metrics are of; several such queries are joined.
  case test
  case shift(ShiftID)
  /// The rows behind shifts, without the shift.
  case clean(Clean)
  /// The classes of fit, where the trial's own rows are of new ones.
  case base
  /// Rows that a temperature is fitted on.
  case calibration
  /// Rows that settle the threshold of a decision between two classes.
  case decision

  /// Test rows that shifted sets are copies of.
  package struct Clean: Hashable, Sendable {
    /// A name that nothing else in the case has.
    package let name: String
    /// The names of the shifts that they are the rows behind.
    package let shifts: [String]

    package init(_ name: String, behind shifts: [String]) {
      self.name = name
      self.shifts = shifts
    }
  }

  /// What tells the parts of a kind apart; nil for the trial's own rows.
  package var by: String? {
    switch self {
    case .test: nil
    case .shift, .clean: "shift"
    case .base: "classes"
    case .calibration: "calibration"
    case .decision: "decision"
    }
  }

  /// The part among those of its kind.
  package var key: String {
    switch self {
    case .test: "test"
    case .shift(let shift): shift.name
    case .clean(let clean): clean.name
    case .base: "base"
    case .calibration: "in-distribution"
    case .decision: "val"
    }
  }
}
