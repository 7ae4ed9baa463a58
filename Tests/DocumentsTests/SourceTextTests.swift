import Documents
import Testing

@Suite("Source text")
struct SourceTextTests {
  @Test(
    "a JSON pointer leads to the line and column of its value",
    arguments: [
      ("", 1, 1), ("/name", 2, 11), ("/list", 3, 11), ("/list/1", 3, 16), ("/list/2/a~1b", 4, 12),
      ("/é\"", 6, 10),
    ])
  func positions(pointer: String, line: Int, column: Int) {
    let text = """
      {
        "name": "x",
        "list": [10, 2, {
          "a/b": true
        }],
        "é\\"": null
      }
      """
    let source = SourceText(path: "file.json", text: Array(text.utf8))
    #expect(source.position(of: pointer) == .init(line: line, column: column))
    #expect(source.position(of: "/absent") == nil)
  }

  @Test("a problem of a missing value is shown at the value around it, in the order of the text")
  func locating() {
    let source = SourceText(path: "f", text: Array("{\"a\": {\n \"b\": 1}, \"c\": 2}".utf8))
    let located = source.locating([
      DocumentProblem(pointer: "/c", message: "second"),
      DocumentProblem(pointer: "/a/x/y", message: "first"),
    ])
    #expect(
      located == [
        DocumentProblem(pointer: "/a/x/y", message: "first", line: 1, column: 7),
        DocumentProblem(pointer: "/c", message: "second", line: 2, column: 16),
      ])
  }

  @Test("an offset outside the text is clamped")
  func clamped() {
    let source = SourceText(path: "f", text: Array("a\nb".utf8))
    #expect(source.position(offset: 99) == .init(line: 2, column: 2))
    #expect(source.position(offset: -1) == .init(line: 1, column: 1))
    #expect(SourceText(path: "f", text: []).position(offset: 0) == .init(line: 1, column: 1))
  }
}

@Suite("Nearest name")
struct NearestNameTests {
  @Test(
    "a typo finds the name that was meant, another word finds nothing",
    arguments: [
      ("lerning_rate", "learning_rate"), ("Shots", "shots"), ("sohts", "shots"),
      ("epoch", "epochs"),
      ("temperature", nil), ("x", nil), ("", nil), ("seed", nil),
    ] as [(String, String?)])
  func near(typed: String, meant: String?) {
    #expect(nearestName(to: typed, in: ["learning_rate", "shots", "epochs", "k", "seed"]) == meant)
  }

  @Test("a swap of neighbours is one step, and ties go to the first name")
  func ties() {
    #expect(nearestName(to: "ab", in: ["ba"]) == "ba")
    #expect(nearestName(to: "cart", in: ["cast", "card"]) == "card")
    #expect(nearestName(to: "a", in: [String]()) == nil)
  }
}
