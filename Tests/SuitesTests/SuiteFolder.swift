import Documents
import Foundation
import Suites
import Tensors

/// A folder with suite files and small datasets, which goes with it.
///
/// Datasets have three classes and D = 4; 12 train, 9 val and 16 test rows whose labels form a
/// sequence that occurs nowhere else.
final class SuiteFolder {
  let path: String
  static let testLabels: [Int32] = [2, 0, 0, 1, 2, 2, 1, 0, 2, 1, 1, 0, 0, 2, 1, 2]

  init() throws {
    path = NSTemporaryDirectory() + "assay-suite-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a dataset folder `<place>`; `change` edits its manifest.
  func addDataset(
    _ place: String, id: String = "tiny", shotSets: [Int] = [],
    change: (inout [String: JSON]) -> Void = { _ in }
  ) throws {
    let folder = "\(path)/\(place)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var arrays: [String: JSON] = [:]
    func add(_ name: String, _ tensor: Tensor) throws {
      try tensor.writeNPY(to: "\(folder)/\(name).npy")
      arrays[name] = ["file": .string("\(name).npy")]
    }
    func features(_ rows: Int, from first: Float) -> Tensor {
      Tensor((0..<rows * 4).map { first + Float($0) }, shape: [rows, 4])
    }
    try add("train.features", features(12, from: 100))
    try add("train.labels", Tensor((0..<12).map { Int32($0 % 3) }, shape: [12]))
    try add("val.features", features(9, from: 200))
    try add("val.labels", Tensor((0..<9).map { Int32($0 / 3) }, shape: [9]))
    try add("test.features", features(16, from: 300))
    try add("test.labels", Tensor(SuiteFolder.testLabels, shape: [16]))
    try add("text.class", features(3, from: 400))
    var manifest: [String: JSON] = [
      "schema": "assay.dataset/1", "id": .string(id), "version": "1", "title": "Tiny",
      "source": "made by the tests", "licence": "CC0-1.0", "classes": ["ant", "bee", "cat"],
    ]
    var sets: [String: JSON] = [:]
    for shots in shotSets {
      try features(shots * 3, from: 500).writeNPY(to: "\(folder)/s\(shots).npy")
      let labels = (0..<shots * 3).map { Int32($0 % 3) }
      try Tensor(labels, shape: [labels.count]).writeNPY(to: "\(folder)/s\(shots)_y.npy")
      sets["\(shots)"] = [
        "features": ["file": .string("s\(shots).npy")],
        "labels": ["file": .string("s\(shots)_y.npy")],
      ]
    }
    if !sets.isEmpty { manifest["shots"] = ["kind": "sets", "sets": .object(sets)] }
    // The groups' codes are those of the labels, under another name.
    manifest["groups"] = [
      "kind": ["array": ["file": "test.labels.npy"], "names": ["x", "y", "z"]]
    ]
    // Two shifts are copies of the first eight test rows; the OOD sets have six rows each.
    try features(8, from: 500).writeNPY(to: "\(folder)/blur.npy")
    try Tensor(Array(SuiteFolder.testLabels.prefix(8)), shape: [8])
      .writeNPY(to: "\(folder)/blur_y.npy")
    manifest["shifts"] = .array(
      ["blur-1", "blur-2"].map { name in
        [
          "name": .string(name), "features": ["file": "blur.npy"],
          "labels": ["file": "blur_y.npy"], "test_rows": ["from": 0, "to": 8],
        ]
      })
    try features(6, from: 600).writeNPY(to: "\(folder)/ood.npy")
    manifest["ood"] = .array(
      [("numbers", "near"), ("noise", "far")].map { name, distance in
        [
          "name": .string(name), "distance": .string(distance), "features": ["file": "ood.npy"],
        ]
      })
    manifest["arrays"] = .object(arrays)
    change(&manifest)
    try write(JSON.object(manifest).prettyText, to: "\(place)/dataset.json")
  }

  /// Writes a suite of the dataset `tiny`; `change` edits it.
  @discardableResult
  func addSuite(
    _ name: String = "suite.json", change: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> String {
    var suite: [String: JSON] = [
      "schema": "assay.suite/1", "id": "mine", "version": "1", "title": "Mine",
      "task": "classify", "datasets": ["tiny"],
      "protocol": ["kind": "few-shot", "shots": [1, 2]], "seeds": [1, 2, 3],
    ]
    change(&suite)
    try write(JSON.object(suite).prettyText, to: name)
    return "\(path)/\(name)"
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}

/// The folder of the package.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The bytes that a source writes.
func bytes(_ source: TensorSource) throws -> [UInt8] {
  let tensor = try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
  return tensor.withBytes { Array($0) }
}

/// The f32 numbers that a source writes.
func floats(_ source: TensorSource) throws -> [Float] {
  try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
    .withElements(of: Float.self) { Array($0) }
}

extension CaseQuery {
  /// The class of each row, as the host keeps it.
  var labels: [Int32] { (try? truth["labels"]?.int32Values()) ?? [] }
}
