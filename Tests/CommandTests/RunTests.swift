import Documents
import Foundation
import Testing

@Suite("assay run", .serialized)
struct RunTests {
  private let quick = ["run", "few-shot", "-m", "nearest-mean", "--seeds", "1"]

  @Test("two runs give the same bytes once what is volatile is left out")
  func identical() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let arguments = quick + ["--strip-volatile", "--fresh", "-o", report]
    #expect(try assay.run(arguments).status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: report))
    #expect(try assay.run(arguments).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: report)) == first)
  }

  @Test("what does not change the work leaves no trace once what is volatile is left out")
  func volatile() throws {
    var assay = try Assay()
    defer { assay.cleanUp() }
    let library = try slowPlugin(assay)
    try FileManager.default.createDirectory(
      atPath: assay.path("deep/er"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: library, toPath: assay.path("deep/er/libassay-slow.so"))
    let common = ["run", "few-shot", "--seeds", "1", "--strip-volatile", "--fresh"]
    let first = ["-m", "nearest-mean", "-m", "zero-shot", "-m", "crashes"]
    let second = ["-m", "crashes", "-m", "zero-shot", "-m", "nearest-mean"]
    let one = try assay.runHere(common + first + ["-p", library, "-j", "1", "-o", "one.json"])
    #expect(one.status == 3, "\(one.errors)")
    assay.environment["HOME"] = assay.path("home")
    assay.environment["TMPDIR"] = assay.path("deep")
    let two = try assay.runHere(
      common + second + [
        "-p", "./deep/er", "-j", "3", "-o", "deep/two.json", "--memory", "3G", "--fit-timeout",
        "50s", "--quiet", "--save-predictions", "saved",
      ])
    #expect(two.status == 3, "\(two.errors)")
    let text = try String(contentsOfFile: assay.path("one.json"), encoding: .utf8)
    #expect(try String(contentsOfFile: assay.path("deep/two.json"), encoding: .utf8) == text)
    #expect(!text.contains(assay.folder.path) && !text.contains("invocation"))
  }

  @Test("a second run takes unchanged trials from the store; another config runs anew")
  func reuse() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    #expect(try assay.run(quick + ["-o", report]).status == 0)
    let again = try assay.run(quick + ["-o", report])
    #expect(again.errors.contains("5 trials, 5 of them unchanged and reused"))
    let other = try assay.run(
      "run", "few-shot", "-m", "nearest-mean:scale=10", "--seeds", "1", "-o", report)
    #expect(!other.errors.contains("reused"), "\(other.errors)")
  }

  @Test("a run file names suites that ship by their ids")
  func runFile() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let file = assay.path("run.json")
    try #"{"schema": "assay.run/1", "suites": ["few-shot"], "methods": [{"id": "gda"}]}"#
      .write(toFile: file, atomically: true, encoding: .utf8)
    let result = try assay.run("run", file, "--dry-run")
    #expect(result.output.hasSuffix("25 trials\n"), "\(result.errors)")
    try #"{"schema": "assay.run/1", "suites": ["few-shoot"], "methods": [{"id": "gda"}]}"#
      .write(toFile: file, atomically: true, encoding: .utf8)
    let wrong = try assay.run("run", file, "--dry-run")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("there is no suite 'few-shoot'"), "\(wrong.errors)")
  }

  @Test("over a pipe every row of a table is one line")
  func pipe() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let result = try assay.run(quick + ["-o", report])
    let rows = result.output.split(separator: "\n").filter { $0.hasPrefix("nearest-mean") }
    #expect(rows.count == 1 && rows[0].split(separator: " ").count > 10, "\(result.output)")
  }

  @Test("--dry-run lists every trial with its id and writes nothing")
  func dryRun() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let result = try assay.run(["run", "few-shot", "-m", "gda", "--dry-run", "-o", report])
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("25 trials\n"))
    #expect(!FileManager.default.fileExists(atPath: report))
    let json = try assay.run(["run", "few-shot", "-m", "gda", "--dry-run", "--json"])
    let ids = try JSON(parsing: json.output)["trials"]?.array?.compactMap { $0["id"]?.string }
    #expect(Set(ids ?? []).count == 25)
  }

  @Test(
    "a mistake is exit code 2 and a sentence that names it",
    arguments: [
      (["run", "few-shoot"], "there is no suite 'few-shoot'"),
      (["run", "few-shoot"], "did you mean 'few-shot'?"),
      (["run", "few-shot", "-m", "gdaa"], "there is no method 'gdaa'; did you mean 'gda'?"),
      (["run", "few-shot", "-m", "gda:alpa=1"], "'alpa' is not known here"),
      (["run", "few-shot", "-m", "gda:alpha=-1"], "must be at least 0"),
      (["run", "few-shot", "-m", "gda", "-m", "gda"], "--method gda is given twice; give one"),
      (
        ["run", "few-shot", "-m", "gda:alpha=1,fuse=true", "-m", "gda:fuse=true,alpha=1"],
        "whose methods have a 'label'"
      ),
      (
        ["run", "few-shot", "-m", "gda:search=false,search=true"],
        "--method gda:search=false,search=true: 'search' is given twice"
      ),
      (["run", "few-shot", "--data", "/nowhere"], "--data /nowhere: there is no such folder"),
      (["list", "datasets", "--data", "/nowhere"], "--data /nowhere: there is no such folder"),
      (["doctor", "--data", "/nowhere"], "--data /nowhere: there is no such folder"),
      (["run", "ledger/published.json"], "is a ledger ('assay.ledger/1'), where a suite or"),
      (["run", "few-shot", "--seeds", "3..1"], "--seeds"),
      (["run", "few-shot", "--seeds", "3,1,3"], "--seeds names 3 twice"),
      (["run", "few-shot", "--memory", "10M"], "at least 1G"),
      (["run", "few-shot", "-p", "/nowhere.so"], "there is no such file"),
      (["run", "few-shot", "-o", "report.txt"], "a report's name ends in .json"),
      (["run", "few-shot", "--resume", "--fresh"], "exclude each other"),
      (["run"], "Missing expected argument"),
      (["frobnicate"], "frobnicate"),
    ])
  func mistakes(arguments: [String], sentence: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("a typo in a suite file is told with its place and the nearest name, all at once")
  func suiteTypo() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let suite = assay.path("typo.json")
    try """
    {
      "schema": "assay.suite/1", "id": "typo", "version": "1.0.0", "title": "Typo",
      "task": "classify", "datasets": ["fashion"],
      "protocol": { "kind": "few-shot", "shotss": [1] },
      "seedss": [1], "seeds": ["one"]
    }
    """.write(toFile: suite, atomically: true, encoding: .utf8)
    let result = try assay.run("run", suite)
    #expect(result.status == 2)
    #expect(result.errors.contains("\(suite):4:"), "\(result.errors)")
    #expect(result.errors.contains("did you mean 'shots'"))
    #expect(result.errors.contains("did you mean 'seeds'"))
    #expect(result.errors.contains("at /seeds/0"))
  }

  @Test("a setting that a method cannot run in is unsupported with a reason, and no failure")
  func unsupported() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run([
      "run", "few-shot", "-m", "nearest-mean", "-p", try slowPlugin(assay), "-m", "wants-views",
      "--seeds", "1", "-o", assay.path("report.json"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("wants-views requires train.views"), "\(result.output)")
  }

  @Test(
    "a method that passes over some seeds of a setting has failed, one that passes over all not")
  func choosy() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let plugin = try slowPlugin(assay)
    for (method, seeds, status) in [
      ("choosy", "1,2", Int32(3)), ("choosy", "1", 0), ("choosy", "2", 5), ("evasive", "1", 5),
    ] {
      let report = assay.path("\(method)-\(seeds).json")
      let result = try assay.run([
        "run", "small", "-p", plugin, "-m", method, "--seeds", seeds, "-o", report,
      ])
      #expect(result.status == status, "\(method) \(seeds): \(result.output)\(result.errors)")
      let trials = try assay.json(report)["trials"]?.array ?? []
      if method == "evasive" {
        #expect(trials.map { $0["failure"]?["kind"]?.string } == ["refusal", "refusal"])
      }
      guard seeds == "1,2" else { continue }
      #expect(trials.count == 4)
      for trial in trials {
        let isPassedOver = trial["seed"]?.int == 2
        #expect(trial["status"]?.string == (isPassedOver ? "error" : "ok"))
        #expect(trial["failure"]?["kind"]?.string == (isPassedOver ? "refusal" : nil))
      }
    }
  }

  @Test("plugins that crash or hang are named in the report, and the run ends with code 3")
  func failures() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let result = try assay.run([
      "run", "few-shot", "-m", "nearest-mean", "-p", try slowPlugin(assay), "-m", "crashes", "-m",
      "sleeps", "--fit-timeout", "1s", "--seeds", "1", "-o", report,
    ])
    #expect(result.status == 3)
    let trials = try assay.json(report)["trials"]
    let endings = Dictionary(
      (trials?.array ?? []).map { ($0["label"]?.string ?? "", $0["status"]?.string ?? "") },
      uniquingKeysWith: { first, _ in first })
    #expect(endings == ["nearest-mean": "ok", "crashes": "crashed", "sleeps": "timeout"])
  }

  @Test("an interrupted run leaves with 130, keeps its store, and resumes")
  func interrupt() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let arguments = [
      "run", "few-shot", "-m", "nearest-mean", "-p", try slowPlugin(assay), "-m", "sleeps",
      "--fit-timeout", "2s", "--seeds", "1", "-j", "1", "-o", report,
    ]
    let process = try assay.start(arguments)
    // Once a trial is in the log of the store, the run is in full swing.
    let log = URL(fileURLWithPath: assay.path("report.store-wal"))
    let word = Data("\"status\":\"ok\"".utf8)
    for _ in 0..<600 {
      if (try? Data(contentsOf: log))?.range(of: word) != nil { break }
      usleep(50_000)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let resumed = try assay.run(arguments + ["--resume"])
    #expect(resumed.status == 3)
    #expect(resumed.errors.contains("unchanged and reused"), "\(resumed.errors)")
  }

  @Test("of a run that is killed no process stays")
  func killed() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let process = try assay.start([
      "run", "small", "-p", try slowPlugin(assay), "-m", "sleeps", "--seeds", "1,2", "-j", "2",
      "--quiet", "-o", assay.path("r.json"),
    ])
    defer { process.waitUntilExit() }
    // Two workers, each with a supervisor and the first process of its room, and who forked them.
    var family: [Int32] = []
    for _ in 0..<600 where family.count < 7 {
      usleep(50_000)
      family = descendants(of: process.processIdentifier)
    }
    #expect(family.count >= 2, "\(family)")
    kill(process.processIdentifier, SIGKILL)
    var left = family
    for _ in 0..<400 where !left.isEmpty {
      usleep(50_000)
      left.removeAll { isGone($0) }
    }
    #expect(left.isEmpty)
  }

  /// The children of a process, theirs, and so on.
  private func descendants(of pid: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
    let children = threads.flatMap { thread -> [Int32] in
      let path = "/proc/\(pid)/task/\(thread)/children"
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }
    }
    return children + children.flatMap { descendants(of: $0) }
  }

  /// Whether a process has ended, reaped or not.
  private func isGone(_ pid: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
      return true
    }
    return text.contains(") Z ")
  }

  /// A C plugin built on the spot, with methods that misbehave.
  func slowPlugin(_ assay: Assay) throws -> String {
    let source = assay.path("slow.c")
    let library = assay.path("libassay-slow.so")
    try slowSource.write(toFile: source, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "cc", "-shared", "-fPIC", "-I", Assay.root.path + "/Sources/CAssay/include", source, "-o",
      library,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return library
  }
}

private let slowSource = #"""
  #include "assay.h"
  #include <stdlib.h>
  #include <unistd.h>
  #define STR(text) {text, sizeof(text) - 1}

  static assay_status create(const assay_host *h, const assay_run *r, assay_str c, void **s) {
    (void)h, (void)r, (void)c;
    *s = 0;
    return ASSAY_OK;
  }
  static void destroy(void *s) { (void)s; }
  static assay_status crashes(void *s, const assay_call *c) {
    (void)s, (void)c;
    abort();
  }
  static assay_status sleeps(void *s, const assay_call *c) {
    (void)s, (void)c;
    for (;;) sleep(1);
  }
  static assay_status nothing(void *s, const assay_call *c) {
    (void)s, (void)c;
    return ASSAY_OK;
  }
  static uint64_t seed;
  static assay_status create_seeing(const assay_host *h, const assay_run *r, assay_str c, void **s) {
    seed = r->seed;
    return create(h, r, c, s);
  }
  static assay_status choosy(void *s, const assay_call *c) {
    (void)s, (void)c;
    return seed % 2 ? ASSAY_OK : ASSAY_E_UNSUPPORTED;
  }
  static assay_status zeros(void *s, const assay_call *c) {
    (void)s;
    const assay_dl_tensor *out = &c->out[0].tensor;
    for (int64_t i = 0; i < out->shape[0] * out->shape[1]; i++) ((float *)out->data)[i] = 0;
    return ASSAY_OK;
  }
  static assay_status evasive(void *s, const assay_call *c) {
    (void)s, (void)c;
    return ASSAY_E_UNSUPPORTED;
  }
  static const assay_input plain[] = {{STR("train.features"), 1, 0}, {STR("query.features"), 1, 0}};
  static const assay_input views[] = {{STR("train.views"), 1, 0}, {STR("query.features"), 1, 0}};
  static const assay_claim plain_claim[] = {{STR("classify"), 1, 0, plain, 2}};
  static const assay_claim views_claim[] = {{STR("classify"), 1, 0, views, 2}};
  #define METHOD(name, claim, fitter) FULL(name, claim, create, fitter, nothing)
  #define FULL(name, claim, create, fitter, predict)                                            \
    {sizeof(assay_method), ASSAY_METHOD_NEEDS_FIT, STR(name), STR("1.0.0"), STR("Misbehaves."), \
     STR("Apache-2.0"), STR(""), STR("{\"type\":\"object\",\"properties\":{}}"), claim, 1,      \
     create, destroy, fitter, predict, 0}
  static const assay_method methods[] = {
      METHOD("crashes", plain_claim, crashes),
      METHOD("sleeps", plain_claim, sleeps),
      METHOD("wants-views", views_claim, nothing),
      FULL("choosy", plain_claim, create_seeing, choosy, zeros),
      FULL("evasive", plain_claim, create, nothing, evasive),
  };
  static const assay_method *at(uint32_t i) { return i < 5 ? &methods[i] : 0; }
  static const assay_library library = {sizeof(assay_library), 1, 0, 5, at, 0};
  const assay_library *assay_plugin_entry(uint32_t major, uint32_t minor) {
    (void)minor;
    return major == 1 ? &library : 0;
  }
  """#
