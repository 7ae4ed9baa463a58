internal import Datasets

extension Planner {
  /// One setting for each number of shots and seed, asked for the whole test set.
  mutating func addFewShot(_ dataset: Dataset, shots: [Int]) throws(SuiteError) {
    let groups = groupings(of: dataset)
    for draw in try draws(shots.map { .shots($0) }, of: dataset) {
      addTest(dataset, draw, groups: groups)
    }
  }

  /// Adds a setting whose only query is the whole test set.
  mutating func addTest(
    _ dataset: Dataset, _ draw: TrainingDraw, groups: [Grouping], notes: [String] = []
  ) {
    let hasAux = dataset.arrays["test.aux"] != nil
    add(
      dataset, draw, takesAux: true,
      queryNames: hasAux ? ["query.features", "query.aux"] : ["query.features"], notes: notes
    ) {
      [try .test(of: dataset, takesAux: true, groupings: groups)]
    }
  }
}
