package import Documents

/// What results under a shift are compared with.
package struct ShiftReferences: Equatable, Sendable {
  /// The row whose corruption errors are 100 % in mCE.
  package let baseline: String?
  /// The rows whose accuracies, in every setting, give the line of effective robustness.
  package let family: [String]

  package init(baseline: String?, family: [String]) {
    self.baseline = baseline
    self.family = family
  }

  /// Reads a member `references` that the schema has passed.
  package init(_ json: JSON) {
    self.init(
      baseline: json["baseline"]?.string,
      family: (json["family"]?.array ?? []).compactMap(\.string))
  }

  /// The member `references`.
  package var json: JSON {
    var members: [String: JSON] = [:]
    members["baseline"] = baseline.map(JSON.string)
    if !family.isEmpty { members["family"] = .array(family.map(JSON.string)) }
    return .object(members)
  }
}
