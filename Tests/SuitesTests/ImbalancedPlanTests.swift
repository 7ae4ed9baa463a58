import Documents
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Plans of long tails")
struct ImbalancedPlanTests {
  func labels(_ made: EvaluationCase) throws -> [Int32] {
    let source = try #require(made.fit.first { $0.name == "train.labels" })
    return try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
      .withElements(of: Int32.self) { Array($0) }
  }

  @Test("fashion has 2 profiles, 3 ratios and 5 seeds, with the class sizes of the formula")
  func fashion() throws {
    let plan = try Suite.read("\(packageRoot)/suites/imbalanced.json").plan()
    #expect(plan.settings.count == 30)
    let setting = try #require(plan.settings.first { $0.setting["ratio"]?.int == 100 })
    #expect(setting.setting == ["profile": "exponential", "ratio": 100] && setting.seed == 1)
    // [int(200 / 100 ** (i / 9) + 1e-9) for i in range(10)], Python 3.13.
    let sizes = [200, 119, 71, 43, 25, 15, 9, 5, 3, 2]
    #expect(
      setting.notes == [
        "Training rows per class, in class order: 200, 119, 71, 43, 25, 15, 9, 5, 3, 2."
      ])
    let made = try setting.materialise()
    let drawn = try labels(made)
    #expect((0..<10).map { label in drawn.count { Int($0) == label } } == sizes)
    #expect(made.rows == ["train": 492, "val": 500, "query": 3000])
    let frequency = try #require(made.queries[0].groupings.last)
    #expect(frequency.by == "frequency" && frequency.keys == ["many", "medium", "few"])
    // Two classes above 100 rows, three from 20 to 100, five below; 300 test rows each.
    #expect((0..<3).map { key in frequency.codes.count { $0 == key } } == [600, 900, 1500])
    #expect(made.queries[0].groupings.map(\.by) == ["class", "frequency"])
  }

  @Test("the border of many and few is taken by the word: above, and below")
  func borders() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["protocol"] = [
        "kind": "imbalanced", "profiles": ["exponential"], "ratios": [4], "many_above": 3,
        "few_below": 2,
      ]
    }
    let settings = try Suite.read(path).plan().settings
    #expect(settings.map(\.seed) == [1, 2, 3])
    // Class sizes 4, 2, 1: one above 3, one neither, one below 2.
    let made = try settings.map { try $0.materialise() }
    let frequency = try #require(made[0].queries[0].groupings.last)
    #expect(frequency.codes == SuiteFolder.testLabels)
    let rows = try made.map { made in
      try bytes(#require(made.fit.first { $0.name == "train.features" }))
    }
    #expect(Set(rows).count > 1)
  }

  @Test("a ratio that whole rows cannot give is noted")
  func unreachable() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["protocol"] = ["kind": "imbalanced", "profiles": ["step"], "ratios": [50]]
    }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    #expect(setting.notes.last == "Whole rows give a ratio of 4.0 instead of 50.0.")
  }
}
