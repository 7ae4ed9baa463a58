/// Checks a value against a table of schema nodes and collects every problem.
struct SchemaValidator {
  private let nodes: [SchemaNode]
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]
  private var found: [DocumentProblem] = []

  init(_ nodes: [SchemaNode]) { self.nodes = nodes }

  /// All problems of the value at `pointer` under one node.
  mutating func problems(
    of value: JSON, at pointer: String, under index: Int
  ) -> [DocumentProblem] {
    let outer = found
    defer { found = outer }
    found = []
    check(value, pointer, index)
    return found
  }

  // MARK: Any value

  private mutating func check(_ value: JSON, _ pointer: String, _ index: Int) {
    let node = nodes[index]
    if node.admitsNothing { return report(pointer, "nothing may stand here") }
    if let reference = node.reference { check(value, pointer, reference) }
    if let types = node.types, !types.contains(where: { $0.admits(value) }) {
      // The other keywords of the node would only repeat that the type is wrong.
      let wanted = types.map(\.words).joined(last: "or")
      return report(pointer, "must be \(wanted), but is \(value.shortWords)")
    }
    if node.isWhole, let number = value.double, abs(number) > SchemaNode.largestWhole {
      return report(
        pointer,
        "must be a whole number of at most 2^53 - 1, beyond which JSON numbers are not exact, but is "
          + value.shortWords)
    }
    if let constant = node.constant, !constant.isSame(as: value) {
      report(pointer, "must be \(constant.shortWords), but is \(value.shortWords)")
    }
    if let choices = node.choices, !choices.contains(where: { $0.isSame(as: value) }) {
      report(pointer, Self.notAmong(choices, value))
    }
    if !node.oneOf.isEmpty { checkOneOf(value, pointer, node) }
    if !node.anyOf.isEmpty { checkAnyOf(value, pointer, node) }
    switch value {
    case .object(let members): checkObject(members, pointer, node)
    case .array(let elements): checkArray(elements, pointer, node)
    case .string(let text): checkString(text, pointer, node)
    case .integer, .number:
      if !node.range.contains(value) {
        report(pointer, "must be \(node.range.words), but is \(value.canonicalText)")
      }
    case .null, .bool: break
    }
  }

  private static func notAmong(_ choices: [JSON], _ value: JSON) -> String {
    let listed = choices.map(\.shortWords).joined(last: "or")
    let near = value.string.flatMap { nearestName(to: $0, in: choices.compactMap(\.string)) }
    let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
    return "must be \(listed), but is \(value.shortWords)\(hint)"
  }

  // MARK: Objects, arrays, strings

  private mutating func checkObject(
    _ members: [String: JSON], _ pointer: String, _ node: SchemaNode
  ) {
    for name in node.required where members[name] == nil {
      report(pointer, "lacks the member '\(name)'", missing: name)
    }
    let count = JSON(members.count)
    if !node.memberCount.contains(count) {
      report(pointer, "must have \(node.memberCount.words) members, but has \(members.count)")
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      let place = JSONPointer.appending(name, to: pointer)
      if let names = node.propertyNames {
        for problem in problems(of: .string(name), at: place, under: names) {
          report(place, "the name \(problem.message)", isAboutName: true)
        }
      }
      var isKnown = false
      if let property = node.properties[name] {
        isKnown = true
        check(value, place, property)
      }
      for (pattern, schema) in node.patternProperties where matches(name, pattern) {
        isKnown = true
        check(value, place, schema)
      }
      if !isKnown { checkAdditional(name, value, place, node) }
    }
  }

  private mutating func checkAdditional(
    _ name: String, _ value: JSON, _ place: String, _ node: SchemaNode
  ) {
    switch node.additional {
    case .allowed: break
    case .schema(let schema): check(value, place, schema)
    case .forbidden:
      var message = "the member '\(name)' is not known here"
      if let near = nearestName(to: name, in: node.properties.keys) {
        message += "; did you mean '\(near)'?"
      } else if !node.properties.isEmpty {
        let known = node.properties.keys.sorted().map { "'\($0)'" }
        message += "; known are \(known.joined(last: "and"))"
      }
      report(place, message, isAboutName: true)
    }
  }

  private mutating func checkArray(_ elements: [JSON], _ pointer: String, _ node: SchemaNode) {
    if !node.itemCount.contains(JSON(elements.count)) {
      report(pointer, "must have \(node.itemCount.words) elements, but has \(elements.count)")
    }
    if let items = node.items {
      for (index, element) in elements.enumerated() {
        check(element, JSONPointer.appending(index, to: pointer), items)
      }
    }
    guard node.uniqueItems else { return }
    var seen: [JSON: Int] = [:]
    for (index, element) in elements.enumerated() {
      if let first = seen.updateValue(index, forKey: element.withPlainNumbers) {
        let place = JSONPointer.appending(index, to: pointer)
        report(place, "repeats element \(first), \(element.shortWords); all must differ")
      }
    }
  }

  private mutating func checkString(_ text: String, _ pointer: String, _ node: SchemaNode) {
    let count = text.unicodeScalars.count
    if !node.length.contains(JSON(count)) {
      report(pointer, "must have \(node.length.words) characters, but has \(count)")
    }
    if let pattern = node.pattern, !matches(text, pattern) {
      report(pointer, "must match \(pattern), but is \(JSON.string(text).shortWords)")
    }
  }

  /// Tells whether the pattern matches somewhere in the text; schemas are checked to have no others.
  private mutating func matches(_ text: String, _ pattern: String) -> Bool {
    if patterns[pattern] == nil { patterns[pattern] = try? Regex(pattern) }
    guard let regex = patterns[pattern] else { return false }
    return (try? regex.firstMatch(in: text)) != nil
  }

  // MARK: Branches

  private mutating func checkAnyOf(_ value: JSON, _ pointer: String, _ node: SchemaNode) {
    let outcomes = node.anyOf.map { problems(of: value, at: pointer, under: $0) }
    if !outcomes.contains(where: \.isEmpty) {
      reportBest(node.anyOf, outcomes, value, pointer)
    }
  }

  private mutating func checkOneOf(_ value: JSON, _ pointer: String, _ node: SchemaNode) {
    if case .object(let members) = value, let member = nodes.discriminator(of: node.oneOf) {
      return checkDiscriminated(members, value, member, pointer, node)
    }
    let outcomes = node.oneOf.map { problems(of: value, at: pointer, under: $0) }
    switch outcomes.count(where: \.isEmpty) {
    case 1: break
    case 0: reportBest(node.oneOf, outcomes, value, pointer)
    case let count:
      report(pointer, "fits \(count) of the \(outcomes.count) forms, but must fit exactly one")
    }
  }

  /// The branches are told apart by the constant of one member: only that branch's problems count.
  private mutating func checkDiscriminated(
    _ members: [String: JSON], _ value: JSON, _ member: String, _ pointer: String,
    _ node: SchemaNode
  ) {
    let branches = node.oneOf.compactMap { branch in
      nodes.constant(of: member, in: branch).map { (constant: $0, branch: branch) }
    }
    guard let kind = members[member] else {
      let choices = branches.map(\.constant.shortWords).joined(last: "or")
      return report(pointer, "lacks the member '\(member)', which must be \(choices)")
    }
    guard let chosen = branches.first(where: { $0.constant.isSame(as: kind) }) else {
      let place = JSONPointer.appending(member, to: pointer)
      return report(place, Self.notAmong(branches.map(\.constant), kind))
    }
    check(value, pointer, chosen.branch)
  }

  /// Reports the branch that the value most likely meant: right in type, with the fewest problems.
  private mutating func reportBest(
    _ branches: [Int], _ outcomes: [[DocumentProblem]], _ value: JSON, _ pointer: String
  ) {
    let fitting = zip(branches, outcomes).filter { branch, _ in
      nodes.types(of: branch)?.contains { $0.admits(value) } ?? true
    }
    guard let best = fitting.min(by: { $0.1.count < $1.1.count }) else {
      let wanted = branches.flatMap { nodes.types(of: $0) ?? [] }.map(\.words)
      let unique = wanted.indices.filter { wanted.firstIndex(of: wanted[$0]) == $0 }
      let words = unique.map { wanted[$0] }.joined(last: "or")
      return report(pointer, "must be \(words), but is \(value.shortWords)")
    }
    if fitting.count > 1 {
      let title = nodes[best.0].title.map { ", '\($0)'" } ?? ""
      let number = (branches.firstIndex(of: best.0) ?? 0) + 1
      report(
        pointer,
        "fits none of the \(branches.count) forms; the nearest is form \(number)\(title), where:")
    }
    found += best.1
  }

  private mutating func report(
    _ pointer: String, _ message: String, isAboutName: Bool = false, missing: String? = nil
  ) {
    var problem = DocumentProblem(pointer: pointer, message: message)
    problem.isAboutName = isAboutName
    problem.missing = missing
    found.append(problem)
  }
}

extension JSON {
  /// The same value with each whole number as an integer, so that equal means the same.
  fileprivate var withPlainNumbers: JSON {
    switch self {
    case .number(let number): Int64(exactly: number).map(JSON.integer) ?? self
    case .array(let elements): .array(elements.map(\.withPlainNumbers))
    case .object(let members): .object(members.mapValues(\.withPlainNumbers))
    default: self
    }
  }
}
