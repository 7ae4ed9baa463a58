/// Reads a page tag by tag: which elements and attributes it has, and what is not well-formed.
struct PageChecker {
  struct Element {
    var name: String
    var attributes: [String: String]
  }

  private(set) var elements: [Element] = []
  /// The text between the tags, entities as they stand, without scripts and styles.
  private(set) var text = ""
  private(set) var problems: [String] = []

  private static let voids: Set<String> = ["meta", "br", "hr", "input"]
  private static let raws: Set<String> = ["script", "style"]

  init(_ page: String) {
    var rest = Substring(page).utf8[...]
    var open: [String] = []
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      read(text: rest[..<start])
      rest = rest[start...].dropFirst()
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
        problems.append("a tag is not closed at the end")
        return
      }
      let tag = String(rest[..<end]) ?? ""
      rest = rest[end...].dropFirst()
      if tag.hasPrefix("!DOCTYPE") { continue }
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        let expected = open.popLast()
        if expected != name { problems.append("</\(name)> closes <\(expected ?? "nothing")>") }
        continue
      }
      let element = read(tag: tag)
      elements.append(element)
      if tag.hasSuffix("/") || Self.voids.contains(element.name) { continue }
      if Self.raws.contains(element.name) {
        guard let close = String(Substring(rest)).range(of: "</\(element.name)>") else {
          problems.append("<\(element.name)> is not closed")
          return
        }
        rest = rest.dropFirst(close.upperBound)
        continue
      }
      open.append(element.name)
    }
    read(text: rest)
    if !open.isEmpty { problems.append("not closed: \(open.joined(separator: " "))") }
  }

  private mutating func read(text part: Substring.UTF8View.SubSequence) {
    let part = String(part) ?? ""
    text += part
    for piece in part.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      let name = piece.prefix { $0 != ";" }
      if !["amp", "lt", "gt", "quot", "#39"].contains(String(name)) {
        problems.append("a bare & before '\(piece.prefix(10))'")
      }
    }
  }

  /// Attributes must be `name="value"` with one space before each, and occur once.
  private mutating func read(tag: String) -> Element {
    var rest = Substring(tag.hasSuffix("/") ? String(tag.dropLast()) : tag)
    let name = String(rest.prefix { $0 != " " })
    rest = rest.dropFirst(name.count)
    var attributes: [String: String] = [:]
    while !rest.allSatisfy({ $0 == " " }) {
      rest = rest.drop { $0 == " " }
      let key = String(rest.prefix { $0 != "=" })
      rest = rest.dropFirst(key.count)
      guard rest.hasPrefix("=\""), let end = rest.dropFirst(2).firstIndex(of: "\"") else {
        problems.append("<\(tag.prefix(60))> has an attribute without quotes")
        break
      }
      if attributes[key] != nil { problems.append("<\(name)> has two \(key)") }
      attributes[key] = String(rest[..<end].dropFirst(2))
      rest = rest[rest.index(after: end)...]
      if !rest.isEmpty, rest.first != " " { problems.append("<\(tag.prefix(60))> lacks a space") }
    }
    if !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) || name.isEmpty {
      problems.append("'\(name.prefix(30))' is no name of an element")
    }
    return Element(name: name, attributes: attributes)
  }
}

extension String {
  /// Where a text begins and ends, in bytes.
  fileprivate func range(of other: String) -> Range<Int>? {
    let (all, part) = (Array(utf8), Array(other.utf8))
    guard all.count >= part.count else { return nil }
    for start in 0...(all.count - part.count) where all[start] == part[0] {
      if all[start..<(start + part.count)].elementsEqual(part) {
        return start..<(start + part.count)
      }
    }
    return nil
  }
}
