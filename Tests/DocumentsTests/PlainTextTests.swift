import Documents
import Testing

@Suite("Text of strangers")
struct PlainTextTests {
  @Test("what acts on a terminal becomes U+FFFD; line feeds, tabs and other scripts stay")
  func repaired() {
    #expect("red \u{1B}[31m\u{7}\r".repaired() == "red \u{FFFD}[31m\u{FFFD}\u{FFFD}")
    #expect(
      "a\0b\u{9B}c\u{202E}d\u{2066}e\u{FEFF}".repaired()
        == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}")
    for text in ["two\nlines\tand a tab", "ünïcode שלום 漢字 👩‍👩‍👧", ""] {
      #expect(text.repaired() == text)
    }
  }

  @Test("a name stays on one line")
  func oneLine() {
    #expect("lib\n::error::x\tä\u{85}.so".oneLine == "lib\u{FFFD}::error::x\u{FFFD}ä\u{FFFD}.so")
    #expect("a\r\nb\u{2028}c".oneLine == "a\u{FFFD}\u{FFFD}b\u{FFFD}c")
  }

  @Test("a long text is cut between characters, with the bytes that went")
  func cut() {
    #expect("abcdef".repaired(limit: 6) == "abcdef")
    #expect("abcdefg".repaired(limit: 6) == "abcdef [1 bytes cut]")
    #expect("ääää".repaired(limit: 3) == "ä [6 bytes cut]")
    #expect("abc".repaired(limit: 0) == " [3 bytes cut]")
  }

  @Test("names and texts of a value are repaired at any depth")
  func value() {
    let value: JSON = ["a\0": ["b\u{1B}": ["\u{202E}", 1, nil]]]
    #expect(value.repaired() == ["a\u{FFFD}": ["b\u{FFFD}": ["\u{FFFD}", 1, nil]]])
  }
}
