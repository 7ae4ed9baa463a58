import Documents
import Testing

@Suite("JSON text")
struct JSONTextTests {
  @Test(
    "a text that is not strict JSON is refused with its reason",
    arguments: [
      ("", "ends too early"), ("{", "ends too early"), ("[1,]", "unexpected character"),
      ("{\"a\":1} x", "unexpected character at byte 8"), ("NaN", "not a JSON value"),
      ("[-Infinity]", "not a JSON value"), ("[01]", ""), ("[1.]", ""), ("[.5]", ""), ("[+1]", ""),
      ("['a']", ""), ("[1 // one\n]", ""), ("[TRUE]", ""), ("{a:1}", ""),
      ("\u{FEFF}[]", "byte-order mark"), ("[\"a\u{1}b\"]", "control character"),
      ("[\"a\\u0000b\"]", "U+0000"), ("[\"\\ud800\"]", "surrogate"),
      ("{\"a\":1,\"b\":2,\"a\":3}", "'a' stands twice"),
      ("{\"\\u0061\":1,\"a\":3}", "'a' stands twice"),
      ("{\"x\":{\"e\u{301}\":1,\"\u{E9}\":3}}", "stands twice"),
      ("[9223372036854775808]", "does not fit in 64 bits"),
      ("[-9223372036854775809]", "does not fit in 64 bits"),
      ("[123456789012345678901234567890]", "does not fit in 64 bits"),
      ("[1e999]", "too large for a double"), ("[-1.5E+400]", "too large for a double"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
  }

  @Test(
    "values at the edge of what is allowed are read exactly",
    arguments: [
      ("9223372036854775807", JSON.integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("-0", .integer(0)), ("1e-999", .number(0)),
      ("1.7976931348623157e308", .number(1.7976931348623157e308)),
      (" [ ] ", .array([])), ("\"\\ud83d\\ude00\\n\"", .string("\u{1F600}\n")),
      ("{\"a/b\":{\"~\":null}}", ["a/b": ["~": JSON.null]]),
    ] as [(String, JSON)])
  func edges(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test("bytes that are not UTF-8, and a NUL in the text, are refused")
  func bytes() {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xFF, 0x22] as [UInt8]) }
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xC3, 0x22] as [UInt8]) }
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x31, 0x00, 0x31] as [UInt8]) }
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0x00, 0x22] as [UInt8]) }
    #expect(throws: JSONSyntaxError.self) {
      try JSON(parsing: Array("{\"a".utf8) + [0] + Array("\":1}".utf8))
    }
  }

  @Test(
    "nesting beyond 64 levels is an error, not a stack overflow", arguments: [66, 1000, 500_000])
  func deep(levels: Int) throws {
    let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    #expect(error?.message.contains("deeper than 64") == true)
    let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(try JSON(parsing: fine).canonicalText == fine)
  }

  @Test("canonical text reads back as the same value")
  func roundTrip() throws {
    let value: JSON = [
      "b": [1, 2.5, -1e-7, 1e300, nil, true], "a": ["\u{1F600}\"\\\n\u{7F}", ""], "": 0.1,
    ]
    #expect(try JSON(parsing: value.canonicalText) == value)
    #expect(try JSON(parsing: value.prettyText) == value)
  }

  @Test("no flipped byte and no cut makes the reader crash")
  func mutations() {
    let valid = Array(
      "{\"a\\u00e9\\n\":[1,-2.5e3,true,false,null,{\"b\":\"\\ud83d\\ude00\",\"c\":[]}],\"d\":{}} "
        .utf8)
    for end in valid.indices { _ = try? JSON(parsing: valid[..<end]) }
    var generator = SplitMix(state: 7)
    var accepted = 0
    for _ in 0..<5000 {
      var text = valid
      for _ in 0...generator.next(below: 3) {
        text[generator.next(below: text.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if (try? JSON(parsing: text)) != nil { accepted += 1 }
      _ = SourceText(path: "x", text: text).position(of: "/d")
    }
    #expect(accepted > 0 && accepted < 5000)
  }
}

/// SplitMix64, for mutations that are the same in every run.
struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
  mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
