package import Datasets
package import Documents

/// The training rows without their labels.
package struct UnsupervisedProtocol: SuiteProtocol {
  package static let kind = "unsupervised"

  package init(_ json: JSON) {}

  package func size(on dataset: Dataset) -> PlanSize { PlanSize(factors: []) }

  /// One setting for each seed, whose training rows come without labels.
  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    guard dataset.arrays["train.features"] != nil else {
      throw planner.unusable(dataset, "has no train.features")
    }
    let groups = planner.groupings(of: dataset)
    for seed in planner.seeds {
      planner.addTest(
        dataset,
        TrainingDraw(setting: ["train": "unlabelled"], seed: seed, rows: .unlabelled),
        groups: groups)
    }
  }
}

// MARK: In suite files

extension UnsupervisedProtocol {
  package static let schema = #"""
    {
      "description": "All training rows without their labels.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind"],
      "properties": { "kind": { "const": "unsupervised" } }
    }
    """#
}
