/// A reader for the few Python literals that the header of a `.npy` file is made of.
struct PythonLiteral {
  enum Value: Equatable {
    case text(String)
    case truth(Bool)
    case tuple([Int])
    case other
  }

  private var rest: Slice<UnsafeRawBufferPointer>

  init(_ text: Slice<UnsafeRawBufferPointer>) { rest = text }

  /// Reads `{'name': value, ...}` and nothing after it but blanks.
  mutating func dictionary() throws(TensorError) -> [String: Value] {
    guard take("{") else { throw malformed("a '{'") }
    var members: [String: Value] = [:]
    while !take("}") {
      guard let name = try text() else { throw malformed("a name in quotes or '}'") }
      guard take(":") else { throw malformed("':' after '\(name)'") }
      guard members.updateValue(try value(), forKey: name) == nil else {
        throw TensorError("names '\(name)' twice in its .npy header")
      }
      if take(",") { continue }
      guard take("}") else { throw malformed("',' or '}'") }
      break
    }
    skipBlanks()
    guard rest.isEmpty else { throw malformed("nothing after '}'") }
    return members
  }

  private mutating func value() throws(TensorError) -> Value {
    if let text = try text() { return .text(text) }
    if take(word: "True") { return .truth(true) }
    if take(word: "False") { return .truth(false) }
    if take("(") { return .tuple(try tuple()) }
    guard take("[") else { throw malformed("a text, True, False or a tuple") }
    // The field list of a record type: its content is of no use, so nothing after it is read.
    guard let end = rest.lastIndex(of: UInt8(ascii: "]")) else { throw malformed("a ']'") }
    rest = rest[(end + 1)...]
    return .other
  }

  /// Reads integers up to `)`; a single one needs a comma behind it, as in Python.
  private mutating func tuple() throws(TensorError) -> [Int] {
    var extents: [Int] = []
    var endsWithComma = false
    while !take(")") {
      guard extents.isEmpty || endsWithComma else { throw malformed("',' or ')' in 'shape'") }
      skipBlanks()
      let digits = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
      let spelling = String(decoding: digits, as: UTF8.self)
      guard !spelling.isEmpty else { throw malformed("an integer in 'shape'") }
      guard let extent = Int(spelling) else {
        throw TensorError("has the extent \(spelling.prefix(40)), which no memory can hold")
      }
      rest = rest.dropFirst(digits.count)
      extents.append(extent)
      endsWithComma = take(",")
    }
    guard extents.count != 1 || endsWithComma else { throw malformed("',' after a single extent") }
    return extents
  }

  private mutating func text() throws(TensorError) -> String? {
    let quote: Unicode.Scalar = take("'") ? "'" : "\""
    guard quote == "'" || take("\"") else { return nil }
    guard let end = rest.firstIndex(of: UInt8(ascii: quote)) else { throw malformed("a quote") }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  // MARK: Steps

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private func malformed(_ wanted: String) -> TensorError {
    let found = String(decoding: rest.prefix(12), as: UTF8.self)
    return TensorError("has a malformed .npy header: wanted \(wanted), found '\(found)'")
  }
}
