/// What the process tells its caller, the same for every verb.
package enum ExitCode: Int32, CaseIterable, Sendable {
  /// All fine.
  case fine = 0
  /// A gate failed.
  case gateFailed = 1
  /// Wrong usage, config or schema.
  case usage = 2
  /// It ran, but some trials failed.
  case trialsFailed = 3
  /// The reports are not comparable.
  case notComparable = 4
  /// Nothing was measured.
  case nothingMeasured = 5
  /// An error of Assay itself.
  case internalError = 70
  /// Interrupted; the store is kept.
  case interrupted = 130

  /// What the code means, as a clause.
  package var meaning: String {
    switch self {
    case .fine: "all fine"
    case .gateFailed: "a gate failed"
    case .usage: "wrong usage, config or schema"
    case .trialsFailed: "ran, but some trials failed"
    case .notComparable: "the reports are not comparable"
    case .nothingMeasured: "nothing was measured"
    case .internalError: "internal error"
    case .interrupted: "interrupted; the store is kept"
    }
  }

  /// The codes that hide all later ones, first to last.
  package static let precedence: [ExitCode] = [
    .internalError, .interrupted, .usage, .nothingMeasured, .notComparable, .gateFailed,
    .trialsFailed, .fine,
  ]

  /// The one code to leave with when several apply; `fine` when none does.
  package static func leading(of codes: some Sequence<ExitCode>) -> ExitCode {
    let present = Set(codes)
    return precedence.first(where: present.contains) ?? .fine
  }
}
