internal import Datasets
internal import Documents
internal import Metrics

extension Planner {
  /// One setting for each attribute, feature space and seed, trained on the whole training split.
  mutating func addProbe(
    _ dataset: Dataset, attributes: [String]?, spaces: [SuiteProtocol.Space]
  ) throws(SuiteError) {
    guard dataset.arrays["train.features"] != nil, dataset.arrays["test.features"] != nil else {
      throw unusable(dataset, "has no train.features and test.features")
    }
    let known = dataset.groups.keys.sorted().filter { dataset.groups[$0]?.splits["train"] != nil }
    let chosen = try chosen(
      attributes, of: known, named: \.self, as: "attribute with training rows",
      at: "/protocol/attributes", in: dataset)
    for attribute in chosen {
      guard let labelled = dataset.labelled(byAttribute: attribute) else { continue }
      try requireDecision(of: labelled)
      for space in spaces { addProbe(of: labelled, attribute, space: space) }
    }
  }

  private mutating func addProbe(
    of dataset: Dataset, _ attribute: String, space: SuiteProtocol.Space
  ) {
    let view = space == .pca2 ? PrincipalView(of: dataset) : nil
    var notes = withoutAux(dataset, "a probe is of one feature space")
    if view != nil {
      notes.append("The features are the first two principal components of the training rows.")
    }
    for seed in seeds {
      add(
        dataset, TrainingDraw(setting: [:], seed: seed, rows: .all),
        setting: ["attribute": .string(attribute), "space": .string(space.rawValue)],
        takesAux: false, queryNames: ["query.features"], notes: notes, view: view
      ) {
        guard let view else { return [try .test(of: dataset, takesAux: false)] }
        var query = try CaseQuery.test(of: try view(), takesAux: false)
        query.measurements = [
          RowMeasurement(
            by: "plot", key: space.rawValue, metric: "silhouette",
            values: silhouettes(
              of: try view.testPoints(), width: PrincipalView.count,
              groups: dataset.labels("test") ?? []))
        ]
        return [query]
      }
    }
  }
}
