import Documents
import Foundation
import Testing

@Suite("Ranking the methods of a report")
struct RankTests {
  @Test("rank prints mean ranks, tests and pairs in every format")
  func formats() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot", "-m", "nearest-mean")
    let text = try assay.runHere("rank", report)
    #expect(text.status == 0, "\(text.errors)")
    for words in ["accuracy (higher is better)", "mean rank", "Friedman", "Nemenyi", "Wilcoxon p"] {
      #expect(text.output.contains(words), "\(text.output)")
    }
    let json = try JSON(parsing: try assay.runHere("rank", report, "--format", "json").output)
    #expect(json["methods"]?.array?.count == 2 && json["blocks"]?.array?.count == 2)
    let markdown = try assay.runHere(
      "rank", report, "--metric", "accuracy", "--format", "markdown", "-o", assay.path("r.md"))
    #expect(markdown.status == 0 && markdown.output.isEmpty)
    let written = try String(contentsOfFile: assay.path("r.md"), encoding: .utf8)
    #expect(written.contains("| method | mean rank |"))
  }

  @Test("what cannot be ranked ends with a sentence and code 2, or 5 where blocks are missing")
  func refusals() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let one = try assay.report("one.json", "-m", "nearest-mean")
    let result = try assay.runHere("rank", one)
    #expect(result.status == 2 && result.errors.contains("two methods or more"), "\(result.errors)")
    let typo = try assay.runHere("rank", one, "--metric", "acuracy")
    #expect(typo.status == 2 && typo.errors.contains("did you mean 'accuracy'?"))
    let suite = try String(contentsOfFile: assay.path("suites/small.json"), encoding: .utf8)
    try assay.write(suite.replacing("[1, 4]", with: "[1]"), to: "suites/small.json")
    let block = try assay.report("block.json", "-m", "nearest-mean", "-m", "zero-shot")
    let few = try assay.runHere("rank", block)
    #expect(few.status == 5 && few.errors.contains("two blocks or more"), "\(few.errors)")
  }
}
