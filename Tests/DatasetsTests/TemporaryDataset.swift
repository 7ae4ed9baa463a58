import Documents
import Foundation
import Tensors

@testable import Datasets

/// A small valid dataset in a folder of its own, which goes with it.
///
/// Three classes, D = 4, A = 2; 9 train, 6 val and 6 test rows; one prompt template.
final class TemporaryDataset {
  let folder: String
  var manifest: [String: JSON]

  init() throws {
    folder = NSTemporaryDirectory() + "assay-dataset-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var arrays: [String: JSON] = [:]
    manifest = [
      "schema": "assay.dataset/1", "id": "tiny", "version": "1", "title": "Tiny",
      "source": "made by the tests", "licence": "CC0-1.0", "classes": ["ant", "bee", "cat"],
      "templates": ["a {}"], "val_is_test": false,
    ]
    for (split, rows, first) in [("train", 9, 100), ("val", 6, 50), ("test", 6, 6)] {
      try save(counting([rows, 4], from: first), "\(split)_x")
      try save(counting([rows, 2], from: 1), "\(split)_aux")
      try save(Tensor((0..<rows).map { Int32($0 % 3) }, shape: [rows]), "\(split)_y")
      arrays["\(split).features"] = ["file": .string("\(split)_x.npy"), "normalize": "l2"]
      arrays["\(split).aux"] = ["file": .string("\(split)_aux.npy")]
      arrays["\(split).labels"] = ["file": .string("\(split)_y.npy")]
    }
    try save(counting([3, 4], from: 1), "text")
    try save(counting([3, 1, 4], from: 1), "prompts")
    arrays["text.class"] = ["file": "text.npy"]
    arrays["text.prompts"] = ["file": "prompts.npy"]
    manifest["arrays"] = .object(arrays)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func save(_ tensor: Tensor, _ name: String) throws {
    try tensor.writeNPY(to: "\(folder)/\(name).npy")
  }

  /// The values `from, from + 1, ...`.
  func counting(_ shape: Shape, from first: Int = 0) -> Tensor {
    Tensor((0..<shape.count).map { Float(first + $0) }, shape: shape)
  }

  /// Puts an array into the manifest.
  func setArray(_ name: String, _ reference: JSON) {
    var arrays = manifest["arrays"]?.object ?? [:]
    arrays[name] = reference
    manifest["arrays"] = .object(arrays)
  }

  func removeArray(_ name: String) {
    var arrays = manifest["arrays"]?.object ?? [:]
    arrays[name] = nil
    manifest["arrays"] = .object(arrays)
  }

  func write(text: String) throws { try write(text, to: "dataset.json") }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func open() throws -> Dataset {
    try write(text: JSON.object(manifest).prettyText)
    return try Dataset.open(folder)
  }

  /// The error that opening ends in.
  func failure() throws -> DatasetError? {
    try write(text: JSON.object(manifest).prettyText)
    return openingFailure(folder)
  }
}

/// The error that opening a folder ends in, nil when it opens.
func openingFailure(_ folder: String) -> DatasetError? {
  do throws(DatasetError) {
    _ = try Dataset.open(folder)
    return nil
  } catch {
    return error
  }
}

/// The folder of the package.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The numbers of a source.
func floats(_ source: TensorSource) throws -> [Float] {
  let tensor = try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
  return tensor.withElements(of: Float.self) { Array($0) }
}
