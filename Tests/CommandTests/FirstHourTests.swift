import Documents
import Foundation
import Testing

@Suite("The first hour")
struct FirstHourTests {
  /// The small suite with rows on which nothing can be measured.
  private func emptied() throws -> Assay {
    let assay = try Assay.small()
    try assay.write(
      """
      {
        "schema": "assay.dataset/1", "id": "none", "version": "1", "title": "No test rows",
        "source": "made", "licence": "CC0-1.0", "classes": ["a", "b"],
        "arrays": {
          "train.features": { "file": "x.npy" }, "train.labels": { "file": "y.npy" },
          "test.features": { "file": "tx.npy" }, "test.labels": { "file": "ty.npy" }
        }
      }
      """, to: "data/none/dataset.json")
    let script = """
      import struct, sys
      def save(name, kind, shape, numbers):
          header = str({"descr": "<" + kind, "fortran_order": False, "shape": shape})
          header = header.ljust(117) + "\\n"
          with open(f"{sys.argv[1]}/{name}.npy", "wb") as file:
              file.write(b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header.encode())
              file.write(struct.pack(f"<{len(numbers)}{kind[0]}", *numbers))
      y = [i % 2 for i in range(20)]
      save("x", "f4", (20, 2), [float(i == j) for i in y for j in range(2)])
      save("y", "i4", (20,), y)
      save("tx", "f4", (0, 2), [])
      save("ty", "i4", (0,), [])
      """
    let made = try assay.run(
      "/usr/bin/python3", ["-c", script, assay.path("data/none")], in: assay.folder)
    try #require(made.status == 0, "\(made.errors)")
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "void", "version": "1", "title": "Void",
        "task": "classify", "datasets": ["none"],
        "protocol": { "kind": "few-shot", "shots": [1] }, "seeds": [1], "metrics": ["accuracy"]
      }
      """, to: "suites/void.json")
    return assay
  }

  @Test(
    "a mistyped verb gets its nearest name, at every level",
    arguments: [
      (["rnu", "few-shot"], "'run'"), (["lst"], "'list'"), (["data", "inspct", "x"], "'inspect'"),
      (["new", "plugn", "x"], "'plugin'"), (["baseline", "sav"], "'save'"),
      (["help", "verfy"], "'verify'"),
    ])
  func verbs(words: [String], near: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(words)
    #expect(result.status == 2)
    #expect(result.errors.contains("did you mean \(near)"), "\(result.errors)")
  }

  @Test("help has examples and names each variable that is read")
  func help() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let help = try assay.run("--help")
    #expect(help.status == 0 && help.output.contains("assay run few-shot"))
    let sources = try FileManager.default.subpathsOfDirectory(
      atPath: Assay.root.appendingPathComponent("Sources").path)
    for file in sources where file.hasSuffix(".swift") {
      let text = try String(
        contentsOf: Assay.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
      for match in text.matches(of: /(?:getenv|environment)\("(ASSAY_[A-Z_]+|NO_COLOR|TMPDIR)"\)/) {
        #expect(help.output.contains(match.1), "\(file) reads \(match.1)")
      }
    }
  }

  @Test("a suite of claims is listed under the name with which it is run")
  func claims() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    for kind in ["suites", "claims"] {
      let names = try assay.run("list", kind).output.split(separator: "\n").compactMap {
        $0.split(separator: " ").first.map(String.init)
      }
      #expect(names.contains("claims/gda"), "\(kind)")
      #expect(names.contains("few-shot") == (kind == "suites"))
      let first = try #require(names.first { $0.hasPrefix("claims/") })
      #expect(try assay.run("run", first, "--dry-run").status == 0)
    }
    #expect(try assay.run("info", "claims/gda").status == 0)
    let wrong = try assay.run("run", "claims/gdaa", "--dry-run")
    #expect(wrong.status == 2 && wrong.errors.contains("claims/gda"), "\(wrong.errors)")
  }

  @Test(
    "completion knows the names of what there is",
    arguments: [
      ("run", "positional@0", "claims/gda"), ("run", "positional@0", "few-shot"),
      ("run", "--method", "gda"), ("info", "positional@0", "fashion"),
      ("show", "--metric", "accuracy"), ("schema", "positional@0", "dataset"),
      ("diff", "--baseline", "main"),
    ])
  func completion(verb: String, argument: String, name: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try assay.write("{}", to: ".assay/baselines/main/report.json")
    var here = assay
    here.environment["ASSAY_SUITE_PATH"] = Assay.root.appendingPathComponent("suites").path
    let script = try here.runHere("completion", "bash").output
    #expect(script.contains("---completion"))
    let arguments = ["---completion", verb, "--", argument, "0", "0", ""]
    let found = try here.runHere(arguments).output.split(separator: "\n").map(String.init)
    #expect(found.contains(name), "\(found.prefix(20))")
  }

  @Test("a place where nothing can be written is told of before the work")
  func output() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try assay.write("text", to: "file")
    try assay.write("text", to: "folder.json/x")
    for place in ["folder.json", "file/report.json"] {
      let result = try assay.runHere("run", "small", "-m", "zero-shot", "-o", place)
      #expect(result.status == 2, "\(place)")
      #expect(result.errors.contains(place.prefix { $0 != "/" }), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: assay.path("folder.store")))
    }
    let report = try assay.report("good.json", "-m", "zero-shot")
    for verb in [["diff", report, report], ["rank", report], ["report", report]] {
      #expect(try assay.runHere(verb + ["-o", "folder.json"]).status == 2, "\(verb)")
      let made = try assay.runHere(verb + ["-o", "a/b/\(verb[0]).txt"])
      #expect(FileManager.default.fileExists(atPath: assay.path("a/b")), "\(made.errors)")
    }
  }

  @Test(
    "where nobody watches a line each minute says how far the run is",
    .enabled(
      if: ProcessInfo.processInfo.environment["ASSAY_SLOW_TESTS"] != nil,
      "waits for more than a minute; set ASSAY_SLOW_TESTS=1"), arguments: [true, false])
  func progress(isQuiet: Bool) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere("new", "plugin", "slow", "--lang", "c").status == 0)
    let source = assay.path("slow/slow.c")
    try assay.replace(
      "static assay_status fit(void *instance, const assay_call *call) {\n",
      with: """
        #include <time.h>
        static assay_status fit(void *instance, const assay_call *call) {
          struct timespec pause = {65, 0};
          nanosleep(&pause, 0);

        """, in: source)
    let made = try assay.run(
      "/usr/bin/env", ["make", "all"], in: assay.folder.appendingPathComponent("slow"))
    try #require(made.status == 0, "\(made.errors)")
    let run = try assay.runHere(
      ["run", "small", "--seeds", "1", "-p", "slow", "-m", "slow", "-j", "2", "-o", "r.json"]
        + (isQuiet ? ["-q"] : []))
    #expect(run.errors.contains("0/2 trials") == !isQuiet, "\(run.errors)")
  }

  @Test("an empty test split is code 5, and does not take the place of a report with results")
  func nothingMeasured() throws {
    let assay = try emptied()
    defer { assay.cleanUp() }
    let path = try assay.report("r.json", "-m", "nearest-mean")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let run = try assay.run(
      "run", "void", "--data", assay.path("data"), "-m", "nearest-mean", "-o", path, "-q")
    #expect([2, 5].contains(run.status), "\(run.output)\(run.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    guard run.status == 5 else { return }
    #expect(run.errors.contains("kept as it was"))
    let aside = assay.path("r.unmeasured.json")
    #expect(FileManager.default.fileExists(atPath: aside))
    let save = try assay.runHere("baseline", "save", "main", aside)
    #expect(save.status == 5, "\(save.errors)")
    let junit = try assay.run("report", aside, "--format", "junit")
    #expect(junit.output.contains("<failure"))
  }

  @Test("make without a target names the targets, each with what it does")
  func make() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("/usr/bin/env", ["make"], in: Assay.root)
    #expect(result.status == 0)
    let text = try String(
      contentsOf: Assay.root.appendingPathComponent("Makefile"), encoding: .utf8)
    let targets = text.matches(of: /(?m)^([a-z]+):/).map { String($0.1) }
    for target in targets {
      #expect(result.output.contains("make \(target) "), "\(target)")
    }
    // Within another make it says beside that it enters and leaves the folder.
    let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("make ") }
    #expect(lines.count == targets.count)
  }
}
