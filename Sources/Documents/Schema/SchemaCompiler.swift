/// Turns the text of a schema into a table of nodes, the root first, and collects every problem.
struct SchemaCompiler {
  private(set) var nodes: [SchemaNode] = []
  private(set) var problems: [DocumentProblem] = []
  private var indices: [String: Int] = [:]
  private var references: [(node: Int, target: String)] = []

  static let draft = "https://json-schema.org/draft/2020-12/schema"

  mutating func compile(_ schema: JSON) {
    _ = node(schema, at: "")
    for (index, target) in references {
      let pointer = nodes[index].pointer
      if let found = indices[target] {
        nodes[index].reference = found
      } else {
        let known = indices.keys.filter { $0.hasPrefix("/$defs/") }
        let near = nearestName(to: target, in: known).map { "; did you mean '#\($0)'?" } ?? ""
        report(pointer, "$ref", "'#\(target)' names no part of this schema\(near)")
      }
    }
    reportCircles()
  }

  // MARK: Nodes

  private mutating func node(_ schema: JSON, at pointer: String) -> Int {
    let index = nodes.count
    nodes.append(SchemaNode(pointer: pointer))
    indices[pointer] = index
    switch schema {
    case .bool(let admits): nodes[index].admitsNothing = !admits
    case .object(let members):
      for (keyword, value) in members.sorted(by: { $0.key < $1.key }) {
        keywordOfAnyType(keyword, value, index)
      }
      reportImpossibleMembers(index)
    default:
      problems.append(
        DocumentProblem(
          pointer: pointer,
          message: "a schema must be an object, true or false, but is \(schema.shortWords)"))
    }
    return index
  }

  private mutating func keywordOfAnyType(_ keyword: String, _ value: JSON, _ index: Int) {
    let pointer = JSONPointer.appending(keyword, to: nodes[index].pointer)
    switch keyword {
    case "title": nodes[index].title = string(value, pointer)
    case "description", "$comment", "$id": _ = string(value, pointer)
    case "examples": break
    case "$schema":
      if value.string != Self.draft { report(pointer, "must be \"\(Self.draft)\"") }
    case "$defs": _ = members(value, pointer)
    case "$ref": reference(value, index, pointer)
    case "type": nodes[index].types = types(value, pointer)
    case "enum":
      guard let choices = value.array, !choices.isEmpty else {
        return report(pointer, "must be an array of at least one value")
      }
      nodes[index].choices = choices
    case "const": nodes[index].constant = value
    case "default": nodes[index].defaultValue = value
    case "oneOf": nodes[index].oneOf = branches(value, pointer)
    case "anyOf": nodes[index].anyOf = branches(value, pointer)
    default: keywordOfObjects(keyword, value, index, pointer)
    }
  }

  private mutating func keywordOfObjects(
    _ keyword: String, _ value: JSON, _ index: Int, _ pointer: String
  ) {
    switch keyword {
    case "properties": nodes[index].properties = members(value, pointer)
    case "required":
      let names = value.array?.compactMap(\.string) ?? []
      guard names.count == value.array?.count, Set(names).count == names.count else {
        return report(pointer, "must be an array of different strings")
      }
      nodes[index].required = names
    case "additionalProperties":
      switch value {
      case .bool(true): nodes[index].additional = .allowed
      case .bool(false): nodes[index].additional = .forbidden
      default: nodes[index].additional = .schema(node(value, at: pointer))
      }
    case "patternProperties":
      nodes[index].patternProperties = members(value, pointer).sorted { $0.key < $1.key }.map {
        (pattern: $0.key, schema: $0.value)
      }
      for (pattern, _) in nodes[index].patternProperties { check(pattern: pattern, pointer) }
    case "propertyNames": nodes[index].propertyNames = node(value, at: pointer)
    case "minProperties": nodes[index].memberCount.minimum = size(value, pointer)
    case "maxProperties": nodes[index].memberCount.maximum = size(value, pointer)
    default: keywordOfOtherTypes(keyword, value, index, pointer)
    }
  }

  private mutating func keywordOfOtherTypes(
    _ keyword: String, _ value: JSON, _ index: Int, _ pointer: String
  ) {
    switch keyword {
    case "items": nodes[index].items = node(value, at: pointer)
    case "minItems": nodes[index].itemCount.minimum = size(value, pointer)
    case "maxItems": nodes[index].itemCount.maximum = size(value, pointer)
    case "uniqueItems":
      guard let isUnique = value.bool else { return report(pointer, "must be true or false") }
      nodes[index].uniqueItems = isUnique
    case "minimum": nodes[index].range.minimum = number(value, pointer)
    case "maximum": nodes[index].range.maximum = number(value, pointer)
    case "exclusiveMinimum": nodes[index].range.exclusiveMinimum = number(value, pointer)
    case "exclusiveMaximum": nodes[index].range.exclusiveMaximum = number(value, pointer)
    case "minLength": nodes[index].length.minimum = size(value, pointer)
    case "maxLength": nodes[index].length.maximum = size(value, pointer)
    case "pattern":
      nodes[index].pattern = string(value, pointer)
      if let pattern = nodes[index].pattern { check(pattern: pattern, pointer) }
    default:
      let near = nearestName(to: keyword, in: Self.keywords).map { "; did you mean '\($0)'?" } ?? ""
      report(pointer, "the keyword '\(keyword)' is not supported\(near)", isAboutName: true)
    }
  }

  private static let keywords = [
    "title", "description", "$comment", "$id", "examples", "$schema", "$defs", "$ref", "type",
    "enum", "const", "default", "oneOf", "anyOf", "properties", "required", "additionalProperties",
    "patternProperties", "propertyNames", "minProperties", "maxProperties", "items", "minItems",
    "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "pattern",
  ]

  // MARK: Values of keywords

  private mutating func string(_ value: JSON, _ pointer: String) -> String? {
    if value.string == nil { report(pointer, "must be a string") }
    return value.string
  }

  private mutating func number(_ value: JSON, _ pointer: String) -> JSON? {
    if value.double == nil { report(pointer, "must be a number") }
    return value.double == nil ? nil : value
  }

  private mutating func size(_ value: JSON, _ pointer: String) -> JSON? {
    guard let size = value.int, size >= 0 else {
      report(pointer, "must be an integer of at least 0")
      return nil
    }
    return JSON(size)
  }

  private mutating func types(_ value: JSON, _ pointer: String) -> [SchemaType]? {
    let names = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
    let types = names.compactMap(SchemaType.init)
    guard !types.isEmpty, types.count == (value.array?.count ?? 1) else {
      let all = SchemaType.allCases.map(\.rawValue).joined(last: "or")
      report(pointer, "must be \(all), or an array of these, but is \(value.shortWords)")
      return nil
    }
    return types
  }

  private mutating func members(_ value: JSON, _ pointer: String) -> [String: Int] {
    guard let members = value.object else {
      report(pointer, "must be an object of schemas")
      return [:]
    }
    var result: [String: Int] = [:]
    for (name, schema) in members.sorted(by: { $0.key < $1.key }) {
      result[name] = node(schema, at: JSONPointer.appending(name, to: pointer))
    }
    return result
  }

  private mutating func branches(_ value: JSON, _ pointer: String) -> [Int] {
    guard let schemas = value.array, !schemas.isEmpty else {
      report(pointer, "must be an array of at least one schema")
      return []
    }
    return schemas.enumerated().map { node($1, at: JSONPointer.appending($0, to: pointer)) }
  }

  private mutating func reference(_ value: JSON, _ index: Int, _ pointer: String) {
    guard let target = value.string, target == "#" || target.hasPrefix("#/") else {
      return report(pointer, "must be a string that starts with '#', such as \"#/$defs/name\"")
    }
    references.append((index, String(target.dropFirst())))
  }

  private mutating func check(pattern: String, _ pointer: String) {
    if (try? Regex(pattern)) == nil {
      report(pointer, "'\(pattern)' is not a regular expression")
    }
  }

  // MARK: The whole

  /// A required member that the same object forbids makes every value invalid.
  private mutating func reportImpossibleMembers(_ index: Int) {
    let node = nodes[index]
    guard case .forbidden = node.additional, node.patternProperties.isEmpty else { return }
    for name in node.required where node.properties[name] == nil {
      report(node.pointer, "required", "'\(name)' is required but not among the properties")
    }
  }

  /// References that lead back to themselves without entering a member would never end.
  private mutating func reportCircles() {
    var state = [Int](repeating: 0, count: nodes.count)
    func hasCircle(from index: Int) -> Bool {
      if state[index] != 0 { return state[index] == 1 }
      state[index] = 1
      let node = nodes[index]
      let next = node.oneOf + node.anyOf + [node.reference].compactMap { $0 }
      let found = next.contains { hasCircle(from: $0) }
      state[index] = 2
      return found
    }
    for index in nodes.indices where hasCircle(from: index) {
      report(nodes[index].pointer, "the schema refers to itself in a circle")
    }
  }

  private mutating func report(_ pointer: String, _ message: String, isAboutName: Bool = false) {
    var problem = DocumentProblem(pointer: pointer, message: message)
    problem.isAboutName = isAboutName
    problems.append(problem)
  }

  private mutating func report(_ pointer: String, _ keyword: String, _ message: String) {
    report(JSONPointer.appending(keyword, to: pointer), message)
  }
}
