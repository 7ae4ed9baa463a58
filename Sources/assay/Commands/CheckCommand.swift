internal import ArgumentParser
internal import CSystem
internal import Conformance
internal import Documents
internal import Evaluation
internal import PluginHost
internal import Reports

/// `assay check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks that a plugin keeps the rules of assay.h.",
    discussion: "Exit code 1 when a check failed or crashed; warnings and skips do not count.")

  @Argument(help: "The plugin file.", completion: .file())
  var plugin: String?
  @Option(help: "Only this method.")
  var method: String?
  @Option(
    help: ArgumentHelp(
      "Only these checks: ids such as L03, or the letter of a theme. May be repeated.",
      valueName: "check"))
  var only: [String] = []
  @Flag(help: "List the checks and run none.")
  var list = false
  @Flag(help: "As JSON.")
  var json = false
  @Option(help: "Checks at a time; by default one for each processor.")
  var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "Address space of each worker, at least 1G; the machine's memory over --jobs by default.",
      valueName: "amount"))
  var memory: Bytes?

  func validate() throws { try LimitOptions.check(memory: memory) }

  func run() throws {
    let checks = try chosen()
    if list {
      Console.say(json ? Check.json(checks).prettyText : Check.text(checks))
      return
    }
    guard let plugin else {
      throw UsageError(description: "name a plugin file, or ask for --list")
    }
    guard jobs.map({ $0 > 0 }) ?? true else {
      throw UsageError(description: "--jobs has to be at least 1")
    }
    let jobs = jobs ?? processorCount()
    // The workers inherit what this process, which needs little, may use itself.
    _ = assay_shim_limit_memory(UInt64(memory?.value ?? LimitOptions.defaultMemory(jobs: jobs)))
    let runner = CheckRunner(host: PluginHost(), plugin: plugin)
    let report = try runner.run(checks, method: method, jobs: jobs, onResult: tell)
    Console.say(json ? report.json.prettyText : "\n\(report.summary)")
    if !report.isFine { throw ExitStatus(value: .gateFailed) }
    if report.isEmpty { throw ExitStatus(value: .nothingMeasured) }
  }

  /// Says a result as it comes; beside a document, to whoever watches.
  private var tell: @Sendable (CheckProgress) -> Void {
    let isDocument = json
    return { progress in
      if !isDocument { return Console.say(progress.text) }
      guard Console.isWatched else { return }
      let result = progress.result
      Console.note(
        "\(progress.done)/\(progress.total) \(result.check.id) \(result.outcome.rawValue)")
    }
  }

  private func chosen() throws -> [Check] {
    let words = only.flatMap { $0.split(separator: ",").map(String.init) }
    guard !words.isEmpty else { return Check.all }
    var ids: Set<String> = []
    for word in words {
      guard let checks = Check.named(word) else {
        let hint = nearestName(to: word, in: Check.all.map(\.id))
        throw UsageError(
          description: "--only \(word): there is no such check"
            + (hint.map { "; did you mean '\($0)'?" } ?? "") + "; --list names them")
      }
      ids.formUnion(checks.map(\.id))
    }
    return Check.all.filter { ids.contains($0.id) }
  }
}
