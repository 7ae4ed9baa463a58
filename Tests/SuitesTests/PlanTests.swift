import Datasets
import Documents
import Foundation
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Plans of suites")
struct PlanTests {
  func failure(_ suite: Suite) -> SuiteError? {
    do throws(SuiteError) {
      _ = try suite.plan()
      return nil
    } catch {
      return error
    }
  }

  @Test("few-shot on fashion is 5 shots times 5 seeds, from the stored draws")
  func fashion() throws {
    let plan = try Suite.read("\(packageRoot)/suites/few-shot.json").plan()
    #expect(plan.skipped.isEmpty)
    #expect(plan.settings.count == 25)
    #expect(Set(plan.settings.map { [$0.setting["shots"]?.int, $0.seed] }).count == 25)
    let last = try #require(plan.settings.last)
    #expect(last.setting == ["shots": 16] && last.seed == 5 && !last.selectionIsOracle)
    let made = try last.materialise()
    #expect(made.rows == ["train": 160, "val": 500, "query": 3000])
    #expect(
      last.offered == [
        "train.features", "train.labels", "train.aux", "val.features", "val.labels", "val.aux",
        "text.class", "text.prompts", "class.count", "query.features", "query.aux",
      ])
    guard case .index(let draws) = last.dataset.shots else {
      Issue.record("fashion has no stored draws")
      return
    }
    // numpy.load("shots_index.npy")[4, 9, :3], NumPy 2.4.6.
    #expect(Array(draws[4][9].prefix(3)) == [849, 119, 359])
    let features = try #require(last.dataset.arrays["train.features"])
    let train = try #require(made.fit.first { $0.name == "train.features" })
    let rows = draws[4].flatMap { $0.prefix(16) }
    #expect(train.shape == [160, 256])
    #expect(try bytes(train) == bytes(features.source(name: "x", selection: rows)))
  }

  @Test(
    "what is offered is what is handed over, with and without validation",
    arguments: [("none", [nil, nil]), ("full", [9, 9]), ("few", [3, 6])])
  func offered(val: String, rows: [Int?]) throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["selection"] = ["val": .string(val)]
      $0["seeds"] = [1]
    }
    let settings = try Suite.read(path).plan().settings
    for setting in settings {
      let made = try setting.materialise()
      let names = made.fit.map(\.name) + made.queries.flatMap { $0.inputs.map(\.name) }
      #expect(Set(names) == setting.offered && Set(names).count == names.count)
      #expect(setting.offered.contains("val.labels") == (val != "none"))
    }
    #expect(try settings.map { try $0.materialise().rows["val"] } == rows)
  }

  @Test("host draws are nested over shots, differ over seeds, and repeat from plan to plan")
  func hostDraws() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite()
    func trainingRows() throws -> [[UInt8]] {
      try Suite.read(path).plan().settings.map { setting in
        let train = try setting.materialise().fit.first { $0.name == "train.features" }
        return try bytes(#require(train))
      }
    }
    let (once, twice) = (try trainingRows(), try trainingRows())
    #expect(once == twice)
    #expect(Set(once.prefix(3)).count > 1)
    // One row of 4 floats is 16 bytes; with 2 shots the first row of a class is every other row.
    for seed in 0..<3 {
      for label in 0..<3 {
        #expect(
          once[seed][label * 16..<label * 16 + 16]
            == once[3 + seed][label * 32..<label * 32 + 16])
      }
    }
  }

  @Test("a class smaller than the shots repeats its rows, and the note says so")
  func repeatedRows() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite { $0["protocol"] = ["kind": "few-shot", "shots": [4, 5]] }
    let settings = try Suite.read(path).plan(seeds: [9]).settings
    #expect(settings.map(\.seed) == [9, 9])
    #expect(settings[0].notes.isEmpty)
    #expect(
      settings[1].notes
        == ["Training rows repeat in 3 of 3 classes, which have fewer than 5 rows."])
  }

  @Test("given shot sets are one draw, and what is not given is skipped with a message")
  func givenSets() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", shotSets: [2, 4])
    let path = try folder.addSuite { $0["protocol"] = ["kind": "few-shot", "shots": [2, 4, 8]] }
    let plan = try Suite.read(path).plan()
    #expect(plan.settings.map(\.setting) == [["shots": 2], ["shots": 4]])
    #expect(plan.settings.map(\.seed) == [1, 1])
    #expect(plan.settings[0].notes.count == 1)
    #expect(plan.settings[0].notes.first?.contains("one draw, not one for each of the 3") == true)
    #expect(
      plan.skipped == [
        "dataset 'tiny' has no 8-shot training rows (it gives 2, 4), so that they are left out"
      ])
    let made = try plan.settings[1].materialise()
    #expect(made.rows["train"] == 12)
    #expect(made.fit.first { $0.name == "train.features" }?.shape == [12, 4])
  }

  @Test("a given set that is not balanced is noted")
  func unevenSet() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") {
      $0["shots"] = [
        "kind": "sets",
        "sets": [
          "2": ["features": ["file": "test.features.npy"], "labels": ["file": "test.labels.npy"]]
        ],
      ]
    }
    let plan = try Suite.read(try folder.addSuite()).plan(seeds: [1])
    #expect(
      plan.settings.map(\.notes) == [["The given set does not hold 2 rows of every class."]])
  }

  @Test("seeds without a stored draw are skipped with a message")
  func missingDraws() throws {
    let plan = try Suite.read("\(packageRoot)/suites/few-shot.json").plan(seeds: [5, 6])
    #expect(plan.settings.count == 5)
    #expect(plan.skipped.count == 5)
    #expect(plan.skipped[0].contains("stored draws for seeds 1 to 5"))
  }

  @Test("validation rows that are test rows make the selection oracle, unless none are offered")
  func oracle() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { $0["val_is_test"] = true }
    let path = try folder.addSuite()
    #expect(try Suite.read(path).plan().settings.allSatisfy { $0.selectionIsOracle })
    let without = try folder.addSuite("n.json") { $0["selection"] = ["val": "none"] }
    #expect(try Suite.read(without).plan().settings.allSatisfy { !$0.selectionIsOracle })
  }

  @Test("a folder that is named wins over data beside the suite, and that over what ships")
  func search() throws {
    let (folder, other, shipped) = (try SuiteFolder(), try SuiteFolder(), try SuiteFolder())
    let path = try folder.addSuite()
    #expect(failure(try Suite.read(path))?.code == .absentDataset)
    func plan() throws -> SuitePlan {
      let paths = DataPaths(named: [other.path], shipped: [shipped.path])
      return try Suite.read(path, dataPaths: paths).plan()
    }
    func version() throws -> String? { try plan().settings.first?.dataset.version }
    try shipped.addDataset("tiny") { $0["version"] = "shipped" }
    #expect(try version() == "shipped")
    try folder.addDataset("tiny") { $0["version"] = "beside" }
    #expect(try version() == "beside")
    try folder.addDataset("data/tiny") { $0["version"] = "of data/" }
    #expect(try version() == "of data/")
    try other.addDataset("called-otherwise") { $0["version"] = "named" }
    #expect(try version() == "named")
    let hidden = try plan().warnings.filter { $0.code == .hiddenDataset }
    #expect(hidden.count == 3)
    #expect(hidden.allSatisfy { $0.text.contains(other.path) })
    #expect(hidden.allSatisfy { !$0.portableText.contains("/") })
    try folder.addDataset("deep/down")
    let byPath = try folder.addSuite("p.json") { $0["datasets"] = ["deep/down"] }
    #expect(try Suite.read(byPath).plan().settings.first?.dataset.id == "tiny")
  }

  @Test("a copy of the dataset that is used is no loss, and nothing is said of it")
  func copies() throws {
    let (folder, other) = (try SuiteFolder(), try SuiteFolder())
    let path = try folder.addSuite()
    for place in [folder, other] { try place.addDataset("data/tiny") }
    let plan = try Suite.read(path, dataPaths: DataPaths(named: ["\(other.path)/data"])).plan()
    #expect(plan.warnings.allSatisfy { $0.code != .hiddenDataset })
  }

  @Test("two datasets of one folder that share an id are not chosen between")
  func ambiguous() throws {
    let folder = try SuiteFolder()
    let path = try folder.addSuite()
    try folder.addDataset("data/one")
    try folder.addDataset("data/two") { $0["version"] = "other" }
    let error = try #require(failure(try Suite.read(path)))
    #expect(error.description.contains("data/one") && error.description.contains("data/two"))
  }

  @Test("rows that are learned from and judged on are an error of the plan, and reach the report")
  func leaks() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["train.features"] = arrays["test.features"]
      arrays["train.labels"] = arrays["test.labels"]
      manifest["arrays"] = .object(arrays)
    }
    let plan = try Suite.read(try folder.addSuite()).plan()
    #expect(plan.warnings.filter { $0.code == .dataError }.map(\.place) == ["tiny"])
  }

  @Test("seeds for which the data has no draw of its own are told")
  func seeds() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", shotSets: [1, 2])
    let path = try folder.addSuite()
    func told(_ seeds: [Int]) throws -> [PlanWarning] {
      try Suite.read(path).plan(seeds: seeds).warnings.filter { $0.code == .seeds }
    }
    let warnings = try told([1, 2, 3])
    #expect(warnings.count == 1)
    #expect(warnings.first?.text.contains("of the seeds 1, 2, 3 only 1 is run") == true)
    #expect(try told([1]).isEmpty)
  }

  @Test("an absent dataset is skipped with a message when the suite says so")
  func skip() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["datasets"] = ["tiny", "gone"]
      $0["when_absent"] = "skip"
    }
    let plan = try Suite.read(path).plan()
    #expect(plan.settings.count == 6)
    #expect(plan.skipped.count == 1)
    #expect(plan.skipped[0].contains("'gone'") && plan.skipped[0].contains("--data"))
  }

  @Test("the problems of all datasets are told at once")
  func allDatasets() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { $0["title"] = nil }
    try folder.addDataset("data/other", id: "else")
    let path = try folder.addSuite { $0["datasets"] = ["tiny", "other", "gone"] }
    let error = try #require(failure(try Suite.read(path)))
    for sentence in ["title", "its id is 'else'", "'gone'"] {
      #expect(error.description.contains(sentence), "\(error)")
    }
  }

  @Test("groups are class, attributes and intersections; an unknown one names the nearest")
  func groups() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite { $0["groups"] = ["class", "kind", "class*kind"] }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let groupings = try #require(try setting.materialise().queries.first).groupings
    #expect(groupings.map(\.by) == ["class", "kind", "class*kind"])
    #expect(groupings[0].keys == ["ant", "bee", "cat"])
    #expect(groupings[0].codes == SuiteFolder.testLabels)
    #expect(groupings[2].keys.count == 9 && groupings[2].keys[5] == "bee*z")
    #expect(groupings[2].codes == SuiteFolder.testLabels.map { $0 * 3 + $0 })
    let wrong = try folder.addSuite("w.json") { $0["groups"] = ["kinds"] }
    #expect(failure(try Suite.read(wrong))?.description.contains("did you mean 'kind'") == true)
  }

  @Test("classes of one name stay two groups")
  func equalNames() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { $0["classes"] = ["crane", "bee", "crane"] }
    let path = try folder.addSuite { $0["groups"] = ["class"] }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let keys = try #require(try setting.materialise().queries.first).groupings[0].keys
    #expect(keys == ["crane (0)", "bee", "crane (2)"])
  }
}
