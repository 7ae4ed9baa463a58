package import Documents

/// What `dataset.json` says, before any array is opened.
package struct DatasetManifest: Sendable {
  package var id: String
  package var version: String
  package var title: String
  package var summary: String?
  package var source: String
  package var licence: String
  package var licenceFile: String?
  package var citation: String?
  /// The encoder that made the features.
  package var featureSource: String?
  /// Source and licence of each part, where they differ.
  package var parts: [Part]
  package var classes: NameList?
  package var templates: NameList?
  /// The arrays that contracts name, such as `train.features`.
  package var arrays: [String: ArrayReference]
  package var shots: Shots?
  /// Whether `val.*` holds rows of `test.*`.
  package var valIsTest: Bool
  package var shifts: [Shift]
  package var outOfDistribution: [OutOfDistribution]
  package var groups: [String: Group]
  /// Which independent unit the rows of `train`, `val` and `test` belong to.
  package var units: [String: ArrayReference]
  /// Other labellings of the rows, in the order of their names.
  package var targets: [Target]
  /// Ready-made questions of a task.
  package var cases: [Case]
  /// Arrays that no contract names yet.
  package var extra: [String: Extra]
  package var files: [String: String]
  /// Rows that two parts share and may share.
  package var overlaps: [Overlap]
  /// The manifest as it was read, complete with defaults.
  package var document: JSON

  package struct Part: Equatable, Sendable {
    package var part: String
    package var source: String
    package var licence: String
    package var licenceFile: String?
  }

  /// Few-shot training rows that come with the data.
  package enum Shots: Sendable {
    /// Stored draws `[S, K, M]` of rows of `train.*`.
    case index(ArrayReference)
    /// One given training set for each number of shots.
    case sets([String: Labelled])
  }

  package struct Labelled: Sendable {
    package var features: ArrayReference
    package var labels: ArrayReference
    package var aux: ArrayReference?
    package var captions: ArrayReference?
  }

  package struct Shift: Sendable {
    package var name: String
    package var corruption: String?
    package var severity: Int?
    package var features: ArrayReference
    package var labels: ArrayReference
    /// The class that a second cue of each row shows.
    package var conflicting: ArrayReference?
    /// The rows of `test.*` that the rows are shifted copies of.
    package var testRows: RowSelection?
    /// The classes that occur, where those are not all: no other is to be decided for.
    package var classes: NameList?
    package var pointer: String
  }

  package struct OutOfDistribution: Sendable {
    package var name: String
    /// `near` or `far`.
    package var distance: String
    package var features: ArrayReference
    /// The same rows in the second feature space.
    package var aux: ArrayReference?
  }

  package struct Group: Sendable {
    package var array: ArrayReference
    package var names: NameList
    /// The same attribute of the rows of `train` and `val`.
    package var splits: [String: ArrayReference]
  }

  /// Labels of the rows that stand for one finding.
  package struct Target: Sendable {
    package var name: String
    package var classes: NameList
    /// The labels of `train`, `val` and `test`.
    package var splits: [String: ArrayReference]
    /// One text feature per class.
    package var text: ArrayReference?
    package var pointer: String
  }

  /// Rows that two parts share, which the maker of the dataset means.
  package struct Overlap: Sendable {
    package var between: (String, String)
    package var reason: String
    package var pointer: String
  }

  package struct Extra: Sendable {
    package var array: ArrayReference
    package var summary: String
  }
}

extension DatasetManifest {
  /// Reads a document that the schema has passed and completed.
  init(_ document: JSON) {
    func text(_ key: String) -> String? { document[key]?.string }
    func references(_ key: String) -> [(name: String, json: JSON, pointer: String)] {
      (document[key]?.object ?? [:]).sorted { $0.key < $1.key }
        .map { ($0.key, $0.value, JSONPointer.appending($0.key, to: "/\(key)")) }
    }
    func elements(_ key: String) -> [(json: JSON, pointer: String)] {
      (document[key]?.array ?? []).enumerated().map { ($1, "/\(key)/\($0)") }
    }
    self.document = document
    id = text("id") ?? ""
    version = text("version") ?? ""
    title = text("title") ?? ""
    summary = text("description")
    source = text("source") ?? ""
    licence = text("licence") ?? ""
    licenceFile = text("licence_file")
    citation = text("citation")
    featureSource = text("feature_source")
    parts = elements("parts").map { Part($0.json) }
    classes = document["classes"].map(NameList.init)
    templates = document["templates"].map(NameList.init)
    arrays = Dictionary(
      uniqueKeysWithValues: references("arrays").map {
        ($0.name, ArrayReference($0.json, pointer: $0.pointer))
      })
    shots = document["shots"].map(Shots.init)
    valIsTest = document["val_is_test"]?.bool ?? false
    shifts = elements("shifts").map { Shift($0.json, pointer: $0.pointer) }
    outOfDistribution = elements("ood").map {
      OutOfDistribution(
        name: $0.json["name"]?.string ?? "", distance: $0.json["distance"]?.string ?? "",
        features: ArrayReference(child: "features", of: $0.json, pointer: $0.pointer),
        aux: $0.json["aux"].map { [pointer = $0.pointer] in
          ArrayReference($0, pointer: "\(pointer)/aux")
        })
    }
    cases = elements("cases").map { Case($0.json, pointer: $0.pointer) }
    groups = Dictionary(
      uniqueKeysWithValues: references("groups").map {
        let array = ArrayReference(child: "array", of: $0.json, pointer: $0.pointer)
        return (
          $0.name,
          Group(
            array: array, names: NameList($0.json["names"] ?? []),
            splits: ArrayReference.splits(of: $0.json, ["train", "val"], pointer: $0.pointer))
        )
      })
    units =
      document["units"].map {
        ArrayReference.splits(of: $0, ["train", "val", "test"], pointer: "/units")
      } ?? [:]
    targets = references("targets").map {
      Target(
        name: $0.name, classes: NameList($0.json["classes"] ?? []),
        splits: ArrayReference.splits(
          of: $0.json, ["train", "val", "test"], pointer: $0.pointer),
        text: ArrayReference.splits(of: $0.json, ["text"], pointer: $0.pointer)["text"],
        pointer: $0.pointer)
    }
    extra = Dictionary(
      uniqueKeysWithValues: references("extra").map {
        let array = ArrayReference($0.json, pointer: $0.pointer)
        return ($0.name, Extra(array: array, summary: $0.json["summary"]?.string ?? ""))
      })
    overlaps = elements("overlaps").map {
      let names = ($0.json["between"]?.array ?? []).compactMap(\.string)
      return Overlap(
        between: (names.first ?? "", names.last ?? ""), reason: $0.json["reason"]?.string ?? "",
        pointer: $0.pointer)
    }
    files = (document["files"]?.object ?? [:]).compactMapValues(\.string)
  }

  /// Every array of the manifest, in a fixed order.
  var references: [ArrayReference] {
    var all = arrays.sorted { $0.key < $1.key }.map(\.value)
    switch shots {
    case .index(let array): all.append(array)
    case .sets(let sets): all += sets.sorted { $0.key < $1.key }.flatMap { $0.value.references }
    case nil: break
    }
    all += shifts.flatMap { [$0.features, $0.labels, $0.conflicting].compactMap(\.self) }
    all += outOfDistribution.flatMap { [$0.features] + ($0.aux.map { [$0] } ?? []) }
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      all += [group.array] + group.splits.sorted { $0.key < $1.key }.map(\.value)
    }
    all += units.sorted { $0.key < $1.key }.map(\.value)
    for target in targets {
      all += target.splits.sorted { $0.key < $1.key }.map(\.value)
      if let text = target.text { all.append(text) }
    }
    all += cases.flatMap(\.references)
    return all + extra.sorted { $0.key < $1.key }.map(\.value.array)
  }

  /// Every file that the manifest names beside the arrays, with its place in the manifest.
  var plainFiles: [(file: String, pointer: String)] {
    var all: [(file: String, pointer: String)] = []
    func add(_ file: String?, _ pointer: String) {
      if let file { all.append((file, pointer)) }
    }
    add(licenceFile, "/licence_file")
    for (index, part) in parts.enumerated() { add(part.licenceFile, "/parts/\(index)") }
    for (names, pointer) in [(classes, "/classes"), (templates, "/templates")] {
      if case .file(let file) = names { add(file, pointer) }
    }
    for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
      if case .file(let file) = group.names {
        add(file, JSONPointer.appending(name, to: "/groups") + "/names")
      }
    }
    for target in targets {
      if case .file(let file) = target.classes { add(file, "\(target.pointer)/classes") }
    }
    for shift in shifts {
      if case .file(let file, _) = shift.testRows { add(file, "\(shift.pointer)/test_rows") }
      if case .file(let file) = shift.classes { add(file, "\(shift.pointer)/classes") }
    }
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      add(file, JSONPointer.appending(name, to: "/files"))
    }
    return all
  }
}

extension DatasetManifest.Part {
  init(_ json: JSON) {
    part = json["part"]?.string ?? ""
    source = json["source"]?.string ?? ""
    licence = json["licence"]?.string ?? ""
    licenceFile = json["licence_file"]?.string
  }
}

extension DatasetManifest.Shots {
  init(_ json: JSON) {
    if let sets = json["sets"]?.object {
      self = .sets(
        Dictionary(
          uniqueKeysWithValues: sets.map {
            let pointer = JSONPointer.appending($0.key, to: "/shots/sets")
            return ($0.key, DatasetManifest.Labelled($0.value, pointer: pointer))
          }))
    } else {
      self = .index(ArrayReference(child: "array", of: json, pointer: "/shots"))
    }
  }
}

extension DatasetManifest.Labelled {
  init(_ json: JSON, pointer: String) {
    features = ArrayReference(child: "features", of: json, pointer: pointer)
    labels = ArrayReference(child: "labels", of: json, pointer: pointer)
    aux = json["aux"].map { ArrayReference($0, pointer: "\(pointer)/aux") }
    captions = json["captions"].map { ArrayReference($0, pointer: "\(pointer)/captions") }
  }

  var references: [ArrayReference] { [features, labels] + [aux, captions].compactMap(\.self) }
}

extension DatasetManifest.Shift {
  init(_ json: JSON, pointer: String) {
    name = json["name"]?.string ?? ""
    corruption = json["corruption"]?.string
    severity = json["severity"]?.int
    features = ArrayReference(child: "features", of: json, pointer: pointer)
    labels = ArrayReference(child: "labels", of: json, pointer: pointer)
    conflicting = json["conflicting"].map {
      ArrayReference($0, pointer: "\(pointer)/conflicting")
    }
    testRows = json["test_rows"].map(RowSelection.init)
    classes = json["classes"].map(NameList.init)
    self.pointer = pointer
  }
}

extension ArrayReference {
  init(child name: String, of json: JSON, pointer: String) {
    self.init(json[name] ?? [:], pointer: "\(pointer)/\(name)")
  }

  /// Those members of an object that are there, each an array.
  static func splits(
    of json: JSON, _ names: [String], pointer: String
  ) -> [String: ArrayReference] {
    var found: [String: ArrayReference] = [:]
    for name in names {
      found[name] = json[name].map { ArrayReference($0, pointer: "\(pointer)/\(name)") }
    }
    return found
  }
}
