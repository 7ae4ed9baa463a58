/// A type of JSON Schema.
enum SchemaType: String, CaseIterable, Sendable {
  case null, boolean, integer, number, string, array, object

  /// Tells whether a value is of the type; `1.0` is an integer, as the specification says.
  func admits(_ value: JSON) -> Bool {
    switch (self, value) {
    case (.null, .null), (.boolean, .bool), (.string, .string), (.array, .array),
      (.object, .object), (.number, .number), (.number, .integer), (.integer, .integer):
      true
    case (.integer, .number(let number)): number.rounded() == number
    default: false
    }
  }

  /// The type with its article.
  var words: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One compiled subschema; other subschemas are named by their index in the schema's table.
struct SchemaNode: Sendable {
  /// What may be said of the members that no other keyword names.
  enum Additional: Sendable {
    case allowed
    case forbidden
    case schema(Int)
  }

  /// The place of the subschema in the schema.
  var pointer: String
  var title: String?
  /// The schema `false`, which nothing satisfies.
  var admitsNothing = false
  var types: [SchemaType]?
  var choices: [JSON]?
  var constant: JSON?
  var defaultValue: JSON?
  var reference: Int?
  var oneOf: [Int] = []
  var anyOf: [Int] = []

  var properties: [String: Int] = [:]
  var required: [String] = []
  var patternProperties: [(pattern: String, schema: Int)] = []
  var propertyNames: Int?
  var additional = Additional.allowed
  var memberCount = Bounds()

  var items: Int?
  var itemCount = Bounds()
  var uniqueItems = false

  var range = Bounds()
  var length = Bounds()
  var pattern: String?

  /// Whether its numbers are whole ones.
  var isWhole: Bool { types.map { $0.contains(.integer) && !$0.contains(.number) } ?? false }

  /// The largest whole number that every reader of JSON takes as it is written (RFC 8259, section 6).
  static let largestWhole = 0x1p53 - 1
}

/// The limits of a number, a length or a count.
struct Bounds: Sendable {
  var minimum: JSON?
  var maximum: JSON?
  var exclusiveMinimum: JSON?
  var exclusiveMaximum: JSON?

  func contains(_ value: JSON) -> Bool {
    func holds(_ limit: JSON?, _ test: (JSON, JSON) -> Bool) -> Bool {
      limit.map { test(value, $0) } ?? true
    }
    return holds(minimum) { !Bounds.isLess($0, $1) } && holds(maximum) { !Bounds.isLess($1, $0) }
      && holds(exclusiveMinimum) { Bounds.isLess($1, $0) }
      && holds(exclusiveMaximum) { Bounds.isLess($0, $1) }
  }

  /// Compares two numbers, exactly where both are integers.
  private static func isLess(_ left: JSON, _ right: JSON) -> Bool {
    if case .integer(let left) = left, case .integer(let right) = right { return left < right }
    guard let left = left.double, let right = right.double else { return false }
    return left < right
  }

  /// The limits in words, such as `at least 0 and below 1`.
  var words: String {
    let parts: [(String, JSON?)] = [
      ("at least", minimum), ("above", exclusiveMinimum), ("at most", maximum),
      ("below", exclusiveMaximum),
    ]
    return parts.compactMap { word, limit in limit.map { "\(word) \($0.canonicalText)" } }
      .joined(separator: " and ")
  }
}

extension JSON {
  /// Equality as JSON Schema has it: numbers are equal by value, however they are written.
  func isSame(as other: JSON) -> Bool {
    switch (self, other) {
    case (.integer(let left), .number(let right)), (.number(let right), .integer(let left)):
      return Int64(exactly: right) == left
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.allSatisfy { name, value in right[name].map { value.isSame(as: $0) } ?? false }
    default: return self == other
    }
  }

  /// The value in a few words for a sentence.
  var shortWords: String {
    switch self {
    case .array(let elements): return "an array of \(elements.count)"
    case .object: return "an object"
    default:
      let text = canonicalText
      return text.count > 60 ? "\(text.prefix(57))..." : text
    }
  }
}

extension [String] {
  /// The words as `a, b or c`.
  func joined(last: String) -> String {
    guard let final = self.last, count > 1 else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) \(last) \(final)"
  }
}
