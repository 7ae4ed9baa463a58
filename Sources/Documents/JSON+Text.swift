internal import CJSONC

/// Why a text is not JSON.
public struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
  /// What json-c says of the text.
  public var message: String
  /// The offset in bytes at which reading stopped.
  public var offset: Int
  /// The error as one sentence.
  public var description: String { "not valid JSON: \(message) at byte \(offset)" }
}

extension JSON {
  /// The deepest nesting that is read; deeper text is an error rather than a stack overflow.
  public static let maximumDepth = 64

  /// Reads one JSON value, strictly: UTF-8, nothing after it, no extensions, no repeated names, no
  /// number that a 64-bit integer or a double cannot hold.
  public init(parsing text: some Collection<UInt8>) throws(JSONSyntaxError) {
    let (value, findings) = try JSON.reading(Array(text))
    if let first = findings.first {
      let place = first.pointer.isEmpty ? "" : "at \(first.pointer): "
      throw JSONSyntaxError(message: place + first.message, offset: first.offset)
    }
    self = value
  }

  /// Reads one JSON value, and finds all that json-c lets pass but Assay refuses.
  static func reading(
    _ text: [UInt8]
  ) throws(JSONSyntaxError) -> (value: JSON, findings: [JSONScanner.Finding]) {
    guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw JSONSyntaxError(
        message: "the text starts with a byte-order mark; save it as UTF-8 without one", offset: 0)
    }
    guard let tokener = json_tokener_new_ex(Int32(JSON.maximumDepth)) else {
      throw JSONSyntaxError(message: "out of memory", offset: 0)
    }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(
      tokener, Int32(JSON_TOKENER_STRICT) | Int32(JSON_TOKENER_VALIDATE_UTF8))
    guard text.count < Int(Int32.max) else {
      throw JSONSyntaxError(message: "the text is larger than 2 GiB", offset: 0)
    }
    // json-c reports "continue" at the end of a bare number; the terminating NUL settles it.
    let root = (text + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { chars in
        json_tokener_parse_ex(tokener, chars.baseAddress, Int32(chars.count))
      }
    }
    defer { json_object_put(root) }
    let status = json_tokener_get_error(tokener)
    let end = Int(json_tokener_get_parse_end(tokener))
    guard status == json_tokener_success else {
      throw JSONSyntaxError(message: reason(status), offset: min(end, text.count))
    }
    let whitespace: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    if let extra = text.indices.dropFirst(end).first(where: { !whitespace.contains(text[$0]) }) {
      throw JSONSyntaxError(message: "text after the value", offset: extra)
    }
    return (value(root), JSONScanner(text, recordingPlaces: false).findings)
  }

  private static func reason(_ status: json_tokener_error) -> String {
    switch status {
    case json_tokener_continue, json_tokener_error_parse_eof: "the text ends too early"
    case json_tokener_error_depth: "the value is nested deeper than \(maximumDepth) levels"
    case json_tokener_error_parse_utf8_string: "the text is not valid UTF-8"
    default: String(cString: json_tokener_error_desc(status))
    }
  }

  /// Reads one JSON value from a string.
  public init(parsing text: String) throws(JSONSyntaxError) { try self.init(parsing: text.utf8) }

  private static func value(_ object: OpaquePointer?) -> JSON {
    guard let object else { return .null }
    switch json_object_get_type(object) {
    case json_type_boolean: return .bool(json_object_get_boolean(object) != 0)
    case json_type_int: return .integer(json_object_get_int64(object))
    case json_type_double: return .number(json_object_get_double(object))
    case json_type_string:
      let count = Int(json_object_get_string_len(object))
      guard let text = json_object_get_string(object) else { return .string("") }
      return text.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
        .string(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
      }
    case json_type_array:
      return .array(
        (0..<json_object_array_length(object)).map { value(json_object_array_get_idx(object, $0)) })
    case json_type_object:
      var members: [String: JSON] = [:]
      var iterator = json_object_iter_begin(object)
      var end = json_object_iter_end(object)
      while json_object_iter_equal(&iterator, &end) == 0 {
        let name = String(cString: json_object_iter_peek_name(&iterator))
        members[name] = value(json_object_iter_peek_value(&iterator))
        json_object_iter_next(&iterator)
      }
      return .object(members)
    default: return .null
    }
  }

  /// The value as canonical text: sorted keys, no blanks, shortest round-trip numbers.
  public var canonicalText: String { text(flags: JSON_C_TO_STRING_PLAIN) }

  /// The value as text for people: sorted keys, two blanks of indentation, a final newline.
  public var prettyText: String {
    text(flags: JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED) + "\n"
  }

  /// The value as text of which each member of the document, and each element of its lists of
  /// lists and objects, is one line.
  public var linesText: String {
    var text = ""
    forEachLine { text += $0 }
    return text
  }

  /// Hands over the lines of `linesText`, so that the whole text need not be in memory.
  func forEachLine<Failure: Error>(_ body: (String) throws(Failure) -> Void) throws(Failure) {
    guard case .object(let members) = self, !members.isEmpty else {
      return try body(canonicalText + "\n")
    }
    let names = members.keys.sorted()
    for (place, name) in names.enumerated() {
      let value = members[name] ?? .null
      let start = (place == 0 ? "{\n" : "") + JSON.string(name).canonicalText + ": "
      let end = name == names.last ? "\n}\n" : ",\n"
      guard case .array(let elements) = value, elements.first?.isContainer == true else {
        try body(start + value.canonicalText + end)
        continue
      }
      try body(start + "[\n")
      for (place, element) in elements.enumerated() {
        try body(element.canonicalText + (place + 1 < elements.count ? ",\n" : "\n"))
      }
      try body("]" + end)
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private func text(flags: Int32) -> String {
    let object = makeObject()
    defer { json_object_put(object) }
    return String(
      cString: json_object_to_json_string_ext(object, flags | JSON_C_TO_STRING_NOSLASHESCAPE))
  }

  private func makeObject() -> OpaquePointer? {
    switch self {
    case .null: return nil
    case .bool(let value): return json_object_new_boolean(value ? 1 : 0)
    case .integer(let value): return json_object_new_int64(value)
    case .number(let value):
      return value.isFinite ? json_object_new_double_s(value, "\(value)") : nil
    case .string(let value):
      var value = value
      return value.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          json_object_new_string_len($0.baseAddress, Int32($0.count))
        }
      }
    case .array(let elements):
      let array = json_object_new_array_ext(Int32(elements.count))
      for element in elements { json_object_array_add(array, element.makeObject()) }
      return array
    case .object(let members):
      let object = json_object_new_object()
      for key in members.keys.sorted() {
        json_object_object_add(object, key, members[key]?.makeObject())
      }
      return object
    }
  }
}
