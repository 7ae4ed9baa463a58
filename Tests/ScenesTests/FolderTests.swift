import Datasets
import Documents
import Foundation
import Tensors
import Testing

@testable import Scenes

/// A folder of this test's own, removed with it.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "assay-scenes-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Generated datasets")
struct FolderTests {
  /// What came out on x86-64 Linux, unoptimised and optimised; any change of bytes raises
  /// `ScenePlan.version`.
  static let digests: [SceneSet: String] = [
    .scenes: "17ba8971c83b26d03d9bef85bceea6410e602e2eb323190527f3e9377603dc02",
    .segment: "83934279d8ba390c8a37cb963892ea6d76282d645ce095cb6b58ad0dddc86f72",
    .refer: "51f079541f41a0af46b3cb628e1381cdc620b22ede6f694b36b0f0a7f2a8cf44",
    .foil: "ce3af689d502b1d506dbaf7f422e8a013414cf3a95fc8152ada03816d81244f3",
    .count: "7b0de8e5c087e7abf3ca8a5b2d2a12debed8e3383d7b4f4b931256a9e71d8230",
    .rank: "6fa8538c4d3175078ebef08f7505ce10aa5498a533b2143c66881aee899d0742",
    .anomaly: "141d9051fcea98b02737171d40162dd8cd18ec805dc8377c5f8d45b6f27d399c",
  ]

  @Test("a seed gives the same bytes as ever", arguments: SceneSet.allCases)
  func digest(set: SceneSet) throws {
    let folder = try TemporaryFolder()
    let plan = ScenePlan(set, extent: .tiny, recipe: SceneRecipe(seed: 1))
    #expect(try plan.write(to: folder.path).description == Self.digests[set])
    #expect(ScenePlan.verifiedDigest(of: folder.path)?.description == Self.digests[set])
  }

  @Test("every array that the manifest names is there, with as many rows as asked for")
  func arrays() throws {
    let folder = try TemporaryFolder()
    let plan = ScenePlan(
      .refer, extent: .tiny, recipe: SceneRecipe(preset: .easy, seed: 7, side: 32))
    try plan.write(to: folder.path)
    let manifest = try Document.reading(path: "\(folder.path)/dataset.json", schema: nil)
      .document.value
    #expect(manifest["id"]?.string == "scenes-refer-easy-7-32px-tiny")
    for (name, entry) in manifest["extra"]?.object ?? [:] {
      let file = try SafetensorsFile(path: "\(folder.path)/\(entry["file"]?.string ?? "")")
      let tensor = try file.tensor(named: entry["key"]?.string ?? "")
      if name.hasSuffix(".images") { #expect(tensor.shape == [20, 32, 32, 3]) }
      if name == "test.expressions" {
        let lines = try String(
          contentsOfFile: "\(folder.path)/test.expressions.txt", encoding: .utf8)
        #expect(lines.split(separator: "\n").count == tensor.shape[0])
      }
    }
    #expect(manifest["extra"]?["train.expressions"] != nil)
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.extra["train.images"]?.shape == [20, 32, 32, 3])
  }

  @Test("the cache makes a dataset once, and makes anew what was changed")
  func cache() throws {
    let cache = try TemporaryFolder()
    let recipe = SceneRecipe(preset: .easy, seed: 3, side: 32)
    let plan = ScenePlan(.scenes, extent: .tiny, recipe: recipe)
    let folder = try plan.folder(inCache: cache.path)
    let digest = try #require(ScenePlan.verifiedDigest(of: folder))
    let array = "\(folder)/test.safetensors"
    func number() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: array)[.systemFileNumber] as? Int
    }
    let first = try number()
    #expect(try plan.folder(inCache: cache.path, expecting: digest) == folder)
    #expect(try number() == first)

    var bytes = try Data(contentsOf: URL(fileURLWithPath: array))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(fileURLWithPath: array))
    #expect(ScenePlan.verifiedDigest(of: folder) == nil)
    #expect(try plan.folder(inCache: cache.path, expecting: digest) == folder)
    #expect(ScenePlan.verifiedDigest(of: folder) == digest)
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(cache.path)/scenes")
    #expect(left.count == 1)
  }

  @Test("what comes out otherwise than it must is refused, and leaves nothing")
  func otherDigest() throws {
    let cache = try TemporaryFolder()
    let plan = ScenePlan(.scenes, extent: .tiny, recipe: SceneRecipe(seed: 3, side: 32))
    let error = #expect(throws: SceneError.self) {
      try plan.folder(inCache: cache.path, expecting: Digest(of: "another"))
    }
    #expect(error?.code == .otherDigest)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(cache.path)/scenes").isEmpty)
  }

  @Test("a folder that cannot be made is told of")
  func notWritten() {
    let plan = ScenePlan(.scenes, extent: .tiny, recipe: SceneRecipe(seed: 3, side: 32))
    let error = #expect(throws: SceneError.self) { try plan.write(to: "/proc/none/scenes") }
    #expect(error?.code == .notWritten)
  }
}
