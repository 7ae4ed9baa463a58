import Documents
import Foundation
import Tensors
import Testing

@testable import Suites

/// The folder with the data that lies beside the project, nil when Coat is not in it.
private let localData: String? = {
  let path =
    ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"] ?? "\(packageRoot)/../shared/data"
  return FileManager.default.fileExists(atPath: "\(path)/open/coat/train.ascii") ? path : nil
}()

@Suite("Ratings through the whole data path")
struct RealRatingTests {
  @Test(
    "Coat is laid out as clicks to learn from and uniformly shown coats to rank",
    .enabled(if: localData != nil, "needs open/coat in ASSAY_DATA_PATH"))
  func coat() throws {
    let folder = try SuiteFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "\(packageRoot)/tools/local_coat.py", folder.path]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["ASSAY_DATA_PATH": try #require(localData)]) { $1 }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let suite = try Suite.read(
      "\(packageRoot)/suites/local/recommend.json", dataPaths: [folder.path])
    let plan = try suite.plan(seeds: [1])
    #expect(plan.settings.map(\.setting) == [["items": "all"], ["items": "rare"]])
    let made = try #require(plan.settings.first).materialise()
    let shapes = Dictionary(uniqueKeysWithValues: made.fit.map { ($0.name, $0.shape) })
    // 1,905 of the 6,960 ratings that users chose to give are 4 or 5; a tenth is held back.
    let (train, held) = (try #require(shapes["interactions"]), shapes["val.interactions"])
    #expect(train[0] + (held?[0] ?? 0) == 1905 && train[0] > 1650)
    #expect(shapes["propensity"] == [train[0]])
    // 16 coats of each of 290 users; 860 of these ratings are 4 or 5.
    let query = try #require(made.queries.first)
    #expect(query.inputs.map(\.shape) == [[4640, 2]])
    let relevance = try #require(query.truth["relevance"])
    #expect(relevance.withElements(of: Float.self) { $0.reduce(0, +) } == 860)
    let rare = try #require(plan.settings.last).materialise()
    #expect(try #require(rare.rows["query"]) < 4640)
  }

  @Test("the planted clicks are ranked as 20 pairs of each user, none of them clicked")
  func planted() throws {
    let plan = try Suite.read("\(packageRoot)/suites/recommend.json").plan(seeds: [1])
    #expect(plan.settings.count == 12)
    for setting in plan.settings where setting.setting["exposure"] == "popularity" {
      let made = try setting.materialise()
      func pairs(_ sources: [TensorSource], _ name: String) throws -> Set<[Int32]> {
        let source = try #require(sources.first { $0.name == name })
        let tensor = try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
        return tensor.withElements(of: Int32.self) { numbers in
          Set((0..<tensor.shape[0]).map { [numbers[2 * $0], numbers[2 * $0 + 1]] })
        }
      }
      let asked = try pairs(made.queries[0].inputs, "query.pairs")
      let clicked = try pairs(made.fit, "interactions")
      let held = try pairs(made.fit, "val.interactions")
      #expect(asked.isDisjoint(with: clicked) && asked.isDisjoint(with: held))
      #expect(clicked.isDisjoint(with: held))
      if setting.setting["items"] == "all" { #expect(asked.count == 12_000) }
    }
  }
}
