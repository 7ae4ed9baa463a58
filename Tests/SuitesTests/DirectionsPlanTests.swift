import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Protocol 'directions'")
struct DirectionsPlanTests {
  private func plan(_ folder: SuiteFolder, repeats: Int = 3, seeds: [Int] = [1]) throws -> SuitePlan
  {
    try folder.addDataset("tiny") {
      $0["cases"] = [
        [
          "name": "pair", "truth": ["reference": 2],
          "query": [
            "sample.x": ["file": "test.features.npy"], "sample.y": ["file": "train.features.npy"],
          ],
        ]
      ]
    }
    let path = try folder.addSuite {
      $0["task"] = "estimate-distance"
      $0["protocol"] = ["kind": "directions", "counts": [2, 5], "repeats": JSON(repeats)]
    }
    return try Suite.read(path).plan(seeds: seeds)
  }

  private func directions(_ query: CaseQuery) throws -> [Float] {
    try floats(try #require(query.inputs.first { $0.name == "directions" }))
  }

  @Test("each case, number of directions and seed is a setting, asked so many times")
  func settings() throws {
    let folder = try SuiteFolder()
    let plan = try plan(folder, seeds: [1, 2])
    #expect(plan.settings.map(\.setting["directions"]) == [2, 2, 5, 5])
    let evaluation = try plan.settings[2].materialise()
    #expect(evaluation.queries.count == 3)
    #expect(evaluation.queries.allSatisfy { $0.part == .test })
    #expect(evaluation.rows == ["query": 3])
  }

  @Test("directions have unit length and differ from call to call and from seed to seed")
  func draws() throws {
    let folder = try SuiteFolder()
    let plan = try plan(folder, seeds: [1, 2])
    let (one, other) = (try plan.settings[0].materialise(), try plan.settings[1].materialise())
    let first = try directions(one.queries[0])
    #expect(abs(first.prefix(4).reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    #expect(try first != directions(one.queries[1]))
    #expect(try first != directions(other.queries[0]))
    #expect(try first == directions(plan.settings[0].materialise().queries[0]))
  }
}
