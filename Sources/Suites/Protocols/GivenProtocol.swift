internal import Contracts
package import Datasets
package import Documents
internal import Metrics
internal import Tensors

/// The cases of the dataset as they stand, for each seed; of any task.
package struct GivenProtocol: SuiteProtocol {
  package static let kind = "given"
  package static let task: String? = nil

  package init(_ json: JSON) {}

  package var asked: Asked { .casesAsTheyStand }

  package func size(on dataset: Dataset) -> PlanSize { PlanSize(factors: [dataset.cases.count]) }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addCases(dataset)
  }
}

extension Planner {
  /// One setting for each seed and each setting of the cases; cases of one setting are calls of one
  /// trial.
  fileprivate mutating func addCases(_ dataset: Dataset) throws(SuiteError) {
    try checkCases(of: dataset)
    for by in suite.groups {
      if dataset.cases.contains(where: { isGrouped($0, by: by, in: dataset) }) {
        groupsFound.insert(by)
      }
      attributesFound.formUnion(
        dataset.cases.flatMap { attributes(of: $0, in: dataset) })
    }
    var order: [[String: JSON]] = []
    for entry in dataset.cases where !order.contains(entry.setting) { order.append(entry.setting) }
    for setting in order {
      let cases = dataset.cases.filter { $0.setting == setting }
      for seed in seeds { addTrial(of: cases, dataset, setting: setting, seed: seed) }
    }
  }

  private mutating func addTrial(
    of cases: [Dataset.Case], _ dataset: Dataset, setting: [String: JSON], seed: Int
  ) {
    let contract = suite.contract
    let fit = cases[0].fit
    let planner = self
    let lacking = suite.groups.filter { by in
      !cases.allSatisfy { isGrouped($0, by: by, in: dataset) }
    }
    let asked = cases.reduce(Set(cases[0].query.keys)) { $0.intersection($1.query.keys) }
    settings.append(
      PlannedSetting(
        suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
        contract: contract, metrics: suite.metrics, dataset: dataset, setting: setting,
        seed: seed, offered: Set(fit.keys).union(asked), demanded: [], selectionIsOracle: false,
        notes: lacking.map { "Dataset '\(dataset.id)' has no attribute '\($0)': no groups by it." },
        make: {
          let queries = try cases.map { entry in
            CaseQuery(
              name: entry.name, inputs: try sources(entry.query, contract.predict),
              truth: try tensors(entry.truth, contract.truth),
              groupings: try planner.groupings(of: entry, in: dataset))
          }
          return EvaluationCase(
            fit: try sources(fit, contract.fit), queries: queries,
            rows: ["query": queries.reduce(0) { $0 + $1.rowCount }])
        }))
  }

  private func isGrouped(_ entry: Dataset.Case, by: String, in dataset: Dataset) -> Bool {
    attributes(of: entry, in: dataset).isSuperset(
      of: Grouping.names(in: by))
  }

  // MARK: Problems

  /// Checks that the dataset has cases, and that each is a question of the suite's contract.
  ///
  /// - Parameter contract: What cases have to keep, where a protocol draws some inputs itself.
  func checkCases(
    of dataset: Dataset, keeping contract: Contract? = nil
  ) throws(SuiteError) {
    guard !dataset.cases.isEmpty else { throw unusable(dataset, "has no cases") }
    let problems = dataset.cases.flatMap {
      obstacles(to: $0, in: dataset, contract ?? suite.contract)
    }
    guard problems.isEmpty else {
      throw SuiteError(.badDataset, problems.joined(separator: "\n"))
    }
  }

  /// What keeps a case from being a question of the suite's contract, each a sentence with its place.
  private func obstacles(
    to entry: Dataset.Case, in dataset: Dataset, _ contract: Contract
  ) -> [String] {
    var found: [String] = []
    func report(_ member: String, _ message: String) {
      found.append("\(dataset.folder)/dataset.json: at \(entry.pointer)/\(member): \(message)")
    }
    for (member, message) in entry.obstacles(to: contract) { report(member, message) }
    for (member, message) in obstacles(toGroupsOf: entry) { report(member, message) }
    // Cases of one trial share its one fit.
    if let first = dataset.cases.first(where: { $0.setting == entry.setting }),
      first.name != entry.name, !entry.fit.isEmpty
    {
      report(
        "fit",
        "case '\(first.name)' has the same setting and says what fit is handed; leave it out here")
    }
    return found
  }
}

/// The sources of a case's tensors in the types of its contract.
func sources(
  _ tensors: [String: Dataset.CaseTensor], _ specs: [TensorSpec]
) throws -> [TensorSource] {
  try tensors.sorted { $0.key < $1.key }.compactMap { name, tensor in
    try Contract.spec(named: name, in: specs).map {
      try tensor.source(name: name, as: $0.dtypes[0])
    }
  }
}

/// The tensors that the host keeps of a case, in the types of its contract.
func tensors(
  _ tensors: [String: Dataset.CaseTensor], _ specs: [TensorSpec]
) throws -> [String: Tensor] {
  var result: [String: Tensor] = [:]
  for (name, tensor) in tensors {
    guard let spec = Contract.spec(named: name, in: specs) else { continue }
    result[name] = try tensor.tensor(as: spec.dtypes[0])
  }
  return result
}

// MARK: In suite files

extension GivenProtocol {
  package static let schema = #"""
    {
      "description": "The cases of the datasets as they stand, for each seed; for any task.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind"],
      "properties": { "kind": { "const": "given" } }
    }
    """#
}
