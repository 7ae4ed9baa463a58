import Documents
import Foundation
import Testing

@Suite("Scaffolds")
struct NewTests {
  private func make(_ assay: Assay, in folder: String) throws -> Assay.Result {
    try assay.run(
      "/usr/bin/env", ["make", "test", "ASSAY=\(Assay.executable)"],
      in: assay.folder.appendingPathComponent(folder))
  }

  @Test("a plugin in C builds without a warning, runs, and is right on planted data")
  func cPlugin() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["CFLAGS"] = "-O1 -std=c11 -Wall -Wextra -Wpedantic -Werror"
    let made = try assay.runHere("new", "plugin", "my-way", "--lang", "c")
    #expect(made.status == 0, "\(made.errors)")
    let result = try make(assay, in: "my-way")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("1 of 1 values reproduced"))

    let run = try assay.runHere(
      "run", "small", "--seeds", "1", "-p", assay.path("my-way/libassay-my-way.so"), "-m",
      "my-way", "-m", "nearest-mean", "-o", assay.path("r.json"))
    #expect(run.status == 0, "\(run.errors)")
    let trials = try assay.json(assay.path("r.json"))["trials"]?.array ?? []
    let values = trials.map { $0["metrics"]?["accuracy"]?["value"]?.double }
    // The template is the nearest class mean: rows stand in pairs, one of each method.
    #expect(values.count == 4 && values[0] == values[1] && values[2] == values[3], "\(values)")
  }

  @Test("the header that is handed out is the header of this build, byte for byte")
  func header() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere("new", "plugin", "p", "--lang", "c").status == 0)
    let given = try Data(contentsOf: assay.folder.appendingPathComponent("p/assay.h"))
    let ours = try Data(
      contentsOf: Assay.root.appendingPathComponent("Sources/CAssay/include/assay.h"))
    #expect(given == ours, "assay.h has changed: run tools/embed_header.sh")
  }

  @Test(
    "a suite and a dataset pass their own tests as they are made", arguments: ["suite", "dataset"])
  func data(_ kind: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let made = try assay.runHere("new", kind, "mine-1")
    #expect(made.status == 0, "\(made.errors)")
    let result = try make(assay, in: "mine-1")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("valid dataset"))
  }

  @Test(
    "a plugin in Swift builds and is right on planted data",
    .enabled(
      if: ProcessInfo.processInfo.environment["ASSAY_SLOW_TESTS"] != nil,
      "builds a package for minutes; set ASSAY_SLOW_TESTS=1"))
  func swiftPlugin() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["ASSAY_SOURCE"] = Assay.root.path
    #expect(try assay.runHere("new", "plugin", "my-way", "--lang", "swift").status == 0)
    let result = try make(assay, in: "my-way")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("1 of 1 values reproduced"))
  }

  @Test(
    "every scaffold has a README of about ten lines and a CI file, and no blank is left open",
    arguments: [["plugin", "--lang", "c"], ["plugin", "--lang", "swift"], ["suite"], ["dataset"]])
  func contents(_ kind: [String]) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere(["new", kind[0], "one-two"] + kind.dropFirst()).status == 0)
    let folder = assay.folder.appendingPathComponent("one-two")
    func text(_ path: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
    #expect((8...12).contains(try text("README.md").split(separator: "\n").count + 3))
    let workflow = try text(".github/workflows/assay.yml")
    #expect(workflow.contains("diff --baseline main out/report.json --format markdown"))
    #expect(workflow.contains("gh pr comment"))
    let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
    let sources = files.compactMap { $0 as? String }.filter {
      [".c", ".swift", ".json", ".md", ".yml", "Makefile"].contains(where: $0.hasSuffix)
    }
    #expect(sources.count >= 5)
    for path in sources {
      let open = ["{{name", "{{type", "{{symbol", "{{suite", "{{id"].filter(try text(path).contains)
      #expect(open.isEmpty, "\(path)")
    }
  }

  @Test("the hint names the executable where the shell would not find it")
  func hint() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["PATH"] = "/usr/bin:/bin"
    let bare = try assay.runHere("new", "suite", "one")
    let path = URL(fileURLWithPath: Assay.executable).resolvingSymlinksInPath().path
    #expect(bare.errors.contains("cd one && make test ASSAY=\(path)"), "\(bare.errors)")
    assay.environment["PATH"] = "/usr/bin:/bin:" + Assay.buildFolder.path
    let found = try assay.runHere("new", "suite", "two")
    #expect(found.errors.hasSuffix("cd two && make test\n"), "\(found.errors)")
  }

  @Test("misuse is told with what to do")
  func misuse() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    for name in ["Upper", "1st", "a--b", "a/b", "end-", "", "ä"] {
      let result = try assay.runHere("new", "suite", name)
      #expect(result.status == 2)
      #expect(result.errors.contains("'\(name)' is no name here"), "\(result.errors)")
    }
    let language = try assay.runHere("new", "plugin", "x", "--lang", "rust")
    #expect(language.status == 2)
    #expect(language.errors.contains("Please provide one of 'c' and 'swift'"))
    #expect(try assay.runHere("new", "plugin", "x").errors.contains("--lang"))
    let full = try assay.runHere("new", "suite", "x", "-o", "suites")
    #expect(full.status == 2)
    #expect(full.errors.contains("the folder suites is not empty"), "\(full.errors)")
  }
}
