internal import ArgumentParser
internal import Documents
internal import Reports

/// `assay rank`.
struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "Ranks the methods of a report over all its datasets and settings.",
    discussion: """
      Each suite, dataset and setting is a block; a method's value there is its mean over seeds. \
      Prints mean ranks with bootstrap intervals, Friedman's test and Iman and Davenport's, \
      Nemenyi's critical difference with the groups of methods that it does not tell apart, and \
      Wilcoxon's signed-rank test of each pair, adjusted by Holm. Blocks where a method has no \
      value are left out and named. Exit code 5 when fewer than two blocks remain.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

  @Argument(help: "The report.", completion: .file(extensions: ["json"]))
  var report: String
  @Option(help: "The metric; the report's first by default.", completion: Completions.metrics)
  var metric: String?
  @Option(help: "Only this suite; may be repeated.")
  var suite: [String] = []
  @Option(
    name: .shortAndLong, help: "Only this method's row; may be repeated.",
    completion: Completions.methods)
  var method: [String] = []
  @Option(help: "text, json or markdown.")
  var format = Format.text
  @Option(name: .shortAndLong, help: "Write to a file instead of stdout.")
  var output: String?

  func run() throws {
    try Output.check(output)
    let report = try Report(path: report)
    let ranking: MethodRanking
    do throws(RankingError) {
      ranking = try MethodRanking(report, metric: metric, suites: suite, methods: method)
    } catch {
      throw ExitStatus(value: error.exitCode, message: error.description)
    }
    try Output.write(render(ranking), to: output)
  }

  private func render(_ ranking: MethodRanking) -> String {
    switch format {
    case .text: ranking.text(style: Console.style(for: output))
    case .json: ranking.json.prettyText
    case .markdown: ranking.markdown()
    }
  }
}
