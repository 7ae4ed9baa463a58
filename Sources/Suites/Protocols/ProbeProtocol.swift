package import Datasets
package import Documents
internal import Metrics
internal import Tensors

/// Attributes of the rows as labels, of the features as they are and of what a plot of them shows.
package struct ProbeProtocol: SuiteProtocol {
  package static let kind = "probe"
  /// The names of the attributes; nil means all that the training rows have.
  let attributes: [String]?
  let spaces: [Space]

  /// The features that an attribute is read from.
  enum Space: String, CaseIterable {
    case full
    /// The first two principal components of the training rows.
    case pca2
  }

  package init(_ json: JSON) {
    attributes = json.strings("attributes")
    spaces = (json.strings("spaces") ?? []).compactMap(Space.init)
  }

  package var asked: Asked { .relabelledTestSet }
  package var obstacleToGroups: String? {
    "protocol 'probe' has its attributes as labels and groups no rows; leave the groups out"
  }
  package var partitions: [String] { ["plot", "centroids"] }

  package func metricsOfGroups(_ groups: [String]) -> [String] { ["silhouette"] }

  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    dataset.missing(
      attributes, among: dataset.trainingAttributes, "attribute with training rows",
      at: "/protocol/attributes")
  }

  package func size(on dataset: Dataset) -> PlanSize {
    PlanSize(factors: [attributes?.count ?? dataset.trainingAttributes.count, spaces.count])
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addProbe(dataset, attributes: attributes, spaces: spaces)
  }
}

extension Planner {
  /// One setting for each attribute, feature space and seed, trained on the whole training split.
  fileprivate mutating func addProbe(
    _ dataset: Dataset, attributes: [String]?, spaces: [ProbeProtocol.Space]
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
    of dataset: Dataset, _ attribute: String, space: ProbeProtocol.Space
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

// MARK: In suite files

extension ProbeProtocol {
  package static let schema = #"""
    {
      "description": "Attributes of the rows as labels, for each attribute, feature space and seed; trains on the whole training split.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind"],
      "properties": {
        "kind": { "const": "probe" },
        "attributes": {
          "description": "The names of the attributes; without it all that the training rows have.",
          "$ref": "#/$defs/names"
        },
        "spaces": {
          "description": "The features as they are, or their first two principal components on the training rows.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "enum": ["full", "pca2"] },
          "default": ["full", "pca2"]
        }
      }
    }
    """#
}
