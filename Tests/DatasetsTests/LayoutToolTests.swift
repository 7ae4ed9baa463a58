import Foundation
import Tensors
import Testing

@testable import Datasets

/// Runs a tool with Python; nil when Python or NumPy is absent.
private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3"] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

private let hasNumPy = (try? run(["-c", "import numpy"]).status) == 0

@Suite("The tool that lays out dataset folders", .enabled(if: hasNumPy, "needs python3 and numpy"))
struct LayoutToolTests {
  static let tool = "\(packageRoot)/tools/layout_features.py"

  func arguments(_ source: TemporaryDataset, _ more: [String]) -> [String] {
    [Self.tool, "\(source.folder)/out", "--id", "out", "--title", "t", "--source", "s"]
      + ["--licence", "l", "--feature-source", "f", "--test"]
      + ["\(source.folder)/test_x.npy", "\(source.folder)/test_y.npy"] + more
  }

  @Test("a class list drops other rows, numbers labels by its order and picks text rows")
  func classList() throws {
    let source = try TemporaryDataset()
    let list = """
      {"classes": [{"label": 2, "name": "cat", "text_row": 0},
                   {"label": 0, "name": "ant", "text_row": 2}]}
      """
    try Data(list.utf8).write(to: URL(fileURLWithPath: "\(source.folder)/list.json"))
    let made = try run(
      arguments(
        source,
        [
          "--class-list", "\(source.folder)/list.json", "--text", "\(source.folder)/text.npy",
          "--shots", "3", "\(source.folder)/train_x.npy", "\(source.folder)/train_y.npy",
        ]))
    #expect(made.status == 0, "\(made.output)")
    let dataset = try Dataset.open("\(source.folder)/out")
    #expect(dataset.classes == ["cat", "ant"])
    // Labels were 0 1 2 0 1 2; rows 0, 2, 3 and 5 stay.
    #expect(dataset.labels("test") == [1, 0, 1, 0])
    let test = try #require(dataset.arrays["test.features"])
    let first = try floats(test.source(name: "x", selection: [0]))
    let length = Float(36 + 49 + 64 + 81).squareRoot()
    let expected = [6, 7, 8, 9].map { (value: Float) in value / length }
    #expect(zip(first, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    let text = try floats(try #require(dataset.arrays["text.class"]).source(name: "t"))
    #expect(abs(text[4] / text[5] - 9.0 / 10) < 1e-6)
    guard case .sets(let sets) = dataset.shots else {
      Issue.record("no shot sets")
      return
    }
    #expect(sets[3]?.labels == [1, 0, 1, 0, 1, 0])
  }

  @Test("test rows too near a training row are dropped")
  func nearRows() throws {
    let source = try TemporaryDataset()
    try source.save(Tensor([6, 7, 8, 9, 1, 0, 0, 0] as [Float], shape: [2, 4]), "one")
    try source.save(Tensor([0, 1] as [Int32], shape: [2]), "one_y")
    try Data("ant\nbee\ncat\n".utf8)
      .write(to: URL(fileURLWithPath: "\(source.folder)/names.txt"))
    let made = try run(
      arguments(
        source,
        [
          "--classes", "\(source.folder)/names.txt", "--drop-test-near", "0.99999999",
          "--train", "\(source.folder)/one.npy", "\(source.folder)/one_y.npy",
        ]))
    #expect(made.status == 0, "\(made.output)")
    #expect(try Dataset.open("\(source.folder)/out").labels("test") == [1, 2, 0, 1, 2])
  }

  @Test("bad arrays are a sentence and not a stack trace")
  func errors() throws {
    let source = try TemporaryDataset()
    try Data("ant\nbee\ncat\n".utf8)
      .write(to: URL(fileURLWithPath: "\(source.folder)/names.txt"))
    let names = ["--classes", "\(source.folder)/names.txt"]
    for more in [
      ["--val", "/nowhere.npy", "/nowhere.npy"], ["--shots", "x", "a", "b"],
      ["--text", "\(source.folder)/prompts.npy", "--text-rows", "0,9"],
    ] {
      let made = try run(arguments(source, names + more))
      #expect(made.status == 1)
      #expect(made.output.hasPrefix("layout_features: "), "\(made.output)")
    }
  }

  /// Values of which one is no label, or no feature.
  static let faults: [(name: String, python: String)] = [
    ("a NaN label", "np.save(y, np.array([0, 1, 2, np.nan, 1, 2]))"),
    ("a fraction", "np.save(y, np.array([0, 1, 2, 0.5, 1, 2]))"),
    ("an infinite label", "np.save(y, np.array([0, 1, 2, np.inf, 1, 2]))"),
    ("a label of 33 bits", "np.save(y, np.array([0, 1, 2, 2**33, 1, 2]))"),
    ("33 bits without sign", "np.save(y, np.array([0, 1, 2, 2**33, 1, 2], np.uint64))"),
    ("64 bits without sign", "np.save(y, np.array([0, 1, 2, 2**64 - 1, 1, 2], np.uint64))"),
    ("a negative label", "np.save(y, np.array([0, 1, 2, -1, 1, 2]))"),
    ("a label beyond the classes", "np.save(y, np.array([0, 1, 2, 3, 1, 2]))"),
    ("labels that are words", "np.save(y, np.array(list('abcabc')))"),
    ("a NaN feature", "x = np.load(f); x[4, 2] = np.nan; np.save(f, x)"),
    ("an infinite feature", "x = np.load(f); x[4, 2] = -np.inf; np.save(f, x)"),
    ("features that are integers", "np.save(f, np.load(f).astype(int))"),
  ]

  @Test("what would become another class or feature in silence is refused", arguments: faults)
  func silentFaults(name: String, python: String) throws {
    let source = try TemporaryDataset()
    try Data("ant\nbee\ncat\n".utf8)
      .write(to: URL(fileURLWithPath: "\(source.folder)/names.txt"))
    let names = ["--classes", "\(source.folder)/names.txt"]
    #expect(try run(arguments(source, names)).status == 0)
    let paths = "y, f = '\(source.folder)/test_y.npy', '\(source.folder)/test_x.npy'"
    #expect(try run(["-c", "import numpy as np; \(paths); \(python)"]).status == 0)
    let made = try run(arguments(source, names))
    #expect(made.status == 1, "\(name)")
    #expect(made.output.hasPrefix("layout_features: "), "\(made.output)")
  }

  @Test("whole numbers in a floating-point file are labels, and a mark is no part of a name")
  func wholeFloats() throws {
    let source = try TemporaryDataset()
    try Data("\u{FEFF}ant\nbee\ncat\n".utf8)
      .write(to: URL(fileURLWithPath: "\(source.folder)/names.txt"))
    let save = "import numpy as np; np.save('\(source.folder)/test_y.npy', np.arange(6) % 3.0)"
    #expect(try run(["-c", save]).status == 0)
    let made = try run(arguments(source, ["--classes", "\(source.folder)/names.txt"]))
    #expect(made.status == 0, "\(made.output)")
    let dataset = try Dataset.open("\(source.folder)/out")
    #expect(dataset.labels("test") == [0, 1, 2, 0, 1, 2])
    #expect(dataset.classes == ["ant", "bee", "cat"])
  }
}
