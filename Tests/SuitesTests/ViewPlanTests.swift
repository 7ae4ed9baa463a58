import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Views of training rows")
struct ViewPlanTests {
  /// Settings on the small dataset, where views are image features plus 1000, 2000 and 3000.
  private func settings(_ form: JSON) throws -> [PlannedSetting] {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      var views: [Float] = []
      for row in 0..<12 {
        for view in 1...3 {
          for column in 0..<4 { views.append(Float(100 + 4 * row + column + 1000 * view)) }
        }
      }
      try? Tensor(views, shape: [12, 3, 4]).writeNPY(to: "\(folder.path)/data/tiny/views.npy")
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["train.views"] = ["file": "views.npy"]
      manifest["arrays"] = .object(arrays)
    }
    let path = try folder.addSuite { $0["protocol"] = form }
    return try Suite.read(path).plan(seeds: [1]).settings
  }

  @Test(
    "follow the draw, view after view",
    arguments: [
      ["kind": "few-shot", "shots": [1, 2]], ["kind": "shifts", "train": ["full", 2]],
      ["kind": "base-to-new", "shots": [2]],
      ["kind": "imbalanced", "profiles": ["exponential"], "ratios": [2]],
    ] as [JSON])
  func draws(form: JSON) throws {
    let settings = try settings(form)
    #expect(!settings.isEmpty)
    for setting in settings {
      let made = try setting.materialise()
      let features = try #require(made.fit.first { $0.name == "train.features" })
      let views = try #require(made.fit.first { $0.name == "train.views" })
      #expect(views.shape == Shape([3] + features.shape.extents))
      let rows = try floats(features)
      #expect(try floats(views) == (1...3).flatMap { view in rows.map { $0 + Float(1000 * view) } })
      #expect(setting.offered.contains("train.views"))
    }
  }

  @Test("stay behind where no training rows go along")
  func absent() throws {
    for form in [["kind": "unsupervised"], ["kind": "shifts", "train": ["none"]]] as [JSON] {
      for setting in try settings(form) {
        #expect(!setting.offered.contains("train.views"))
        #expect(try !setting.materialise().fit.contains { $0.name == "train.views" })
      }
    }
  }
}
