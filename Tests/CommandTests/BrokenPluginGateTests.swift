import Documents
import Foundation
import Testing

/// What the README and the scaffolds print as a gate goes red when the plugin does not work at all.
@Suite("Printed gates on a plugin that is broken", .serialized)
struct BrokenPluginGateTests {
  enum Fault: CaseIterable, Sendable {
    /// A build that went wrong.
    case cutShort
    /// It loads, and every fit dies.
    case dies
    /// It is not there any more.
    case gone
  }

  /// A plugin `my-method` in its scaffold's folder, built.
  private func plugin(_ assay: Assay) throws {
    let made = try assay.runHere("new", "plugin", "my-method", "--lang", "c")
    try #require(made.status == 0, "\(made.errors)")
    try build(assay)
  }

  private func build(_ assay: Assay) throws {
    let made = try assay.run(
      "/usr/bin/env", ["make", "-B", "all"], in: assay.folder.appendingPathComponent("my-method"))
    try #require(made.status == 0, "\(made.errors)")
  }

  private func apply(_ fault: Fault, _ assay: Assay) throws {
    let file = assay.folder.appendingPathComponent("my-method/libassay-my-method.so")
    switch fault {
    case .cutShort: try Data(contentsOf: file).prefix(5000).write(to: file)
    case .gone: try FileManager.default.removeItem(at: file)
    case .dies:
      let source = assay.path("my-method/my-method.c")
      let text = try String(contentsOfFile: source, encoding: .utf8)
      let head = "static assay_status fit(void *instance, const assay_call *call) {\n"
      let isThere = text.contains(head)
      try #require(isThere, "the scaffold's fit looks otherwise")
      try text.replacing(head, with: "\(head)  __builtin_trap();\n")
        .write(toFile: source, atomically: true, encoding: .utf8)
      try build(assay)
    }
  }

  /// The line of the README that has a gate on two reports.
  private var readmeGate: [String] {
    get throws {
      let text = try String(
        contentsOf: Assay.root.appendingPathComponent("README.md"), encoding: .utf8)
      let line = text.split(separator: "\n").first {
        $0.contains("assay diff main.json pr.json --fail-on")
      }
      return try #require(line).split(separator: " ").map(String.init).filter { $0 != "assay" }
    }
  }

  @Test("the README's gate", arguments: Fault.allCases)
  func readme(fault: Fault) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try plugin(assay)
    // Alone in its folder, so that the methods are those of the plugins beside `my-method`.
    let alone = assay.path("bin/assay")
    try FileManager.default.createDirectory(
      atPath: assay.path("bin"), withIntermediateDirectories: false)
    try FileManager.default.copyItem(atPath: Assay.executable, toPath: alone)
    let zeroShot = Assay.buildFolder.appendingPathComponent("libassay-zero-shot.so").path
    try FileManager.default.copyItem(
      atPath: zeroShot, toPath: assay.path("my-method/libassay-zero-shot.so"))
    func run(_ report: String) throws -> Assay.Result {
      let words = ["run", "small", "--seeds", "1", "-q", "-p", "my-method", "-o", report]
      return try assay.run(alone, words, in: assay.folder)
    }
    let before = try run("main.json")
    try #require(before.status == 0, "\(before.errors)")
    let gate = try readmeGate
    #expect(try assay.runHere(["diff", "main.json", "main.json"] + gate.dropFirst(3)).status == 0)
    try apply(fault, assay)
    let after = try run("pr.json")
    #expect(after.status == (fault == .gone ? 0 : 3), "\(after.errors)")
    let result = try assay.runHere(gate)
    #expect(result.status == 1, "\(result.output)\(result.errors)")
    #expect(!result.output.contains("all fine"))
    if fault == .cutShort {
      let warnings = try assay.json(assay.path("pr.json"))["warnings"]?.array ?? []
      #expect(warnings.map { $0["code"]?.string } == ["plugin-not-loaded"])
      #expect(result.output.contains("libassay-my-method.so"))
      #expect(warnings.first?["text"]?.string?.contains("/") == false)
    }
  }

  @Test("a broken plugin of a named folder is no reason to measure another with its method's id")
  func fallback() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try assay.write("no library", to: "mine/libassay-own.so")
    let result = try assay.runHere(
      "run", "small", "--seeds", "1", "-q", "-p", "mine", "-m", "zero-shot", "-o", "r.json")
    #expect(result.status == 3)
    #expect(result.errors.contains("libassay-own.so did not load"), "\(result.errors)")
  }

  /// The commands of a step of a workflow, as the runner gives them to the shell.
  private func commands(of step: String, in workflow: String) throws -> String {
    let lines = workflow.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasSuffix("- name: \(step)") })
    let run = try #require(lines[start...].firstIndex { $0.contains("  run: ") })
    let indent = lines[run].prefix { $0 == " " }.count
    let first = lines[run].dropFirst(indent + "run: ".count)
    guard first == "|" else { return String(first) }
    return lines[(run + 1)...].prefix { $0.prefix { $0 == " " }.count > indent }
      .map { String($0.dropFirst(indent + 2)) }.joined(separator: "\n")
  }

  @Test(
    "the commands of the scaffold's CI file, run as they are printed", arguments: Fault.allCases)
  func workflow(fault: Fault) throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    try plugin(assay)
    let folder = assay.folder.appendingPathComponent("my-method")
    // The suite that the file runs, small.
    let small = try String(contentsOfFile: assay.path("suites/small.json"), encoding: .utf8)
    try assay.write(small, to: "my-method/.assay-source/suites/few-shot.json")
    assay.environment["ASSAY"] = Assay.executable
    assay.environment["GITHUB_STEP_SUMMARY"] = assay.path("summary.md")
    let text = try String(
      contentsOf: folder.appendingPathComponent(".github/workflows/assay.yml"), encoding: .utf8)
    let (run, compare) = try (commands(of: "Run", in: text), commands(of: "Compare", in: text))
    func shell(_ script: String) throws -> Assay.Result {
      try assay.run("/bin/sh", ["-e", "-c", script], in: folder)
    }

    let first = try shell(run)
    try #require(first.status == 0, "\(first.errors)")
    let without = try shell(compare)
    #expect(without.status == 0 && without.output.contains("nothing was compared"))
    let save = try assay.run(
      Assay.executable, ["baseline", "save", "main", "out/report.json"], in: folder)
    try #require(save.status == 0, "\(save.errors)")
    #expect(try shell(compare).status == 0)

    try apply(fault, assay)
    // Each run of the file begins with a clean folder.
    try FileManager.default.removeItem(at: folder.appendingPathComponent("out"))
    let broken = try shell(run)
    #expect(broken.status != 0, "\(broken.output)")
    if fault == .dies {
      // The step before fails already; this one must not be what saves the day.
      let compared = try shell(compare)
      #expect(compared.status != 0, "\(compared.output)")
    }
  }
}
