internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import PluginHost
internal import Reports

/// `assay report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Renders a report for people or for CI.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html, markdown, latex, csv, junit, github, text, json
  }

  @Argument(help: "The report.", completion: .file(extensions: ["json"]))
  var path: String
  @Option(help: "html, markdown, latex, csv, junit, github, text, or json (canonical).")
  var format = Format.markdown
  @Option(
    help: "The metric of the table; each suite's first by default.",
    completion: Completions.metrics)
  var metric: String?
  @Flag(help: "Leave out what changes from run to run (times, machine).")
  var stripVolatile = false
  @Option(name: .shortAndLong, help: "Write to a file instead of stdout.")
  var output: String?

  func run() throws {
    try Output.check(output)
    var report = try Report(path: path)
    try report.check(metric: metric)
    if stripVolatile { report = report.strippingVolatile() }
    try Output.write(render(report), to: output)
  }

  private func render(_ report: Report) -> String {
    switch format {
    case .html: HTMLRendering.page(report: report, samples: TrialStore(besideReport: path))
    case .markdown: report.markdown(metric: metric)
    case .latex: report.latex(metric: metric)
    case .csv: report.csv()
    case .junit: report.junit()
    case .github: report.annotations()
    case .text: report.text(metric: metric, style: Console.style(for: output))
    case .json: report.sealedJSON.linesText
    }
  }
}

/// `assay show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a report in the terminal, whole or in part.")

  @Argument(help: "The report.", completion: .file(extensions: ["json"]))
  var report: String
  @Option(help: "The metric of the table.", completion: Completions.metrics)
  var metric: String?
  @Option(help: "Only this suite.")
  var suite: String?
  @Option(help: "Only this dataset.", completion: Completions.datasets)
  var dataset: String?
  @Option(help: "Only this method's row.", completion: Completions.methods)
  var method: String?
  @Flag(help: "Each group's value less that of all rows as well.")
  var differences = false
  @Flag(help: "Only trials that failed.")
  var failed = false
  @Flag(help: "The chosen trials as JSON.")
  var json = false

  func run() throws {
    let report = try Report(path: report)
    try report.check(metric: metric)
    try report.check("suite", suite, isOneOf: report.suites.map(\.id))
    try report.check("dataset", dataset, isOneOf: report.datasets.map(\.id))
    try report.check(
      "method", method, isOneOf: report.trials.map(\.label) + report.trials.map(\.method))
    let part = report.filtering { trial in
      (suite == nil || trial.suite == suite) && (dataset == nil || trial.dataset == dataset)
        && (method == nil || trial.label == method || trial.method == method)
        && (!failed || ![.ok, .unsupported].contains(trial.status))
    }
    if part.trials.isEmpty, !report.trials.isEmpty {
      Console.note("no trial of the \(report.trials.count) in the report is like that")
    }
    Console.say(
      json
        ? JSON.array(part.trials.map(\.json)).prettyText
        : part.text(
          metric: metric, differences: differences, style: Console.style(for: nil)))
  }
}

extension Report {
  /// Throws when the report has no such metric, be it of trials, of groups or derived.
  fileprivate func check(metric: String?) throws {
    let keys = metrics.map(\.key) + Set(derived.map(\.metric)).sorted()
    try check("metric", metric, isOneOf: keys)
  }

  /// Throws when an option names what the report does not have.
  fileprivate func check(_ option: String, _ name: String?, isOneOf names: [String]) throws {
    guard let name, !names.contains(name) else { return }
    var seen: Set<String> = []
    let names = names.filter { seen.insert($0).inserted }
    let all = names.isEmpty ? "no trials" : names.joined(separator: ", ")
    let hint = nearestName(to: name, in: names).map { "; did you mean '\($0)'?" }
    throw UsageError(
      description: "--\(option): the report has no \(option) '\(name)'"
        + (hint ?? "; it has \(all)"))
  }
}
