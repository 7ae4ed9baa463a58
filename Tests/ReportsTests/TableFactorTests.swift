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

@Suite("Properties of the models in a table")
struct TableFactorTests {
  private let csv = """
    name,data,size,clean,view
    a1,A,1,0.5,0.4
    a2,A,2,0.6,0.52
    a3,A,4,0.7,0.6
    b1,B,1,0.55,0.38
    b2,B,2,0.65,0.5
    b3,B,4,0.75,0.58
    c1,C,8,0.9,0.9
    """

  private func factors(_ names: [String]) throws -> TableFactors {
    let table = try AccuracyTable(
      csv: csv, reference: "clean", shifts: ["view"], source: nil, factors: names)
    return TableFactors(table, rows: 1000, resamples: 200)
  }

  @Test(
    "words are levels, of which rare ones are left out and named; numbers enter by their doublings")
  func kinds() throws {
    let found = try factors(["data", "size"]).entries
    #expect(found.map(\.factor) == ["data", "size"])
    #expect(found[0].names == ["A", "B"] && found[0].counts == [3, 3])
    #expect(found[0].leftOut == ["C"])
    #expect(found[1].names == ["twice as much"] && found[1].counts == [7])
    let data = try #require(found[0].effect)
    let size = try #require(found[1].effect)
    #expect(data.degreesOfFreedom == (1, 3) && size.degreesOfFreedom == (1, 4))
    #expect(data.effects[0] > 0 && data.effects[1] < 0)
    for (effect, interval) in zip(data.effects, found[0].intervals) {
      let interval = try #require(interval)
      #expect(interval.method == "bootstrap-over-models")
      #expect(interval.lower <= effect && effect <= interval.upper)
    }
  }

  @Test("a property of one level, or a column that is not there, is a sentence")
  func failures() throws {
    let found = try factors(["name"])
    #expect(found.entries[0].effect == nil && found.entries[0].names.isEmpty)
    #expect(found.text(style: TextStyle()).contains("name under view: "))
    #expect(found.json.array?.first?["reason"]?.string?.isEmpty == false)
    #expect {
      try factors(["date"])
    } throws: { error in
      "\(error)".contains("no column 'date'; did you mean 'data'?")
    }
  }

  @Test("text and JSON have the effects, what they explain and the test")
  func renderings() throws {
    let found = try factors(["data"])
    let text = found.text(style: TextStyle())
    #expect(
      text.contains("partial R²") && text.contains("without levels of fewer than 3 models: C"))
    let json = try #require(found.json.array?.first)
    #expect(json["levels"]?.array?.count == 2 && json["left_out"]?.array?.count == 1)
    #expect(json["partial_r2"]?.double == found.entries[0].effect?.partialRSquared)
    #expect(json["degrees_of_freedom"]?.array?.compactMap(\.int) == [1, 3])
  }

  // Origin: NumPy 2.4.6 `linalg.lstsq` of the logits, SciPy 1.17.1 `stats.f.sf`.
  @Test(
    "121 public models: training data and size give NumPy's numbers",
    .enabled(if: openClip != nil, "needs open/open_clip of the shared data; set ASSAY_DATA_PATH"))
  func publicModels() throws {
    let text = try String(contentsOf: try #require(openClip), encoding: .utf8)
    let table = try AccuracyTable(
      csv: text, reference: "ImageNet 1k", shifts: ["ImageNet Sketch"], source: nil,
      factors: ["pretrained", "params (M)"])
    let found = TableFactors(table, rows: 50_000, resamples: 20).entries
    let data = try #require(found[0].effect)
    #expect(found[0].counts.reduce(0, +) == 55 && found[0].names.count == 10)
    #expect(abs(try #require(data.partialRSquared) - 0.9722286840854742) < 1e-9)
    let openAI = try #require(found[0].names.firstIndex(of: "openai"))
    #expect(abs(data.effects[openAI] + 0.04746755821222903) < 1e-9)
    let size = try #require(found[1].effect)
    #expect(abs(try #require(size.partialRSquared) - 0.05809793693452314) < 1e-9)
    #expect(abs(size.effects[0] - 0.01255133775734929) < 1e-9)
    #expect(abs(size.pValue - 0.008001872202815346) < 1e-9)
  }
}
