internal import Datasets
internal import Documents
internal import Metrics
internal import Tensors

extension Planner {
  /// One setting for each attribute, feature space and seed, trained on the whole training split.
  mutating func addProbe(
    _ dataset: Dataset, attributes: [String]?, spaces: [SuiteProtocol.Space]
  ) throws(SuiteError) {
    guard dataset.arrays["train.features"] != nil, dataset.arrays["test.features"] != nil else {
      throw unusable(dataset, "has no train.features and test.features")
    }
    let chosen = try chosen(
      attributes, of: dataset.trainingAttributes, named: \.self, as: "attribute with training rows",
      in: dataset)
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
        var query = try CaseQuery.test(of: try view?() ?? dataset, takesAux: false)
        let groups = dataset.labels("test") ?? []
        guard let view else {
          query.measurements = try centroids(of: dataset, groups)
          return [query]
        }
        query.measurements = [
          RowMeasurement(
            by: "plot", key: space.rawValue, metric: "silhouette",
            values: silhouettes(
              of: try view.testPoints(), width: PrincipalView.count, groups: groups))
        ]
        return [query]
      }
    }
  }
}

/// The three dimensions in which the centroids of each pair of groups of test rows differ most.
private func centroids(of dataset: Dataset, _ groups: [Int32]) throws -> [RowMeasurement] {
  guard let source = try dataset.arrays["test.features"]?.source(name: "test.features") else {
    return []
  }
  let width = source.shape[1]
  let points = try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
    .withElements(of: Float.self) { $0.map(Double.init) }
  let rows = dataset.classes.indices.map { code in
    groups.indices.filter { groups[$0] == Int32(code) }
  }
  var found: [RowMeasurement] = []
  for first in rows.indices {
    for second in rows.indices.dropFirst(first + 1) {
      let dimensions = centroidDimensions(
        of: points, width: width, between: rows[first], and: rows[second], count: 3)
      for axis in dimensions {
        found.append(
          RowMeasurement(
            by: "centroids",
            key: "\(dataset.classes[second]) less \(dataset.classes[first]), dimension \(axis)",
            metric: "centroid_difference",
            values: groups.indices.map { points[$0 * width + axis] },
            difference: (of: rows[second], less: rows[first])))
      }
    }
  }
  return found
}
