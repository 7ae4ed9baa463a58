import Documents
import Foundation
import Testing

@Suite("assay lines")
struct LinesTests {
  /// Two sources whose accuracies lie on known lines on logit axes: y = x - 1 and y = x.
  private func table(_ assay: Assay) throws -> String {
    func share(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    var lines = ["name,source,clean,sketch"]
    for (source, drop) in [("A", 1.0), ("B", 0.0)] {
      for (place, x) in [-0.5, 0, 0.5, 1, 1.5].enumerated() {
        lines.append("\(source)\(place),\(source),\(share(x)),\(share(x - drop))")
      }
    }
    let path = assay.path("table.csv")
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("it prints the lines of each source, and the better source first in rank")
  func fits() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let arguments = [
      "lines", try table(assay), "--reference", "clean", "--shifts", "sketch", "--by", "source",
    ]
    let text = try assay.run(arguments)
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("A") && text.output.contains("-1.0000"), "\(text.output)")
    let json = try JSON(parsing: try assay.run(arguments + ["--json"]).output)
    #expect(json.object?.isEmpty == false)
  }

  @Test("a column that the table lacks is code 2 with the nearest name, and nothing on stdout")
  func typo() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "lines", try table(assay), "--reference", "clena", "--shifts", "sketch")
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("did you mean 'clean'?"), "\(result.errors)")
  }

  @Test("a table that is not there, and a mixture without its parts, are code 2")
  func unusable() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let missing = try assay.run(
      "lines", assay.path("none.csv"), "--reference", "clean", "--shifts", "sketch")
    #expect(missing.status == 2 && missing.errors.contains("No such file"))
    let mixture = try assay.run(
      "lines", try table(assay), "--reference", "clean", "--shifts", "sketch", "--mixture", "AB=")
    #expect(mixture.status == 2 && mixture.errors.contains("write it as MIX=A,B"))
  }
}
