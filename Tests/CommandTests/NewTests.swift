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

  @Test("what a plugin in C is made of is of this build, byte for byte but for the name")
  func embedded() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere("new", "plugin", "my-way", "--lang", "c").status == 0)
    func given(_ name: String) throws -> String {
      try String(
        contentsOf: assay.folder.appendingPathComponent("my-way/\(name)"), encoding: .utf8)
    }
    func ours(_ path: String) throws -> String {
      try String(contentsOf: Assay.root.appendingPathComponent(path), encoding: .utf8)
    }
    let hint: Comment = "the source has changed: run tools/embed_sources.sh"
    for header in ["assay.h", "assay_helpers.h"] {
      #expect(try given(header) == ours("Sources/CAssay/include/\(header)"), hint)
    }
    let example = try ours("Plugins/NearestMeanC/nearest_mean.c")
      .replacing("nearest-mean-c", with: "my-way").replacing("nearest_mean.c", with: "my-way.c")
      .replacing("nearest_mean", with: "my_way").replacing("\"1.0.0\"", with: "\"0.1.0\"")
    #expect(try given("my-way.c") == example, hint)
  }

  @Test("what a plugin in Swift is made of is the example of this build, but for the name")
  func embeddedSwift() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere("new", "plugin", "my-way", "--lang", "swift").status == 0)
    let given = try String(
      contentsOf: assay.folder.appendingPathComponent("my-way/Sources/MyWay/MyWay.swift"),
      encoding: .utf8)
    let example = try String(
      contentsOf: Assay.root.appendingPathComponent("Plugins/NearestMean/NearestMean.swift"),
      encoding: .utf8
    ).replacing("NearestMean", with: "MyWay").replacing("nearest-mean", with: "my-way")
      .replacing("\"1.0.0\"", with: "\"0.1.0\"")
    #expect(given == example, "the source has changed: run tools/embed_sources.sh")
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

  @Test("a plugin in Swift builds from what is installed, and is right on planted data")
  func swiftPlugin() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    let kit = assay.path("installed/AssayKit")
    let laidOut = try assay.run(
      Assay.root.appendingPathComponent("tools/install_kit.sh").path, [kit], in: assay.folder)
    #expect(laidOut.status == 0, "\(laidOut.errors)")
    #expect(try assay.runHere("new", "plugin", "my-way", "--lang", "swift").status == 0)
    // Whatever would need the network fails: git finds no other repository.
    assay.environment["ASSAY_SOURCE"] = kit
    assay.environment["GIT_ALLOW_PROTOCOL"] = "none"
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
    for name in ["'c'", "'swift'", "'python'"] { #expect(language.errors.contains(name)) }
    #expect(try assay.runHere("new", "plugin", "x").errors.contains("--lang"))
    let full = try assay.runHere("new", "suite", "x", "-o", "suites")
    #expect(full.status == 2)
    #expect(full.errors.contains("the folder suites is not empty"), "\(full.errors)")
  }
}
