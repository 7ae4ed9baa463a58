// The standard library composes characters, but offers it under this name only; the tests hold its
// results.
@_spi(_Unicode) internal import Swift

/// What CLIP does to a text before it is split: repair, HTML, white space, small letters.
///
///     TextCleaning.lower("A “caf&eacute;”  ﬁne")      // a "café" fine
///
/// The repair is that of ftfy 6 but for one part: text of a wrong code page, such as
/// `schÃ¶n`, stays as it is.
enum TextCleaning {
  /// Cleans a text as `clean="lower"` of open_clip.
  static func lower(_ text: String) -> [Unicode.Scalar] {
    let repaired = repair(Array(text.unicodeScalars))
    return lowercased(squeezed(HTMLEntities.unescape(HTMLEntities.unescape(repaired))))
  }

  // MARK: Repair

  private static func repair(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if text.allSatisfy({ 0x20..<0x7f ~= $0.value && $0 != "&" }) { return text }
    var (result, mayUnescape, start) = ([Unicode.Scalar](), true, 0)
    while start < text.count {
      let end = text[start...].firstIndex(of: "\n").map { $0 + 1 } ?? text.count
      let line = Array(text[start..<end])
      // From a tag on references are meant as they stand.
      if line.contains("<") { mayUnescape = false }
      result += repair(line: line, mayUnescape: mayUnescape)
      start = end
    }
    return result
  }

  private static func repair(
    line: [Unicode.Scalar], mayUnescape: Bool
  ) -> [Unicode.Scalar] {
    var line = line
    while true {
      let before = line
      if mayUnescape && !line.contains("<") { line = HTMLEntities.unescapeSurely(line) }
      line = line.flatMap(replacement)
      line = withUnixBreaks(line)
      line = withoutTerminalEscapes(line)
      line.removeAll(where: isUnwantedControl)
      line = Array(String(line)._nfc)
      if line == before { return line }
    }
  }

  /// Controls of Windows, ligatures, forms of other width and quotation marks.
  private static func replacement(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case 0..<0x80: return [scalar]
    case 0x80...0x9f: return replacementOfMark(Windows1252.scalar(UInt8(scalar.value)))
    case 0x3000: return [" "]
    case 0xff01...0xff5e:
      return Unicode.Scalar(scalar.value - 0xfee0).map { [$0] } ?? [scalar]
    case 0xff5f...0xffee: return widths[Int(scalar.value) - 0xff5f] ?? [scalar]
    default: return ligatures[scalar].map { Array($0.unicodeScalars) } ?? replacementOfMark(scalar)
    }
  }

  private static func replacementOfMark(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case 0x2bc, 0x2018...0x201b: ["'"]
    case 0x201c...0x201f: ["\""]
    default: [scalar]
    }
  }

  private static let ligatures: [Unicode.Scalar: String] = [
    "\u{132}": "IJ", "\u{133}": "ij", "\u{149}": "'n", "\u{1f1}": "DZ", "\u{1f2}": "Dz",
    "\u{1f3}": "dz", "\u{1c4}": "D\u{17d}", "\u{1c5}": "D\u{17e}", "\u{1c6}": "d\u{17e}",
    "\u{1c7}": "LJ", "\u{1c8}": "Lj", "\u{1c9}": "lj", "\u{1ca}": "NJ", "\u{1cb}": "Nj",
    "\u{1cc}": "nj", "\u{fb00}": "ff", "\u{fb01}": "fi", "\u{fb02}": "fl", "\u{fb03}": "ffi",
    "\u{fb04}": "ffl", "\u{fb05}": "\u{17f}t", "\u{fb06}": "st",
  ]

  /// What the half and full widths from U+FF5F on stand for in Unicode's compatibility
  /// decomposition; `-` for themselves.
  private static let widths: [[Unicode.Scalar]?] = """
    2985 2986 3002 300c 300d 3001 30fb 30f2 30a1 30a3 30a5 30a7 30a9 30e3 30e5 30e7 30c3 30fc 30a2
    30a4 30a6 30a8 30aa 30ab 30ad 30af 30b1 30b3 30b5 30b7 30b9 30bb 30bd 30bf 30c1 30c4 30c6 30c8
    30ca 30cb 30cc 30cd 30ce 30cf 30d2 30d5 30d8 30db 30de 30df 30e0 30e1 30e2 30e4 30e6 30e8 30e9
    30ea 30eb 30ec 30ed 30ef 30f3 3099 309a 1160 1100 1101 11aa 1102 11ac 11ad 1103 1104 1105 11b0
    11b1 11b2 11b3 11b4 11b5 111a 1106 1107 1108 1121 1109 110a 110b 110c 110d 110e 110f 1110 1111
    1112 - - - 1161 1162 1163 1164 1165 1166 - - 1167 1168 1169 116a 116b 116c - - 116d 116e 116f
    1170 1171 1172 - - 1173 1174 1175 - - - a2 a3 ac 20+304 a6 a5 20a9 - 2502 2190 2191 2192 2193
    25a0 25cb
    """.split(whereSeparator: \.isWhitespace).map { entry in
      let scalars = entry.split(separator: "+").compactMap {
        UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
      }
      return scalars.isEmpty ? nil : scalars
    }

  private static func withUnixBreaks(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for (place, scalar) in line.enumerated() {
      switch scalar.value {
      case 0xd:
        if place + 1 == line.count || line[place + 1] != "\n" { result.append("\n") }
      case 0x2028, 0x2029, 0x85: result.append("\n")
      default: result.append(scalar)
      }
    }
    return result
  }

  /// Leaves out sequences such as `ESC [ 36 ; 44 m`.
  private static func withoutTerminalEscapes(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard line.contains("\u{1b}") else { return line }
    var (result, place) = ([Unicode.Scalar](), 0)
    while place < line.count {
      if line[place] == "\u{1b}", place + 1 < line.count, line[place + 1] == "[" {
        let end = line[(place + 2)...].firstIndex { $0 != ";" && !$0.isDecimalDigit }
        if let end, line[end].isASCII, line[end].properties.isAlphabetic {
          place = end + 1
          continue
        }
      }
      result.append(line[place])
      place += 1
    }
    return result
  }

  private static func isUnwantedControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...8, 0xb, 0xe...0x1f, 0x7f, 0x206a...0x206f, 0xfeff, 0xfff9...0xfffc: true
    default: false
    }
  }

  // MARK: White space and letters

  /// Words with one space between, as Python's `" ".join(text.split())`.
  private static func squeezed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    Array(text.split(whereSeparator: isSpace).joined(separator: [" "]))
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    (0x1c...0x1f).contains(scalar.value) || scalar.properties.isWhitespace
  }

  /// Small letters; a sigma that ends a word is the final one.
  private static func lowercased(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for (place, scalar) in text.enumerated() {
      if scalar.isASCII {
        let isCapital = (65...90).contains(scalar.value)
        result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
      } else if scalar == "\u{3a3}" {
        let before = text[..<place].last { !$0.properties.isCaseIgnorable }
        let after = text[(place + 1)...].first { !$0.properties.isCaseIgnorable }
        let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
        result.append(isFinal ? "\u{3c2}" : "\u{3c3}")
      } else {
        result += scalar.properties.lowercaseMapping.unicodeScalars
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var isDecimalDigit: Bool { properties.generalCategory == .decimalNumber }
}
