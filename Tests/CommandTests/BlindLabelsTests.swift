import Documents
import Foundation
import Testing

@Suite("Evaluation labels")
struct BlindLabelsTests {
  /// Predictions of every method on few-shot settings of the planted data, by row and setting.
  private func predictions(_ assay: Assay, data: URL) throws -> [String: String] {
    let report = assay.path("report.json")
    let result = try assay.run(
      "run", assay.path("suites/blind.json"), "--data", data.path, "--fresh", "--quiet", "-o",
      report)
    try #require(result.status == 0 || result.status == 3, "\(result.errors)")
    let trials = try assay.json(report)["trials"]?.array ?? []
    let pairs = trials.compactMap { trial -> (String, String)? in
      guard let digest = trial["predictions"]?.string else { return nil }
      return ("\(trial["label"]?.string ?? "") \(trial["seed"]?.int ?? 0)", digest)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  @Test(
    "the predictions of every shipped method are the same after the test labels were turned round")
  func turned() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    // The id of a dataset is part of every draw; the labels are part of none.
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "blind", "version": "1.0.0", "title": "Blind",
        "task": "classify", "datasets": ["planted-gda"], "seeds": [1, 2],
        "protocol": { "kind": "few-shot", "shots": [2] },
        "selection": { "val": "full" }, "metrics": ["accuracy"]
      }
      """, to: "suites/blind.json")
    let original = Assay.root.appendingPathComponent("suites/data")
    let copy = assay.folder.appendingPathComponent("data/planted-gda")
    try FileManager.default.createDirectory(
      at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: original.appendingPathComponent("planted-gda"), to: copy)
    let labels = copy.appendingPathComponent("test_y.npy")
    let bytes = try Data(contentsOf: labels)
    try turned(npy: bytes).write(to: labels)
    #expect(try Data(contentsOf: labels) != bytes)

    let first = try predictions(assay, data: original)
    let second = try predictions(assay, data: copy.deletingLastPathComponent())
    #expect(first.count >= 16, "\(first.keys.sorted())")
    #expect(first == second)
  }

  /// A one-dimensional `.npy` file of version 1.0 with its elements in reverse order.
  private func turned(npy bytes: Data) throws -> Data {
    // Ten bytes, of which the last two hold the length of the header behind them.
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    let header = String(decoding: bytes[..<start], as: UTF8.self)
    let size = try #require([1, 4, 8].first { header.contains("i\($0)'") }, "\(header)")
    let elements = stride(from: start, to: bytes.count, by: size).map { bytes[$0..<$0 + size] }
    return elements.reversed().reduce(bytes[..<start], +)
  }
}
