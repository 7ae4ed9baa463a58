package import Documents

/// What is known of the methods at hand, which are no concern of suite files themselves.
package struct KnownMethods: Sendable {
  /// The names that rows may go by where a suite names none.
  let ids: [String]
  /// What is wrong with the rows of a member `methods`, each with its place.
  let problems: @Sendable ([RunFile.Method]) -> [DocumentProblem]

  package init(
    _ ids: [String], problems: @escaping @Sendable ([RunFile.Method]) -> [DocumentProblem]
  ) {
    self.ids = ids
    self.problems = problems
  }
}

/// The names that rows of a report go by.
struct RowNames {
  /// Those that the suite names, else the ids of the methods at hand.
  private let names: [String]
  private let areOwn: Bool

  /// Nil where neither the suite names rows nor any method is at hand.
  init?(own: [String], methods: [String]) {
    guard !own.isEmpty || !methods.isEmpty else { return nil }
    (names, areOwn) = own.isEmpty ? (methods, false) : (own, true)
  }

  /// A problem where no row has the name.
  ///
  /// Where the suite names no rows, they are methods with any settings; a name that is like none of
  /// them may be that of predictions that were made elsewhere.
  func problem(with name: String, at pointer: String) -> DocumentProblem? {
    let id = name.prefix { $0 != ":" }
    guard !names.contains(name), areOwn || !names.contains(String(id)) else { return nil }
    guard areOwn || nearestName(to: name, in: names) != nil else { return nil }
    return DocumentProblem(
      pointer: pointer,
      message: unknown(areOwn ? "row" : "method", name, among: names)
        + (areOwn ? "; rows are named by 'methods'" : ""))
  }
}

extension SuiteFileChecks {
  /// Rows that are compared with, and comparisons that the protocol gives no results for.
  var referenceProblems: [DocumentProblem] {
    guard let references = value["references"]?.object else { return [] }
    var problems: [DocumentProblem] = []
    if !`protocol`.asksShifts {
      // Factors are groups of the test rows, so that a family has a line without shifts too.
      let hasFactors = references["factors"] != nil
      for key in ["base", "baseline"] + (hasFactors ? [] : ["family"])
      where references[key] != nil {
        problems.append(
          DocumentProblem(
            pointer: "/references/\(key)",
            message: "it is compared with under shifts, which protocol '\(`protocol`.kind)' has "
              + "none of; leave it out"))
      }
    }
    guard let rows else { return problems }
    for key in ["base", "baseline"] {
      guard let name = references[key]?.string else { continue }
      problems += rows.problem(with: name, at: "/references/\(key)").map { [$0] } ?? []
    }
    for (index, member) in (references["family"]?.array ?? []).enumerated() {
      let pointer = "/references/family/\(index)"
      if let name = member.string {
        problems += rows.problem(with: name, at: pointer).map { [$0] } ?? []
      } else if let name = member["method"]?.string {
        problems += rows.problem(with: name, at: "\(pointer)/method").map { [$0] } ?? []
      }
    }
    return problems
  }
}
