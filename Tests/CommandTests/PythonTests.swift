import Documents
import Foundation
import Testing

@Suite("Methods in Python on the command line", .enabled(if: Python.isThere, Python.hint))
struct PythonRunTests {
  private static let example = "examples/python/nearest_mean.py"

  @Test("a file is a method: it runs, and gives what the shipped one gives")
  func run() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["ASSAY_PYTHON"] = Python.path
    let run = try assay.runHere(
      "run", "small", "--seeds", "1", "-m", "\(Assay.root.path)/\(Self.example):scale=50", "-m",
      "nearest-mean-c:scale=50", "-o", assay.path("r.json"))
    #expect(run.status == 0, "\(run.errors)")
    let report = try assay.json(assay.path("r.json"))
    let trials = report["trials"]?.array ?? []
    let values = trials.map { $0["metrics"]?["accuracy"]?["value"]?.double }
    #expect(values.count == 4 && values[0] == values[1] && values[2] == values[3], "\(values)")
    let runtimes = (report["plugins"]?.array ?? []).compactMap { $0["runtime"]?.string }
    #expect(runtimes.count == 1 && runtimes[0].contains("numpy"), "\(runtimes)")
    #expect(trials.contains { $0["label"]?.string == "nearest-mean:scale=50" })
  }

  @Test("a file that is not there is told of, as wrong usage")
  func absent() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let run = try assay.runHere("run", "small", "-m", "nowhere.py")
    #expect(run.status == 2)
    #expect(run.errors.contains("nowhere.py"))
  }

  @Test("without Python a run of other methods starts no interpreter")
  func withoutPython() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["ASSAY_PYTHON"] = "/nowhere/python3"
    let run = try assay.runHere(
      "run", "small", "--seeds", "1", "-m", "nearest-mean", "-o", assay.path("r.json"))
    #expect(run.status == 0, "\(run.errors)")
    let asked = try assay.runHere("run", "small", "-m", "\(Assay.root.path)/\(Self.example)")
    #expect(asked.status == 2)
    #expect(asked.errors.contains("/nowhere/python3"))
  }

  @Test("a new method in Python runs, is right on planted data, and is the example")
  func scaffold() throws {
    var assay = try Assay.small()
    defer { assay.cleanUp() }
    assay.environment["ASSAY_PYTHON"] = Python.path
    let made = try assay.runHere("new", "plugin", "my-way", "--lang", "python")
    #expect(made.status == 0, "\(made.errors)")
    let folder = assay.folder.appendingPathComponent("my-way")
    let result = try assay.run(
      "/usr/bin/env", ["make", "test", "ASSAY=\(Assay.executable)"], in: folder)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("1 of 1 values reproduced"))
    let example = try String(
      contentsOf: Assay.root.appendingPathComponent(Self.example), encoding: .utf8)
    let given = try String(
      contentsOf: folder.appendingPathComponent("my_way.py"), encoding: .utf8)
    #expect(
      given == example.replacing("\"1.0.0\"", with: "\"0.1.0\""),
      "the source has changed: run tools/embed_sources.sh")
  }
}

/// The interpreter of these tests.
enum Python {
  static let path = ProcessInfo.processInfo.environment["ASSAY_PYTHON"] ?? "/usr/bin/python3"
  static let hint: Comment = "needs python3, NumPy and libpython: see tools/setup.sh"

  /// Whether a method in NumPy can be described.
  static let isThere: Bool = {
    guard var assay = try? Assay() else { return false }
    defer { assay.cleanUp() }
    assay.environment["ASSAY_PYTHON"] = path
    return (try? assay.run("info", "examples/python/nearest_mean.py"))?.status == 0
  }()
}
