internal import Datasets
internal import Documents
internal import Numerics

extension Planner {
  /// One setting for each training budget and seed, asked for the test set and each shifted set.
  mutating func addShifts(
    _ dataset: Dataset, train: [SuiteProtocol.TrainingBudget], names: [String]?
  ) throws(SuiteError) {
    try addShifts(dataset, draws: try draws(train, of: dataset), names: names)
  }

  /// One setting for each draw, asked for the test set and each shifted set.
  mutating func addShifts(
    _ dataset: Dataset, draws: [TrainingDraw], names: [String]?
  ) throws(SuiteError) {
    let shifts = try chosen(
      names, of: dataset.shifts, named: \.name, as: "shift", in: dataset)
    let groups = groupings(of: dataset)
    let references = try cleanReferences(of: shifts, in: dataset)
    var notes = withoutAux(dataset, "the shifted sets have none")
    if references.count > 1 {
      notes += references.map { reference in
        "'\(reference.name)' holds the test rows behind \(listed(reference.shifts))."
      }
    }
    notes += shifts.compactMap { shift in
      shift.classes.map {
        "'\(shift.name)' has \($0.count) of \(dataset.classes.count) classes: the scores of the "
          + "others are masked, there and in its reference."
      }
    }
    let unpaired = shifts.filter { $0.testRows == nil && $0.classes == nil }.map(\.name)
    if !unpaired.isEmpty {
      notes.append(
        "\(listed(unpaired)) \(unpaired.count == 1 ? "does" : "do") not name the test rows behind "
          + "\(unpaired.count == 1 ? "it" : "them"): the reference is the whole test set.")
    }
    let calibration = suite.calibratesTemperature ? calibrationRows(of: dataset, shifts) : nil
    if let calibration {
      notes.append(
        "The temperature is fitted on \(calibration.rows.count) test rows, "
          + (calibration.areApart ? "none of them behind a shift." : "drawn at random."))
    }
    for draw in draws {
      add(dataset, draw, takesAux: false, queryNames: ["query.features"], notes: notes) {
        var queries = [
          try CaseQuery.test(of: dataset, takesAux: false, groupings: groups)
        ]
        for reference in references { queries.append(try reference.query(of: dataset)) }
        for shift in shifts {
          var query = try CaseQuery.shift(shift, of: dataset)
          query.reference =
            references.first { $0.shifts.contains(shift.name) }?.name ?? CaseQuery.testSet
          queries.append(query)
        }
        if let calibration {
          queries.append(
            try .test(
              of: dataset, name: "in-distribution", part: CaseQuery.calibration,
              rows: calibration.rows,
              takesAux: false))
        }
        return queries
      }
    }
  }

  /// Test rows that shifted sets are copies of, and the names of those sets.
  private struct CleanReference {
    var name: String
    let rows: [Int]
    /// The classes that may be decided for, where those are not all.
    let classes: [Int32]?
    var shifts: [String]

    func query(of dataset: Dataset) throws -> CaseQuery {
      var query = try CaseQuery.test(
        of: dataset, name: name, part: "shift", rows: rows, takesAux: false)
      query.classes = classes
      return query
    }
  }

  /// The clean rows behind the shifts: `clean`, or `clean-<first shift>` where they differ.
  ///
  /// Behind a shift of some classes that names no rows are all test rows of those classes.
  private func cleanReferences(
    of shifts: [Dataset.Shift], in dataset: Dataset
  ) throws(SuiteError) -> [CleanReference] {
    var references: [CleanReference] = []
    for shift in shifts {
      guard let rows = shift.testRows ?? rows(of: shift.classes, in: dataset) else { continue }
      if let known = references.firstIndex(where: {
        $0.rows == rows && $0.classes == shift.classes
      }) {
        references[known].shifts.append(shift.name)
      } else {
        references.append(
          CleanReference(
            name: "clean-\(shift.name)", rows: rows, classes: shift.classes,
            shifts: [shift.name]))
      }
    }
    if references.count == 1,
      references[0].classes == nil || references[0].shifts.count == shifts.count
    {
      references[0].name = "clean"
    }
    for reference in references where shifts.contains(where: { $0.name == reference.name }) {
      throw SuiteError(
        .badDataset,
        "\(dataset.folder)/dataset.json: a shift of dataset '\(dataset.id)' is called "
          + "'\(reference.name)', the name of the unshifted rows in suite '\(suite.id)'; rename it")
    }
    return references
  }

  /// The test rows of some classes; nil where all are meant.
  private func rows(of classes: [Int32]?, in dataset: Dataset) -> [Int]? {
    guard let classes, let labels = dataset.labels("test") else { return nil }
    let wanted = Set(classes)
    return labels.indices.filter { wanted.contains(labels[$0]) }
  }

  /// The test rows that no shift is a copy of; where there are none, a fifth of them at random.
  private func calibrationRows(
    of dataset: Dataset, _ shifts: [Dataset.Shift]
  ) -> (rows: [Int], areApart: Bool) {
    let count = dataset.labels("test")?.count ?? 0
    let used = shifts.reduce(into: Set<Int>()) { $0.formUnion($1.testRows ?? []) }
    let apart = (0..<count).filter { !used.contains($0) }
    guard apart.isEmpty else { return (apart, true) }
    var random = Philox(key: Philox.key("calibration", dataset.digest.description), stream: 0)
    return (random.choose(max(count / 5, 1), of: count).sorted(), false)
  }

  /// A note when the second feature space of a dataset stays behind.
  func withoutAux(_ dataset: Dataset, _ reason: String) -> [String] {
    dataset.arrays["test.aux"] == nil
      ? [] : ["The second feature space (aux) is not handed over: \(reason)."]
  }

}

func listed(_ names: [String]) -> String {
  names.map { "'\($0)'" }.joined(separator: ", ")
}
