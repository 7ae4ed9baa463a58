package import Contracts
package import Datasets
package import Documents
package import Metrics
package import Tensors

/// What a suite asks for, before any method is chosen.
package struct SuitePlan: Sendable {
  /// In the order of datasets, then of the protocol, then of seeds.
  package let settings: [PlannedSetting]
  /// What the suite names but cannot be had, each a sentence.
  package let skipped: [String]
  /// The datasets that the suite does without, since they are not here; `skipped` has them too.
  package let absent: [AbsentData]
  /// What is to be said of the data, each once.
  package let warnings: [PlanWarning]
}

/// A dataset that a suite names and that is not here.
package struct AbsentData: Hashable, Sendable {
  package var suite: String
  package var dataset: String
  /// The sentence that says so.
  package var message: String

  package init(suite: String, dataset: String, message: String = "") {
    self.suite = suite
    self.dataset = dataset
    self.message = message
  }
}

/// One dataset in one setting with one seed.
package struct PlannedSetting: Sendable {
  package let suite: String
  package let suiteVersion: String
  package let suiteDigest: Digest
  package let contract: Contract
  /// The keys of the metrics, the headline first.
  package let metrics: [String]
  package let dataset: Dataset
  /// What varies within the suite, such as `{"shots": 4}`.
  package let setting: [String: JSON]
  /// The sources of the training rows, where the setting is a mixture of some.
  package var mixture: Mixture?
  package let seed: Int
  /// The names of the contract's inputs that this setting hands over.
  package let offered: Set<String>
  /// The offered inputs that a method must claim, since the question is in them.
  package let demanded: Set<String>
  /// Whether tuning on what is handed over is tuning on the test rows.
  package let selectionIsOracle: Bool
  /// What the reader of a result must know, each a sentence.
  package let notes: [String]

  let make: @Sendable () throws -> EvaluationCase

  /// Slices the dataset: what a worker gets, and the labels that stay with the host.
  package func materialise() throws -> EvaluationCase {
    var evaluation = try make()
    try evaluation.drawOrders(contract, dataset)
    return evaluation
  }
}

/// What one trial needs: inputs for the worker, truth and groups for the host alone.
package struct EvaluationCase: Sendable {
  /// The inputs of `fit`.
  package internal(set) var fit: [TensorSource]
  /// What is asked, in the order of the report; the first is the trial's own.
  package let queries: [CaseQuery]
  /// Rows handed over, such as `{"train": 40, "val": 500, "query": 3000}`.
  package let rows: [String: Int]
  /// The same questions as calls of `predict`: what a worker meets, in the order in which it does.
  package internal(set) var calls: [CaseCall] = []
}

/// One question, answered by a call of `predict`, with what the host keeps for itself.
package struct CaseQuery: Sendable {
  /// `test`, `clean`, or the name of a shift, OOD set or case.
  package let name: String
  /// Whose rows they are.
  package let part: Part
  /// The inputs of `predict` in the order of the files, in which they never leave the host.
  package let inputs: [TensorSource]
  /// Names the order in which they are handed over; queries of equal rows share one.
  package var orderName: String
  /// The contract's `truth`, such as the labels; never leaves the host.
  package var truth: [String: Tensor]
  /// The independent unit of each row, where the dataset gives units; never leaves the host.
  package var units: [Int32]?
  /// How the rows fall into groups; never leaves the host.
  package let groupings: [Grouping]
  /// Sets of rows to hold against each other; never leave the host.
  package var contrasts: [RowContrast] = []
  /// The decision between two classes that the rows settle, if any.
  package var decision = Suite.Decision.even
  /// The classes that may be decided for, in order, where those are not all.
  package var classes: [Int32]?
  /// For a shift the name of the query that holds the rows without it.
  package var reference: String?
  /// What the host measured of the rows itself.
  package var measurements: [RowMeasurement] = []

  package init(
    name: String, part: Part = .test, inputs: [TensorSource], truth: [String: Tensor],
    groupings: [Grouping] = []
  ) {
    self.name = name
    self.part = part
    self.inputs = inputs
    orderName = name
    self.truth = truth
    self.groupings = groupings
  }

  /// Makes a query whose truth is a class for each row, -1 for an OOD row.
  package init(
    name: String, part: Part = .test, inputs: [TensorSource], labels: [Int32],
    groupings: [Grouping] = []
  ) {
    self.init(
      name: name, part: part, inputs: inputs,
      truth: ["labels": Tensor(labels, shape: [labels.count])], groupings: groupings)
  }

  /// The name of the query for the test set.
  package static let testSet = "test"

  /// The extent of the first axis of the first input.
  package var rowCount: Int { inputs.first?.shape.extents.first ?? 0 }
}

/// Two sets of rows of a query, which may share rows.
package struct RowContrast: Sendable {
  /// What tells the sets apart.
  package let by: String
  /// The sets; the gap is the first less the second.
  package let sets: [(key: String, rows: [Int])]
}

/// A number of each row that no method decides, reported as a mean, or as the mean of some rows less
/// that of others.
package struct RowMeasurement: Sendable {
  package let by: String
  package let key: String
  package let metric: String
  package let values: [Double]
  /// The rows of the first mean and those of the second, which is taken off it; nil for all rows.
  package var difference: (of: [Int], less: [Int])?
}
