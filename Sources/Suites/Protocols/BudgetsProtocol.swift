internal import Contracts
package import Datasets
package import Documents
internal import Metrics
internal import Random
internal import Tensors

/// Each case optimised in so many steps, on batches that are the same for every method.
package struct BudgetsProtocol: SuiteProtocol {
  package static let kind = "budgets"
  package static let task: String? = "optimise"
  let steps: [Int]
  let batch: Int
  let records: Int

  /// The numbers that the batches of one trial may have.
  private static let largestBatches = 100_000_000

  package init(_ json: JSON) {
    steps = json.integers("steps")
    batch = json["batch"]?.int ?? 32
    records = json["records"]?.int ?? 10
  }

  package var asked: Asked { .cases }
  package var obstacleToGroups: String? {
    "the cases of protocol 'budgets' are functions and have no attributes; leave the groups out"
  }

  package func size(on dataset: Dataset) -> PlanSize {
    let numbers = Int.saturatingProduct([steps.max() ?? 0, batch])
    let obstacle =
      "makes a trial hand over more than \(Self.largestBatches) samples; take fewer steps, or "
      + "smaller batches"
    return PlanSize(
      factors: [steps.count, dataset.cases.count],
      obstacle: numbers > Self.largestBatches ? obstacle : nil)
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addBudgets(dataset, self)
  }
}

extension Planner {
  /// One setting for each case, budget and seed; a shorter budget meets the first batches of a longer.
  fileprivate mutating func addBudgets(
    _ dataset: Dataset, _ protocol: BudgetsProtocol
  ) throws(SuiteError) {
    try checkCases(of: dataset, keeping: Task.optimise.caseContract)
    let contract = suite.contract
    for entry in dataset.cases {
      for steps in `protocol`.steps {
        for seed in seeds {
          let key = Philox.key([suite.id, dataset.id, entry.name, "\(seed)", "batches"])
          let (batch, records) = (`protocol`.batch, `protocol`.records)
          settings.append(
            PlannedSetting(
              suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
              contract: contract, metrics: suite.metrics, dataset: dataset,
              setting: entry.setting.merging(["steps": JSON(steps)]) { $1 }, seed: seed,
              offered: Set(entry.query.keys).union(["seed", "batches", "records"]),
              demanded: [], selectionIsOracle: false,
              notes: [],
              make: {
                let given = try sources(entry.query, contract.predict)
                let count = try sampleCount(entry)
                var random = Philox(key: key)
                let numbers = (0..<steps * batch).map { _ in Int32(random.below(count)) }
                let marks = Set((0...records).map { Int32(steps * $0 / records) }).sorted()
                let drawn = [
                  TensorSource(name: "seed", tensor: Tensor([Int32(seed)], shape: [])),
                  TensorSource(name: "batches", tensor: Tensor(numbers, shape: [steps, batch])),
                  TensorSource(name: "records", tensor: Tensor(marks, shape: [marks.count])),
                ]
                let query = CaseQuery(
                  name: entry.name, inputs: given + drawn,
                  truth: try tensors(entry.truth, contract.truth))
                return EvaluationCase(fit: [], queries: [query], rows: ["query": 1])
              }))
        }
      }
    }
  }
}

/// The samples that the batches of a case are drawn from: rows, or places of a text; 1 for a function.
private func sampleCount(_ entry: Dataset.Case) throws -> Int {
  if let rows = entry.query["train.rows"] { return max(rows.shape[0], 1) }
  guard let text = entry.query["text"], let context = entry.query["context"] else { return 1 }
  let width = try context.tensor(as: .i32).withElements(of: Int32.self) { Int($0[0]) }
  return max(text.shape[0] - width, 1)
}

// MARK: In suite files

extension BudgetsProtocol {
  package static let schema = #"""
    {
      "description": "Each case of the datasets optimised from the same start, on the same batches, once in each number of steps. Samples of a batch are drawn uniformly, with repetition.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "steps"],
      "properties": {
        "kind": { "const": "budgets" },
        "steps": {
          "description": "The numbers of steps, each a run of its own.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 10000000 }
        },
        "batch": {
          "description": "The samples of a step.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000,
          "default": 32
        },
        "records": {
          "description": "How often on the way the loss is taken, beside the start; at most each step.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000,
          "default": 10
        }
      }
    }
    """#
}
