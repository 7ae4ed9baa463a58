import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Protocol 'budgets'")
struct BudgetsPlanTests {
  private func plan(_ folder: SuiteFolder, seeds: [Int] = [1]) throws -> SuitePlan {
    try folder.addDataset("tiny") {
      $0["cases"] = [
        [
          "name": "rows",
          "query": [
            "train.rows": ["file": "train.features.npy"],
            "train.labels": ["file": "train.labels.npy"], "class.count": 3,
          ],
          "truth": [
            "valid.rows": ["file": "test.features.npy"],
            "valid.labels": ["file": "test.labels.npy"],
          ],
        ]
      ]
    }
    let path = try folder.addSuite {
      $0["task"] = "optimise"
      $0["protocol"] = ["kind": "budgets", "steps": [4, 10], "batch": 3, "records": 5]
    }
    return try Suite.read(path).plan(seeds: seeds)
  }

  private func integers(_ name: String, _ setting: PlannedSetting) throws -> (Shape, [Int32]) {
    let query = try setting.materialise().queries[0]
    let source = try #require(query.inputs.first { $0.name == name })
    let tensor = try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
    return (tensor.shape, tensor.withElements(of: Int32.self) { Array($0) })
  }

  @Test("each case, number of steps and seed is a setting with its seed and its batches")
  func settings() throws {
    let folder = try SuiteFolder()
    let plan = try plan(folder, seeds: [1, 2])
    #expect(plan.settings.map(\.setting["steps"]) == [4, 4, 10, 10])
    #expect(try integers("seed", plan.settings[3]).1 == [2])
    let (shape, batches) = try integers("batches", plan.settings[3])
    #expect(shape == [10, 3])
    let rows = try plan.settings[3].materialise().queries[0].inputs
      .first { $0.name == "train.rows" }?.shape[0]
    #expect(batches.allSatisfy { $0 >= 0 && Int($0) < rows ?? 0 })
    #expect(try integers("records", plan.settings[3]).1 == [0, 2, 4, 6, 8, 10])
    // As many as there are steps.
    #expect(try integers("records", plan.settings[0]).1 == [0, 1, 2, 3, 4])
  }

  @Test("a shorter run meets the first batches of a longer one, another seed others")
  func batches() throws {
    let folder = try SuiteFolder()
    let plan = try plan(folder, seeds: [1, 2])
    let (short, long) = (
      try integers("batches", plan.settings[0]).1, try integers("batches", plan.settings[2]).1
    )
    #expect(Array(long.prefix(12)) == short)
    #expect(try integers("batches", plan.settings[3]).1 != long)
    #expect(try integers("batches", plan.settings[2]).1 == long)
  }
}
