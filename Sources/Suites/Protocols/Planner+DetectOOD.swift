internal import Datasets
internal import Documents

extension Planner {
  /// One setting for each OOD set, training budget and seed.
  ///
  /// Each set is a setting of its own, so that intervals, tests and gates hold for each set.
  mutating func addDetection(
    _ dataset: Dataset, train: [SuiteProtocol.TrainingBudget], names: [String]?
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
