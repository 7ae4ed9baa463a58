import Documents
import Foundation
import Testing

@Suite("What validate says")
struct ValidateTests {
  /// The suite files in a folder of `suites/`.
  private static func files(_ folder: String) -> [String] {
    let url = Assay.root.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }

  @Test(
    "every suite that ships is valid, with its claims and the configs of its methods",
    arguments: ["suites", "suites/claims", "suites/local"])
  func shipped(folder: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let files = Self.files(folder)
    #expect(!files.isEmpty)
    let result = try assay.run(["validate"] + files)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == files.count)
    #expect(lines.allSatisfy { $0.contains(": valid suite ") }, "\(result.output)")
  }

  @Test("a run file is held against its suites, plugins, methods and configs, all at once")
  func runFile() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try assay.write(
      """
      {
        "schema": "assay.run/1",
        "suites": ["few-shoot", "mine.json"],
        "methods": [ { "id": "gda", "config": { "alpa": 1 } }, { "id": "zero-shott" } ],
        "plugins": ["nowhere.so"],
        "data": ["no-data"],
        "seedz": [1]
      }
      """, to: "run.json")
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "mine", "version": "1.0.0", "title": "Mine",
        "task": "classify", "datasets": ["fashion"],
        "protocol": { "kind": "few-shot", "shots": [1] }, "groups": ["clas"]
      }
      """, to: "mine.json")
    let data = Assay.root.appendingPathComponent("suites/data").path
    let sentences = [
      "run.json:3:14: at /suites/0: there is no suite 'few-shoot'", "did you mean 'few-shot'?",
      "run.json:4:43: at /methods/0/config/alpa: method 'gda': the member 'alpa' is not known",
      "did you mean 'alpha'?",
      "at /methods/1/id: there is no method 'zero-shott'; did you mean 'zero-shot'?",
      "at /plugins/0: there is no file or folder", "at /data/0: there is no folder",
      "run.json:7:3: at /seedz: the member 'seedz' is not known here; did you mean 'seeds'?",
      "mine.json:4:64: at /groups/0: dataset 'fashion': there is no attribute 'clas'",
    ]
    for verb in ["validate", "run"] {
      let result = try assay.run([verb, assay.path("run.json"), "--data", data])
      #expect(result.status == 2 && result.output.isEmpty)
      for sentence in sentences {
        #expect(result.errors.contains(sentence), "\(verb): \(result.errors)")
      }
    }
    try assay.replace("few-shoot", with: "few-shot", in: assay.path("run.json"))
    try assay.replace("\"alpa\"", with: "\"alpha\"", in: assay.path("run.json"))
    try assay.replace("zero-shott", with: "zero-shot", in: assay.path("run.json"))
    try assay.replace("\"seedz\"", with: "\"seeds\"", in: assay.path("run.json"))
    try assay.replace(
      "\"plugins\": [\"nowhere.so\"],", with: "\"plugins\": [],", in: assay.path("run.json"))
    try assay.replace(
      "\"data\": [\"no-data\"],", with: "\"data\": [\"\(data)\"],", in: assay.path("run.json"))
    try assay.replace("\"clas\"", with: "\"class\"", in: assay.path("mine.json"))
    let mended = try assay.run("validate", assay.path("run.json"))
    #expect(mended.status == 0, "\(mended.errors)")
    #expect(mended.output.hasSuffix("valid run file of 2 suites\n"))
  }

  @Test("a plugin that a run file names is found beside the file")
  func namedPlugin() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try RunTests().slowPlugin(assay)
    try assay.write(
      """
      {
        "schema": "assay.run/1", "suites": ["suites/small.json"], "seeds": [1],
        "methods": [ { "id": "wants-views" } ], "plugins": ["libassay-slow.so"]
      }
      """, to: "run.json")
    let plan = try assay.run("run", assay.path("run.json"), "--dry-run")
    #expect(plan.status == 0 && plan.output.contains("wants-views"), "\(plan.errors)")
    #expect(try assay.run("validate", assay.path("run.json")).status == 0)
    try assay.write("no library", to: "libassay-slow.so")
    let broken = try assay.run("validate", assay.path("run.json"))
    #expect(broken.status == 2)
    #expect(broken.errors.contains("run.json:3:55: at /plugins/0: "), "\(broken.errors)")
  }

  @Test("run tells of the mistakes of all suites before anything starts")
  func beforeRunning() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    for (name, mistake) in [("one", "\"groups\": [\"clas\"]"), ("two", "\"min_group\": 3")] {
      try assay.write(
        """
        {
          "schema": "assay.suite/1", "id": "\(name)", "version": "1.0.0", "title": "One",
          "task": "classify", "datasets": ["fashion"], "seeds": [1],
          "protocol": { "kind": "few-shot", "shots": [1] }, \(mistake)
        }
        """, to: "\(name).json")
    }
    let report = assay.path("r.json")
    let result = try assay.run([
      "run", assay.path("one.json"), assay.path("two.json"), "-o", report,
    ])
    #expect(result.status == 2)
    #expect(result.errors.contains("one.json:4:64: at /groups/0: "), "\(result.errors)")
    #expect(result.errors.contains("two.json:4:66: at /min_group: "), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: report))
    let plan = try assay.run([
      "run", assay.path("one.json"), "small", "-m", "gdaa", "--dry-run",
    ])
    #expect(plan.status == 2)
    #expect(plan.errors.contains("did you mean 'class'?"), "\(plan.errors)")
    #expect(plan.errors.contains("did you mean 'gda'?"), "\(plan.errors)")
  }

  @Test("the rows of a suite are held against the methods at hand")
  func rows() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let suite = assay.path("suites/small.json")
    try assay.replace(
      "\"metrics\"",
      with: "\"methods\": [{ \"id\": \"gda\", \"config\": { \"alpa\": 1 } }], \"metrics\"",
      in: suite)
    try assay.replace("\"accuracy\"", with: "\"acuracy\"", in: suite)
    let result = try assay.run("validate", suite)
    #expect(result.status == 2)
    #expect(result.errors.contains("at /methods/0/config/alpa: method 'gda'"), "\(result.errors)")
    #expect(result.errors.contains("at /metrics/0: there is no metric"), "\(result.errors)")
    // Rows that are not run are not judged.
    try assay.replace("\"acuracy\"", with: "\"accuracy\"", in: suite)
    let other = try assay.run(["run", suite, "-m", "zero-shot", "--dry-run"])
    #expect(other.status == 0, "\(other.errors)")
  }

  @Test("a ledger is known by its kind, and its metrics by their names")
  func ledger() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let shipped = try assay.run("validate", "ledger/published.json")
    #expect(shipped.status == 0, "\(shipped.errors)")
    #expect(shipped.output.contains("valid ledger of "))
    try assay.write(
      """
      {
        "schema": "assay.ledger/1",
        "rows": [
          {"suite": "s", "dataset": "d", "method": "*", "setting": {}, "metric": "acuracy",
           "value": "0.5", "tolerance": 0, "source": "Somebody"}
        ]
      }
      """, to: "ledger.json")
    let result = try assay.run("validate", assay.path("ledger.json"))
    #expect(result.status == 2)
    #expect(result.errors.contains("ledger.json:4:76: at /rows/0/metric: there is no metric"))
    #expect(result.errors.contains("ledger.json:5:15: at /rows/0/value: must be"))
  }

  @Test(
    "a file that is no JSON, or of no kind, is told of with what to do",
    arguments: [
      ("", "x.json:1:1: not valid JSON: the text ends too early"),
      ("\u{FEFF}{}", "starts with a byte-order mark; save it as UTF-8 without one"),
      ("{}", "'schema' is missing; it must be one of"),
      ("{\"schema\": \"assay.suit/1\"}", "did you mean 'assay.suite/1'?"),
      ("{\"schema\": 3}", "'schema' is 3"), ("[1", "not valid JSON"),
    ])
  func hostile(text: String, sentence: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try assay.write(text, to: "x.json")
    let result = try assay.run("validate", assay.path("x.json"), "suites/few-shot.json")
    #expect(result.status == 2)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    // The files after it are looked at all the same.
    #expect(result.output.contains("valid suite few-shot"))
  }

  @Test("a file that is not there is told of by name")
  func absent() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("validate", "nowhere.json")
    #expect(result.status == 2)
    #expect(result.errors.contains("nowhere.json: cannot be read: No such file or directory"))
    let device = try assay.run("validate", "/dev/null")
    #expect(device.status == 2)
    #expect(device.errors.contains("/dev/null: is a pipe or a device"), "\(device.errors)")
  }
}
