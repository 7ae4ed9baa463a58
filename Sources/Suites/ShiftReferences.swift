package import Documents

/// What results under a shift are compared with.
package struct ShiftReferences: Equatable, Sendable {
  /// The row whose corruption errors are 100 % in mCE.
  package let baseline: String?
  /// The row that relative robustness is measured from.
  package let base: String?
  /// The rows whose accuracies, in every setting, give the line of effective robustness.
  package let family: [String]
  /// Attributes that are visual factors, such as pose.
  package let factors: [String]

  package init(
    baseline: String?, base: String? = nil, family: [String], factors: [String] = []
  ) {
    self.baseline = baseline
    self.base = base
    self.family = family
    self.factors = factors
  }

  /// Reads a member `references` that the schema has passed.
  package init(_ json: JSON) {
    func names(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
    self.init(
      baseline: json["baseline"]?.string, base: json["base"]?.string, family: names("family"),
      factors: names("factors"))
  }

  /// The member `references`.
  package var json: JSON {
    var members: [String: JSON] = [:]
    members["baseline"] = baseline.map(JSON.string)
    members["base"] = base.map(JSON.string)
    if !family.isEmpty { members["family"] = .array(family.map(JSON.string)) }
    if !factors.isEmpty { members["factors"] = .array(factors.map(JSON.string)) }
    return .object(members)
  }
}
