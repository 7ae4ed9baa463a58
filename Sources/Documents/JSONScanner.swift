/// A walk over the text of a JSON value that json-c has accepted.
///
/// json-c keeps no places, lets the last of two equal members win, saturates large integers and
/// takes `NaN`; the walk reports all of these, and where each value stands.
struct JSONScanner {
  /// Something in the text that Assay refuses.
  struct Finding: Equatable {
    var offset: Int
    var pointer: String
    var message: String
  }

  /// Where a value and, for a member, its name begin.
  struct Place {
    var name: Int?
    var value: Int
  }

  private(set) var findings: [Finding] = []
  /// The places of all values by pointer, when asked for.
  private(set) var places: [String: Place] = [:]

  private let text: [UInt8]
  private let recordsPlaces: Bool
  private var offset = 0
  private var path: [Step] = []
  /// Set at the first text that is not JSON; nothing after it can be trusted.
  private var hasStopped = false

  private enum Step {
    case member(String)
    case element(Int)
  }

  /// Walks the whole text.
  init(_ text: [UInt8], recordingPlaces: Bool) {
    self.text = text
    recordsPlaces = recordingPlaces
    value(name: nil)
  }

  // MARK: Values

  private mutating func value(name: Int?) {
    skipBlanks()
    if recordsPlaces { places[pointer] = Place(name: name, value: offset) }
    guard path.count < JSON.maximumDepth else {
      return stop("is nested deeper than \(JSON.maximumDepth) levels")
    }
    switch current {
    case UInt8(ascii: "{"): object()
    case UInt8(ascii: "["): array()
    case UInt8(ascii: "\""): _ = string()
    case UInt8(ascii: "t"): literal("true")
    case UInt8(ascii: "f"): literal("false")
    case UInt8(ascii: "n"): literal("null")
    default: number()
    }
  }

  private mutating func object() {
    offset += 1
    var names: Set<String> = []
    skipBlanks()
    if take("}") { return }
    while !hasStopped {
      skipBlanks()
      let start = offset
      guard current == UInt8(ascii: "\"") else { return stop("needs a name in double quotes") }
      let name = string()
      path.append(.member(name))
      // Equal means canonically equal, as for the keys of a Swift dictionary.
      if !names.insert(name).inserted {
        report("the member '\(name)' stands twice in one object; remove one of them", at: start)
      }
      skipBlanks()
      guard take(":") else { return stop("needs ':' after the name '\(name)'") }
      value(name: start)
      path.removeLast()
      skipBlanks()
      if take("}") { return }
      guard take(",") else { return stop("needs ',' or '}'") }
    }
  }

  private mutating func array() {
    offset += 1
    skipBlanks()
    if take("]") { return }
    var index = 0
    while !hasStopped {
      path.append(.element(index))
      value(name: nil)
      path.removeLast()
      index += 1
      skipBlanks()
      if take("]") { return }
      guard take(",") else { return stop("needs ',' or ']'") }
    }
  }

  private mutating func literal(_ word: String) {
    guard text[offset...].starts(with: word.utf8) else { return stop("is not a JSON value") }
    offset += word.utf8.count
  }

  private mutating func number() {
    let start = offset
    _ = take("-")
    let whole = digits()
    let hasLeadingZero = whole > 1 && text[offset - whole] == UInt8(ascii: "0")
    var isWellFormed = whole > 0 && !hasLeadingZero
    var isInteger = true
    if take(".") {
      isInteger = false
      isWellFormed = digits() > 0 && isWellFormed
    }
    if take("e") || take("E") {
      isInteger = false
      _ = take("+") || take("-")
      isWellFormed = digits() > 0 && isWellFormed
    }
    let spelling = String(decoding: text[start..<offset], as: UTF8.self)
    guard isWellFormed else { return stop("is not a JSON value", at: start) }
    let shown = spelling.count > 40 ? "\(spelling.prefix(40))..." : spelling
    if isInteger, Int64(spelling) == nil {
      report("the integer \(shown) does not fit in 64 bits with sign", at: start)
    } else if !isInteger, !(Double(spelling)?.isFinite ?? false) {
      report("the number \(shown) is too large for a double", at: start)
    }
  }

  private mutating func digits() -> Int {
    let start = offset
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { offset += 1 }
    return offset - start
  }

  // MARK: Strings

  /// Walks over a string and returns what it says.
  private mutating func string() -> String {
    offset += 1
    var units: [UInt8] = []
    while offset < text.count {
      let byte = text[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        units += escape()
      case 0..<0x20:
        report("a control character stands in a text; write it as an escape", at: offset)
        offset += 1
      default:
        units.append(byte)
        offset += 1
      }
    }
    stop("the text ends inside a string")
    return ""
  }

  private mutating func escape() -> [UInt8] {
    let start = offset
    offset = min(start + 2, text.count)
    guard start + 1 < text.count else { return [] }
    switch text[start + 1] {
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return unicodeEscape(from: start)
    case let other: return [other]
    }
  }

  private mutating func unicodeEscape(from start: Int) -> [UInt8] {
    var unit = hexadecimal()
    if (0xD800..<0xDC00).contains(unit), take("\\"), take("u") {
      let low = hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { return loneSurrogate(at: start) }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    }
    if unit == 0 { report("a text holds the character U+0000, which no name may hold", at: start) }
    guard let scalar = Unicode.Scalar(unit) else { return loneSurrogate(at: start) }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() -> UInt32 {
    let end = min(offset + 4, text.count)
    defer { offset = end }
    return UInt32(String(decoding: text[offset..<end], as: UTF8.self), radix: 16) ?? 0
  }

  private mutating func loneSurrogate(at start: Int) -> [UInt8] {
    report("half of a surrogate pair stands alone; write both halves", at: start)
    return []
  }

  // MARK: Steps

  /// The byte at hand; 0 after the end.
  private var current: UInt8 { offset < text.count ? text[offset] : 0 }

  private mutating func skipBlanks() {
    while offset < text.count {
      switch text[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private var pointer: String {
    path.reduce("") { pointer, step in
      switch step {
      case .member(let name): JSONPointer.appending(name, to: pointer)
      case .element(let index): JSONPointer.appending(index, to: pointer)
      }
    }
  }

  private mutating func report(_ message: String, at offset: Int) {
    guard !hasStopped else { return }
    findings.append(Finding(offset: offset, pointer: pointer, message: message))
  }

  private mutating func stop(_ message: String, at offset: Int? = nil) {
    report(message, at: offset ?? self.offset)
    hasStopped = true
  }
}
