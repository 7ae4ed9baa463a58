import Documents
import Evaluation
import Foundation
import Reports
import Testing

extension Assay {
  /// Runs a program in a folder to its end.
  func run(
    _ program: String, _ arguments: [String], in folder: URL
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let name = UUID().uuidString
    let files = ["out", "err"].map { self.folder.appendingPathComponent("\(name).\($0)") }
    for url in files { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// An `assay` with a suite `small` of its own: 1 and 4 shots on the fashion data, accuracy only.
  static func small() throws -> Assay {
    var assay = try Assay()
    let data = root.appendingPathComponent("suites/data").path
    assay.environment["ASSAY_DATA_PATH"] = data
    assay.environment["ASSAY_SUITE_PATH"] = assay.path("suites")
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "small", "version": "1.0.0", "title": "Small",
        "task": "classify", "datasets": ["fashion"],
        "protocol": { "kind": "few-shot", "shots": [1, 4] }, "seeds": [1, 2],
        "metrics": ["accuracy"]
      }
      """, to: "suites/small.json")
    return assay
  }

  /// Writes a text file in this test's folder.
  func write(_ text: String, to name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// Runs `assay` in this test's own folder.
  func runHere(_ arguments: String...) throws -> Result { try runHere(arguments) }

  func runHere(_ arguments: [String]) throws -> Result {
    try run(Assay.executable, arguments, in: folder)
  }

  static var executable: String { buildFolder.appendingPathComponent("assay").path }

  /// Runs the small suite with seed 1 and returns the report's path.
  func report(_ name: String, _ extra: String...) throws -> String {
    let path = path(name)
    let result = try run(
      ["run", "small", "--seeds", "1", "--quiet", "--strip-volatile", "-o", path] + extra)
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  /// The JSON of a file; of a report with everything that its tables say of a trial, a mean or a
  /// derived number written out.
  func json(_ path: String) throws -> JSON {
    let json = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8))
    guard json["schema"]?.string == Report.schema, case .object(var members) = json else {
      return json
    }
    let report = try Report(path: path)
    members["trials"] = .array(report.trials.map(\.json))
    members["derived"] = .array(
      report.derived.map { value in
        [
          "label": .string(value.row.label), "setting": .object(value.row.setting),
          "metric": .string(value.metric), "by": JSON(value.by), "key": JSON(value.key),
          "value": value.value.map { JSON($0) } ?? .null,
        ]
      })
    return .object(members)
  }

  /// Changes a JSON file as text; a report loses its digest, as if an earlier version wrote it.
  func replace(_ old: String, with new: String, in path: String) throws {
    let digest = /\n"digest": "[0-9a-f]{64}",/
    let text = try String(contentsOfFile: path, encoding: .utf8).replacing(digest, with: "")
    let isThere = text.contains(old)
    try #require(isThere, "\(path) does not contain \(old)")
    try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }
}
