/// Reads an expression by precedence (Pratt, POPL 1973).
///
///     var parser = try Parser("accuracy(gda) > 0.5", at: "/claims/0/holds")
///     let syntax = try parser.whole()
struct Parser {
  private let tokens: [Token]
  private let passage: (Range<Int>) -> Passage
  private var place = 0
  private var depth = 0
  private var operatorCount = 0

  static let keywords: Set<String> = ["and", "for", "in"]
  /// Deeper nesting and more operators than this are no sentence of a person, and would exhaust the
  /// stack.
  private static let (deepest, mostOperators) = (100, 1000)

  init(_ text: String, at pointer: String) throws(ExpressionError) {
    let passage = { Passage(pointer: pointer, text: text, range: $0) }
    var lexer = Lexer(text, passage)
    tokens = try lexer.tokens()
    self.passage = passage
  }

  /// The whole text as one expression.
  mutating func whole() throws(ExpressionError) -> Syntax {
    let syntax = try expression(above: 0)
    guard token.kind == .end else {
      throw failure("expected an operator or the end, but found \(found)")
    }
    return syntax
  }

  // MARK: Operators

  /// What binds more tightly than the power given.
  private mutating func expression(above power: Int) throws(ExpressionError) -> Syntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw failure("the expression is nested too deeply") }
    var left = try operand()
    while let own = self.power, own > power {
      operatorCount += 1
      guard operatorCount <= Self.mostOperators else {
        throw failure("the expression is too long; name its parts in 'let'")
      }
      switch token.kind {
      case .name: left = try conjunction(left)
      case .symbol(let symbol):
        if let operation = Quantity.Operator(rawValue: symbol) {
          advance()
          let right = try expression(above: own)
          left = Syntax(
            form: .operation(operation, left, right),
            range: left.range.lowerBound..<right.range.upperBound)
        } else {
          left = try comparison(left)
        }
      default: return left
      }
    }
    return left
  }

  /// How tightly the operator at hand binds; nil where there is none.
  private var power: Int? {
    switch token.kind {
    case .name("and"): 1
    case .symbol("<="), .symbol(">="), .symbol("<"), .symbol(">"), .symbol("=="): 2
    case .symbol("+"), .symbol("-"): 3
    case .symbol("*"), .symbol("/"): 4
    default: nil
    }
  }

  private mutating func conjunction(_ first: Syntax) throws(ExpressionError) -> Syntax {
    var parts = [first]
    while token.kind == .name("and") {
      advance()
      parts.append(try expression(above: 1))
    }
    return Syntax(form: .conjunction(parts), range: first.range.lowerBound..<end)
  }

  private mutating func comparison(_ first: Syntax) throws(ExpressionError) -> Syntax {
    var operands = [first]
    var comparisons: [Syntax.Comparison] = []
    while case .symbol(let symbol) = token.kind, let relation = Syntax.Relation(rawValue: symbol) {
      comparisons.append(Syntax.Comparison(relation: relation, range: token.range))
      advance()
      operands.append(try expression(above: 2))
    }
    return Syntax(
      form: .comparison(operands, comparisons), range: first.range.lowerBound..<end)
  }

  // MARK: Operands

  private mutating func operand() throws(ExpressionError) -> Syntax {
    let first = token
    switch first.kind {
    case .number(let text):
      advance()
      return Syntax(form: .number(text), range: first.range)
    case .quoted(let name):
      advance()
      return Syntax(form: .quoted(name), range: first.range)
    case .name(let name) where !Self.keywords.contains(name):
      advance()
      guard token.kind == .symbol("(") else {
        return Syntax(form: .name(name), range: first.range)
      }
      let open = token
      advance()
      let arguments = try arguments(until: ")", opened: open)
      return Syntax(
        form: .call(Syntax.Word(name: name, range: first.range), arguments),
        range: first.range.lowerBound..<end)
    case .symbol("-"):
      advance()
      let value = try expression(above: 4)
      return Syntax(form: .negation(value), range: first.range.lowerBound..<end)
    case .symbol("("):
      advance()
      let inner = try expression(above: 0)
      try close(")", opened: first)
      return Syntax(form: inner.form, range: first.range.lowerBound..<end)
    case .symbol("["):
      advance()
      let elements = try arguments(until: "]", opened: first).map {
        (argument) throws(ExpressionError) in
        guard let name = argument.name else { return argument.value }
        throw ExpressionError(
          message: "the elements of a list have no names", place: passage(name.range))
      }
      return Syntax(form: .list(elements), range: first.range.lowerBound..<end)
    default:
      throw failure("expected a number, a name, a call or '(', but found \(found)")
    }
  }

  private mutating func arguments(
    until closing: String, opened: Token
  ) throws(ExpressionError) -> [Syntax.Argument] {
    var arguments: [Syntax.Argument] = []
    while token.kind != .symbol(closing) {
      if !arguments.isEmpty {
        guard token.kind == .symbol(",") else { break }
        advance()
      }
      arguments.append(try argument())
    }
    try close(closing, opened: opened)
    return arguments
  }

  private mutating func argument() throws(ExpressionError) -> Syntax.Argument {
    var name: Syntax.Word?
    if tokens[min(place + 1, tokens.count - 1)].kind == .symbol(":") {
      switch token.kind {
      // A quoted name is never one of the words that readings have themselves.
      case .name(let text): name = Syntax.Word(name: text, range: token.range)
      case .quoted(let text): name = Syntax.Word(name: "'\(text)", range: token.range)
      default: throw failure("expected a name before ':'")
      }
      advance()
      advance()
    }
    let value = try expression(above: 0)
    var loops: [Syntax.Loop] = []
    while token.kind == .name("for") {
      advance()
      guard case .name(let variable) = token.kind, !Self.keywords.contains(variable) else {
        throw failure("expected the name of what the loop goes over, but found \(found)")
      }
      let word = Syntax.Word(name: variable, range: token.range)
      advance()
      guard token.kind == .name("in") else { throw failure("expected 'in', but found \(found)") }
      advance()
      loops.append(Syntax.Loop(name: word, list: try expression(above: 2)))
    }
    guard !loops.isEmpty else { return Syntax.Argument(name: name, value: value) }
    return Syntax.Argument(
      name: name,
      value: Syntax(form: .each(value, loops), range: value.range.lowerBound..<end))
  }

  private mutating func close(_ symbol: String, opened: Token) throws(ExpressionError) {
    guard token.kind != .symbol(symbol) else { return advance() }
    guard token.kind == .end else {
      throw failure("expected '\(symbol)'\(symbol == "]" ? " or ','" : ""), but found \(found)")
    }
    // The end is far from what is wrong.
    guard case .symbol(let opening) = opened.kind else { return }
    throw ExpressionError(
      message: "this '\(opening)' is not closed; '\(symbol)' is missing",
      place: passage(opened.range))
  }

  // MARK: Words

  private var token: Token { tokens[place] }

  /// The end of the last word that was read.
  private var end: Int { tokens[max(place - 1, 0)].range.upperBound }

  private mutating func advance() { place = min(place + 1, tokens.count - 1) }

  private var found: String {
    switch token.kind {
    case .end: "the end"
    case .number(let text), .name(let text), .symbol(let text): "'\(text)'"
    case .quoted(let text): "'\(text)' in quotes"
    }
  }

  private func failure(_ message: String) -> ExpressionError {
    ExpressionError(message: message, place: passage(token.range))
  }
}
