import Documents
import Foundation
import Metrics
import Testing

@testable import Reports

private let openClip: URL? = {
  let environment = ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"]
  let beside = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data")
  let folder = environment.map { URL(filePath: $0) } ?? beside
  let file = folder.appending(path: "open/open_clip/openclip_results.csv")
  return FileManager.default.fileExists(atPath: file.path) ? file : nil
}()

@Suite("Tables of accuracies")
struct AccuracyTableTests {
  /// With CRLF where a mark stands.
  private let csv = #"""
    name,source,clean,"odd, view"|
    "a ""one""",A,0.5,0.4|
    a2,A,0.6,0.5|
    a3,A,0.7,0.6|
    b1,B,0.55,0.3
    b2,B,0.65,0.4
    b3,B,0.75,0.5
    c1,C,0.9,0.9

    """#.replacing("|", with: "\r")

  private func table(
    _ csv: String, reference: String = "clean", shift: String = "odd, view", by: String? = "source"
  ) throws -> AccuracyTable {
    try AccuracyTable(csv: csv, reference: reference, shifts: [shift], source: by)
  }

  private func failure(_ make: () throws -> Void) -> String? {
    do {
      try make()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("quoted fields, doubled quotes and both line ends are read")
  func reads() throws {
    let read = try table(csv)
    #expect(read.models == ["a \"one\"", "a2", "a3", "b1", "b2", "b3", "c1"])
    #expect(read.groups.map(\.name) == ["A", "B", "C"])
    #expect(read.groups[1].shifted == [[0.3, 0.4, 0.5]])
  }

  @Test("a missing column names the nearest one")
  func missing() {
    let message = failure { _ = try table(csv, reference: "claen") }
    #expect(message == "it has no column 'claen'; did you mean 'clean'?")
  }

  @Test(
    "a bad table is told with its line",
    arguments: [
      ("name,source,clean,\"odd, view\"\nx,A,?,0.4", "line 2, column 'clean': '?' is no number"),
      ("name,source,clean,\"odd, view\"\nx,A,71,0.4", "line 2, column 'clean': 71 is no accuracy"),
      ("name,source,clean,\"odd, view\"\nx,A,0.7", "line 2 has 3 fields"),
      ("name,source,clean,\"odd, view\"\n\"x,A,0.7", "record of line 2 is not closed"),
      ("name,source,clean,\"odd, view\"\nx\"y,A,0.7,0.6", "line 2 has a quote inside"),
      ("name,source,clean,\"odd, view\"", "no models"),
      ("", "it is empty"),
    ])
  func bad(_ csv: String, _ part: String) {
    #expect(failure { _ = try table(csv) }?.contains(part) == true)
  }

  @Test("a source with too few models has no line and is named")
  func fewModels() throws {
    let lines = try TableLines(try table(csv), rows: 1000, baseline: nil, mixtures: [])
    #expect(lines.skipped == ["C"])
    #expect(lines.lines.names == ["A", "B"])
    #expect(lines.lines.ranks(0) == [1, 2])
    #expect(lines.text(style: TextStyle()).contains("without a line"))
    let message = failure {
      _ = try TableLines(try table(csv), rows: 1000, baseline: "C", mixtures: [])
    }
    #expect(message?.contains("'C' has fewer than three models") == true)
  }

  /// Origin: SciPy 1.17.1, `linregress` of the logits: slope, intercept and their errors.
  @Test(
    "121 public models give SciPy's line with its errors",
    .enabled(if: openClip != nil, "needs open/open_clip of the shared data; set ASSAY_DATA_PATH"))
  func publicModels() throws {
    let text = try String(contentsOf: try #require(openClip), encoding: .utf8)
    let read = try AccuracyTable(
      csv: text, reference: "ImageNet 1k", shifts: ["ImageNet Sketch", "ImageNet-R"], source: nil)
    #expect(read.models.count == 121)
    let lines = try TableLines(read, rows: 50_000, baseline: nil, mixtures: [], resamples: 20)
    let expected = [
      [1.0746703845307042, -0.6698065398793731, 0.017658323086933523, 0.02385275806154479],
      [1.173557206725354, 0.602569716246759, 0.025917595537936808, 0.03500933428728734],
    ]
    for (shift, values) in expected.enumerated() {
      let line = try #require(lines.lines.lines[0][shift])
      let found = [line.slope, line.intercept, line.slopeError, line.interceptError]
      for (value, wanted) in zip(found, values) { #expect(abs(value - wanted) < 1e-9) }
    }
    #expect(lines.json["eff_rob"]?.array?.count == 242)
  }
}
