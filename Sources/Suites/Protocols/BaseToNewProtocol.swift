package import Datasets
package import Documents
internal import Metrics

/// Training on the first half of the classes, tests on both halves.
package struct BaseToNewProtocol: SuiteProtocol {
  package static let kind = "base-to-new"
  let shots: [Int]

  package init(_ json: JSON) { shots = json.integers("shots") }

  package var partitions: [String] { ["classes"] }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? {
    ["base", "harmonic mean"]
  }

  package func size(on dataset: Dataset) -> PlanSize {
    PlanSize(factors: [2, shots.count], drawnRows: dataset.rows(ofShots: shots))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addBaseToNew(dataset, shots: shots)
  }
}

extension Planner {
  /// For each number of shots and seed one setting for the base classes and one for the new ones.
  ///
  /// Both fit on base classes alone. The second asks the new classes by their text, which a method
  /// must claim, and the base classes again, so that the harmonic mean is of one fitted method.
  fileprivate mutating func addBaseToNew(_ dataset: Dataset, shots: [Int]) throws(SuiteError) {
    let split = BaseNewSplit(classCount: dataset.classes.count)
    guard !split.new.isEmpty else { throw unusable(dataset, "has fewer than two classes") }
    guard dataset.arrays["text.class"] != nil else {
      throw unusable(dataset, "has no text.class")
    }
    let groups = groupings(of: dataset)
    var names: Set<String> = ["query.features"]
    if dataset.arrays["test.aux"] != nil { names.insert("query.aux") }
    let (base, new) = (split.base, split.new)
    let about =
      "Trained on the first \(base.count) of \(dataset.classes.count) classes; labels count from "
      + "0 in each half."
    for draw in try draws(shots.map { .shots($0) }, of: dataset) {
      add(
        dataset, draw, setting: ["classes": "base"], takesAux: true, classes: base,
        queryNames: names, notes: [about]
      ) {
        [try .classes(base, of: dataset, name: "base", text: false, groupings: groups)]
      }
      add(
        dataset, draw, setting: ["classes": "new"], takesAux: true, classes: base,
        queryNames: names.union(["query.text", "query.known"]), demanded: ["query.text"],
        notes: [
          about,
          "The group 'harmonic mean' is 2 b n / (b + n) of the base and new values of this seed; "
            + "its mean over seeds is not the harmonic mean of the means.",
        ]
      ) {
        [
          try .classes(new, of: dataset, name: "new", text: true, groupings: groups),
          try .classes(base, of: dataset, name: Part.base.key, part: .base, text: false),
        ]
      }
    }
  }
}

// MARK: In suite files

extension BaseToNewProtocol {
  package static let schema = #"""
    {
      "description": "Training on the first half of the classes, then tests on that half and, by class text alone, on the other.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "shots"],
      "properties": {
        "kind": { "const": "base-to-new" },
        "shots": {
          "description": "The numbers of training rows per base class.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
        }
      }
    }
    """#
}
