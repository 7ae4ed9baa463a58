/// What a shifted test set is called, and of which corruption at which severity it is, if of one.
package struct ShiftID: Hashable, Sendable {
  package let name: String
  package let corruption: String?
  package let severity: Int?

  package init(_ name: String, corruption: String? = nil, severity: Int? = nil) {
    self.name = name
    self.corruption = corruption
    self.severity = severity
  }
}

extension Dataset.Shift {
  package var id: ShiftID { ShiftID(name, corruption: corruption, severity: severity) }
}
