internal import Documents

/// One numbered check of a plugin.
package struct Check: Sendable {
  /// What a check is run on.
  package enum Scope: Sendable {
    /// Once for the library.
    case library
    /// Once for each method.
    case method
    /// Once for each task that a method claims.
    case task
  }

  /// What a check does; every part runs in a worker of its own.
  enum Body: Sendable {
    /// Returns a note on success and throws a `Finding` otherwise.
    case once(@Sendable (Probe) throws -> String)
    /// Runs once for each number of threads; the host then compares what the workers answered.
    case compared(
      threads: [Int], @Sendable (Probe, _ round: Int) throws -> JSON,
      judge: @Sendable ([JSON]) throws -> String)
  }

  /// A letter for the theme and a number that is never used again, such as `L03`.
  package let id: String
  /// What holds for a plugin that passes.
  package let title: String
  /// The rule in assay.h.
  package let rule: String
  package let scope: Scope
  /// The most seconds that a worker may take.
  package let seconds: Double
  let body: Body

  init(
    _ id: String, _ title: String, rule: String, _ scope: Scope, seconds: Double = 30,
    body: @escaping @Sendable (Probe) throws -> String
  ) {
    self.init(id, title, rule: rule, scope, seconds: seconds, .once(body))
  }

  init(
    _ id: String, _ title: String, rule: String, _ scope: Scope, seconds: Double = 30, _ body: Body
  ) {
    self.id = id
    self.title = title
    self.rule = rule
    self.scope = scope
    self.seconds = seconds
    self.body = body
  }
}

/// How a check came out.
package enum Outcome: String, CaseIterable, Sendable {
  case pass, warn, fail, crash, skip
}

/// Why a check did not simply pass: what was done, what was expected, what happened.
struct Finding: Error {
  var outcome: Outcome
  var reason: String
  /// Whether checks that build on this one would come to the same, at the same cost.
  var isDeadEnd = false

  static func fail(_ reason: String) -> Finding { Finding(outcome: .fail, reason: reason) }
  static func warn(_ reason: String) -> Finding { Finding(outcome: .warn, reason: reason) }
  static func skip(_ reason: String) -> Finding { Finding(outcome: .skip, reason: reason) }
}

extension Check {
  /// Every check, by theme.
  package static let all: [Check] =
    libraryChecks + descriptorChecks + lifecycleChecks + configChecks + tensorChecks + valueChecks
    + rowChecks + reproducibilityChecks + mannerChecks

  /// The checks that words such as `L03` or the letter of a theme name; nil for an unknown word.
  package static func named(_ word: String) -> [Check]? {
    let word = word.uppercased()
    let found = all.filter { $0.id == word || (word.count == 1 && $0.id.hasPrefix(word)) }
    return found.isEmpty ? nil : found
  }
}
