package import Documents

extension DatasetManifest {
  /// A ready-made question of a task, as the manifest names it.
  package struct Case: Sendable {
    package var name: String
    /// What varies between cases; cases of equal settings are calls of one trial.
    package var setting: [String: JSON]
    package var fit: [String: CaseEntry]
    package var query: [String: CaseEntry]
    package var truth: [String: CaseEntry]
    /// Attributes of what the outcomes are about.
    package var groups: [String: CaseGroup]
    package var pointer: String
  }

  /// An attribute of the rows of one case.
  package struct CaseGroup: Sendable {
    package var array: CaseEntry
    package var names: [String]
  }

  /// A tensor of a case: an array, or a single number.
  package enum CaseEntry: Sendable {
    case number(Double)
    case array(ArrayReference)
  }
}

extension DatasetManifest.Case {
  init(_ json: JSON, pointer: String) {
    func entry(_ value: JSON, _ place: String) -> DatasetManifest.CaseEntry {
      value.double.map { .number($0) } ?? .array(ArrayReference(value, pointer: place))
    }
    func entries(_ key: String) -> [String: DatasetManifest.CaseEntry] {
      Dictionary(
        uniqueKeysWithValues: (json[key]?.object ?? [:]).map { name, value in
          (name, entry(value, JSONPointer.appending(name, to: "\(pointer)/\(key)")))
        })
    }
    groups = Dictionary(
      uniqueKeysWithValues: (json["groups"]?.object ?? [:]).map { name, value in
        let place = JSONPointer.appending(name, to: "\(pointer)/groups") + "/array"
        return (
          name,
          DatasetManifest.CaseGroup(
            array: entry(value["array"] ?? .null, place),
            names: (value["names"]?.array ?? []).compactMap(\.string))
        )
      })
    name = json["name"]?.string ?? ""
    setting = json["setting"]?.object ?? ["case": .string(json["name"]?.string ?? "")]
    fit = entries("fit")
    query = entries("query")
    truth = entries("truth")
    self.pointer = pointer
  }

  /// The arrays of the case, in a fixed order.
  var references: [ArrayReference] {
    [fit, query, truth, groups.mapValues(\.array)].flatMap { entries in
      entries.sorted { $0.key < $1.key }.compactMap { _, entry in
        if case .array(let reference) = entry { return reference }
        return nil
      }
    }
  }
}
