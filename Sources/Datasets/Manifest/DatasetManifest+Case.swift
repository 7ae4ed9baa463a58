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
    package var pointer: String
  }

  /// A tensor of a case: an array, or a single number.
  package enum CaseEntry: Sendable {
    case number(Double)
    case array(ArrayReference)
  }
}

extension DatasetManifest.Case {
  init(_ json: JSON, pointer: String) {
    func entries(_ key: String) -> [String: DatasetManifest.CaseEntry] {
      Dictionary(
        uniqueKeysWithValues: (json[key]?.object ?? [:]).map { name, value in
          if let number = value.double { return (name, .number(number)) }
          let place = JSONPointer.appending(name, to: "\(pointer)/\(key)")
          return (name, .array(ArrayReference(value, pointer: place)))
        })
    }
    name = json["name"]?.string ?? ""
    setting = json["setting"]?.object ?? ["case": .string(json["name"]?.string ?? "")]
    fit = entries("fit")
    query = entries("query")
    truth = entries("truth")
    self.pointer = pointer
  }

  /// The arrays of the case, in a fixed order.
  var references: [ArrayReference] {
    [fit, query, truth].flatMap { entries in
      entries.sorted { $0.key < $1.key }.compactMap { _, entry in
        if case .array(let reference) = entry { return reference }
        return nil
      }
    }
  }
}
