import Documents
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Plans of base and new classes")
struct BaseToNewPlanTests {
  func settings(
    _ folder: SuiteFolder, _ form: JSON, val: String = "full"
  ) throws -> [PlannedSetting] {
    let path = try folder.addSuite {
      $0["protocol"] = form
      $0["groups"] = ["class"]
      $0["selection"] = ["val": .string(val)]
    }
    return try Suite.read(path).plan(seeds: [1]).settings
  }

  func integers(_ made: EvaluationCase, _ name: String) throws -> [Int32] {
    try integers(try #require(made.fit.first { $0.name == name }))
  }

  func integers(_ source: TensorSource) throws -> [Int32] {
    try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
      .withElements(of: Int32.self) { Array($0) }
  }

  @Test(
    "base classes alone are learned, from drawn rows and given sets alike",
    arguments: [false, true]
  )
  func training(given: Bool) throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", shotSets: given ? [2] : [])
    let settings = try settings(folder, ["kind": "base-to-new", "shots": [2]])
    #expect(
      settings.map(\.setting) == [
        ["classes": "base", "shots": 2], ["classes": "new", "shots": 2],
      ])
    for setting in settings {
      let made = try setting.materialise()
      #expect(try integers(made, "class.count") == [2])
      #expect(Set(try integers(made, "train.labels")) == [0, 1])
      #expect(Set(try integers(made, "val.labels")) == [0, 1])
      #expect(made.rows["train"] == 4 && made.rows["val"] == 6)
      #expect(made.fit.first { $0.name == "train.features" }?.shape == [4, 4])
      // Class texts are 400 to 411; those of the third class begin at 408.
      let text = try #require(made.fit.first { $0.name == "text.class" })
      #expect(try floats(text) == (0..<8).map { 400 + Float($0) })
      let names = Set(made.fit.map(\.name) + made.queries.flatMap { $0.inputs.map(\.name) })
      #expect(names == setting.offered)
    }
  }

  @Test("new classes are asked by their text, with labels from 0, and base classes once more")
  func queries() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let settings = try settings(folder, ["kind": "base-to-new", "shots": [1]])
    let (base, new) = (try settings[0].materialise(), try settings[1].materialise())
    #expect(base.queries.map(\.name) == ["base"] && base.queries.map(\.part) == [.test])
    #expect(settings[0].demanded.isEmpty && settings[1].demanded == ["query.text"])
    #expect(new.queries.map(\.name) == ["new", "base"])
    #expect(new.queries.map(\.part) == [.test, .base])
    #expect(base.queries[0].labels == SuiteFolder.testLabels.filter { $0 < 2 })
    #expect(new.queries[0].labels == [0, 0, 0, 0, 0, 0])
    let text = try #require(new.queries[0].inputs.first { $0.name == "query.text" })
    #expect(try floats(text) == [408, 409, 410, 411])
    #expect(!new.queries[1].inputs.contains { $0.name == "query.text" })
    let known = try #require(new.queries[0].inputs.first { $0.name == "query.known" })
    #expect(try integers(known) == [-1])
    // Only the fit that new classes follow is told that there will be some.
    #expect(!base.fit.contains { $0.name == "class.open" })
    #expect(try integers(new, "class.open") == [1])
    let rows = SuiteFolder.testLabels.indices.filter { SuiteFolder.testLabels[$0] == 2 }
    #expect(
      try floats(new.queries[0].inputs[0])
        == rows.flatMap { row in (0..<4).map { Float(300 + 4 * row + $0) } })
    #expect(base.queries[0].groupings[0].keys == ["ant", "bee"])
    #expect(new.queries[0].groupings[0].keys == ["cat"])
    #expect(settings[1].notes.last?.contains("2 b n / (b + n)") == true)
  }

  @Test("a dataset of one class, or without class text, is an error")
  func unusable() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["text.class"] = nil
      manifest["arrays"] = .object(arrays)
    }
    #expect {
      try settings(folder, ["kind": "base-to-new", "shots": [1]])
    } throws: { error in
      "\(error)".contains("'tiny' has no text.class, which suite 'mine' needs")
    }
  }

  @Test("without labels the training rows are unlabelled ones, and nothing else tells classes")
  func unsupervised() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let setting = try #require(try settings(folder, ["kind": "unsupervised"], val: "none").first)
    let made = try setting.materialise()
    #expect(setting.setting == ["train": "unlabelled"])
    #expect(made.fit.map(\.name) == ["unlabelled.features", "text.class", "class.count"])
    #expect(setting.offered == Set(made.fit.map(\.name) + ["query.features"]))
    // All of them, in an order that their place in the file does not tell.
    #expect(try floats(made.fit[0]).sorted() == (0..<48).map { 100 + Float($0) })
    #expect(try floats(made.fit[0]) != (0..<48).map { 100 + Float($0) })
    #expect(made.rows == ["unlabelled": 12, "query": 16])
  }
}
