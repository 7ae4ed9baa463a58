/// Replaces HTML's character references, in the two ways that CLIP's cleaning does.
enum HTMLEntities {
  private struct Entity {
    let scalars: [Unicode.Scalar]
    let maybeBare: Bool
  }

  private static let entities: [String: Entity] = {
    var entities: [String: Entity] = [:]
    for entry in table.split(whereSeparator: \.isWhitespace) {
      guard let sign = entry.firstIndex(where: { $0 == "=" || $0 == "!" }) else { continue }
      let scalars = entry[entry.index(after: sign)...].split(separator: "+").compactMap {
        UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
      }
      entities[String(entry[..<sign])] = Entity(scalars: scalars, maybeBare: entry[sign] == "!")
    }
    return entities
  }()

  /// Names of small letters alone, written in capitals, which then stand for capitals.
  private static let capitals: [String: [Unicode.Scalar]] = {
    var capitals: [String: [Unicode.Scalar]] = [:]
    for (name, entity) in entities where name.utf8.allSatisfy({ !(65...90).contains($0) }) {
      let upper = name.uppercased()
      // A name that begins with one that may end bare means that one, and more text.
      let isTaken = entities[upper] != nil || longestBare(Array(upper.unicodeScalars)) != nil
      if !isTaken {
        capitals[upper] = entity.scalars.flatMap {
          Array($0.properties.uppercaseMapping.unicodeScalars)
        }
      }
    }
    return capitals
  }()

  /// As Python's `html.unescape`, which follows the HTML standard.
  static func unescape(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    replacing(text) { rest in
      if rest.first == "#" { return number(rest) }
      let end = rest.prefix(32).firstIndex { "\t\n\u{c} <&#;".unicodeScalars.contains($0) }
      let name = rest[..<(end ?? min(rest.startIndex + 32, rest.endIndex))]
      guard !name.isEmpty else { return nil }
      if name.endIndex < rest.endIndex, rest[name.endIndex] == ";",
        let entity = entities[String(name)]
      {
        return (entity.scalars, name.count + 1)
      }
      return longestBare(Array(name))
    }
  }

  /// As ftfy's `unescape_html`: only references that end with a semicolon, and capitals.
  static func unescapeSurely(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    replacing(text) { rest in
      let hash = rest.first == "#" ? 1 : 0
      let name = rest.dropFirst(hash).prefix { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
      }
      guard 1...24 ~= name.count, name.endIndex < rest.endIndex, rest[name.endIndex] == ";" else {
        return nil
      }
      if hash == 1 {
        guard let found = number(rest), found.length == name.count + 2 else { return nil }
        return found
      }
      let scalars = entities[String(name)]?.scalars ?? capitals[String(name)]
      return scalars.map { ($0, name.count + 1) }
    }
  }

  private typealias Found = (scalars: [Unicode.Scalar], length: Int)

  /// The text with what `find` makes of what follows each `&`.
  private static func replacing(
    _ text: [Unicode.Scalar], _ find: (ArraySlice<Unicode.Scalar>) -> Found?
  ) -> [Unicode.Scalar] {
    guard text.contains("&") else { return text }
    var result: [Unicode.Scalar] = []
    var place = 0
    while place < text.count {
      if text[place] == "&", let found = find(text[(place + 1)...]) {
        result += found.scalars
        place += 1 + found.length
      } else {
        result.append(text[place])
        place += 1
      }
    }
    return result
  }

  private static func longestBare(_ name: [Unicode.Scalar]) -> Found? {
    for length in stride(from: min(name.count, 8), through: 2, by: -1) {
      if let entity = entities[String(name[..<length])], entity.maybeBare {
        return (entity.scalars, length)
      }
    }
    return nil
  }

  /// A reference by number, whose `#` comes first.
  private static func number(_ rest: ArraySlice<Unicode.Scalar>) -> Found? {
    var digits = rest.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    if isHexadecimal { digits = digits.dropFirst() }
    digits = digits.prefix { scalar in
      switch scalar.value {
      case 48...57: true
      case 65...70, 97...102: isHexadecimal
      default: false
      }
    }
    guard !digits.isEmpty else { return nil }
    var length = digits.endIndex - rest.startIndex
    if digits.endIndex < rest.endIndex, rest[digits.endIndex] == ";" { length += 1 }
    let significant = digits.drop { $0 == "0" }
    let value =
      significant.count > 8
      ? .max : UInt32(String(significant), radix: isHexadecimal ? 16 : 10) ?? 0
    switch value {
    case 0: return (["\u{fffd}"], length)
    case 0x80...0x9f: return ([Windows1252.scalar(UInt8(value))], length)
    case 0xd: return (["\r"], length)
    case 1...8, 0xb, 0xe...0x1f, 0x7f, 0xfdd0...0xfdef: return ([], length)
    default:
      guard let scalar = Unicode.Scalar(value) else { return (["\u{fffd}"], length) }
      return (value & 0xfffe == 0xfffe ? [] : [scalar], length)
    }
  }
}

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}

/// The bytes from 0x80 to 0x9f in Windows' code page, which text that went astray has as controls.
enum Windows1252 {
  private static let upper: [Unicode.Scalar] = [
    "\u{20ac}", "\u{81}", "\u{201a}", "\u{192}", "\u{201e}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{2c6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8d}", "\u{17d}", "\u{8f}",
    "\u{90}", "\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{2dc}", "\u{2122}", "\u{161}", "\u{203a}", "\u{153}", "\u{9d}", "\u{17e}", "\u{178}",
  ]

  /// The character of a byte from 0x80 to 0x9f.
  static func scalar(_ byte: UInt8) -> Unicode.Scalar { upper[Int(byte) - 0x80] }
}
