import Foundation
import Testing

@testable import Metrics

private let table: URL? = {
  let environment = ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"]
  let beside = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data")
  let folder = environment.map { URL(filePath: $0) } ?? beside
  let file = folder.appending(path: "open/open_clip/openclip_results.csv")
  return FileManager.default.fileExists(atPath: file.path) ? file : nil
}()

@Suite("The line of 121 public models")
struct RealLineTests {
  /// The columns of the table, without fields in quotes.
  private func column(_ name: String, of rows: [[Substring]]) throws -> [Double] {
    let place = try #require(rows[0].firstIndex { $0 == name })
    return rows.dropFirst().compactMap { Double($0[place]) }
  }

  @Test(
    "the line on logit axes is that of scipy.stats.linregress 1.17.1",
    .enabled(if: table != nil, "needs open/open_clip of the shared data; set ASSAY_DATA_PATH"),
    arguments: [
      ("ImageNet v2", 0.958305853855405, -0.3039145204774656, 0.9992938144105168),
      ("ImageNet Sketch", 1.0746703845307042, -0.6698065398793731, 0.9688712705318326),
      ("ImageNet-A", 1.0994539131787422, -1.056110994280594, 0.8528713072359698),
      ("ImageNet-R", 1.173557206725354, 0.602569716246759, 0.9451437978474201),
      ("ObjectNet", 0.8732758839118702, -0.38083063213194307, 0.9471783966197785),
    ])
  func line(_ shift: String, slope: Double, intercept: Double, rSquared: Double) throws {
    let text = try String(contentsOf: try #require(table), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let reference = try column("ImageNet 1k", of: rows)
    #expect(reference.count == 121)
    let found = try EffectiveRobustness(
      reference: reference, shifted: try column(shift, of: rows), rows: 50_000,
      shiftedRows: 7_500)
    #expect(abs(found.slope - slope) < 1e-9)
    #expect(abs(found.intercept - intercept) < 1e-9)
    #expect(abs(try #require(found.rSquared) - rSquared) < 1e-9)
  }
}
