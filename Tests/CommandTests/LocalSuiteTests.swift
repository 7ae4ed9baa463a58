import Documents
import Foundation
import Testing

/// The suites of `suites/local`, by name.
private let names: [String] = {
  let folder = Assay.root.appendingPathComponent("suites/local").path
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
}()

private let hasNumPy: Bool = {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3", "-c", "import numpy"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

/// The folder with the data that lies beside the project, nil when it is absent.
private let localData: String? = {
  let path =
    ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"]
    ?? Assay.root.appendingPathComponent("../shared/data").path
  let features = "\(path)/local-only/clip-vitb32"
  return FileManager.default.fileExists(atPath: features) ? path : nil
}()

extension Assay {
  fileprivate func python(_ arguments: String...) throws -> Result {
    try run("/usr/bin/env", ["python3"] + arguments, in: Assay.root)
  }

  /// Lays out parts of what lies in `source` into the folder `data` of this test.
  fileprivate func layOut(_ parts: [String], of source: String) throws {
    let only = parts.flatMap { ["--only", $0] }
    let made = try run(
      "/usr/bin/env",
      ["python3", "tools/local_features.py", path("data"), "--data", source] + only,
      in: Assay.root)
    try #require(made.status == 0, "\(made.errors)")
  }

  /// Runs a local suite on the folder `data`.
  fileprivate func measured(_ suite: String, _ methods: [String]) throws -> JSON {
    let result = try run(
      ["run", "suites/local/\(suite).json", "--data", path("data"), "--seeds", "1", "--quiet"]
        + methods.flatMap { ["-m", $0] } + ["-o", path("report.json")])
    try #require(result.status == 0, "\(result.errors)")
    return try json(path("report.json"))
  }
}

/// What a suite must give on a stand-in of its data.
struct Promise: CustomTestStringConvertible, Sendable {
  var suite: String
  var parts: [String]
  var methods = ["zero-shot", "nearest-mean"]
  /// Trials that are measured, of all methods.
  var measured: Int
  var metrics = ["accuracy", "mean_per_class_accuracy", "nll", "ece15_width"]
  /// The keys of groups in the last trial of the first method that has them.
  var groups: [String: Set<String>] = [:]
  var testDescription: String { suite }

  static let all = [
    Promise(suite: "few-shot", parts: ["classification"], measured: 22),
    Promise(
      suite: "base-to-new", parts: ["classification"], measured: 15,
      groups: ["classes": ["base", "harmonic mean"]]),
    Promise(suite: "unsupervised", parts: ["classification", "swapped"], measured: 4),
    Promise(
      suite: "imbalanced", parts: ["swapped"], measured: 12,
      metrics: ["mean_per_class_accuracy", "macro_f1", "geometric_mean", "ece15_mass"],
      groups: ["frequency": ["many", "medium", "few"]]),
    Promise(
      suite: "ood", parts: ["classification", "coarse"], measured: 10,
      groups: ["shift": ["cifar10", "caltech101", "oxford_pets"]]),
    Promise(
      suite: "robustness", parts: ["corrupted"], measured: 20,
      metrics: ["accuracy", "brier", "ece15_width", "nll_scaled", "ece15_mass_scaled"],
      groups: [
        "calibration": ["in-distribution"],
        "shift": Set(
          ["clean"]
            + [
              "gaussian_noise", "dimension_dropout", "quantisation", "rotation", "mean_shift",
              "contrast",
            ].flatMap { kind in (1...5).map { "\(kind)-\($0)" } }),
      ]),
    Promise(suite: "prompts", parts: ["prompts"], measured: 6),
    Promise(
      suite: "retrieve", parts: ["pairs"], methods: ["cosine"], measured: 3,
      metrics: ["i2t_r1", "i2t_r10", "t2i_r1", "t2i_mrr"]),
    Promise(
      suite: "ood-detection", parts: ["detection"], methods: ["mcm"], measured: 5,
      metrics: ["auroc", "aupr_in", "aupr_out"]),
  ]
}

@Suite("Suites on features beside the project")
struct LocalSuiteTests {
  @Test("every local suite is valid and lets its datasets be absent", arguments: names)
  func valid(name: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let path = "suites/local/\(name).json"
    let result = try assay.run("validate", path)
    #expect(result.status == 0, "\(result.errors)")
    let suite = try assay.json(Assay.root.appendingPathComponent(path).path)
    #expect(suite["when_absent"]?.string == "skip")
    #expect(suite["id"]?.string?.hasSuffix("-local") == true)
  }

  @Test(
    "without its data a local suite is skipped, says where it looked, and is no failure of a trial",
    arguments: names)
  func absent(name: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let path = "suites/local/\(name).json"
    let empty = assay.folder.appendingPathComponent("empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: false)
    let result = try assay.run(
      "run", path, "--data", empty.path, "--quiet", "-o", assay.path("report.json"))
    #expect(result.status == 5 && result.errors.contains("nothing to run"), "\(result.errors)")
    #expect(result.errors.contains("--data or ASSAY_DATA_PATH"))
    let suite = try assay.json(Assay.root.appendingPathComponent(path).path)
    let datasets = (suite["datasets"]?.array ?? []).compactMap(\.string)
    #expect(!datasets.isEmpty)
    for dataset in datasets { #expect(result.errors.contains("'\(dataset)'"), "\(result.errors)") }
  }

  @Test(
    "on a small stand-in of the same layout a local suite measures what it promises",
    .enabled(if: hasNumPy, "needs python3 and numpy"), arguments: Promise.all)
  func standIn(promise: Promise) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let made = try assay.python(
      "Tests/CommandTests/local_stand_in.py", assay.path("beside"), "tools")
    try #require(made.status == 0, "\(made.errors)")
    try assay.layOut(promise.parts, of: assay.path("beside"))
    let report = try assay.measured(promise.suite, promise.methods)
    let trials = report["trials"]?.array ?? []
    let measured = trials.filter { $0["status"]?.string == "ok" }
    #expect(measured.count == promise.measured)
    #expect(trials.allSatisfy { ["ok", "unsupported"].contains($0["status"]?.string) })
    for trial in measured {
      for metric in promise.metrics {
        let value = trial["metrics"]?[metric]
        #expect(value?["value"]?.double != nil, "\(metric) of \(trial["dataset"]?.string ?? "")")
        #expect(value?["interval"]?["lower"]?.double != nil, "\(metric)")
      }
    }
    for (attribute, keys) in promise.groups {
      let found = measured.map { trial in
        Set(
          (trial["groups"]?.array ?? []).filter { $0["by"]?.string == attribute }
            .compactMap { $0["key"]?.string })
      }
      #expect(found.contains { $0.isSuperset(of: keys) }, "\(attribute): \(found)")
    }
    if promise.suite == "robustness" { try derived(report) }
  }

  /// The corruption errors have the baseline's errors as 100 %, and zero-shot has a line to be
  /// compared with.
  private func derived(_ report: JSON) throws {
    let derived = (report["derived"]?.array ?? []).filter { $0["label"]?.string == "zero-shot" }
    func values(_ metric: String) -> [Double?] {
      derived.filter { $0["metric"]?.string == metric }.map { $0["value"]?.double }
    }
    #expect(values("mce") == Array(repeating: 100, count: 10))
    #expect(values("ce").count == 60)
    #expect(values("effective_robustness").count == 300)
    #expect(values("effective_robustness").allSatisfy { $0 != nil })
  }

  @Test(
    "settings that given rows cannot make are still nothing measured",
    .enabled(if: hasNumPy, "needs python3 and numpy"))
  func nothing() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let made = try assay.python(
      "Tests/CommandTests/local_stand_in.py", assay.path("beside"), "tools")
    try #require(made.status == 0, "\(made.errors)")
    try assay.layOut(["classification"], of: assay.path("beside"))
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "three", "version": "1.0.0", "title": "Three",
        "task": "classify", "datasets": ["oxford_pets24"], "when_absent": "skip",
        "protocol": { "kind": "few-shot", "shots": [3] }, "seeds": [1], "metrics": ["accuracy"]
      }
      """, to: "three.json")
    let result = try assay.run(
      "run", assay.path("three.json"), "--data", assay.path("data"), "-m", "zero-shot", "-o",
      assay.path("report.json"))
    #expect(result.status == 5 && result.errors.contains("nothing to run"), "\(result.errors)")
  }

  @Test(
    "the tool says what it writes and under which terms, and stays out of the project",
    .enabled(if: hasNumPy, "needs python3 and numpy"))
  func tool() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let help = try assay.python("tools/local_features.py", "--help")
    #expect(help.status == 0)
    for promise in Promise.all {
      #expect(help.output.contains(promise.suite), "\(promise.suite)")
      for part in promise.parts { #expect(help.output.contains("  \(part) "), "\(part)") }
    }
    #expect(help.output.contains("state no licence"))
    for (arguments, sentence) in [
      (["suites/data/here", "--data", assay.folder.path], "lies in the project"),
      ([assay.path("data")], "name the folder that holds local-only and open with --data"),
      ([assay.path("data"), "--data", assay.path("nowhere")], "there is no folder"),
    ] {
      let result = try assay.run(
        "/usr/bin/env", ["python3", "tools/local_features.py"] + arguments, in: Assay.root)
      #expect(result.status == 1 && result.errors.contains(sentence), "\(result.errors)")
    }
    try FileManager.default.createDirectory(
      atPath: assay.path("half/local-only/clip-vitb32"), withIntermediateDirectories: true)
    let half = try assay.python(
      "tools/local_features.py", assay.path("data"), "--data", assay.path("half"), "--only",
      "swapped")
    #expect(half.status == 1 && half.errors.contains("part 'swapped' cannot be laid out"))
  }

  @Test(
    "zero-shot under the real shifts has the accuracies that NumPy has",
    .enabled(if: localData != nil, "needs local-only features in ASSAY_DATA_PATH"))
  func shifts() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try assay.layOut(["classification", "coarse"], of: try #require(localData))
    let report = try assay.measured("ood", ["zero-shot"])
    var found: [String: Double] = [:]
    for trial in report["trials"]?.array ?? [] {
      for group in trial["groups"]?.array ?? [] where group["by"]?.string == "shift" {
        let name = "\(trial["dataset"]?.string ?? "") \(group["key"]?.string ?? "")"
        found[name] = group["metrics"]?["accuracy"]?["value"]?.double
      }
    }
    // NumPy 2.4.6, float64, unit rows, argmax of image times text.
    for (name, accuracy) in [
      ("oxford_pets24 imagenet", 0.82143), ("caltech26 imagenet", 0.97802),
      ("imagenet_oxford_pets24 oxford_pets", 0.93031),
      ("imagenet_caltech26 caltech101", 0.96941), ("imagenet_coarse9 cifar10", 0.87391),
      ("imagenet_coarse9 caltech101", 0.99125), ("imagenet_coarse9 oxford_pets", 0.99836),
    ] {
      #expect(abs((found[name] ?? 0) - accuracy) < 0.0015, "\(name)")
    }
  }
}
