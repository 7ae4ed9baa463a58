package import Datasets
package import Documents
internal import Metrics
internal import Tensors

/// Each prompt template on its own as the class text.
package struct PromptsProtocol: SuiteProtocol {
  package static let kind = "prompts"
  let train: [TrainingBudget]

  package init(_ json: JSON) { train = json.budgets }

  package func size(on dataset: Dataset) -> PlanSize {
    let prompts = dataset.arrays["text.prompts"]?.shape.extents.dropFirst().first ?? 0
    return PlanSize(
      factors: [train.count, prompts],
      drawnRows: Int.saturatingProduct([dataset.rows(of: train), prompts]))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addPrompts(dataset, train: train)
  }
}

extension Planner {
  /// One setting for each prompt template and seed: its text alone is the class text.
  fileprivate mutating func addPrompts(
    _ dataset: Dataset, train: [TrainingBudget]
  ) throws(SuiteError) {
    guard let prompts = dataset.arrays["text.prompts"] else {
      throw unusable(dataset, "has no text.prompts")
    }
    let groups = groupings(of: dataset)
    for number in 0..<prompts.shape[1] {
      guard let view = dataset.withPrompt(number) else { continue }
      let template = dataset.templates.indices.contains(number) ? dataset.templates[number] : nil
      for draw in try draws(train, of: view) {
        var named = draw
        named.notes += template.map { ["The prompt is '\($0)'."] } ?? []
        add(
          view, named, setting: ["prompt": JSON(number + 1)], takesAux: false,
          queryNames: ["query.features"]
        ) {
          [try .test(of: view, takesAux: false, groupings: groups)]
        }
      }
    }
  }
}

// MARK: In suite files

extension PromptsProtocol {
  package static let schema = #"""
    {
      "description": "Each prompt template of the datasets on its own as the class text, for each training budget and seed.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "train"],
      "properties": {
        "kind": { "const": "prompts" },
        "train": { "$ref": "#/$defs/train" }
      }
    }
    """#
}
