import Documents
import Glibc
import Testing

@Suite("Document files")
struct DocumentTests {
  private let folder = TemporaryFolder()

  private func schema() throws -> JSONSchema {
    try JSONSchema([
      "type": "object", "additionalProperties": false, "required": ["name"],
      "properties": ["name": ["type": "string"], "shots": ["minimum": 1, "maximum": 16]],
    ])
  }

  @Test("one error lists all problems with file, line, column and pointer")
  func allProblems() throws {
    let path = folder.path("bad.json")
    try folder.write("{\n  \"nam\": 1,\n  \"shots\": 99,\n  \"shots\": 99\n}", to: "bad.json")
    let error = #expect(throws: DocumentError.self) {
      try Document.read(path: path, schema: schema())
    }
    #expect(
      error?.description == """
        \(path):4:3: at /shots: the member 'shots' stands twice in one object; remove one of them
        \(path):1:1: lacks the member 'name'
        \(path):2:3: at /nam: the member 'nam' is not known here; did you mean 'name'?
        \(path):4:12: at /shots: must be at least 1 and at most 16, but is 99
        """)
  }

  @Test("a syntax error names the line and the column")
  func syntax() throws {
    try folder.write("{\n  \"name\": oops\n}", to: "syntax.json")
    let error = #expect(throws: DocumentError.self) {
      try Document.read(path: folder.path("syntax.json"), schema: schema())
    }
    #expect(error?.problems.first?.line == 2)
    #expect(error?.description.contains("not valid JSON") == true)
  }

  @Test("a file that is absent, a folder, or empty is an error that names it")
  func unreadable() throws {
    try folder.write("", to: "empty.json")
    for (name, reason) in [
      ("absent.json", "No such file"), (".", "Is a directory"), ("empty.json", "ends too early"),
    ] {
      let error = #expect(throws: DocumentError.self) { try Document(path: folder.path(name)) }
      #expect(error?.description.contains(reason) == true)
      #expect(error?.path == folder.path(name))
    }
  }

  @Test("what is written reads back, and leaves no other file behind")
  func writing() throws {
    let value: JSON = ["name": "x", "shots": 4]
    for _ in 0..<2 { try Document.write(value, to: folder.path("out.json")) }
    #expect(try Document.read(path: folder.path("out.json"), schema: schema()) == value)
    #expect(folder.names() == ["out.json"])
  }

  @Test("writing keeps the permissions of the file and follows a symbolic link")
  func replacing() throws {
    try folder.write("{}", to: "real.json")
    chmod(folder.path("real.json"), 0o640)
    symlink("real.json", folder.path("link.json"))
    try Document.write(["a": 1], to: folder.path("link.json"))
    var status = stat()
    lstat(folder.path("link.json"), &status)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    stat(folder.path("real.json"), &status)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(try Document(path: folder.path("real.json")).value == ["a": 1])
  }

  @Test("writing into a folder that is absent fails, and writing to a device writes in place")
  func devices() throws {
    let error = #expect(throws: DocumentError.self) {
      try Document.write([], to: folder.path("no/such/out.json"))
    }
    #expect(error?.description.contains("No such file or directory") == true)
    try Document.write([], to: "/dev/null")
    var status = stat()
    stat("/dev/null", &status)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("a caller's own problems get their places")
  func ownProblems() throws {
    let document = try Document(text: Array("{\n\"a\": [1,\n2]}".utf8), path: "x.json")
    let error = document.error([DocumentProblem(pointer: "/a/1", message: "is even")])
    #expect(error.description == "x.json:3:1: at /a/1: is even")
  }

  @Test("findings of a schema and a caller's own are one list, without what follows from others")
  func joining() throws {
    try folder.write(
      """
      {"a": {"c": 1}, "b": [1, "two"],
       "d": 4}
      """, to: "x.json")
    let schema = try JSONSchema([
      "required": ["e"],
      "properties": ["a": ["required": ["x"]], "b": ["items": ["type": "integer"]]],
    ])
    let (document, found) = try Document.reading(path: folder.path("x.json"), schema: schema)
    #expect(document.value["d"] == 4)
    let own = ["/d", "/b/0", "/b/1", "/b/1/z", "/a/c", "/a/x", "/e", "/e/f", "/ef"]
    let all = document.joining(
      found, own.map { DocumentProblem(pointer: $0, message: "is mine") })
    #expect(
      all.map(\.description) == [
        "lacks the member 'e'", "at /ef: is mine", "at /a: lacks the member 'x'",
        "at /a/c: is mine", "at /b/0: is mine", "at /b/1: must be an integer, but is \"two\"",
        "at /d: is mine",
      ])
    #expect(all.last?.line == 2 && all.last?.column == 7)
  }

  @Test("a file that is no JSON has no value to go on with")
  func nothingToGoOnWith() throws {
    try folder.write("", to: "empty.json")
    #expect(throws: DocumentError.self) {
      try Document.reading(path: folder.path("empty.json"), schema: nil)
    }
  }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  private let root: String

  init() {
    var template = Array("/tmp/assay-tests-XXXXXX\0".utf8CString)
    root = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ text: String, to name: String) throws {
    let file = try #require(fopen(path(name), "w"))
    defer { fclose(file) }
    fputs(text, file)
  }

  func names() -> [String] {
    guard let folder = opendir(root) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  deinit {
    for name in names() { unlink(path(name)) }
    rmdir(root)
  }
}
