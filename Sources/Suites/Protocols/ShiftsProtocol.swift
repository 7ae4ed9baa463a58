package import Datasets
package import Documents
internal import LinearAlgebra
internal import Metrics

/// One fit, then the test set and every shifted set, each on its own.
package struct ShiftsProtocol: SuiteProtocol {
  package static let kind = "shifts"
  let train: [TrainingBudget]
  /// The names of the shifted sets; nil means all.
  let names: [String]?

  package init(_ json: JSON) {
    train = json.budgets
    names = json.strings("shifts")
  }

  package var asksShifts: Bool { true }
  package var takesTemperature: Bool { true }
  package var partitions: [String] { ["shift"] }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? {
    ShiftsProtocol.keys(names, in: dataset)
  }

  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    dataset.missing(names, among: dataset.shifts.map(\.name), "shift", at: "/protocol/shifts")
  }

  package func size(on dataset: Dataset) -> PlanSize {
    PlanSize(factors: [train.count], drawnRows: dataset.rows(of: train))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addShifts(dataset, draws: try planner.draws(train, of: dataset), names: names)
  }

  /// The keys of the group `shift`.
  static func keys(_ names: [String]?, in dataset: Dataset) -> [String] {
    let wanted = names ?? dataset.shifts.map(\.name)
    // The unshifted rows behind shifts bear their name where they differ.
    let clean = ["clean"] + wanted.map { "clean-\($0)" }
    let shifts = dataset.shifts.filter { wanted.contains($0.name) }
    return wanted + clean.map { unshifted($0, among: shifts) }
  }
}

extension Planner {
  /// One setting for each draw, asked for the test set and each shifted set.
  mutating func addShifts(
    _ dataset: Dataset, draws: [TrainingDraw], names: [String]?
  ) throws(SuiteError) {
    let shifts = try chosen(
      names, of: dataset.shifts, named: \.name, as: "shift", in: dataset)
    let split = try suite.calibratesTemperature ? calibrationSplit(of: dataset, shifts) : nil
    let groups = groupings(of: dataset).map { grouping in
      split?.kept.map { grouping.selecting(rows: $0) } ?? grouping
    }
    let references = try cleanReferences(of: shifts, in: dataset, among: split)
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
    notes += split?.notes(on: shifts) ?? []
    let testName = unshifted(CaseQuery.testSet, among: shifts)
    for draw in draws {
      add(dataset, draw, takesAux: false, queryNames: ["query.features"], notes: notes) {
        var queries = [
          try CaseQuery.test(
            of: dataset, name: testName, rows: split?.kept, takesAux: false, groupings: groups)
        ]
        for reference in references { queries.append(try reference.query(of: dataset)) }
        for shift in shifts {
          var query = try CaseQuery.shift(
            shift, of: dataset, rows: split?.places(in: shift.testRows))
          query.reference =
            references.first { $0.shifts.contains(shift.name) }?.name ?? testName
          queries.append(query)
        }
        if let split {
          queries.append(
            try .test(
              of: dataset, name: unshifted(Part.calibration.key, among: shifts),
              part: .calibration, rows: split.rows, takesAux: false))
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
        of: dataset, name: name, part: .clean(Part.Clean(name, behind: shifts)), rows: rows,
        takesAux: false)
      query.classes = classes
      return query
    }
  }

  /// The clean rows behind the shifts: `clean`, or `clean-<first shift>` where they differ, told
  /// from a shift of that name.
  ///
  /// Behind a shift of some classes that names no rows are all test rows of those classes.
  private func cleanReferences(
    of shifts: [Dataset.Shift], in dataset: Dataset, among split: CalibrationSplit?
  ) throws(SuiteError) -> [CleanReference] {
    var references: [CleanReference] = []
    for shift in shifts {
      guard let all = shift.testRows ?? rows(of: shift.classes, in: dataset) else { continue }
      let rows = split?.places(in: all)?.map { all[$0] } ?? all
      guard !rows.isEmpty else {
        throw unusable(
          dataset,
          "has too few test rows behind shift '\(shift.name)' to keep some beside those of the "
            + "temperature")
      }
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
    for place in references.indices {
      references[place].name = unshifted(references[place].name, among: shifts)
    }
    return references
  }

  /// The test rows of some classes; nil where all are meant.
  private func rows(of classes: [Int32]?, in dataset: Dataset) -> [Int]? {
    guard let classes, let labels = dataset.labels("test") else { return nil }
    let wanted = Set(classes)
    return labels.indices.filter { wanted.contains(labels[$0]) }
  }

  /// A note when the second feature space of a dataset stays behind.
  func withoutAux(_ dataset: Dataset, _ reason: String) -> [String] {
    dataset.arrays["test.aux"] == nil
      ? [] : ["The second feature space (aux) is not handed over: \(reason)."]
  }

}

/// A name for rows without a shift that no shift has.
func unshifted(_ name: String, among shifts: [Dataset.Shift]) -> String {
  shifts.contains { $0.name == name } ? unshifted("\(name) (unshifted)", among: shifts) : name
}

func listed(_ names: [String]) -> String {
  names.map { "'\($0)'" }.joined(separator: ", ")
}

// MARK: In suite files

extension ShiftsProtocol {
  package static let schema = #"""
    {
      "description": "One fit for each training budget and seed, then the test set, the clean rows behind the shifts, and every shifted set: each a row of its own.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "train"],
      "properties": {
        "kind": { "const": "shifts" },
        "train": { "$ref": "#/$defs/train" },
        "shifts": {
          "description": "The names of the shifted sets; without it all that the dataset declares.",
          "$ref": "#/$defs/names"
        }
      }
    }
    """#
}
