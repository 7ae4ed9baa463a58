import Documents
import Foundation
import Testing

/// A dataset folder made of text alone: NumPy headers are short enough to write.
extension Assay {
  /// Writes a dataset of two features and two classes whose rows are given, label by label.
  func writeDataset(
    _ place: String, id: String, train: [[Float]], test: [[Float]], _ extra: [String: JSON] = [:]
  ) throws {
    try FileManager.default.createDirectory(
      atPath: path(place), withIntermediateDirectories: true)
    var arrays: [String: JSON] = [:]
    for (split, rows) in [("train", train), ("test", test)] {
      let features = rows.flatMap { $0 }.withUnsafeBytes { Data($0) }
      let labels = rows.indices.map { Int32($0 % 2) }.withUnsafeBytes { Data($0) }
      let width = rows.first?.count ?? 2
      try npy("<f4", "(\(rows.count), \(width))", features, "\(place)/\(split)_x.npy")
      try npy("<i4", "(\(rows.count),)", labels, "\(place)/\(split)_y.npy")
      arrays["\(split).features"] = ["file": .string("\(split)_x.npy")]
      arrays["\(split).labels"] = ["file": .string("\(split)_y.npy")]
    }
    let manifest: [String: JSON] = [
      "schema": "assay.dataset/1", "id": .string(id), "version": "1", "title": "Made",
      "source": "made by the tests", "licence": "CC0-1.0", "classes": ["ant", "bee"],
      "arrays": .object(arrays),
    ]
    try write(
      JSON.object(manifest.merging(extra) { $1 }).prettyText, to: "\(place)/dataset.json")
  }

  private func npy(_ type: String, _ shape: String, _ data: Data, _ name: String) throws {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
    let length = header.utf8.count
    let size = [UInt8(length % 256), UInt8(length / 256)]
    let start = Data([0x93] + Array("NUMPY".utf8) + [1, 0] + size)
    try (start + Data(header.utf8) + data).write(to: URL(fileURLWithPath: path(name)))
  }

  /// Rows that occur nowhere else under another first number.
  static func rows(_ count: Int, from first: Int) -> [[Float]] {
    (0..<count).map { [Float(first + $0), Float($0 % 2) * 4 + Float($0 * 7 % 5)] }
  }

  /// Writes a suite of one dataset.
  func writeSuite(_ name: String, dataset: String) throws {
    try write(
      """
      {
        "schema": "assay.suite/1", "id": "\(name)", "version": "1", "title": "Made",
        "task": "classify", "datasets": ["\(dataset)"],
        "protocol": { "kind": "few-shot", "shots": [1] }, "seeds": [1], "metrics": ["accuracy"]
      }
      """, to: "\(name).json")
  }
}

@Suite("Data is checked before it is measured")
struct DataAuditTests {
  /// A dataset `leaky`, whose training rows are its test rows, and a suite that asks for it.
  private func leaky(_ extra: [String: JSON] = [:]) throws -> Assay {
    let assay = try Assay()
    let rows = Assay.rows(20, from: 0)
    try assay.writeDataset("data/leaky", id: "leaky", train: rows, test: rows.reversed(), extra)
    try assay.writeSuite("suite", dataset: "leaky")
    return assay
  }

  private static let reason = "resubstitution is what is asked for"
  private static let allowance: [String: JSON] = [
    "overlaps": [["between": ["train", "test"], "reason": .string(reason)]]
  ]

  @Test("shipped datasets have no errors, and an audit compares their parts")
  func shipped() throws {
    let assay = try Assay()
    let result = try assay.run("data", "audit", "fashion", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let audit = try JSON(parsing: result.output)
    #expect(audit["counts"]?["error"]?.int == 0)
    #expect(audit["near"]?.double == 0.999)
    #expect((audit["compared"]?.int ?? 0) > 20)
  }

  @Test("training rows that are test rows fail the audit and validation")
  func refused() throws {
    let assay = try leaky()
    let audit = try assay.run("data", "audit", assay.path("data/leaky"))
    #expect(audit.status == 1)
    #expect(audit.output.contains("20 of the 20 rows of test.features"))
    #expect(try assay.run("validate", assay.path("data/leaky")).status == 2)
    #expect(try assay.runHere("validate", "suite.json").status == 2)
  }

  @Test("a run and a scoring on such data say so, in their reports too, and are not fine")
  func measured() throws {
    let assay = try leaky()
    let runs = [
      ["run", "suite.json", "-m", "nearest-mean", "--save-predictions", "made"],
      ["score", "suite.json", "--predictions", "made"],
    ]
    for arguments in runs {
      let result = try assay.runHere(arguments + ["-o", "out.json", "--quiet"])
      #expect(result.status == 3)
      #expect(result.errors.contains("20 of the 20 rows of test.features"))
      let report = try assay.json(assay.path("out.json"))
      #expect(report["warnings"]?.array?.compactMap { $0["code"]?.string } == ["data-error"])
      #expect(report["trials"]?[0]?["status"] == "ok")
    }
  }

  @Test("what the manifest allows is in the report with its reason, and is fine")
  func allowed() throws {
    let assay = try leaky(Self.allowance)
    #expect(try assay.run("data", "audit", assay.path("data/leaky")).status == 0)
    #expect(try assay.run("validate", assay.path("data/leaky")).status == 0)
    let result = try assay.runHere(
      "run", "suite.json", "-m", "nearest-mean", "-o", "out.json", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let warning = try assay.json(assay.path("out.json"))["warnings"]?[0]
    #expect(warning?["code"] == "allowed-overlap")
    #expect(warning?["text"]?.string?.contains(Self.reason) == true)
  }

  @Test("an empty test split ends every verb before a worker starts")
  func empty() throws {
    let assay = try Assay()
    try assay.writeDataset("data/none", id: "none", train: Assay.rows(8, from: 0), test: [])
    try assay.writeSuite("suite", dataset: "none")
    for arguments in [
      ["validate", "data/none"], ["validate", "suite.json"],
      ["run", "suite.json", "-o", "out.json"],
      ["score", "suite.json", "--predictions", "data", "-o", "out.json"],
    ] {
      let result = try assay.runHere(arguments)
      #expect(result.status == 2, "\(arguments)")
      #expect(result.errors.contains("test.features has no rows"), "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: assay.path("out.json")))
    #expect(try assay.runHere("data", "audit", "data/none").status == 1)
  }

  @Test("a dataset that cannot be read is told from one that has faults")
  func unreadable() throws {
    let assay = try leaky()
    try assay.replace("train_x.npy", with: "gone.npy", in: assay.path("data/leaky/dataset.json"))
    #expect(try assay.run("data", "audit", assay.path("data/leaky")).status == 2)
    #expect(try assay.run("data", "audit", "no-such-dataset").status == 2)
  }
}

@Suite("The dataset that is named is the one that is used")
struct DataOrderTests {
  /// Four folders with a dataset `d` each, told apart by the number of their test rows.
  private func places() throws -> Assay {
    let assay = try Assay()
    for (place, rows) in [("named/x", 4), ("environment/y", 6), ("data/d", 8), ("d", 10)] {
      try assay.writeDataset(
        place, id: "d", train: Assay.rows(4, from: 100), test: Assay.rows(rows, from: 1000))
    }
    try assay.writeSuite("suite", dataset: "d")
    return assay
  }

  private func n(_ assay: Assay, _ arguments: String...) throws -> (n: Int?, errors: String) {
    let result = try assay.runHere(
      ["run", "suite.json", "-m", "nearest-mean", "-o", "out.json", "--quiet", "--fresh"]
        + arguments)
    #expect(result.status == 0, "\(result.errors)")
    let report = try assay.json(assay.path("out.json"))
    return (report["trials"]?[0]?["metrics"]?["accuracy"]?["n"]?.int, result.errors)
  }

  @Test("--data wins over ASSAY_DATA_PATH, that over data beside the suite, each with a warning")
  func run() throws {
    var assay = try places()
    assay.environment["ASSAY_DATA_PATH"] = assay.path("environment")
    let named = try n(assay, "--data", "named")
    #expect(named.n == 4)
    #expect(named.errors.contains("named/x hides that of"))
    let codes = try assay.json(assay.path("out.json"))["warnings"]?.array?.compactMap {
      $0["code"]?.string
    }
    #expect(codes == ["hidden-dataset", "hidden-dataset", "hidden-dataset"])
    #expect(try n(assay).n == 6)
    assay.environment["ASSAY_DATA_PATH"] = nil
    #expect(try n(assay).n == 8)
    #expect(try n(assay, "--data", "d").n == 10)
  }

  @Test("every verb finds the dataset by its id under another folder's name")
  func verbs() throws {
    let assay = try places()
    for arguments in [
      ["info", "d", "--json"], ["data", "audit", "d", "--json"],
      ["data", "inspect", "d", "--json"],
      ["data", "hash", "d"], ["validate", "d"], ["list", "datasets", "--json"],
      ["validate", "suite.json"], ["score", "suite.json", "--list-files", "--json"],
    ] {
      let result = try assay.runHere(arguments + ["--data", "named"])
      #expect(result.status == 0, "\(arguments): \(result.errors)")
      let isFound =
        arguments[0] == "validate" || arguments[0] == "score" || arguments[1] == "hash"
        || result.output.contains("named/x") || result.output.contains("4,")
      #expect(isFound, "\(arguments): \(result.output)")
    }
    let hash = try assay.runHere("data", "hash", "named/x").output
    #expect(try assay.runHere("data", "hash", "d", "--data", "named").output == hash)
    let files = try assay.runHere("score", "suite.json", "--list-files", "--data", "named")
    #expect(files.output.contains("[4, 2]"))
  }
}
