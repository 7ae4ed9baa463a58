/// Text of strangers made harmless: what could move a cursor, colour a screen or turn the direction
/// of the words around it becomes U+FFFD.
extension Unicode.Scalar {
  /// Tells whether the character acts on a terminal or on the text around it instead of being seen.
  ///
  /// Line feed and tab are not among them: whoever prints one line takes care of those.
  package var isDisruptive: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F: true
    // Line and paragraph separators, embeddings, overrides and isolates of direction.
    case 0x2028...0x202E, 0x2066...0x2069: true
    // The byte-order mark, interlinear annotations, invisible tags.
    case 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }
}

extension String {
  /// The text without disruptive characters, and no longer than `limit` bytes.
  ///
  ///     "red \u{1B}[31m".repaired()          // "red \u{FFFD}[31m"
  ///     "a long story".repaired(limit: 6)    // "a long [6 bytes cut]"
  package func repaired(limit: Int = .max) -> String {
    var result = String.UnicodeScalarView()
    var byteCount = 0
    for scalar in unicodeScalars {
      let width = UTF8.width(scalar)
      guard byteCount <= limit - width else {
        return "\(String(result)) [\(utf8.count - byteCount) bytes cut]"
      }
      byteCount += width
      result.append(scalar.isDisruptive ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }
}

extension String {
  /// The repaired text on one line: line feeds and tabs become U+FFFD too.
  ///
  /// For names that strangers chose, as of files: a line of its own could pass for another message,
  /// or for a command to a build server.
  ///
  ///     "lib\n::error::x.so".oneLine        // "lib\u{FFFD}::error::x.so"
  package var oneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.isDisruptive || $0.value < 0x20 ? "\u{FFFD}" : $0 }))
  }
}

extension JSON {
  /// The value with all names and texts repaired.
  package func repaired() -> JSON {
    switch self {
    case .string(let text): .string(text.repaired())
    case .array(let elements): .array(elements.map { $0.repaired() })
    case .object(let members):
      .object(
        Dictionary(
          members.map { ($0.key.repaired(), $0.value.repaired()) },
          uniquingKeysWith: { first, _ in first }))
    default: self
    }
  }
}
