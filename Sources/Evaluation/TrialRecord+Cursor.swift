package import Documents

/// A part of a document that is not what it should be: where it stands, and what was expected there.
package struct RecordError: Error, Equatable, CustomStringConvertible {
  /// The JSON pointer, such as `/trials/3/seed`; empty for the whole document.
  package var pointer: String
  /// What is wrong, without the place.
  package var message: String

  package init(pointer: String, message: String) {
    self.pointer = pointer
    self.message = message
  }

  package var description: String {
    pointer.isEmpty ? "the document \(message)" : "at \(pointer): \(message)"
  }
}

/// A JSON value that knows where it stands, so that a failure to decode it names the place.
package struct RecordCursor {
  package let value: JSON
  package let pointer: String

  package init(_ value: JSON, pointer: String = "") {
    self.value = value
    self.pointer = pointer
  }

  // MARK: Descending

  /// The member `key`, which must be there.
  package func member(_ key: String) throws(RecordError) -> RecordCursor {
    guard case .object(let members) = value else { throw unlike("an object") }
    guard let member = members[key] else {
      throw RecordError(pointer: pointer, message: "lacks the member '\(key)'")
    }
    return RecordCursor(member, pointer: child(key))
  }

  /// The member `key`; nil where it is absent or null.
  package func optional(_ key: String) throws(RecordError) -> RecordCursor? {
    guard case .object(let members) = value else { throw unlike("an object") }
    guard let member = members[key], !member.isNull else { return nil }
    return RecordCursor(member, pointer: child(key))
  }

  /// The elements of the array.
  package func elements() throws(RecordError) -> [RecordCursor] {
    guard case .array(let elements) = value else { throw unlike("an array") }
    return elements.enumerated().map { RecordCursor($1, pointer: child(String($0))) }
  }

  /// The members of the object, each read by `body`.
  package func mapMembers<T>(
    _ body: (RecordCursor) throws(RecordError) -> T
  ) throws(RecordError) -> [String: T] {
    try mapNamed { _, member throws(RecordError) in try body(member) }
  }

  /// The members of the object, each read by `body`, which is told the name.
  package func mapNamed<T>(
    _ body: (String, RecordCursor) throws(RecordError) -> T
  ) throws(RecordError) -> [String: T] {
    guard case .object(let members) = value else { throw unlike("an object") }
    var result: [String: T] = [:]
    for key in members.keys.sorted() {
      result[key] = try body(key, RecordCursor(members[key] ?? .null, pointer: child(key)))
    }
    return result
  }

  /// The elements of the array, each read by `body`.
  package func map<T>(
    _ body: (RecordCursor) throws(RecordError) -> T
  ) throws(RecordError) -> [T] {
    var result: [T] = []
    for element in try elements() { result.append(try body(element)) }
    return result
  }

  // MARK: Leaves

  package func string() throws(RecordError) -> String {
    guard let string = value.string else { throw unlike("a string") }
    return string
  }

  /// A whole number that a double holds too, as all that Assay writes.
  package func int() throws(RecordError) -> Int {
    guard let int = value.int else { throw unlike("a whole number") }
    guard int.magnitude < 1 << 53 else { throw unlike("a whole number below 2^53 in size") }
    return int
  }

  /// A number of things, of which a million sum up without overflow.
  package func count() throws(RecordError) -> Int {
    guard let count = value.int, (0...1_000_000_000_000).contains(count) else {
      throw unlike("a count from 0 to 10^12")
    }
    return count
  }

  package func double() throws(RecordError) -> Double {
    guard let double = value.double else { throw unlike("a number") }
    return double
  }

  package func bool() throws(RecordError) -> Bool {
    guard let bool = value.bool else { throw unlike("true or false") }
    return bool
  }

  package func object() throws(RecordError) -> [String: JSON] {
    guard let object = value.object else { throw unlike("an object") }
    return object
  }

  package func digest() throws(RecordError) -> Digest {
    guard let digest = value.string.flatMap(Digest.init(hex:)) else {
      throw unlike("a SHA-256 digest of 64 lower-case hexadecimal digits")
    }
    return digest
  }

  /// The error that something else was expected here.
  package func unlike(_ expected: String) -> RecordError {
    let found =
      switch value {
      case .null: "null"
      case .bool: "true or false"
      case .integer(let value): "the number \(value)"
      case .number(let value): "the number \(value)"
      case .string(let text): "the string '\(text.prefix(40))\(text.count > 40 ? "..." : "")'"
      case .array: "an array"
      case .object: "an object"
      }
    return RecordError(pointer: pointer, message: "should be \(expected) but is \(found)")
  }

  /// The pointer to a member or element, escaped as in RFC 6901.
  private func child(_ key: String) -> String {
    var escaped = ""
    for character in key.unicodeScalars {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return "\(pointer)/\(escaped)"
  }
}
