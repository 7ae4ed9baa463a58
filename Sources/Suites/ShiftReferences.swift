package import Documents

/// What results under a shift are compared with.
package struct ShiftReferences: Equatable, Sendable {
  /// Models of the family: the settings of a row, all or those with some members.
  package struct Members: Equatable, Sendable {
    package let label: String
    /// Members that a setting must have, such as `{"mix": "A"}`; empty: every setting.
    package let setting: [String: JSON]

    package init(_ label: String, setting: [String: JSON] = [:]) {
      self.label = label
      self.setting = setting
    }

    /// Tells whether a row in a setting is one of them.
    package func contains(_ label: String, _ setting: [String: JSON]) -> Bool {
      label == self.label && self.setting.allSatisfy { setting[$0] == $1 }
    }
  }

  /// The row whose corruption errors are 100 % in mCE.
  package let baseline: String?
  /// The row that relative robustness is measured from.
  package let base: String?
  /// The models whose accuracies give the line of effective robustness.
  package let family: [Members]
  /// Attributes that are visual factors, such as pose.
  package let factors: [String]

  package init(
    baseline: String? = nil, base: String? = nil, family: [Members] = [], factors: [String] = []
  ) {
    self.baseline = baseline
    self.base = base
    self.family = family
    self.factors = factors
  }

  /// Reads a member `references` that the schema has passed.
  package init(_ json: JSON) {
    func names(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
    let family = (json["family"]?.array ?? []).compactMap { member -> Members? in
      if let label = member.string { return Members(label) }
      return member["method"]?.string.map {
        Members($0, setting: member["setting"]?.object ?? [:])
      }
    }
    self.init(
      baseline: json["baseline"]?.string, base: json["base"]?.string, family: family,
      factors: names("factors"))
  }

  /// The member `references`.
  package var json: JSON {
    var members: [String: JSON] = [:]
    members["baseline"] = baseline.map(JSON.string)
    members["base"] = base.map(JSON.string)
    if !family.isEmpty { members["family"] = .array(family.map(\.json)) }
    if !factors.isEmpty { members["factors"] = .array(factors.map(JSON.string)) }
    return .object(members)
  }
}

extension ShiftReferences.Members: ExpressibleByStringLiteral {
  /// All settings of a row.
  package init(stringLiteral label: String) { self.init(label) }
}

extension ShiftReferences.Members {
  fileprivate var json: JSON {
    setting.isEmpty
      ? .string(label) : .object(["method": .string(label), "setting": .object(setting)])
  }
}
