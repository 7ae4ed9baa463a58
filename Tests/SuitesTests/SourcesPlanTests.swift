import Documents
import Testing

@testable import Suites

@Suite("Plans of sources")
struct SourcesPlanTests {
  /// Four training rows of each of the sources A, B and C, and the shifts of the tiny dataset.
  private func settings(
    mixes: JSON, sizes: JSON, names: [JSON] = ["A", "B", "C"]
  ) throws -> [PlannedSetting] {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") {
      $0["groups"] = [
        "source": [
          "array": ["file": "test.labels.npy"], "names": .array(names),
          "train": ["file": "train.labels.npy"],
        ]
      ]
    }
    return try Suite.read(
      try folder.addSuite {
        $0["protocol"] = ["kind": "sources", "mixes": mixes, "sizes": sizes]
      }
    ).plan(seeds: [1]).settings
  }

  @Test("mixtures of one size have as many rows, whatever their shares round to")
  func equalTotals() throws {
    let settings = try settings(
      mixes: [["A": 1], ["A": 1, "B": 3], ["A": 1, "B": 1, "C": 1], ["A": 5, "B": 5, "C": 2]],
      sizes: [2, 4])
    #expect(settings.count == 8)
    #expect(
      settings.map { $0.setting["mix"]?.string }.prefix(3) == ["A", "A", "25% A + 75% B"])
    #expect(try settings.map { try $0.materialise().rows["train"] } == [2, 4, 2, 4, 2, 4, 2, 4])
  }

  @Test("a source may be called like a mixture, and mixtures that round alike are told apart")
  func names() throws {
    let settings = try settings(
      mixes: [["25% A + 75% B": 1], ["A": 1, "B": 3], ["A": 1001, "B": 3000]], sizes: [4],
      names: ["A", "B", "25% A + 75% B"])
    #expect(
      settings.map { $0.setting["mix"]?.string } == [
        "25% A + 75% B (0)", "25% A + 75% B (1)", "25% A + 75% B (2)",
      ])
    #expect(settings.map { $0.mixture?.sources } == [["25% A + 75% B"], ["A", "B"], ["A", "B"]])
  }

  @Test(
    "rows go to shares rounded down, those left over to the largest remainders",
    arguments: [
      (10, [1, 3], [3, 7]), (10, [1, 1, 1], [4, 3, 3]), (10, [1, 2, 4], [1, 3, 6]),
      (2, [5, 5, 2], [1, 1, 0]), (7, [0.1, 0.2, 0.4], [1, 2, 4]), (3, [2], [3]),
    ] as [(Int, [Double], [Int])])
  func apportioning(_ size: Int, _ shares: [Double], _ parts: [Int]) {
    #expect(apportion(size, by: shares) == parts)
  }
}
