import Foundation
import Testing

@Suite("assay show")
struct ShowTests {
  @Test("a name that the report does not have is refused with the nearest one")
  func typos() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot", "-m", "knn:k=3")
    for (option, name, sentence) in [
      ("--method", "zero-shto", "the report has no method 'zero-shto'; did you mean 'zero-shot'?"),
      ("--method", "qqqqqqqq", "the report has no method 'qqqqqqqq'; it has "),
      ("--suite", "smal", "the report has no suite 'smal'; did you mean 'small'?"),
      ("--dataset", "fashon", "the report has no dataset 'fashon'; did you mean 'fashion'?"),
      ("--metric", "acuracy", "the report has no metric 'acuracy'; did you mean 'accuracy'?"),
    ] {
      let result = try assay.run("show", report, option, name)
      #expect(result.status == 2)
      #expect(result.errors.contains("\(option): \(sentence)"), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test("rows are chosen by their label or by their method")
  func rows() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot", "-m", "knn:k=3")
    for name in ["knn", "knn:k=3"] {
      let result = try assay.run("show", report, "--method", name)
      #expect(result.status == 0 && result.output.contains("knn:k=3"), "\(result.errors)")
      #expect(!result.output.contains("zero-shot"))
    }
    let failed = try assay.run("show", report, "--failed")
    #expect(failed.status == 0)
    #expect(failed.errors.contains("no trial of the 4 in the report is like that"))
  }
}
