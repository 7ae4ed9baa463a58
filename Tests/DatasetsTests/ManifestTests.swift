import Documents
import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Dataset manifests")
struct ManifestTests {
  @Test("a valid folder opens with its classes, arrays, labels and templates")
  func opens() throws {
    let dataset = try TemporaryDataset().open()
    #expect(dataset.id == "tiny")
    #expect(dataset.classes == ["ant", "bee", "cat"])
    #expect(dataset.templates == ["a {}"])
    #expect(dataset.arrays.count == 11)
    #expect(dataset.arrays["train.features"]?.shape == [9, 4])
    #expect(dataset.labels("test") == [0, 1, 2, 0, 1, 2])
    #expect(dataset.labels("unlabelled") == nil)
    #expect(dataset.shots == nil)
  }

  @Test("the manifest may be named by its own path")
  func opensByManifest() throws {
    let folder = try TemporaryDataset()
    let dataset = try folder.open()
    #expect(try Dataset.open("\(folder.folder)/dataset.json").digest == dataset.digest)
  }

  @Test("the Swift schema is the published file")
  func schemaIsPublished() throws {
    let path = "\(packageRoot)/schemas/assay.dataset-1.schema.json"
    #expect(try String(contentsOfFile: path, encoding: .utf8) == DatasetSchema.text)
    _ = try DatasetSchema.schema()
  }

  @Test("class names come from a file, a line each, with either line end")
  func classFile() throws {
    let folder = try TemporaryDataset()
    try Data("ant\r\nbee\r\ncat\r\n".utf8)
      .write(to: URL(fileURLWithPath: "\(folder.folder)/names.txt"))
    folder.manifest["classes"] = ["file": "names.txt"]
    #expect(try folder.open().classes == ["ant", "bee", "cat"])
  }

  @Test(
    "an unknown member is an error that names the nearest one, at any depth",
    arguments: [
      ("licens", "licence"), ("arrays/train.feature", "train.features"),
      ("arrays/test.labels/normalise", "normalize"),
    ])
  func unknownMember(path: String, meant: String) throws {
    let folder = try TemporaryDataset()
    let parts = path.split(separator: "/").map(String.init)
    switch parts.count {
    case 1: folder.manifest[parts[0]] = "x"
    case 2: folder.setArray(parts[1], ["file": "test_x.npy"])
    default: folder.setArray(parts[1], ["file": "test_y.npy", .init(parts[2]): "l2"])
    }
    let error = try #require(try folder.failure())
    #expect(error.code == .badManifest)
    #expect(error.description.contains("'\(meant)'"), "\(error)")
  }

  @Test("all problems of a manifest are told at once, each with its line")
  func allProblems() throws {
    let folder = try TemporaryDataset()
    folder.manifest["licens"] = "x"
    folder.manifest["version"] = 1
    folder.manifest["title"] = nil
    let error = try #require(try folder.failure())
    #expect(error.findings.problems.count == 3)
    #expect(error.findings.problems.allSatisfy { $0.line != nil })
  }

  @Test("files that are not there are told of beside what the schema refuses")
  func absentFiles() throws {
    let folder = try TemporaryDataset()
    folder.manifest["licens"] = "x"
    folder.setArray("train.features", ["file": "gone.npy"])
    folder.setArray("train.labels", ["fil": "gone.npy"])
    let error = try #require(try folder.failure())
    let found = error.findings.problems.map(\.description)
    #expect(found.count == 4, "\(error)")
    #expect(found.contains { $0.hasPrefix("at /licens: ") })
    #expect(found.contains { $0.hasPrefix("at /arrays/train.features: there is no file 'gone") })
    #expect(found.contains { $0.hasPrefix("at /arrays/train.labels: lacks the member 'file'") })
    #expect(found.contains { $0.hasPrefix("at /arrays/train.labels/fil: ") })
  }

  @Test("another format version is refused")
  func otherVersion() throws {
    let folder = try TemporaryDataset()
    folder.manifest["schema"] = "assay.dataset/2"
    #expect(try folder.failure()?.code == .badManifest)
  }

  @Test("stored draws, shifts, OOD sets and groups are read")
  func everyBlock() throws {
    let folder = try TemporaryDataset()
    let rows: [Int32] = [0, 3, 1, 4, 2, 5, 6, 3, 7, 4, 8, 5]
    try folder.save(Tensor(rows, shape: [2, 3, 2]), "s")
    try folder.save(folder.counting([2, 2, 3, 4]), "stack")
    try folder.save(Tensor([0, 1, 2] as [Int32], shape: [3]), "stack_y")
    try folder.save(Tensor([0, 1, -1, 0, 1, 0] as [Int32], shape: [6]), "sex")
    folder.manifest["shots"] = ["kind": "index", "array": ["file": "s.npy"]]
    folder.manifest["shifts"] = [
      [
        "name": "blur-3", "corruption": "blur", "severity": 3,
        "features": ["file": "stack.npy", "at": [1, 0]], "labels": ["file": "stack_y.npy"],
        "test_rows": ["from": 0, "to": 3],
      ]
    ]
    folder.manifest["ood"] = [
      ["name": "noise", "distance": "far", "features": ["file": "val_x.npy"]]
    ]
    folder.manifest["groups"] = ["sex": ["array": ["file": "sex.npy"], "names": ["f", "m"]]]
    let dataset = try folder.open()
    guard case .index(let draws) = dataset.shots else {
      Issue.record("no stored draws")
      return
    }
    #expect(draws == [[[0, 3], [1, 4], [2, 5]], [[6, 3], [7, 4], [8, 5]]])
    let shift = try #require(dataset.shifts.first)
    #expect(shift.severity == 3 && shift.testRows == [0, 1, 2] && shift.labels == [0, 1, 2])
    #expect(try floats(shift.features.source(name: "x")) == (24..<36).map { Float($0) })
    #expect(dataset.outOfDistribution.map(\.distance) == ["far"])
    #expect(dataset.groups["sex"]?.codes == [0, 1, -1, 0, 1, 0])
  }

  @Test(
    "the digest tells contents apart and nothing else",
    arguments: ["place", "blanks", "array", "manifest"])
  func digest(change: String) throws {
    let (one, two) = (try TemporaryDataset(), try TemporaryDataset())
    let digest = try one.open().digest
    switch change {
    case "array": try two.save(two.counting([6, 4], from: 5), "test_x")
    case "manifest": two.manifest["version"] = "2"
    default: break
    }
    var text = JSON.object(two.manifest).prettyText
    if change == "blanks" { text = text.replacingOccurrences(of: "\n", with: "\n\n") }
    try two.write(text: text)
    let isSame = try Dataset.open(two.folder).digest == digest
    #expect(isSame == ["place", "blanks"].contains(change))
  }
}

@Suite("Embedded datasets")
struct EmbeddedDatasetTests {
  @Test("fashion opens with 18 shifts, 2 OOD sets and 5 stored draws, and is not called CLIP")
  func fashion() throws {
    let dataset = try Dataset.open("\(packageRoot)/suites/data/fashion")
    #expect(dataset.classes.count == 10 && dataset.templates.count == 7)
    #expect(dataset.arrays["test.features"]?.shape == [3000, 256])
    #expect(dataset.arrays["text.prompts"]?.shape == [10, 7, 256])
    #expect(dataset.shifts.count == 18)
    #expect(dataset.shifts[7].name == "contrast-3")
    #expect(dataset.outOfDistribution.map(\.name) == ["digits", "texture"])
    #expect(dataset.manifest.parts.allSatisfy { !$0.licence.isEmpty && !$0.source.isEmpty })
    #expect(dataset.manifest.featureSource?.contains("not CLIP") == true)
    guard case .index(let draws) = dataset.shots else {
      Issue.record("no stored draws")
      return
    }
    #expect(draws.count == 5 && draws[0].count == 10 && draws[0][0].count == 16)
  }

  @Test("clipart opens with 597 pairs and 14 categories")
  func clipart() throws {
    let dataset = try Dataset.open("\(packageRoot)/suites/data/clipart")
    #expect(dataset.arrays["image.features"]?.shape == [597, 384])
    #expect(dataset.groups["category"]?.names.count == 14)
    #expect(dataset.groups["category"]?.codes.count == 597)
  }

  @Test("the embedded data stays below 22 MB")
  func size() throws {
    let files = try FileManager.default.subpathsOfDirectory(
      atPath: "\(packageRoot)/suites/data")
    let bytes = try files.map {
      let path = "\(packageRoot)/suites/data/\($0)"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { return 0 }
      return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
    #expect(bytes.reduce(0, +) < 22_000_000)
    #expect(files.count > 30)
  }
}
