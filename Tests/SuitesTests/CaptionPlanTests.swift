import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Captions of training rows")
struct CaptionPlanTests {
  /// Settings on the small dataset, where caption features are image features plus 600.
  private func settings(_ form: JSON, given: Bool = false) throws -> [PlannedSetting] {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", shotSets: given ? [2] : []) { manifest in
      try? Tensor((0..<48).map { 700 + Float($0) }, shape: [12, 4])
        .writeNPY(to: "\(folder.path)/data/tiny/captions.npy")
      try? Tensor((0..<24).map { 1100 + Float($0) }, shape: [6, 4])
        .writeNPY(to: "\(folder.path)/data/tiny/captions2.npy")
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["train.captions"] = ["file": "captions.npy"]
      manifest["arrays"] = .object(arrays)
      guard given else { return }
      manifest["shots"] = [
        "kind": "sets",
        "sets": [
          "2": [
            "features": ["file": "s2.npy"], "labels": ["file": "s2_y.npy"],
            "captions": ["file": "captions2.npy"],
          ]
        ],
      ]
    }
    let path = try folder.addSuite { $0["protocol"] = form }
    return try Suite.read(path).plan(seeds: [1]).settings
  }

  @Test(
    "follow the draw, row by row",
    arguments: [
      ["kind": "few-shot", "shots": [1, 2]], ["kind": "shifts", "train": ["full", 2]],
      ["kind": "base-to-new", "shots": [2]],
      ["kind": "imbalanced", "profiles": ["exponential"], "ratios": [2]],
    ] as [JSON], [false, true])
  func draws(form: JSON, given: Bool) throws {
    let settings = try settings(form, given: given)
    #expect(!settings.isEmpty)
    for setting in settings {
      let made = try setting.materialise()
      let rows = try floats(#require(made.fit.first { $0.name == "train.features" }))
      let captions = try floats(#require(made.fit.first { $0.name == "train.captions" }))
      #expect(captions == rows.map { $0 + 600 })
      #expect(setting.offered.contains("train.captions"))
    }
  }

  @Test("stay behind where no training rows go along, or where they come without labels")
  func absent() throws {
    for form in [["kind": "unsupervised"], ["kind": "shifts", "train": ["none"]]] as [JSON] {
      for setting in try settings(form) {
        #expect(!setting.offered.contains("train.captions"))
        #expect(try !setting.materialise().fit.contains { $0.name == "train.captions" })
      }
    }
  }
}
