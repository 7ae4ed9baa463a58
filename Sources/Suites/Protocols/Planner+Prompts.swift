internal import Datasets
internal import Documents
internal import Tensors

extension Planner {
  /// One setting for each prompt template and seed: its text alone is the class text.
  mutating func addPrompts(
    _ dataset: Dataset, train: [SuiteProtocol.TrainingBudget]
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
