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
      names, of: dataset.outOfDistribution, named: \.name, as: "OOD set", at: "/protocol/sets",
      in: dataset)
    let notes = withoutAux(dataset, "the OOD sets have none")
    let draws = try draws(train, of: dataset)
    for set in sets {
      for draw in draws {
        add(
          dataset, draw, setting: ["ood": .string(set.name), "distance": .string(set.distance)],
          takesAux: false, queryNames: ["query.features"], notes: notes
        ) {
          [try .mixed(set, with: dataset)]
        }
      }
    }
  }
}
