internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import Reports

/// `assay diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two reports and decides a gate.",
    discussion: """
      The first report is the baseline. Trials are joined one to one; what cannot be compared is \
      named, never dropped. Differences are paired on the evaluated samples.

      Rules for --fail-on, repeatable: accuracy:-0.5pp (points), auroc:-1% (relative), \
      accuracy:significant, worst-group-accuracy:-1pp, any-group-accuracy:significant, \
      equalised_odds_gap:+0.02, ece15_width:+0.01, cpu:+20%, peak_rss:+10%, missing:any, status:any, predictions:changed, \
      new-failures.

      With --match one method is compared with another, in two reports or in one: zero-shot=gda, or \
      gda=gda:search=false. Only the rows named are compared then.

      Groups (shifts, attributes, classes) are compared by the headline metric and by those that a \
      rule names; their p-values are adjusted over the groups of each row.
      """)

  @Argument(
    help: """
      The baseline report and the candidate; only the candidate with --baseline, and with --match \
      one report may be both.
      """,
    completion: .file(extensions: ["json"]))
  var reports: [String]
  @Option(
    name: .customLong("baseline"),
    help: ArgumentHelp("A baseline that 'assay baseline save' kept.", valueName: "name"),
    completion: Completions.baselines)
  var baselineName: String?

  @Option(
    help: ArgumentHelp(
      "A row of the baseline and one of the candidate. May be repeated.",
      valueName: "baseline=candidate"))
  var match: [String] = []
  @Option(
    help: ArgumentHelp("A rule that fails the gate. May be repeated.", valueName: "rule"))
  var failOn: [String] = []
  @Option(help: "The chance of a false alarm over all rows, after Holm's adjustment.")
  var alpha = 0.05
  @Option(help: "text, json, markdown, junit, github, csv or html.")
  var format = Format.text
  @Flag(help: "With text: every trial, not only the rows over all seeds.")
  var everyTrial = false
  @Option(name: .shortAndLong, help: "Write to a file instead of stdout.")
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, junit, github, csv, html
  }

  func validate() throws {
    guard alpha > 0, alpha < 1 else {
      throw ValidationError("--alpha must lie between 0 and 1, not \(alpha).")
    }
    let wanted = baselineName != nil ? 1...1 : match.isEmpty ? 2...2 : 1...2
    guard wanted.contains(reports.count) else {
      throw ValidationError(
        baselineName == nil
          ? "Name two reports, the baseline and the candidate, not \(reports.count)."
          : "With --baseline, name one report, the candidate, not \(reports.count).")
    }
  }

  func run() throws {
    try Output.check(output)
    let baseline = try baselineName.map { try BaselineFolder().report(named: $0) } ?? reports[0]
    let candidate = reports[reports.count - 1]
    let (old, new) = try matched(Report(path: baseline), Report(path: candidate))
    let retired = old.metrics.filter { new.metric($0.key) == nil }
    let metrics = new.metrics + retired
    let rules = try failOn.map { try GateRule(parsing: $0, metrics: metrics) }
    let result = diff(
      baseline: old, candidate: new, samplesA: TrialStore(besideReport: baseline),
      samplesB: TrialStore(besideReport: candidate),
      options: DiffOptions(rules: rules, alpha: alpha))
    try Output.write(render(result, baseline: baseline, candidate: candidate), to: output)
    // A file tells nothing to who reads the log.
    if output != nil { Console.note(result.summaryText) }
    if result.exitCode != .fine { throw ExitStatus(value: result.exitCode) }
  }

  /// The rows that `--match` names, under a common name; everything without it.
  private func matched(_ old: Report, _ new: Report) throws -> (Report, Report) {
    guard !match.isEmpty else {
      for pair in overlookedMatches(old, new) {
        Console.complain("note: to compare these rows of one method, add --match '\(pair)'")
      }
      return (old, new)
    }
    let pairs: [RowMatch]
    do { pairs = try match.map { try RowMatch(parsing: $0, baseline: old, candidate: new) } } catch
    {
      throw UsageError(description: "\(error)")
    }
    return (
      old.renaming(pairs.map { ($0.baseline, $0.name) }),
      new.renaming(pairs.map { ($0.candidate, $0.name) })
    )
  }

  private func render(_ diff: ReportDiff, baseline: String, candidate: String) -> String {
    switch format {
    case .text: diff.text(style: Console.style(for: output), everyTrial: everyTrial)
    case .json: diff.json.prettyText
    case .markdown: diff.markdown()
    case .junit: diff.junit()
    case .github: diff.annotations()
    case .csv: diff.csv()
    case .html:
      HTMLRendering.page(diff: diff, baseline: baselineName ?? baseline, candidate: candidate)
    }
  }
}
