internal import Documents

/// Turns what is written into what is measured: names are looked up, loops and calls written out.
struct Interpreter {
  let vocabulary: Vocabulary
  /// What is wrong with names, each said once.
  private(set) var problems: [DocumentProblem] = []
  /// The parts that read measured values, in their order.
  private(set) var readings: [ClaimReading] = []
  /// How deeply terms and, among them, named expressions are nested.
  private var (depth, nesting) = (0, 0)
  private var termCount = 0

  /// A claim beyond these is a mistake: nesting of named expressions and of all terms, and terms.
  private static let (deepestName, deepest, mostTerms) = (40, 500, 1_000_000)

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Reads the condition of a claim.
  ///
  /// - Parameters:
  ///   - text: Such as `accuracy(gda) - accuracy(zero-shot) >= 0.05`.
  ///   - pointer: Where the text stands in its document.
  ///   - bindings: The variables of the loop that the claim stands in.
  mutating func condition(
    _ text: String, at pointer: String, bindings: [String: JSON] = [:]
  ) throws(ExpressionError) -> Condition {
    var parser = try Parser(text, at: pointer)
    let syntax = try parser.whole()
    readings = []
    termCount = 0
    // A loop may go over families of methods, which stand for their rows here too.
    let values = bindings.mapValues { value in
      value.string.flatMap { vocabulary.families[$0] }.map { family in
        JSON.array(family.map { .string($0.name) })
      } ?? value
    }
    return try condition(syntax, Scope(text: text, pointer: pointer, bindings: values))
  }

  /// Reads a list, such as what a loop goes over.
  mutating func list(_ text: String, at pointer: String) throws(ExpressionError) -> [JSON] {
    var parser = try Parser(text, at: pointer)
    let scope = Scope(text: text, pointer: pointer, bindings: [:])
    let terms = try elements(try parser.whole(), scope)
    return try terms.map { (term) throws(ExpressionError) in
      guard let literal = term.literal else { throw Self.failure("expected a value", term.place) }
      return literal
    }
  }

  // MARK: Terms

  mutating func term(_ syntax: Syntax, _ scope: Scope) throws(ExpressionError) -> Term {
    let place = scope.place(syntax.range)
    (termCount, nesting) = (termCount + 1, nesting + 1)
    defer { nesting -= 1 }
    guard termCount <= Self.mostTerms, nesting <= Self.deepest else {
      throw Self.failure("the claim comes to too much; loop over less", place)
    }
    switch syntax.form {
    case .number(let text):
      return Term(value: .literal(try Self.number(text, place)), place: place)
    case .quoted(let name): return Term(value: .literal(.string(name)), place: place)
    case .name(let name): return try named(name, place, scope)
    case .list(let parts):
      var terms: [Term] = []
      for part in parts {
        // A loop in a list gives its elements.
        if case .each = part.form {
          terms += try elements(part, scope)
        } else {
          terms.append(try term(part, scope))
        }
      }
      return Term(value: .list(terms), place: place)
    case .each(let element, let loops):
      return Term(value: .list(try each(element, loops[...], scope)), place: place)
    case .call(let function, let arguments):
      return try call(function, arguments, scope, place)
    case .negation(let value):
      if case .literal(let json) = try term(value, scope).value, let number = json.double {
        return Term(value: .literal(json.int.map { JSON(-$0) } ?? JSON(-number)), place: place)
      }
      let quantity = Quantity.operation(.minus, .number(0), try quantity(value, scope))
      return Term(value: .quantity(quantity), place: place)
    case .operation(let operation, let left, let right):
      let quantity = Quantity.operation(
        operation, try quantity(left, scope), try quantity(right, scope))
      return Term(value: .quantity(quantity), place: place)
    case .comparison, .conjunction:
      throw Self.failure("a comparison is no number; it stands outside of all calls", place)
    }
  }

  /// A name that stands for itself unless something bears it.
  private mutating func named(
    _ name: String, _ place: Passage, _ scope: Scope
  ) throws(ExpressionError) -> Term {
    if let bound = scope.variables[name] { return bound }
    // With parameters it is called; the bare word may be a method or a reported number.
    if let definition = vocabulary.definitions[name], definition.parameters.isEmpty {
      return try expand(definition, [], place)
    }
    if let family = vocabulary.families[name] { return Term(family.map(\.name), place) }
    if let list = vocabulary.lists[name] {
      let terms = list.map { Term(value: .literal($0), place: place) }
      return Term(value: .list(terms), place: place)
    }
    let literal: JSON = name == "true" ? true : name == "false" ? false : .string(name)
    return Term(value: .literal(literal), place: place)
  }

  /// A named expression with its parameters put in.
  mutating func expand(
    _ definition: Definition, _ arguments: [Term], _ place: Passage
  ) throws(ExpressionError) -> Term {
    guard arguments.count == definition.parameters.count else {
      let wanted = definition.parameters.joined(separator: ", ")
      throw Self.failure(
        "'\(definition.name)' takes "
          + (wanted.isEmpty ? "nothing" : "\(definition.parameters.count): \(wanted)")
          + "; here there are \(arguments.count)", place)
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestName else {
      throw Self.failure("'\(definition.name)' is made of itself", place)
    }
    var scope = Scope(text: definition.text, pointer: definition.pointer, bindings: [:])
    for (name, value) in zip(definition.parameters, arguments) { scope.variables[name] = value }
    return try term(definition.body, scope)
  }

  private mutating func each(
    _ element: Syntax, _ loops: ArraySlice<Syntax.Loop>, _ scope: Scope
  ) throws(ExpressionError) -> [Term] {
    guard let loop = loops.first else { return [try term(element, scope)] }
    var terms: [Term] = []
    for value in try elements(loop.list, scope) {
      var inner = scope
      inner.variables[loop.name.name] = value
      terms += try each(element, loops.dropFirst(), inner)
    }
    return terms
  }

  // MARK: Kinds of terms

  mutating func quantity(_ syntax: Syntax, _ scope: Scope) throws(ExpressionError) -> Quantity {
    try quantity(of: try term(syntax, scope), scope.place(syntax.range))
  }

  func quantity(of term: Term, _ place: Passage) throws(ExpressionError) -> Quantity {
    if let quantity = term.quantity { return quantity }
    if let name = term.name {
      throw Self.failure(unknownWord("number", name, place), place)
    }
    throw Self.failure("expected a number, but this is a list", place)
  }

  /// A sentence about a word that stands where something else is wanted.
  func unknownWord(_ kind: String, _ name: String, _ place: Passage) -> String {
    if vocabulary.isMetric(name), !vocabulary.metrics.isEmpty {
      return "'\(name)' is a metric; name a method, as in \(name)(zero-shot)"
    }
    if let parameters = vocabulary.definitions[name]?.parameters {
      return "'\(name)' takes \(parameters.joined(separator: ", ")), in parentheses"
    }
    if let nearest = nearestName(to: name, in: Array(vocabulary.definitions.keys)) {
      return "there is no \(kind) '\(name)'; did you mean '\(nearest)'?"
    }
    let isMinus = name.contains("-")
    return "there is no \(kind) '\(name)'"
      + (isMinus ? "; a minus between two names wants spaces around it" : "")
  }

  mutating func elements(_ syntax: Syntax, _ scope: Scope) throws(ExpressionError) -> [Term] {
    let found = try term(syntax, scope)
    guard case .list(let terms) = found.value else {
      throw Self.failure("expected a list, such as [1, 2, 4]", scope.place(syntax.range))
    }
    return terms
  }

  // MARK: What is found

  mutating func read(_ reading: ClaimReading) { readings.append(reading) }

  mutating func report(_ message: String?, _ place: Passage) {
    guard let problem = message.map(place.problem), !problems.contains(problem) else { return }
    problems.append(problem)
  }

  static func failure(_ message: String, _ place: Passage) -> ExpressionError {
    ExpressionError(message: message, place: place)
  }

  private static func number(_ text: String, _ place: Passage) throws(ExpressionError) -> JSON {
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw failure("the number is too large", place)
    }
    return .number(number)
  }
}

/// The text that is read, and what its variables stand for.
struct Scope {
  let text: String
  let pointer: String
  var variables: [String: Term]

  init(text: String, pointer: String, bindings: [String: JSON]) {
    self.text = text
    self.pointer = pointer
    variables = [:]
    let whole = place(0..<text.unicodeScalars.count)
    variables = bindings.mapValues { Term($0, whole) }
  }

  func place(_ range: Range<Int>) -> Passage {
    Passage(pointer: pointer, text: text, range: range)
  }
}

extension Term {
  init(_ json: JSON, _ place: Passage) {
    let value: Value =
      json.array.map { elements in .list(elements.map { Term($0, place) }) } ?? .literal(json)
    self.init(value: value, place: place)
  }

  init(_ names: [String], _ place: Passage) {
    self.init(.array(names.map(JSON.string)), place)
  }
}
