import Documents
import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Hostile dataset folders")
struct HostileDatasetTests {
  @Test("a folder or manifest that is not there is one sentence")
  func absent() throws {
    #expect(openingFailure("/nowhere/at/all")?.code == .notFound)
    let folder = try TemporaryDataset()
    #expect(openingFailure(folder.folder)?.description.contains("no file 'dataset.json'") == true)
  }

  @Test(
    "a path that leaves the folder is refused",
    arguments: [
      ("/etc/passwd", "absolute path"), ("../x.npy", "'..'"), ("a/../../x.npy", "'..'"),
      ("nothing.npy", "no file"), (".", "not a regular file"),
    ])
  func paths(path: String, sentence: String) throws {
    let folder = try TemporaryDataset()
    folder.setArray("test.features", ["file": .string(path)])
    folder.manifest["licence_file"] = .string(path)
    folder.manifest["files"] = ["notes": .string(path)]
    let error = try #require(try folder.failure())
    #expect(error.code == .badFile)
    #expect(error.findings.problems.count == 3, "\(error)")
    #expect(error.findings.problems.allSatisfy { $0.message.contains(sentence) }, "\(error)")
  }

  @Test("a path with a NUL character is refused and not cut off there")
  func nulPath() throws {
    let folder = try TemporaryDataset()
    folder.setArray("test.features", ["file": .string("test_x.npy\u{0}.png")])
    let error = try #require(try folder.failure())
    #expect(error.description.contains("U+0000"), "\(error)")
  }

  @Test("a link out of the folder is refused, for files and for folders on the way")
  func links() throws {
    let (folder, other) = (try TemporaryDataset(), try TemporaryDataset())
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: "\(folder.folder)/out.npy", withDestinationPath: "\(other.folder)/test_x.npy")
    try manager.createSymbolicLink(
      atPath: "\(folder.folder)/sub", withDestinationPath: other.folder)
    for path in ["out.npy", "sub/test_x.npy"] {
      folder.setArray("test.features", ["file": .string(path)])
      let error = try #require(try folder.failure())
      #expect(error.description.contains("leads out of the dataset's folder"), "\(error)")
    }
  }

  @Test("a manifest that is itself a link out of the folder is refused")
  func linkedManifest() throws {
    let (folder, other) = (try TemporaryDataset(), try TemporaryDataset())
    _ = try other.open()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.folder)/dataset.json",
      withDestinationPath: "\(other.folder)/dataset.json")
    #expect(openingFailure(folder.folder)?.description.contains("leads out") == true)
  }

  @Test("a folder whose name starts like the dataset's is outside of it")
  func sibling() throws {
    let folder = try TemporaryDataset()
    let sibling = "\(folder.folder)-more"
    let manager = FileManager.default
    try manager.createDirectory(atPath: sibling, withIntermediateDirectories: true)
    defer { try? manager.removeItem(atPath: sibling) }
    try manager.copyItem(atPath: "\(folder.folder)/test_x.npy", toPath: "\(sibling)/x.npy")
    try manager.createSymbolicLink(
      atPath: "\(folder.folder)/x.npy", withDestinationPath: "\(sibling)/x.npy")
    folder.setArray("test.features", ["file": "x.npy"])
    #expect(try folder.failure()?.description.contains("leads out") == true)
  }

  @Test("a link inside the folder is followed")
  func linkInside() throws {
    let folder = try TemporaryDataset()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.folder)/in.npy", withDestinationPath: "test_x.npy")
    folder.setArray("test.features", ["file": "in.npy"])
    #expect(try folder.open().arrays["test.features"]?.shape == [6, 4])
  }

  @Test("a named pipe is refused instead of waited for")
  func pipe() throws {
    let folder = try TemporaryDataset()
    #expect(mkfifo("\(folder.folder)/pipe.npy", 0o600) == 0)
    folder.setArray("test.features", ["file": "pipe.npy"])
    #expect(try folder.failure()?.description.contains("not a regular file") == true)
  }

  @Test(
    "a manifest that is no JSON is an error with its place",
    arguments: ["", "{", "[1, 2", "\u{FEFF}{}"])
  func notJSON(text: String) throws {
    let folder = try TemporaryDataset()
    try folder.write(text: text)
    #expect(openingFailure(folder.folder)?.code == .badManifest)
  }

  @Test("a manifest of deep nesting is an error and no overflow of the stack")
  func deepJSON() throws {
    let folder = try TemporaryDataset()
    try folder.write(text: String(repeating: "[", count: 100_000))
    #expect(openingFailure(folder.folder)?.code == .badManifest)
  }

  @Test("a file that is no array, or only the start of one, is an error and no crash")
  func notArrays() throws {
    let folder = try TemporaryDataset()
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(folder.folder)/test_x.npy"))
    for count in [0, 5, 9, 64, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: "\(folder.folder)/test_x.npy"))
      let error = try #require(try folder.failure(), "\(count) bytes")
      #expect(error.code == .badFile)
      #expect(error.findings.problems.first?.pointer == "/arrays/test.features")
    }
  }

  @Test(
    "a reference that does not fit its file is told at its place",
    arguments: [
      (["file": "test_x.npy", "key": "x"], "'key' is for .safetensors"),
      (["file": "test_x.npy", "at": [6]], "index 6 is past axis 0"),
      (["file": "test_x.npy", "at": [0, 0]], "leave no axis for rows"),
      (["file": "test_x.npy", "rows": ["from": 2, "to": 7]], "rows 2 ..< 7 are not in 0 ..< 6"),
      (["file": "test_x.npy", "rows": ["from": 3, "to": 2]], "rows 3 ..< 2"),
      (["file": "test_x.npy", "rows": ["file": "text.npy"]], "row numbers are integers [N]"),
      (["file": "test_x.npy", "rows": ["file": "far.npy"]], "row 6 of 'far.npy'"),
      (["file": "bad.safetensors"], "name the tensor"),
      (["file": "bad.safetensors", "key": "x"], "bad.safetensors"),
      (["file": "far.npy", "normalize": "l2"], "no length to normalise"),
    ] as [(JSON, String)])
  func references(reference: JSON, sentence: String) throws {
    let folder = try TemporaryDataset()
    try folder.save(Tensor([0, 6] as [Int32], shape: [2]), "far")
    // An empty safetensors file: a header of two bytes.
    try Data([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
      .write(to: URL(fileURLWithPath: "\(folder.folder)/bad.safetensors"))
    folder.setArray("test.features", reference)
    let error = try #require(try folder.failure())
    #expect(error.code == .badFile)
    #expect(error.description.contains(sentence), "\(error)")
  }
}
