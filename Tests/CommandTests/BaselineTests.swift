import Documents
import Foundation
import Testing

@Suite("Named baselines")
struct BaselineTests {
  @Test("a baseline is kept with its outcomes and found by diff")
  func roundTrip() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("report.json", "-m", "nearest-mean")
    let saved = try assay.runHere("baseline", "save", "main", report)
    #expect(saved.status == 0, "\(saved.errors)")
    #expect(saved.errors.contains("saved the baseline 'main' in .assay/baselines/main"))

    // The report and its outcomes may go: the baseline stands by itself.
    let other = try assay.report("other.json", "-m", "zero-shot")
    let diff = try assay.runHere("diff", "--baseline", "main", report, "--format", "json")
    #expect(diff.status == 0, "\(diff.errors)")
    #expect(diff.output.contains("\"identical\""))

    let again = try assay.runHere("baseline", "save", "main", other)
    #expect(again.errors.contains("replaced the baseline 'main'"))
    let list = try assay.runHere("baseline", "list", "--json")
    let rows = try JSON(parsing: list.output)["baselines"]?.array ?? []
    #expect(rows.compactMap { $0["name"]?.string } == ["main"])
    #expect(rows.first?["trials"]?.string == "2")
    let left = try FileManager.default.contentsOfDirectory(
      atPath: assay.path(".assay/baselines"))
    #expect(left == ["main"])
  }

  @Test("every misuse is told with what to do")
  func misuse() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    #expect(try assay.runHere("baseline", "list").output.contains("there are no baselines in"))
    let none = try assay.runHere("diff", "--baseline", "main", "r.json")
    #expect(none.status == 2)
    #expect(none.errors.contains("save one with 'assay baseline save NAME REPORT'"))

    let report = try assay.report("report.json", "-m", "nearest-mean")
    let named = try assay.runHere("baseline", "save", "../up", report)
    #expect(named.status == 2)
    #expect(named.errors.contains("'../up' is no name for a baseline"))
    #expect(try assay.runHere("baseline", "save", "main", report).status == 0)
    let near = try assay.runHere("diff", "--baseline", "mian", report)
    #expect(near.errors.contains("did you mean 'main'?"), "\(near.errors)")
    let three = try assay.runHere("diff", "--baseline", "main", report, report)
    #expect(three.status == 2)
    #expect(three.errors.contains("With --baseline, name one report"))
    #expect(try assay.runHere("diff", report).errors.contains("Name two reports"))

    try FileManager.default.removeItem(atPath: assay.path("report.store"))
    let without = try assay.runHere("baseline", "save", "main", report)
    #expect(without.status == 2)
    #expect(without.errors.contains("per-sample columns"))
    // What had the name is still whole.
    #expect(try assay.runHere("diff", "--baseline", "main", report).status != 2)
  }
}
