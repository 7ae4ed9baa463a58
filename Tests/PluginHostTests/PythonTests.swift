import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

/// Methods that are files of Python, with an interpreter that has NumPy.
enum PythonFixtures {
  static let folder = Fixtures.sources.appending(path: "Python")

  /// The interpreter of these tests: the one that is named, else the system's.
  static let isThere: Bool = {
    setenv("ASSAY_PYTHON", "/usr/bin/python3", 0)
    guard FileManager.default.fileExists(atPath: String(cString: getenv("ASSAY_PYTHON"))) else {
      return false
    }
    let path = folder.appending(path: "trouble.py").path
    return (try? Fixtures.host.describe(path).get()) != nil
  }()

  static func path(_ name: String) -> String { folder.appending(path: "\(name).py").path }

  /// Runs a method of the fixtures on three query rows of two features and three classes.
  static func run(
    _ name: String, config: JSON = [:], limits: Limits = Limits(fitSeconds: 20, predictSeconds: 5),
    sandbox: Bool = true
  ) throws -> TrialOutcome {
    var job = try Fixtures.job("misbehave", name, limits: limits, sandbox: sandbox)
    job.plugin = path(name)
    job.config = config
    return Fixtures.host.run(job)
  }

  static func trouble(
    _ word: String, limits: Limits = Limits(fitSeconds: 20, predictSeconds: 5)
  ) throws -> TrialOutcome {
    try run("trouble", config: ["trouble": .string(word)], limits: limits)
  }
}

@Suite(
  "Methods in Python",
  .enabled(
    if: PythonFixtures.isThere,
    "needs python3, NumPy and libpython: install python3-numpy and libpython3-dev"),
  // One of them names another interpreter meanwhile.
  .serialized)
struct PythonTests {
  @Test("say of themselves what the file says: id, summary, settings, inputs, flags")
  func description() throws {
    let path = PythonFixtures.path("functions")
    let plugin = try Fixtures.host.describe(path).get()
    let method = try #require(plugin.methods.first)
    #expect(plugin.methods.count == 1)
    #expect(method.id == "functions")
    #expect(
      method.summary == "Two functions without a package: a model goes from the one to the other.")
    #expect(method.flags == [.needsFit, .deterministic, .rowIndependent])
    #expect(
      method.claims.map(\.inputs) == [
        [
          .init(name: "train.features", isRequired: false),
          .init(name: "query.features", isRequired: true),
        ]
      ])
    let types = ["shift", "name", "steps"].map {
      method.configSchema["properties"]?[$0]?["type"]?.string
    }
    #expect(types == ["number", "string", "array"])
    #expect(plugin.runtime?.hasPrefix("Python 3.") == true)
  }

  @Test("may be two functions that return what they predict and import what lies beside them")
  func functions() throws {
    let outcome = try PythonFixtures.run("functions", config: ["shift": 0.5])
    #expect(outcome.failure == nil)
    #expect(
      outcome.outputs.first?["logits"]?.floats == [0.5, 1.5, 2.5, 0.5, 1.5, 2.5, 0.5, 1.5, 2.5])
    #expect(outcome.selfReported == ["helped": 1])
  }

  @Test("write their outputs in place")
  func inPlace() throws {
    let outcome = try PythonFixtures.trouble("none")
    #expect(outcome.failure == nil)
    #expect(outcome.outputs.first?["logits"]?.floats == [Float](repeating: 1, count: 9))
  }

  @Test("see the host's own memory: a write at an array's address is a write to that tensor")
  func addresses() throws {
    let input = try PythonFixtures.trouble("write at its address")
    #expect(input.failure?.kind == "write-input")
    #expect(input.failure?.message.contains("'query.features'") == true)
    let output = try PythonFixtures.trouble("write past the output")
    #expect(output.failure?.kind == "output-bounds")
    #expect(output.failure?.message.contains("'logits'") == true)
  }

  struct Trouble: CustomTestStringConvertible, Sendable {
    var word: String
    var status: TrialStatus
    var kind: String
    var says = ""
    var testDescription: String { word }
  }

  @Test(
    "fail as results, with the place in the file",
    arguments: [
      Trouble(
        word: "raise in create", status: .error, kind: "internal", says: "(trouble.py, line 25"),
      Trouble(word: "raise beside", status: .error, kind: "internal", says: "beside/helper.py"),
      Trouble(word: "look up", status: .error, kind: "internal", says: "NameError"),
      Trouble(word: "write input", status: .error, kind: "internal", says: "read-only"),
      Trouble(word: "other shape", status: .error, kind: "contract", says: "[1, 2]"),
      Trouble(word: "keep", status: .error, kind: "internal", says: "'train.features'"),
      Trouble(word: "raise without words", status: .error, kind: "internal", says: "Wordless"),
      Trouble(word: "exit", status: .error, kind: "internal", says: "SystemExit"),
      Trouble(word: "fork", status: .error, kind: "internal", says: "PermissionError"),
      Trouble(word: "leave", status: .leftEarly, kind: "exit"),
      Trouble(word: "segfault", status: .crashed, kind: "null-access"),
    ])
  func troubles(_ trouble: Trouble) throws {
    let outcome = try PythonFixtures.trouble(trouble.word)
    #expect(outcome.status == trouble.status)
    #expect(outcome.failure?.kind == trouble.kind)
    let message = outcome.failure?.message ?? ""
    #expect(trouble.says.isEmpty || message.contains(trouble.says), "\(message)")
  }

  @Test("end at their deadline, asleep or busy", arguments: ["hang", "spin"])
  func deadlines(_ word: String) throws {
    let limits = Limits(fitSeconds: 20, predictSeconds: 1)
    let outcome = try PythonFixtures.trouble(word, limits: limits)
    #expect(outcome.status == .timeout)
  }

  @Test("have no longer for being freed than for being loaded, whatever Python needs for that")
  func freeing() throws {
    let started = Date()
    let outcome = try PythonFixtures.trouble("hang when freed")
    #expect(outcome.status == .timeout && outcome.failure?.stage == "destroy")
    #expect(Date().timeIntervalSince(started) < 60)
  }

  @Test("run out of memory as a result")
  func memory() throws {
    let limits = Limits(fitSeconds: 20, predictSeconds: 20, memoryBytes: 1 << 30)
    let outcome = try PythonFixtures.trouble("grow", limits: limits)
    #expect(outcome.failure?.kind == "memory")
  }

  @Test("keep a traceback with the line that failed")
  func tracebacks() throws {
    let tail = try PythonFixtures.trouble("raise beside").failure?.stderrTail ?? ""
    #expect(tail.contains("raise RuntimeError"))
    #expect(tail.contains("trouble.py"))
    #expect(!tail.contains("<assay>"))
  }

  @Test("may keep a copy, and print without disturbing anyone", arguments: ["keep a copy", "say"])
  func harmless(_ word: String) throws {
    let outcome = try PythonFixtures.trouble(word)
    #expect(outcome.failure == nil)
    #expect(outcome.warnings == [])
  }

  @Test("find no labels, though told where they lie, no files, no processes and no network")
  func spy() throws {
    let labels = Fixtures.folder.appending(path: "labels.npy").path
    try "1 2 0".write(toFile: labels, atomically: true, encoding: .utf8)
    let outcome = try PythonFixtures.run("spy", config: ["labels": .string(labels)])
    #expect(outcome.failure == nil)
    #expect(outcome.notes == [])
  }

  @Test("are told from others by their file, the files beside it and what runs them")
  func identity() throws {
    let folder = Fixtures.folder.appending(path: "python-identity")
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    func digest(helper: String) throws -> Digest {
      // The bytes of a file are taken once by each host.
      let host = PluginHost(executable: Fixtures.products.appending(path: "assay").path)
      try "def help(): return \(helper)".write(
        to: folder.appending(path: "helper.py"), atomically: true, encoding: .utf8)
      return try host.describe(folder.appending(path: "method.py").path).get().digest
    }
    try "import helper\ndef predict(inputs): return helper.help()".write(
      to: folder.appending(path: "method.py"), atomically: true, encoding: .utf8)
    let first = try digest(helper: "1")
    #expect(try digest(helper: "1") == first)
    #expect(try digest(helper: "2") != first)
  }

  @Test(
    "that are wrong are told of with the line",
    arguments: [
      ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
      ("def fit(inputs):\n  pass\nx = = 1", "line 3"),
      ("x = 1", "'predict'"),
      ("TASK = 'retrieve'\ndef predict(inputs): pass", "INPUTS"),
      ("CONFIG = {'a': {'minimum': 1}}\ndef predict(inputs): pass", "'a'"),
      ("import os\nos._exit(3)", "status 3"),
    ])
  func wrong(_ text: String, _ words: String) throws {
    let file = Fixtures.folder.appending(path: "wrong-\(abs(text.hashValue)).py")
    try text.write(to: file, atomically: true, encoding: .utf8)
    let result = Fixtures.host.describe(file.path)
    guard case .failure(let error) = result else {
      Issue.record("described")
      return
    }
    #expect(error.message.contains(words), "\(error.message)")
  }

  @Test(
    "need what an interpreter may lack, and a sentence says what",
    arguments: [
      (#""isOldEnough": true, "library": null"#, "libpython3.99"),
      (#""isOldEnough": false, "library": "/x.so""#, "3.9"),
    ])
  func lacking(_ members: String, _ words: String) throws {
    let said = """
      {"version": "3.99.1", "executable": "/x", "folders": [], "files": [], "userBase": "",
      "sources": ["/x.py"], "packages": {}, \(members)}
      """
    let program = Fixtures.folder.appending(path: "python-\(members.hashValue)").path
    try "#!/bin/sh\ncat <<'END'\n\(said)\nEND\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    chmod(program, 0o755)
    let before = String(cString: getenv("ASSAY_PYTHON"))
    setenv("ASSAY_PYTHON", program, 1)
    defer { setenv("ASSAY_PYTHON", before, 1) }
    let host = PluginHost(executable: Fixtures.products.appending(path: "assay").path)
    guard case .failure(let error) = host.describe(PythonFixtures.path("functions")) else {
      Issue.record("described")
      return
    }
    #expect(error.message.contains(words), "\(error.message)")
  }

  @Test("have no place in the host's own process")
  func inProcess() throws {
    var job = try Fixtures.job("misbehave", "functions", isolation: .none)
    job.plugin = PythonFixtures.path("functions")
    #expect(Fixtures.host.run(job).failure?.kind == "python")
  }
}
