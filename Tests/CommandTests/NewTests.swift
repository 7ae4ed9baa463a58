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

  /// Languages whose compiler is on the path.
  static let compiled: [(language: String, tool: String)] = [
    ("c", "cc"), ("cpp", "c++"), ("rust", "cargo"),
  ].filter { language in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(language.tool)") }
  }

  @Test(
    "a plugin builds without a warning, keeps the rules, runs, and is right on planted data",
    arguments: compiled.map(\.language))
  func compiledPlugin(_ language: String) throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    let warnings = "-Wall -Wextra -Wpedantic -Werror"
    assay.environment["CFLAGS"] = "-O1 -std=c11 \(warnings)"
    assay.environment["CXXFLAGS"] = "-O1 -Wconversion \(warnings)"
    assay.environment["RUSTFLAGS"] = "-D warnings"
    let made = try assay.runHere("new", "plugin", "my-way", "--lang", language)
    #expect(made.status == 0, "\(made.errors)")
    let result = try make(assay, in: "my-way")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("1 of 1 values reproduced"))

    let library = assay.path("my-way/libassay-my-way.so")
    let check = try assay.run("check", library)
    #expect(check.status == 0 && !check.output.contains("warn"), "\(check.output)")

    let run = try assay.runHere(
      "run", "small", "--seeds", "1", "-p", library, "-m", "my-way", "-m", "nearest-mean", "-o",
      assay.path("r.json"))
    #expect(run.status == 0, "\(run.errors)")
    let trials = try assay.json(assay.path("r.json"))["trials"]?.array ?? []
    let values = trials.map { $0["metrics"]?["accuracy"]?["value"]?.double }
    // The template is the nearest class mean: rows stand in pairs, one of each method.
    #expect(values.count == 4 && values[0] == values[1] && values[2] == values[3], "\(values)")
  }

  @Test("what plugins are made of is of this build, byte for byte but for the names")
  func embedded() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    for language in ["c", "cpp", "rust"] {
      #expect(try assay.runHere("new", "plugin", language, "--lang", language).status == 0)
    }
    func given(_ path: String) throws -> String {
      try String(contentsOf: assay.folder.appendingPathComponent(path), encoding: .utf8)
    }
    func ours(_ path: String) throws -> String {
      try String(contentsOf: Assay.root.appendingPathComponent(path), encoding: .utf8)
    }
    let hint: Comment = "the source has changed: run tools/embed_sources.sh"
    for header in ["assay.h", "assay_helpers.h"] {
      #expect(try given("c/\(header)") == ours("Sources/CAssay/include/\(header)"), hint)
      #expect(try given("cpp/\(header)") == given("c/\(header)"))
    }
    #expect(try given("cpp/assay.hpp") == ours("bindings/cpp/assay.hpp"), hint)
    for file in ["abi", "call", "config", "lib", "table"] {
      #expect(
        try given("rust/assay-plugin/src/\(file).rs") == ours("bindings/rust/src/\(file).rs"), hint)
    }
    let example = try ours("Plugins/NearestMeanC/nearest_mean.c")
      .replacing("nearest-mean-c", with: "c").replacing("nearest_mean", with: "c")
      .replacing("\"1.0.0\"", with: "\"0.1.0\"")
    #expect(try given("c/c.c") == example, hint)
    let cpp = try ours("bindings/cpp/examples/nearest_mean.cpp")
      .replacing("nearest-mean-cpp", with: "cpp").replacing("nearest_mean", with: "cpp")
      .replacing("NearestMean", with: "Cpp").replacing("\"1.0.0\"", with: "\"0.1.0\"")
    #expect(try given("cpp/cpp.cpp") == cpp, hint)
    let rust = try ours("bindings/rust/examples/nearest_mean.rs")
      .replacing("nearest-mean-rust", with: "rust").replacing("NearestMean", with: "Rust")
      .replacing("\"1.0.0\"", with: "\"0.1.0\"")
    #expect(try given("rust/src/lib.rs") == rust, hint)
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
    arguments: ["c", "cpp", "rust", "swift", "python"].map { ["plugin", "--lang", $0] }
      + [["suite"], ["dataset"]])
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
      [".c", ".cpp", ".rs", ".py", ".swift", ".json", ".md", ".yml", "Makefile"].contains(
        where: $0.hasSuffix)
    }
    #expect(sources.count >= 5)
    for path in sources {
      let open = ["{{name", "{{type", "{{symbol", "{{suite", "{{id", "{{run", "{{pack"].filter(
        try text(path).contains)
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
    let language = try assay.runHere("new", "plugin", "x", "--lang", "cobol")
    #expect(language.status == 2)
    for name in ["'c'", "'swift'", "'python'"] { #expect(language.errors.contains(name)) }
    #expect(try assay.runHere("new", "plugin", "x").errors.contains("--lang"))
    let full = try assay.runHere("new", "suite", "x", "-o", "suites")
    #expect(full.status == 2)
    #expect(full.errors.contains("the folder suites is not empty"), "\(full.errors)")
  }
}
