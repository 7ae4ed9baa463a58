package import Contracts
package import Documents
internal import Metrics

/// What is measured: a task on datasets under a protocol, with seeds and metrics.
///
/// ```swift
/// let suite = try Suite.read("suites/few-shot.json", dataPaths: [])
/// let plan = try suite.plan()
/// for setting in plan.settings { print(setting.setting, setting.seed) }
/// ```
package struct Suite: Sendable {
  package let id: String
  package let version: String
  package let title: String
  package let summary: String?
  /// SHA-256 over the canonical document with all defaults, wherever the file lies.
  package let digest: Digest
  package let contract: Contract
  /// Ids of datasets, or paths relative to the suite file.
  package let datasets: [String]
  package let whenAbsent: WhenAbsent
  package let `protocol`: any SuiteProtocol
  package let seeds: [Int]
  package let validation: ValidationBudget
  /// The keys of the metrics, the headline first.
  package let metrics: [String]
  /// Where the line between two classes is drawn.
  package let decision: Decision
  /// What rows are grouped by: `class`, an attribute, or attributes joined by `*`.
  package let groups: [String]
  /// The least rows, and with two classes positives and negatives, of a group that is compared.
  package let minimumGroup: Int
  /// The rows of the report when the user names no methods; empty: all that suit the task.
  package let methods: [RunFile.Method]
  /// Whether one temperature is fitted in distribution and applied to every shift.
  package let calibratesTemperature: Bool
  /// What results under a shift are compared with.
  package let references: ShiftReferences?
  /// What is asserted about the results.
  package let claims: [PublishedClaim]
  /// The file, as it was given.
  package let path: String
  /// Where datasets are looked for.
  package let dataPaths: DataPaths
  /// The file as it was read, for the places of what is wrong.
  let document: Document
  /// Where claims read what they are about.
  let readings: [ClaimReading]
  /// Where the values stand in a claims document; nil for a suite file.
  let places: SuitePlaces?

  /// What a dataset that is not found means.
  package enum WhenAbsent: String, Sendable {
    case error
    /// A message in the plan, and no settings.
    case skip
  }

  /// Keys of metrics that only groups have, after the suite's own.
  package var metricsOfGroups: [String] {
    let keys = `protocol`.metricsOfGroups(groups)
    return decision.takesValidation ? keys + ["decision_threshold"] : keys
  }

  /// Where the line between two classes is drawn.
  package enum Decision: Equatable, Sendable {
    /// At equal probabilities, as between any number of classes.
    case even
    /// Where TPR - FPR is greatest on the validation rows.
    case youden
    /// Where TPR is greatest on the validation rows, FPR being at most this.
    case falsePositiveRate(Double)

    /// Reads a member `decision` that the schema has passed.
    init(_ json: JSON?) {
      if let rate = json?["fpr"]?.double {
        self = .falsePositiveRate(rate)
      } else {
        self = json?.string == "youden" ? .youden : .even
      }
    }

    /// Whether validation rows settle it.
    package var takesValidation: Bool { self != .even }

    /// The rule in one sentence, for the notes of a trial.
    var note: String {
      switch self {
      case .even: "Rows are called positive from a probability of 1/2 on."
      case .youden:
        "Rows are called positive from the threshold on where TPR - FPR of the validation rows is "
          + "greatest."
      case .falsePositiveRate(let rate):
        "Rows are called positive from the lowest threshold on at which at most \(rate) of the "
          + "negative validation rows are."
      }
    }
  }

  /// The validation rows that a setting hands over.
  package enum ValidationBudget: String, Sendable {
    case none
    /// All rows.
    case full
    /// At most `min(shots, 4)` rows of each class, drawn anew for each seed.
    case few
  }
}
