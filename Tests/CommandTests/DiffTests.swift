import Documents
import Foundation
import Testing

@Suite("assay diff", .serialized)
struct DiffTests {
  /// Two reports of one row name, whose configs differ in what they predict.
  private func reports(_ assay: Assay) throws -> (old: String, new: String) {
    let (old, new) = (assay.path("old.json"), assay.path("new.json"))
    for (report, alpha) in [(old, "0.0001"), (new, "1")] {
      let run = assay.path("run.json")
      try """
      {
        "schema": "assay.run/1", "suites": ["\(Assay.root.path)/suites/few-shot.json"],
        "methods": [
          { "id": "gda", "label": "gda", "config": { "search": false, "alpha": \(alpha) } },
          { "id": "zero-shot", "label": "zero-shot" }
        ],
        "seeds": [1]
      }
      """.write(toFile: run, atomically: true, encoding: .utf8)
      let result = try assay.run("run", run, "-o", report, "--quiet")
      try #require(result.status == 0, "\(result.errors)")
    }
    return (old, new)
  }

  @Test("it tells identical rows from changed ones, down to the flipped samples")
  func flips() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (old, new) = try reports(assay)
    let result = try assay.run("diff", old, new, "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let rows = try JSON(parsing: result.output)["rows"]?.array ?? []
    let verdicts = Dictionary(
      grouping: rows, by: { $0["label"]?.string ?? "" }
    ).mapValues { Set($0.compactMap { $0["verdict"]?.string }) }
    #expect(verdicts["zero-shot"] == ["identical"])
    #expect(verdicts["gda"]?.contains("improved") == true, "\(verdicts)")
    let won = rows.compactMap { $0["flips"]?["won"]?.array?.count }.max()
    #expect((won ?? 0) > 100)
  }

  @Test("as HTML it is one page with the verdict of the gates and what changed")
  func page() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (old, new) = try reports(assay)
    let page = assay.path("diff.html")
    let result = try assay.run(
      "diff", new, old, "--format", "html", "--fail-on", "accuracy:-1pp", "-o", page)
    #expect(result.status == 1)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.hasPrefix("<!doctype html>") || text.hasPrefix("<!DOCTYPE html>"))
    #expect(text.contains("1 gate of 1 did not pass.") && text.contains("id=\"changed\""))
  }

  @Test("two methods of one report are compared on their common rows, and nothing else is")
  func match() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (_, report) = try reports(assay)
    let arguments = ["diff", report, "--match", "zero-shot=gda", "--format", "json"]
    let better = try assay.run(arguments + ["--fail-on", "accuracy:significant"])
    #expect(better.status == 0, "\(better.errors)")
    let rows = try JSON(parsing: better.output)["rows"]?.array ?? []
    #expect(Set(rows.compactMap { $0["label"]?.string }) == ["zero-shot=gda"])
    let notes = rows.compactMap { $0["notes"]?.array?.first?.string }
    #expect(Set(notes) == ["method zero-shot -> gda"])
    #expect(rows.contains { $0["verdict"]?.string == "improved" })
    let worse = try assay.run(
      ["diff", report, report, "--match", "gda=zero-shot", "--fail-on", "accuracy:significant"])
    #expect(worse.status == 1)
  }

  @Test("a row that no report has is code 2 with the nearest name")
  func unknownMatch() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (_, report) = try reports(assay)
    let result = try assay.run(["diff", report, "--match", "zero-shot=gdaa"])
    #expect(result.status == 2)
    #expect(result.errors.contains("the candidate has no row 'gdaa'; did you mean 'gda'?"))
    #expect(try assay.run(["diff", report, "--match", "gda"]).status == 2)
    #expect(try assay.run(["diff", report]).status == 2)
  }

  @Test("a gate that is broken is code 1, one that holds is code 0")
  func gates() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (old, new) = try reports(assay)
    #expect(try assay.run("diff", new, old, "--fail-on", "accuracy:-1pp").status == 1)
    #expect(try assay.run("diff", new, old, "--fail-on", "accuracy:significant").status == 1)
    #expect(try assay.run("diff", old, new, "--fail-on", "accuracy:-1pp").status == 0)
    #expect(try assay.run("diff", old, old, "--fail-on", "predictions:changed").status == 0)
  }

  @Test("a typo in a rule is code 2 with the nearest name")
  func typo() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let report = assay.path("report.json")
    let run = try assay.run(
      "run", "few-shot", "-m", "zero-shot", "--seeds", "1", "-o", report, "-q")
    try #require(run.status == 0)
    let result = try assay.run("diff", report, report, "--fail-on", "acuracy:-1pp")
    #expect(result.status == 2)
    #expect(result.errors.contains("did you mean 'accuracy'?"), "\(result.errors)")
  }

  @Test("reports, diffs, datasets and suites pass an independent check of the published schemas")
  func schemas() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let (old, new) = try reports(assay)
    let diff = assay.path("diff.json")
    #expect(try assay.run("diff", old, new, "--format", "json", "-o", diff).status == 0)
    let root = Assay.root.path
    let pairs = [
      ("report-2", old), ("report-2", new), ("diff-1", diff),
      ("suite-1", "\(root)/suites/few-shot.json"),
      ("dataset-1", "\(root)/suites/data/fashion/dataset.json"),
      ("dataset-1", "\(root)/suites/data/clipart/dataset.json"),
    ]
    let script = """
      import json, sys, jsonschema
      for name, path in zip(sys.argv[1::2], sys.argv[2::2]):
          schema = json.load(open(name))
          jsonschema.Draft202012Validator.check_schema(schema)
          errors = list(jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(path))))
          for error in errors[:5]:
              print(path, list(error.path), error.message[:200])
          assert not errors
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments =
      ["-c", script]
      + pairs.flatMap { ["\(root)/schemas/assay.\($0.0).schema.json", $0.1] }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
  }
}
