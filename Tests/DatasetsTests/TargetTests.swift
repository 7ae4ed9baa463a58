import Documents
import Tensors
import Testing

@testable import Datasets

@Suite("Targets and attributes of the rows")
struct TargetTests {
  /// Train 9, val 6 and test 6 rows with a finding instead of classes, and an attribute of all.
  private func audited() throws -> TemporaryDataset {
    let made = try TemporaryDataset()
    for split in ["train", "val", "test"] { made.removeArray("\(split).labels") }
    for name in ["text.class", "text.prompts"] { made.removeArray(name) }
    made.manifest["classes"] = nil
    for (split, rows) in [("train", 9), ("val", 6), ("test", 6)] {
      try made.save(Tensor((0..<rows).map { Int32($0 % 2) }, shape: [rows]), "\(split)_fracture")
      try made.save(
        Tensor((0..<rows).map { Int32($0 % 3) - 1 }, shape: [rows]), "\(split)_sex")
    }
    try made.save(made.counting([2, 4], from: 1), "pair")
    made.manifest["targets"] = [
      "fracture": [
        "classes": ["none", "fracture"], "train": ["file": "train_fracture.npy"],
        "val": ["file": "val_fracture.npy"], "test": ["file": "test_fracture.npy"],
        "text": ["file": "pair.npy"],
      ]
    ]
    made.manifest["groups"] = [
      "sex": [
        "names": ["f", "m"], "array": ["file": "test_sex.npy"],
        "train": ["file": "train_sex.npy"],
      ]
    ]
    return made
  }

  @Test("a target takes the place of classes, labels and text")
  func target() throws {
    let dataset = try audited().open()
    #expect(dataset.labels("test") == nil && dataset.classes.isEmpty)
    let view = dataset.labelled(by: try #require(dataset.targets.first))
    #expect(view.classes == ["none", "fracture"])
    #expect(view.labels("test") == [0, 1, 0, 1, 0, 1])
    #expect(view.labels("train")?.count == 9)
    #expect(view.arrays["text.class"]?.shape == [2, 4])
    #expect(view.arrays["test.features"]?.sharingKey == dataset.arrays["test.features"]?.sharingKey)
    #expect(view.labelling != dataset.labelling && view.digest == dataset.digest)
  }

  @Test("units are read for each split, and follow the rows whose attribute is known")
  func units() throws {
    let made = try audited()
    try made.save(Tensor([4, 4, 5, 5, 6, 6] as [Int32], shape: [6]), "unit")
    try made.save(Tensor((10..<19).map { Int32($0) }, shape: [9]), "train_unit")
    made.manifest["units"] = [
      "test": ["file": "unit.npy"], "train": ["file": "train_unit.npy"],
    ]
    let dataset = try made.open()
    #expect(dataset.units["test"] == [4, 4, 5, 5, 6, 6] && dataset.units["val"] == nil)
    // Sex is -1, 0, 1, -1, 0, 1 in the test rows.
    let view = try #require(dataset.labelled(byAttribute: "sex"))
    #expect(view.units["test"] == [4, 5, 6, 6])
    #expect(view.units["train"] == [11, 12, 14, 15, 17, 18])
    #expect(try audited().open().units.isEmpty)
  }

  @Test("validation rows that are test rows may be of the same units")
  func sharedUnits() throws {
    let made = try audited()
    try made.save(Tensor([4, 4, 5, 5, 6, 6] as [Int32], shape: [6]), "unit")
    made.manifest["units"] = ["test": ["file": "unit.npy"], "val": ["file": "unit.npy"]]
    made.manifest["val_is_test"] = true
    #expect(try made.open().units["val"] == [4, 4, 5, 5, 6, 6])
  }

  @Test("an attribute as the label leaves out the rows where it is not known")
  func attribute() throws {
    let dataset = try audited().open()
    let view = try #require(dataset.labelled(byAttribute: "sex"))
    #expect(view.classes == ["f", "m"])
    #expect(view.labels("train") == [0, 1, 0, 1, 0, 1])
    #expect(view.labels("test") == [0, 1, 0, 1])
    #expect(view.labels("val") == nil && view.arrays["val.features"] == nil)
    #expect(view.arrays["text.class"] == nil)
    let all = try floats(try #require(dataset.arrays["test.features"]).source(name: "x"))
    let known = try #require(view.arrays["test.features"])
    let rows = [1, 2, 4, 5].flatMap { Array(all[4 * $0..<4 * $0 + 4]) }
    #expect(try floats(known.source(name: "x")) == rows)
    #expect(known.sharingKey != dataset.arrays["test.features"]?.sharingKey)
    #expect(view.groups["sex"]?.codes == [0, 1, 0, 1])
    #expect(dataset.labelled(byAttribute: "age") == nil)
  }

  @Test("other features keep their rows and share nothing with the old ones")
  func features() throws {
    let dataset = try audited().open()
    let plane = Tensor([Float](repeating: 1, count: 12), shape: [6, 2])
    let view = dataset.withFeatures(["test": plane], named: "plane")
    #expect(view.arrays["test.features"]?.shape == [6, 2])
    #expect(view.arrays["train.features"]?.shape == [9, 4])
    #expect(view.arrays["test.features"]?.sharingKey != dataset.arrays["test.features"]?.sharingKey)
  }

  @Test("what does not fit is named with its place")
  func mismatches() throws {
    func findings(_ change: (TemporaryDataset) throws -> Void) throws -> String {
      let made = try audited()
      try change(made)
      return try #require(try made.failure()).findings.description
    }
    let short = try findings { made in
      try made.save(Tensor([0, 1] as [Int32], shape: [2]), "val_fracture")
    }
    #expect(short.contains("target 'fracture' of val has 2 labels for the 6 rows of val.features"))
    #expect(short.contains("/targets/fracture/val"))
    let range = try findings { made in
      try made.save(Tensor([0, 1, 0, 2, 0, 1] as [Int32], shape: [6]), "test_fracture")
    }
    #expect(range.contains("label 2 in row 3 of target 'fracture' of test is not in 0 ..< 2"))
    let text = try findings { try $0.save($0.counting([3, 4]), "pair") }
    #expect(text.contains("the text of target 'fracture' has 3 rows for its 2 classes"))
    let codes = try findings { made in
      try made.save(Tensor([Int32](repeating: 2, count: 9), shape: [9]), "train_sex")
    }
    #expect(codes.contains("code 2 in row 0 of group 'sex' of train is neither -1 (unknown)"))
  }

  @Test("features without labels need a target of the same split")
  func unlabelled() throws {
    let made = try audited()
    var targets = made.manifest["targets"]?.object ?? [:]
    var fracture = targets["fracture"]?.object ?? [:]
    fracture["val"] = nil
    targets["fracture"] = .object(fracture)
    made.manifest["targets"] = .object(targets)
    let findings = try #require(try made.failure()).findings.description
    #expect(findings.contains("val.features needs val.labels"))
  }
}
