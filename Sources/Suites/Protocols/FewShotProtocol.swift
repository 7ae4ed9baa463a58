package import Datasets
package import Documents
internal import Metrics

/// `k` labelled training rows of each class, for each `k` and seed.
package struct FewShotProtocol: SuiteProtocol {
  package static let kind = "few-shot"
  let shots: [Int]

  package init(_ json: JSON) { shots = json.integers("shots") }

  package func size(on dataset: Dataset) -> PlanSize {
    PlanSize(factors: [shots.count], drawnRows: dataset.rows(ofShots: shots))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    let groups = planner.groupings(of: dataset)
    for draw in try planner.draws(shots.map { .shots($0) }, of: dataset) {
      planner.addTest(dataset, draw, groups: groups)
    }
  }
}

// MARK: In suite files

extension FewShotProtocol {
  package static let schema = #"""
    {
      "description": "k labelled training rows of each class, for each k and seed.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "shots"],
      "properties": {
        "kind": { "const": "few-shot" },
        "shots": {
          "description": "The numbers of training rows per class.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
        }
      }
    }
    """#
}
