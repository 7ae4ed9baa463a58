internal import ArgumentParser
internal import Datasets
internal import Documents
internal import Glibc
internal import Reports
internal import Suites

/// `assay validate`.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks suites, run files, reports and dataset folders, and lists every problem.")

  @Argument(help: "Files, or dataset folders.", completion: .file())
  var paths: [String]
  @OptionGroup var dataOptions: DataOptions

  func run() throws {
    var isFine = true
    for path in paths {
      do {
        Console.say("\(path): \(try check(path))")
      } catch {
        isFine = false
        Console.note("\(error)")
      }
    }
    if !isFine { throw ExitStatus(value: .usage) }
  }

  /// Checks one path by what it says of itself, and returns what it is.
  private func check(_ path: String) throws -> String {
    if Locations.isFolder(path) {
      let dataset = try Dataset.open(path)
      return "valid dataset \(dataset.id) \(dataset.version)"
    }
    let kind = try Document(path: path).value["schema"]?.string
    switch kind {
    case "assay.dataset/1":
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      let dataset = try Dataset.open(folder)
      return "valid dataset \(dataset.id) \(dataset.version)"
    case "assay.suite/1":
      let suite = try Suite.read(path, dataPaths: dataOptions.searchPaths)
      return "valid suite \(suite.id) \(suite.version)"
    case "assay.run/1":
      let run = try RunFile.read(path)
      return "valid run file of \(run.suites.count) suites"
    case "assay.report/1":
      let report = try Report(path: path)
      return "valid report of \(report.trials.count) trials"
    default:
      let kinds = ["assay.dataset/1", "assay.report/1", "assay.run/1", "assay.suite/1"]
      let found = kind.map { "is '\($0)'" } ?? "is missing"
      throw UsageError(
        description: "\(path): at /schema: 'schema' \(found); it must be one of "
          + kinds.joined(separator: ", "))
    }
  }
}
