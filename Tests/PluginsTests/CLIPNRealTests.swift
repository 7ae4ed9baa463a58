import Documents
import Foundation
import MethodHarness
import Tensors
import Testing

/// The folder with the data that lies beside the project, nil when it is absent.
private let localData: String? = {
  let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  let path = ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"] ?? "\(root)/../shared/data"
  let features = "\(path)/local-only/clip-vitb32/oxford_pets/test_x.npy"
  return FileManager.default.fileExists(atPath: features) ? path : nil
}()

@Suite("clipn, on real features")
struct CLIPNRealTests {
  /// What `clipn_real` of OODReference.py reads.
  private func detect(_ rule: String) throws -> Detection {
    let data = try #require(localData)
    let listed = try JSON(
      parsing: String(
        contentsOfFile: "\(data)/open/class-overlap/oxford_pets24.json", encoding: .utf8))
    let rows = (listed["classes"]?.array ?? []).compactMap { $0["text_row"]?.int }
    let (text, other) = (
      try Tensor.reading(npy: "\(data)/open/clip_lt/imagenet_text_vitb32_b.npy"),
      try Tensor.reading(npy: "\(data)/open/clip_lt/imagenet_text_vitb32_a.npy")
    )
    func chosen(_ text: Tensor) -> Tensor {
      let width = text.shape[1]
      return text.withElements(of: Float.self) { numbers in
        Tensor(rows: rows.map { Array(numbers[$0 * width..<($0 + 1) * width]) })
      }
    }
    let images = try Tensor.reading(npy: "\(data)/local-only/clip-vitb32/oxford_pets/test_x.npy")
    let features = images.withElements(of: Float16.self) { numbers in
      Tensor(numbers.map(Float.init), shape: images.shape)
    }
    return try Detection(
      "clipn", ["realisation": "given", "score": .string(rule)],
      fit: [
        "class.count": Tensor(scalar: rows.count), "text.class": chosen(text),
        "text.no": chosen(other),
      ], query: ["query.features": features], classCount: rows.count, wantsDecisions: true)
  }

  @Test(
    "both rules are those of NumPy to 1e-6 on CLIP features, as are their decisions",
    .enabled(if: localData != nil, "needs local-only features in ASSAY_DATA_PATH"),
    arguments: [
      (
        "atd", CLIPNRealReference.agreeing, CLIPNRealReference.means.0, CLIPNRealReference.decided.0
      ),
      (
        "ctw", CLIPNRealReference.competing, CLIPNRealReference.means.1,
        CLIPNRealReference.decided.1
      ),
    ])
  func rules(rule: String, wanted: [Double], mean: Double, decided: Int) throws {
    let found = try detect(rule)
    let kept = found.scores.map { 1 / (1 + exp(Double($0))) }
    for (place, wanted) in wanted.enumerated() {
      #expect(abs(kept[300 * place] - wanted) < 1e-6, "row \(300 * place)")
    }
    #expect(abs(kept.reduce(0, +) / Double(kept.count) - mean) < 1e-6)
    #expect(found.decisions.count { $0 == 1 } == decided)
  }
}
