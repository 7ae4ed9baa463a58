/// Text that is HTML already: its literals stand as they are, whatever is interpolated is escaped.
///
/// A value can therefore reach the page unescaped only from a literal of this program.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  static let empty = Markup(stringLiteral: "")

  init(stringLiteral value: StaticString) { text = "\(value)" }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: String

    init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }
    mutating func appendInterpolation(_ content: String) { text += escaped(content) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    /// A coordinate, with one decimal at most.
    mutating func appendInterpolation(_ coordinate: Double) {
      guard coordinate.isFinite, abs(coordinate) < 1e12 else { return text += "0" }
      let tenths = Int((coordinate * 10).rounded())
      if tenths < 0 { text += "-" }
      text += String(abs(tenths) / 10)
      if tenths % 10 != 0 { text += "." + String(abs(tenths) % 10) }
    }
  }
}

extension [Markup] {
  /// The parts in a row with `separator` between them.
  func joined(_ separator: Markup) -> Markup {
    var result = Markup.empty
    for (index, part) in enumerated() {
      if index > 0 { result += separator }
      result += part
    }
    return result
  }
}

/// A text as HTML content or attribute value.
///
/// Control characters become their visible pictures (U+2400...), and the marks that turn the reading
/// direction become U+FFFD, so that nothing a plugin prints can hide or rearrange other text.
private func escaped(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    byte >= 32 && byte != 127 && byte != 0xC2 && byte != 0xE2 && byte != 0xEF
      && !(byte == 34 || byte == 38 || byte == 39 || byte == 60 || byte == 62)
  }
  if isPlain { return text }
  var result = ""
  result.reserveCapacity(text.utf8.count + 16)
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 34: result += "&quot;"
    case 38: result += "&amp;"
    case 39: result += "&#39;"
    case 60: result += "&lt;"
    case 62: result += "&gt;"
    case 9, 10: result.unicodeScalars.append(scalar)
    case 0..<32:
      result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case 127: result += "\u{2421}"
    case 0x80..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
