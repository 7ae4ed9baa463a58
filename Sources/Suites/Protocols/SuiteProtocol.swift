package import Datasets
package import Documents

/// How settings are made from a dataset: one type a protocol, which knows its fields, its settings,
/// the groups that it makes, and what it finds wrong.
package protocol SuiteProtocol: Sendable, Equatable {
  /// The name in suite files.
  static var kind: String { get }
  /// The task that the protocol makes settings of; nil for any.
  static var task: String? { get }
  /// The JSON schema of the member `protocol`.
  static var schema: String { get }

  /// Reads a protocol that the schema has passed and completed.
  init(_ json: JSON)

  /// What of a dataset is asked about.
  var asked: Asked { get }
  /// Whether shifted sets are asked for beside the test set.
  var asksShifts: Bool { get }
  /// Whether a temperature that is fitted in distribution may be applied to what is asked.
  var takesTemperature: Bool { get }
  /// Why a suite may name no groups; nil where it may.
  var obstacleToGroups: String? { get }
  /// What results are grouped by, beside the suite's groups.
  var partitions: [String] { get }
  /// The keys of the groups of a partition; nil where only a run can tell.
  func keys(of partition: String, in dataset: Dataset) -> [String]?
  /// Keys of metrics that only groups have.
  func metricsOfGroups(_ groups: [String]) -> [String]
  /// What is wrong with the protocol whatever the data.
  var problems: [DocumentProblem] { get }
  /// The names that a dataset does not have.
  func unknownNames(in dataset: Dataset) -> [DocumentProblem]
  /// How much of a plan a dataset makes.
  func size(on dataset: Dataset) -> PlanSize
  /// Adds the settings of a dataset.
  func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError)
}

/// Every protocol, in the order in which the schema lists them.
let suiteProtocols: [any SuiteProtocol.Type] = [
  FewShotProtocol.self,
  ShiftsProtocol.self,
  DetectOODProtocol.self,
  ImbalancedProtocol.self,
  BaseToNewProtocol.self,
  UnsupervisedProtocol.self,
  SourcesProtocol.self,
  PromptsProtocol.self,
  DirectionsProtocol.self,
  BudgetsProtocol.self,
  OcclusionProtocol.self,
  AuditProtocol.self,
  ProbeProtocol.self,
  GivenProtocol.self,
]

/// The protocol that a member `protocol` describes.
func suiteProtocol(_ json: JSON) -> any SuiteProtocol {
  let type = suiteProtocols.first { $0.kind == json["kind"]?.string } ?? FewShotProtocol.self
  return type.init(json)
}

/// What of a dataset a protocol asks about.
package enum Asked: Sendable {
  case testSet
  /// The test set with other labels than its classes.
  case relabelledTestSet
  /// The cases, each with something that is drawn for it.
  case cases
  case casesAsTheyStand

  var isOfCases: Bool { self == .cases || self == .casesAsTheyStand }
}

extension SuiteProtocol {
  package static var task: String? { "classify" }
  package var asked: Asked { .testSet }
  package var asksShifts: Bool { false }
  package var takesTemperature: Bool { false }
  package var obstacleToGroups: String? { nil }
  package var partitions: [String] { [] }
  package var problems: [DocumentProblem] { [] }
  package func keys(of partition: String, in dataset: Dataset) -> [String]? { nil }
  package func metricsOfGroups(_ groups: [String]) -> [String] { [] }
  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] { [] }
  package var kind: String { Self.kind }
  var task: String? { Self.task }
}

// MARK: What protocols are made of

extension JSON {
  /// The training budgets of a member `train`.
  var budgets: [TrainingBudget] { (self["train"]?.array ?? []).compactMap(TrainingBudget.init) }
  func integers(_ key: String) -> [Int] { (self[key]?.array ?? []).compactMap(\.int) }
  func strings(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }
}

extension Dataset {
  /// The names that are not declared; that none are declared at all is another matter.
  func missing(
    _ names: [String]?, among known: [String], _ kind: String, at pointer: String
  ) -> [DocumentProblem] {
    guard let names, !known.isEmpty else { return [] }
    return names.enumerated().filter { !known.contains($1) }.map { index, name in
      DocumentProblem(
        pointer: "\(pointer)/\(index)", message: unknown(kind, name, among: known))
    }
  }

  /// The attributes that the training rows have too.
  var trainingAttributes: [String] {
    groups.keys.sorted().filter { groups[$0]?.splits["train"] != nil }
  }
}
