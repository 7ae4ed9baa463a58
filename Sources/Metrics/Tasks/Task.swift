package import Contracts
package import Tensors

/// What is asked of a method, and all that the harness knows of it: one folder a task.
package struct Task: Sendable {
  /// Every task of this version of Assay, sorted by name.
  package static let all: [Task] = [
    classify,
    classifyImages,
    curate,
    detectOOD,
    diversity,
    estimateDistance,
    optimise,
    recommend,
    retrieve,
  ]

  package let contract: Contract
  /// The metrics that its trials have, the headline first.
  package let metrics: [MetricInfo]
  /// The keys of those that are measured where a suite names none.
  package let defaultMetrics: [String]
  /// What the outcomes of its trials are kept in.
  let table: any OutcomeTable.Type
  /// The extents that the conformance checks give symbols of the contract.
  package let sample: [String: Int]
  /// The input of predict with a row for each row that is asked about; nil where the call is one.
  package let rows: String?
  /// The output that ranks or decides, where there is one.
  package let scores: String?
  /// The inputs that a protocol draws for each trial, which a case of a dataset need not hold.
  let drawn: Set<String>
  /// Spreads groups of the rows that are asked about over the rows of the table.
  package let spread: @Sendable (AskedGroups) throws -> [Int32]
  /// What is wrong with the values of a case, beyond what the contract's domains tell.
  package let faults: @Sendable (GivenCase) -> [GivenCase.Fault]
  /// What the splits of a dataset must have for the task to be asked of them; nil: it is asked of
  /// cases alone.
  package let splits: Splits?
  /// Makes the outcomes of one call of predict.
  package let outcomes: @Sendable (Answer) throws -> any OutcomeTable

  /// What splits may have.
  package enum Splits: Sendable {
    case labels
    case outOfDistribution
  }

  /// - Parameters:
  ///   - spread: The group of each row of the table; by default of those asked about.
  init<Table: OutcomeTable>(
    _ contract: Contract, sample: [String: Int] = [:], rows: String? = nil, scores: String? = nil,
    splits: Splits? = nil, drawn: Set<String> = [],
    faults: @escaping @Sendable (GivenCase) -> [GivenCase.Fault] = { _ in [] },
    spread: @escaping @Sendable (AskedGroups) throws -> [Int32] = { $0.codes },
    outcomes: @escaping @Sendable (Answer) throws -> Table
  ) {
    self.contract = contract
    metrics = Table.metrics.map(\.info)
    defaultMetrics = Table.metrics.filter(\.isDefault).map(\.info.key)
    table = Table.self
    self.sample = sample
    self.rows = rows
    self.scores = scores
    self.splits = splits
    self.drawn = drawn
    self.faults = faults
    self.spread = spread
    self.outcomes = outcomes
  }

  package var name: String { contract.task }

  /// The contract as the cases of a dataset have to keep it: what is drawn may be left out.
  package var caseContract: Contract {
    var contract = contract
    for place in contract.predict.indices where drawn.contains(contract.predict[place].name) {
      contract.predict[place].isOptional = true
    }
    return contract
  }

  /// The task of a name, or nil.
  package static func named(_ name: String) -> Task? { all.first { $0.name == name } }

  /// The columns of its outcomes that give a receiver operating characteristic, where some do.
  package var characteristic: (score: String, positive: String)? {
    (table as? any ROCTable.Type)?.characteristic
  }
}

/// What a method answered to one call of predict, and what the host knows of the call.
package struct Answer {
  /// The outputs by name; they passed the contract.
  package let outputs: [String: Tensor]
  package let inputs: [TensorSource]
  package let truth: [String: Tensor]
  /// The classes that may be decided for, in rising order; nil: all.
  package let classes: [Int32]?
  /// The keys of the metrics that are asked for.
  package let metrics: [String]

  package init(
    outputs: [String: Tensor], inputs: [TensorSource] = [], truth: [String: Tensor],
    classes: [Int32]? = nil, metrics: [String] = []
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.truth = truth
    self.classes = classes
    self.metrics = metrics
  }

  /// An output that the contract demands.
  func output(_ name: String) throws(MetricsError) -> Tensor {
    try required(outputs[name], "output", name)
  }

  /// What the host keeps of every such call.
  func truth(_ name: String) throws(MetricsError) -> Tensor {
    try required(truth[name], "truth", name)
  }

  /// An input that predict always sees.
  func input(_ name: String) throws -> Tensor {
    let source = try required(inputs.first { $0.name == name }, "input", name)
    return try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
  }

  private func required<Value>(
    _ value: Value?, _ kind: String, _ name: String
  ) throws(MetricsError) -> Value {
    guard let value else {
      throw MetricsError(.invalidInput, "The \(kind) '\(name)' is missing.")
    }
    return value
  }
}

/// Groups of the rows that a call of predict is asked about.
package struct AskedGroups {
  /// The group of each row: a place among the names, -1 for none, their number for all.
  package let codes: [Int32]
  /// The number of groups.
  package let count: Int
  /// Whether the host keeps something of that name of the call.
  package let isKept: (String) -> Bool
  /// Integers that the host keeps of the call; nil where it keeps none of that name.
  package let truth: (String) throws -> [Int32]?

  package init(
    codes: [Int32], count: Int, isKept: @escaping (String) -> Bool,
    truth: @escaping (String) throws -> [Int32]?
  ) {
    self.codes = codes
    self.count = count
    self.isKept = isKept
    self.truth = truth
  }
}

extension Contract {
  /// Every contract of this version of Assay, sorted by task.
  package static let all: [Contract] = Task.all.map(\.contract)

  /// The contract of a task, or nil.
  package static func named(_ task: String) -> Contract? { Task.named(task)?.contract }

  /// The keys of the metrics that the host computes unless a suite names others, the headline
  /// first.
  package var metrics: [String] { Task.named(task)?.defaultMetrics ?? [] }
}
