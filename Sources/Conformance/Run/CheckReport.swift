package import Documents

/// How one check came out on one thing.
package struct CheckResult: Sendable {
  package var check: Check
  /// Nil for a check of the library.
  package var method: String?
  /// Set when the method claims several tasks.
  package var task: String?
  package var outcome: Outcome
  /// What was done, what was expected, what happened; on a pass, what was seen.
  package var reason: String
  package var seconds: Double
}

extension CheckResult {
  /// The method and the task, as a listing has them.
  static func name(method: String?, task: String?) -> String {
    [method, task].compactMap { $0 }.joined(separator: " ")
  }

  var name: String { CheckResult.name(method: method, task: task) }

  /// The result as an aligned line, with the reason and the rule of what did not pass below it.
  func text(nameWidth: Int) -> String {
    var lines = [
      "\(padded(outcome.rawValue, 5))  \(check.id)  \(padded(name, nameWidth))  \(check.title)"
    ]
    let indent = String(repeating: " ", count: 12)
    if outcome != .pass { lines.append("\(indent)\(reason.oneLine)") }
    if outcome != .pass, outcome != .skip { lines.append("\(indent)rule: \(check.rule)") }
    return lines.joined(separator: "\n")
  }
}

/// A result among those that are still to come.
package struct CheckProgress: Sendable {
  package var result: CheckResult
  /// How many results there are with this one.
  package var done: Int
  package var total: Int
  /// The width of the column of names.
  var nameWidth: Int

  /// The result as it stands in the report's text.
  package var text: String { result.text(nameWidth: nameWidth) }
}

/// All results of a plugin, in the order of the checks.
package struct CheckReport: Sendable {
  package var plugin: String
  package var results: [CheckResult]

  /// Whether every check was skipped, so that nothing was found out.
  package var isEmpty: Bool { results.allSatisfy { $0.outcome == .skip } }

  /// Whether nothing failed and nothing crashed.
  package var isFine: Bool { results.allSatisfy { $0.outcome != .fail && $0.outcome != .crash } }

  /// How often an outcome came.
  package func count(_ outcome: Outcome) -> Int { results.count { $0.outcome == outcome } }

  /// The report as a document of `assay.check/1`.
  package var json: JSON {
    [
      "schema": "assay.check/1",
      "plugin": .string(plugin),
      "summary": .object(
        Dictionary(
          Outcome.allCases.map { ($0.rawValue, JSON(count($0))) }, uniquingKeysWith: { $1 })),
      "results": .array(results.map(\.json)),
    ]
  }

  /// The report as an aligned table, with the reasons of what did not pass, and a summary line.
  package var text: String {
    let width = results.map(\.name.count).max() ?? 0
    let lines = results.map { $0.text(nameWidth: width) }
    return (lines + ["", summary]).joined(separator: "\n")
  }

  /// One line that counts the outcomes.
  package var summary: String {
    let counts = Outcome.allCases.map { ($0, count($0)) }.filter { $0.1 > 0 }
    let words = counts.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
    return "\(plugin.oneLine): \(results.count) checks: \(words)"
  }
}

extension CheckResult {
  var json: JSON {
    [
      "id": .string(check.id), "title": .string(check.title), "rule": .string(check.rule),
      "method": JSON(method), "task": JSON(task), "outcome": .string(outcome.rawValue),
      "reason": .string(reason), "seconds": JSON((seconds * 1000).rounded() / 1000),
    ]
  }
}

extension Check {
  /// A listing of checks, for people.
  package static func text(_ checks: [Check]) -> String {
    checks.map { "\($0.id)  \($0.title)\n     \($0.rule)" }.joined(separator: "\n")
  }

  /// A listing of checks as JSON.
  package static func json(_ checks: [Check]) -> JSON {
    [
      "checks": .array(
        checks.map { ["id": .string($0.id), "title": .string($0.title), "rule": .string($0.rule)] })
    ]
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
