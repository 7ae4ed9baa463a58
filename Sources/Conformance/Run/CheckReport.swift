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

/// All results of a plugin, in the order of the checks.
package struct CheckReport: Sendable {
  package var plugin: String
  package var results: [CheckResult]

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
    let names = results.map { [$0.method, $0.task].compactMap { $0 }.joined(separator: " ") }
    let width = names.map(\.count).max() ?? 0
    var lines: [String] = []
    for (result, name) in zip(results, names) {
      lines.append(
        "\(padded(result.outcome.rawValue, 5))  \(result.check.id)  \(padded(name, width))  "
          + result.check.title)
      guard result.outcome != .pass else { continue }
      let indent = String(repeating: " ", count: 12)
      lines.append("\(indent)\(result.reason)")
      if result.outcome != .skip { lines.append("\(indent)rule: \(result.check.rule)") }
    }
    lines.append("")
    lines.append(summary)
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let counts = Outcome.allCases.map { ($0, count($0)) }.filter { $0.1 > 0 }
    let words = counts.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
    return "\(plugin): \(results.count) checks: \(words)"
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
