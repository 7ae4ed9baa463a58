internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import Random

/// Makes the settings of a protocol, dataset by dataset.
package struct Planner {
  let suite: Suite
  let seeds: [Int]
  var settings: [PlannedSetting] = []
  var skipped: [String] = []
  /// What cases as they stand are grouped by, of what the suite asks for.
  var groupsFound: Set<String> = []
  /// What they could be grouped by.
  var attributesFound: Set<String> = []

  init(suite: Suite, seeds: [Int]) {
    self.suite = suite
    self.seeds = seeds
  }

  mutating func add(_ dataset: Dataset) throws(SuiteError) {
    try requireSize(of: dataset)
    if suite.protocol.asked == .testSet {
      guard dataset.labels("test") != nil else { throw unusable(dataset, "has no test.features") }
      try requireDecision(of: dataset)
    }
    try suite.protocol.add(dataset, to: &self)
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

  /// Adds a setting that fits on a draw and asks `queries`.
  ///
  /// - Parameters:
  ///   - setting: What the protocol varies beside the draw.
  ///   - classes: The classes that training is restricted to, from the first on; nil for all.
  ///   - queryNames: The inputs of the queries.
  ///   - demanded: Those of them that a method must claim.
  ///   - view: The dataset to slice in place of this one.
  mutating func add(
    _ dataset: Dataset, _ draw: TrainingDraw, setting: [String: JSON] = [:], takesAux: Bool,
    classes: Range<Int>? = nil, queryNames: Set<String>, demanded: Set<String> = [],
    notes: [String] = [], view: PrincipalView? = nil,
    queries: @escaping @Sendable () throws -> [CaseQuery]
  ) {
    let fit = FitInputs(
      dataset: dataset, train: draw.rows, validation: validation(dataset, draw),
      takesAux: takesAux, classes: classes, isOpen: queryNames.contains("query.text"))
    let decision = suite.decision
    let asksValidation = decision.takesValidation
    var notes = draw.notes + notes
    if asksValidation { notes.append(decision.note) }
    let isOracle = dataset.manifest.valIsTest && (fit.handsOverValidation || asksValidation)
    if isOracle {
      notes.append("The validation rows are test rows: tuning on them is oracle selection.")
    }
    var planned =
      PlannedSetting(
        suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
        contract: suite.contract, metrics: suite.metrics, dataset: dataset,
        setting: draw.setting.merging(setting) { $1 }, seed: draw.seed,
        offered: fit.offered.union(queryNames), demanded: demanded, selectionIsOracle: isOracle,
        notes: notes,
        make: {
          var fit = fit
          if let view { fit.dataset = try view() }
          var (sources, rows) = try fit.materialise()
          var queries = try queries()
          if asksValidation {
            queries.append(
              try .validation(of: fit.dataset, settling: decision, takesAux: takesAux))
          }
          rows["query"] = queries.reduce(0) { $0 + $1.rowCount }
          return EvaluationCase(fit: sources, queries: queries, rows: rows)
        })
    planned.mixture = draw.mixture
    settings.append(planned)
  }

  /// Refuses a dataset whose validation rows cannot settle the threshold that the suite asks for.
  func requireDecision(of dataset: Dataset) throws(SuiteError) {
    guard suite.decision.takesValidation else { return }
    guard dataset.classes.count == 2 else {
      throw unusable(dataset, "has \(dataset.classes.count) classes, not two")
    }
    guard Set(dataset.labels("val") ?? []).count == 2 else {
      throw unusable(dataset, "has no validation rows of both classes")
    }
  }

  private func validation(_ dataset: Dataset, _ draw: TrainingDraw) -> FitInputs.ValidationRows {
    switch suite.validation {
    case .none: return .none
    case .full: return .all
    case .few:
      guard let labels = dataset.labels("val") else { return .none }
      return .drawn(
        rowsAtMost(
          min(draw.shots ?? 4, 4), labels: labels, classCount: dataset.classes.count,
          key: key(dataset, draw.seed, "val")))
    }
  }

  /// Shots are no part of the key, so that draws of more shots contain those of fewer.
  func key(_ dataset: Dataset, _ seed: Int, _ purpose: String) -> UInt64 {
    Philox.key(suite.id, dataset.id, "few-shot", "\(seed)", purpose)
  }

  /// The groups of the test rows that the suite asks for; what is not known was told of before.
  func groupings(of dataset: Dataset) -> [Grouping] {
    suite.groups.compactMap { by in
      var grouping = Grouping.testRows(of: dataset, by: by)
      grouping?.minimumRows = suite.minimumGroup
      return grouping
    }
  }

  /// The elements of a dataset's list that the suite names, in the suite's order; nil means all.
  func chosen<Element>(
    _ names: [String]?, of elements: [Element], named name: KeyPath<Element, String>,
    as kind: String, in dataset: Dataset
  ) throws(SuiteError) -> [Element] {
    guard !elements.isEmpty else { throw unusable(dataset, "declares no \(kind)") }
    guard let names else { return elements }
    return names.compactMap { wanted in elements.first { $0[keyPath: name] == wanted } }
  }

  func unusable(_ dataset: Dataset, _ message: String) -> SuiteError {
    SuiteError(
      .badDataset,
      "\(dataset.folder)/dataset.json: dataset '\(dataset.id)' \(message), which suite "
        + "'\(suite.id)' needs")
  }
}
