internal import Documents

/// Makes hostile text harmless in each format; what a format cannot hold becomes U+FFFD.
package enum Escaping {
  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// Text inside XML elements and double-quoted attributes.
  package static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(isXML(scalar) ? scalar : replacement)
      }
    }
    return result
  }

  /// The characters of XML 1.0, section 2.2, without those that act on the text around them.
  private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isDisruptive && scalar.value != 0xFFFE && scalar.value != 0xFFFF
  }

  /// Text inside a Markdown table cell: no markup, no HTML, no line break, no mention of people.
  package static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "!", "|", "~":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A field of RFC 4180 CSV.
  ///
  /// A text that a spreadsheet would run as a formula gets an apostrophe in front.
  package static func csv(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
      text = "'" + text
    }
    let isPlain = !text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    if isPlain { return text }
    var quoted = ""
    for scalar in text.unicodeScalars {
      quoted.unicodeScalars.append(scalar)
      if scalar == "\"" { quoted += "\"" }
    }
    return "\"\(quoted)\""
  }

  /// Text in a LaTeX document: no command, no comment, no mathematics, no line break.
  package static func latex(_ text: String) -> String {
    var result = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "\"": result += "''"
      // A bracket at the start of a row would be the length behind the row before.
      case "[", "]": result += "{\(Character(scalar))}"
      case "<", ">", "|": result += "$\(Character(scalar))$"
      case "±": result += "$\\pm$"
      case "†": result += "$\\dagger$"
      case "#", "$", "%", "&", "_", "{", "}":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The message of a GitHub workflow command.
  package static func annotation(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  /// A property of a GitHub workflow command.
  package static func annotationProperty(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  private static func escaped(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let code = table[scalar] { result += code } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// One line for a terminal: breaks and tabs become blanks, other control and direction-changing
  /// characters U+FFFD, so that no name can move the cursor or colour the screen.
  package static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: result += " "
      default: result.unicodeScalars.append(scalar.isDisruptive ? replacement : scalar)
      }
    }
    return result
  }
}
