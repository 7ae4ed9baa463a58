package import Datasets
package import Documents
internal import Metrics

/// Test rows mixed with those of one OOD set, one setting per set.
package struct DetectOODProtocol: SuiteProtocol {
  package static let kind = "detect-ood"
  package static let task: String? = "detect-ood"
  let train: [TrainingBudget]
  /// The names of the OOD sets; nil means all.
  let names: [String]?

  package init(_ json: JSON) {
    train = json.budgets
    names = json.strings("sets")
  }

  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    dataset.missing(
      names, among: dataset.outOfDistribution.map(\.name), "OOD set", at: "/protocol/sets")
  }

  package func size(on dataset: Dataset) -> PlanSize {
    PlanSize(
      factors: [train.count, names?.count ?? dataset.outOfDistribution.count],
      drawnRows: dataset.rows(of: train))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addDetection(dataset, train: train, names: names)
  }
}

extension Planner {
  /// One setting for each OOD set, training budget and seed.
  ///
  /// Each set is a setting of its own, so that intervals, tests and gates hold for each set.
  fileprivate mutating func addDetection(
    _ dataset: Dataset, train: [TrainingBudget], names: [String]?
  ) throws(SuiteError) {
    let sets = try chosen(
      names, of: dataset.outOfDistribution, named: \.name, as: "OOD set", in: dataset)
    let groups = groupings(of: dataset)
    let draws = try draws(train, of: dataset)
    for set in sets {
      let takesAux = set.aux != nil && dataset.arrays["test.aux"] != nil
      let notes = takesAux ? [] : withoutAux(dataset, "the OOD set has none")
      for draw in draws {
        add(
          dataset, draw, setting: ["ood": .string(set.name), "distance": .string(set.distance)],
          takesAux: takesAux,
          queryNames: takesAux ? ["query.features", "query.aux"] : ["query.features"],
          notes: notes
        ) {
          [try .mixed(set, with: dataset, groupings: groups)]
        }
      }
    }
  }
}

// MARK: In suite files

extension DetectOODProtocol {
  package static let schema = #"""
    {
      "description": "Test rows mixed with those of one out-of-distribution set, one setting for each set.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "train"],
      "properties": {
        "kind": { "const": "detect-ood" },
        "train": { "$ref": "#/$defs/train" },
        "sets": {
          "description": "The names of the OOD sets; without it all that the dataset declares.",
          "$ref": "#/$defs/names"
        }
      }
    }
    """#
}
