internal import ArgumentParser
internal import Datasets
internal import Documents
internal import Evaluation
internal import Glibc
internal import PluginHost
internal import Reports
internal import Suites

/// `assay validate`.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks suites, claims, run files, ledgers, reports and dataset folders.",
    discussion: """
      Lists everything that is wrong, each with file, line, column and JSON pointer, and the \
      nearest name for a typo. A suite is held against its datasets and the methods at hand, a run \
      file against all that it names. Exit code 2 when anything is wrong.
      """)

  @Argument(help: "Files, or dataset folders.", completion: .file())
  var paths: [String]
  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions

  func run() throws {
    var isFine = true
    let host = PluginHost()
    let runFiles = paths.filter { Self.kind($0) == "assay.run/1" }
    let needsMethods = !runFiles.isEmpty || paths.contains { Self.isSuite($0) }
    let plugins =
      needsMethods ? try pluginOptions.load(with: host, runFiles: runFiles) : Plugins()
    if needsMethods, plugins.methods.isEmpty {
      Console.complain(
        "note: no plugin was found, so that methods and their configs are not checked; name one "
          + "with --plugin")
    }
    for path in paths {
      do {
        Console.say("\(path): \(try check(path, plugins))")
      } catch {
        isFine = false
        Console.note("\(error)")
      }
    }
    if !isFine { throw ExitStatus(value: .usage) }
  }

  /// What a file says of itself; nil where it cannot be read.
  private static func kind(_ path: String) -> String? {
    guard !Locations.isFolder(path), !Locations.isStream(path) else { return nil }
    return try? Document.reading(path: path, schema: nil).document.value["schema"]?.string
  }

  /// Whether a file says what is measured.
  private static func isSuite(_ path: String) -> Bool {
    ["assay.suite/1", "assay.claims/1"].contains(kind(path))
  }

  /// Checks one path by what it says of itself, and returns what it is.
  private func check(_ path: String, _ plugins: Plugins) throws -> String {
    if Locations.isFolder(path) {
      return try checkDataset(path)
    }
    if !path.contains("/"), access(path, F_OK) != 0, let folder = try dataOptions.folder(of: path) {
      return try checkDataset(folder)
    }
    guard !Locations.isStream(path) else {
      throw UsageError(
        description: "\(path): is a pipe or a device, which can be read only once; give a file")
    }
    let kind = try Document.reading(path: path, schema: nil).document.value["schema"]
    switch kind?.string {
    case "assay.dataset/1":
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      return try checkDataset(folder)
    case "assay.ledger/1":
      return "valid ledger of \(try Ledger(path: path).rows.count) rows"
    case "assay.suite/1", "assay.claims/1":
      return try checkSuite(path, MethodCatalogue(plugins.methods))
    case "assay.run/1": return try checkRun(path, plugins)
    case "assay.report/2":
      let report = try Report(path: path)
      return "valid report of \(report.trials.count) trials"
    default:
      let kinds = [
        "assay.claims/1", "assay.dataset/1", "assay.ledger/1", "assay.report/2", "assay.run/1",
        "assay.suite/1",
      ]
      let found = kind.map { "is \($0.canonicalText)" } ?? "is missing"
      let near = kind?.string.flatMap { nearestName(to: $0, in: kinds) }
      throw UsageError(
        description: "\(path): at /schema: 'schema' \(found); it must be one of "
          + kinds.joined(separator: ", ") + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  /// Opens a dataset and tells what is to be said of its data; errors among it are refused.
  private func checkDataset(_ folder: String) throws -> String {
    let dataset = try Dataset.open(folder)
    for finding in dataset.findings where finding.severity == .warning {
      Console.complain("warning: \(folder)/dataset.json: at \(finding.pointer): \(finding.message)")
    }
    let errors = dataset.findings.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw UsageError(
        description: errors.map {
          "\(folder)/dataset.json: at \($0.pointer): \($0.message)"
        }.joined(separator: "\n"))
    }
    return "valid dataset \(dataset.id) \(dataset.version)"
  }

  /// Tells what is to be said of the data of a plan, and gives the errors among it.
  private func dataErrors(_ warnings: [PlanWarning]) -> [String] {
    for warning in warnings where warning.code != .dataError {
      Console.complain("\(warning.code.label): \(warning.text)")
    }
    return warnings.filter { $0.code == .dataError }.map(\.text)
  }

  private func checkSuite(_ path: String, _ catalogue: MethodCatalogue) throws -> String {
    let suite = try Suite.read(
      path, dataPaths: dataOptions.dataPaths, methods: catalogue.known())
    let plan = try suite.plan()
    note(plan.skipped)
    let errors = dataErrors(plan.warnings)
    guard errors.isEmpty else {
      throw UsageError(
        description: errors.map { "\(path): \($0)" }.joined(separator: "\n"))
    }
    return "valid suite \(suite.id) \(suite.version)"
  }

  private func checkRun(_ path: String, _ plugins: Plugins) throws -> String {
    let methods = plugins.methods
    let check = try RunFileCheck(
      path, dataPaths: dataOptions.dataPaths,
      catalogue: methods.isEmpty ? nil : MethodCatalogue(methods), brokenPlugins: plugins.broken,
      suiteFile: Locations.suiteFile(ofRunFile:))
    var failures = check.failures
    for suite in check.suites {
      do {
        let plan = try suite.plan(seeds: check.run.seeds)
        note(plan.skipped)
        failures += dataErrors(plan.warnings).map { "\(suite.path): \($0)" }
      } catch {
        failures.append("\(error)")
      }
    }
    guard failures.isEmpty else {
      throw UsageError(description: failures.joined(separator: "\n"))
    }
    return "valid run file of \(check.suites.count) suites"
  }

  private func note(_ messages: [String]) {
    for message in messages { Console.complain("note: \(message)") }
  }
}
