internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import Glibc
internal import PluginHost
internal import Reports
internal import Suites

/// `assay rerun`.
struct RerunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun",
    abstract: "Runs the trials of a report again and tells whether the results are the same.",
    discussion: """
      Rows, configs, seeds and limits are those of the report; suites are found by their ids, or \
      named with --suite. Where results differ, what could be the cause is named: the plugin's \
      file, the config, the data, the suite, the BLAS kernels. Exit code 1 when a result differs.
      """)

  @Argument(help: "The report.", completion: .file(extensions: ["json"]))
  var report: String
  @Option(help: ArgumentHelp("Only trials whose ids begin so.", valueName: "id-prefix"))
  var trial: String?
  @Option(
    help: "A suite file, where the id of a suite does not lead to it. May be repeated.",
    completion: Completions.suites)
  var suite: [String] = []
  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions
  @Option(name: [.short, .long], help: "Trials in parallel; the number of cores by default.")
  var jobs: Int?
  @Flag(help: "As JSON.") var json = false
  @Flag(name: .shortAndLong, help: "No progress.") var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs).") }
  }

  func run() throws {
    let report = try Report(path: report)
    let trials = try choose(report)
    // One host: what is described is what runs.
    let host = PluginHost()
    let plan = try plan(trials, report, host)
    let records = try execute(plan, report, host)
    let limits = Limits(named: report.run.limits)
    let now = EnvironmentEntry.current(
      threads: limits.threads, sandbox: .offered, started: timestamp(), finished: timestamp())
    let rerun = Rerun(
      before: trials, after: records, environments: (report.environment, now))
    Console.say(json ? rerun.json.prettyText : rerun.text)
    if !rerun.isSame { throw ExitStatus(value: .gateFailed) }
  }

  private func choose(_ report: Report) throws -> [TrialRecord] {
    let prefix = trial ?? ""
    let trials = report.trials.filter { $0.id.description.hasPrefix(prefix) }
    guard !trials.isEmpty else {
      throw UsageError(
        description: report.trials.isEmpty
          ? "\(self.report) has no trials"
          : "--trial: no id of the \(report.trials.count) trials begins with '\(prefix)'; "
            + "'assay show \(self.report) --json' lists them")
    }
    if let scored = trials.first(where: { $0.method == PredictionScorer.methodID }) {
      throw UsageError(
        description: "the row '\(scored.label)' was scored from prediction files, which cannot be "
          + "run again; score them with 'assay score'")
    }
    return trials
  }

  private func plan(
    _ trials: [TrialRecord], _ report: Report, _ host: PluginHost
  ) throws -> RunPlan {
    let named = try RunRequest(files: suite, dataPaths: dataOptions.dataPaths).suites
    let wanted = Set(trials.map(\.suite)).sorted()
    let suites = try wanted.map { id in
      if let suite = named.first(where: { $0.id == id }) { return suite }
      do {
        return try Suite.read(Locations.suiteFile(id), dataPaths: dataOptions.dataPaths)
      } catch let error as UsageError {
        throw UsageError(description: "\(error); name its file with --suite")
      }
    }
    let plugins = try pluginOptions.load(with: host)
    let limits = Limits(named: report.run.limits)
    let request = RunRequest(repeating: trials, suites: suites, limits: limits)
    return try RunPlan(request, methods: plugins.methods, threads: limits.threads)
      .repeating(trials)
  }

  /// Runs the plan with a store of its own, which goes with it.
  private func execute(
    _ plan: RunPlan, _ report: Report, _ host: PluginHost
  ) throws -> [TrialRecord] {
    let folder = Console.environment("TMPDIR") ?? "/tmp"
    let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let path = "\(folder)/assay-rerun-\(suffix).store"
    let store = try TrialStore(writing: path, fresh: true)
    defer {
      store.close()
      unlink(path)
    }
    let isolation: Isolation = report.run.isolation == "none" ? .none : .process
    let run = Run(
      trials: plan.trials,
      runner: TrialRunner(
        host: host, limits: Limits(named: report.run.limits), isolation: isolation),
      store: store, jobs: jobs ?? processorCount()
    ) { _ in false }
    Interruption.watch()
    var bar = ProgressBar(isQuiet: quiet)
    let result = try run.start(
      progress: { bar.show($0) }, interrupted: { Interruption.isAsked })
    guard result.isComplete else {
      throw ExitStatus(value: .interrupted, message: "interrupted; nothing was compared")
    }
    return result.records
  }
}
