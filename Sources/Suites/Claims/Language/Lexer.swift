/// A word of an expression.
struct Token: Equatable {
  enum Kind: Equatable {
    /// As written, such as `16` or `1e-5`.
    case number(String)
    /// A bare name, such as `zero-shot`.
    case name(String)
    /// A name in single quotes, such as `'p = 0.5'`.
    case quoted(String)
    case symbol(String)
    case end
  }

  let kind: Kind
  let range: Range<Int>
}

/// Splits an expression into words.
///
/// A bare name goes on over `-` and `.` where a letter or a digit follows, so that `zero-shot` and
/// `naive-0.001` are names; a minus between two names wants a space.
struct Lexer {
  private let scalars: [Unicode.Scalar]
  private var place = 0
  private let passage: (Range<Int>) -> Passage

  private static let symbols = [
    "<=", ">=", "==", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", ":",
  ]

  init(_ text: String, _ passage: @escaping (Range<Int>) -> Passage) {
    scalars = Array(text.unicodeScalars)
    self.passage = passage
  }

  /// All words, the end last.
  mutating func tokens() throws(ExpressionError) -> [Token] {
    var tokens: [Token] = []
    while let token = try next() { tokens.append(token) }
    return tokens + [Token(kind: .end, range: scalars.count..<scalars.count)]
  }

  private mutating func next() throws(ExpressionError) -> Token? {
    while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
    guard place < scalars.count else { return nil }
    let start = place
    let scalar = scalars[place]
    if Self.isDigit(scalar) || (scalar == "." && isDigit(at: place + 1)) { return number() }
    if scalar == "'" { return try quoted() }
    if Self.isLetter(scalar) {
      while place < scalars.count, goesOn(place) { place += 1 }
      return token(.name(text(from: start)), start)
    }
    for symbol in Self.symbols where starts(with: symbol) {
      place += symbol.unicodeScalars.count
      return token(.symbol(symbol), start)
    }
    throw ExpressionError(
      message: "'\(scalar)' has no meaning here", place: passage(start..<start + 1))
  }

  private mutating func number() -> Token {
    let start = place
    while isDigit(at: place) { place += 1 }
    if place < scalars.count, scalars[place] == ".", isDigit(at: place + 1) {
      place += 1
      while isDigit(at: place) { place += 1 }
    }
    if place < scalars.count, scalars[place] == "e" || scalars[place] == "E" {
      let sign = place + 1 < scalars.count && "+-".unicodeScalars.contains(scalars[place + 1])
      if isDigit(at: place + (sign ? 2 : 1)) {
        place += sign ? 2 : 1
        while isDigit(at: place) { place += 1 }
      }
    }
    return token(.number(text(from: start)), start)
  }

  private mutating func quoted() throws(ExpressionError) -> Token {
    let start = place
    var content = String.UnicodeScalarView()
    place += 1
    while place < scalars.count {
      if scalars[place] == "'" {
        // Two quotes are one of the name.
        guard place + 1 < scalars.count, scalars[place + 1] == "'" else {
          place += 1
          return token(.quoted(String(content)), start)
        }
        place += 1
      }
      content.append(scalars[place])
      place += 1
    }
    throw ExpressionError(
      message: "the quote is not closed", place: passage(start..<scalars.count))
  }

  // MARK: Scalars

  private func token(_ kind: Token.Kind, _ start: Int) -> Token {
    Token(kind: kind, range: start..<place)
  }

  private func text(from start: Int) -> String {
    String(String.UnicodeScalarView(scalars[start..<place]))
  }

  private func starts(with symbol: String) -> Bool {
    scalars[place...].starts(with: symbol.unicodeScalars)
  }

  private func goesOn(_ place: Int) -> Bool {
    let scalar = scalars[place]
    if Self.isLetter(scalar) || Self.isDigit(scalar) { return true }
    guard scalar == "-" || scalar == ".", place + 1 < scalars.count else { return false }
    return Self.isLetter(scalars[place + 1]) || Self.isDigit(scalars[place + 1])
  }

  private func isDigit(at place: Int) -> Bool {
    place < scalars.count && Self.isDigit(scalars[place])
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  /// Whether a name is read as itself without quotes.
  static func isBare(_ name: String) -> Bool {
    guard !Parser.keywords.contains(name), !["true", "false"].contains(name) else { return false }
    var lexer = Lexer(name) { Passage(pointer: "", text: name, range: $0) }
    guard let tokens = try? lexer.tokens(), tokens.count == 2 else { return false }
    return tokens[0].kind == .name(name)
  }
}
