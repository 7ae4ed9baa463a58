internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import PluginHost
internal import Reports
internal import Suites

/// `assay run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs methods on suites and writes a report.",
    discussion: """
      Every trial runs in a process of its own and is stored beside the report the moment it \
      ends. A trial whose plugin, config, data and suite have not changed since is taken from the \
      store instead of being run again.

      Examples:
        assay run few-shot
        assay run suites/few-shot.json -m gda -m gda:search=false --seeds 1..3 -o out/gda.json
        assay run claims/gda claims/clipn
        assay run nightly.json --fail-fast
      """)

  @Argument(
    help: "Suite files, names of suites, or run files.", completion: Completions.suites)
  var suites: [String]

  @Option(
    name: [.short, .customLong("method")],
    help: ArgumentHelp(
      "A method, with settings if need be: gda, gda:search=false, or a file such as my_method.py. May "
        + "be repeated; all by default.",
      valueName: "id[:key=value,...]"), completion: Completions.methods)
  var methods: [MethodArgument] = []

  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions

  @Option(help: "Seeds instead of the suite's: 1..5, or 1,2,7.")
  var seeds: SeedList?

  @Option(name: [.short, .long], help: "The report.", completion: .file(extensions: ["json"]))
  var output = "out/report.json"

  @Option(name: [.short, .long], help: "Trials in parallel; the number of cores by default.")
  var jobs: Int?

  @OptionGroup(title: "Limits of each trial") var limitOptions: LimitOptions

  @Option(help: "process, or none to run plugins in this process under a debugger.")
  var isolation = IsolationArgument.process

  @Option(
    help: ArgumentHelp(
      "Only every n-th trial of the plan, from the i-th on; join the reports with merge.",
      valueName: "i/n"))
  var shard: Shard?

  @Option(
    help: ArgumentHelp(
      "Write the outputs of every trial to a folder that score can read.", valueName: "dir"),
    completion: .directory)
  var savePredictions: String?

  @Flag(help: "List the trials with their ids and stop.")
  var dryRun = false

  @Flag(help: "With --dry-run: as JSON.")
  var json = false

  @Flag(help: "Continue an interrupted run; failed trials are kept as they are.")
  var resume = false

  @Flag(help: "Run every trial anew, whatever the store holds.")
  var fresh = false

  @Flag(help: "Stop after the first trial that fails.")
  var failFast = false

  @Flag(help: "Leave what changes from run to run (times, machine) out of the report.")
  var stripVolatile = false

  @Flag(name: .shortAndLong, help: "No progress and no table.")
  var quiet = false

  func validate() throws {
    if resume && fresh { throw ValidationError("--resume and --fresh exclude each other.") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs).") }
    if json && !dryRun { throw ValidationError("--json goes with --dry-run.") }
  }

  func run() throws {
    try checkMethods()
    // Whether the report can be written is known before the work.
    let output = dryRun ? nil : try OutputFiles(report: output)
    if resume, let output, !output.hasStore {
      throw UsageError(
        description: "--resume: there is no store \(output.store); run without --resume")
    }
    let host = PluginHost()
    let files = try Locations.suiteFiles(suites)
    let pythonFiles = methods.map(\.id).filter(Plugins.isPythonFile)
    let plugins = try pluginOptions.load(
      with: host, pythonFiles: pythonFiles, runFiles: files,
      limits: limitOptions.limits(Limits()))
    var request = try RunRequest(
      files: files, dataPaths: dataOptions.dataPaths,
      catalogue: MethodCatalogue(plugins.methods), checkingRows: methods.isEmpty,
      brokenPlugins: plugins.broken,
      suiteFile: Locations.suiteFile(ofRunFile:))
    if let seeds { request.seeds = try seeds.distinct() }
    if !methods.isEmpty {
      request.methods = methods.map {
        RunRequest.Method(id: plugins.id(of: $0.id), settings: $0.settings)
      }
    }
    var plan = try RunPlan(request, methods: plugins.methods, threads: limitOptions.threads)
    if let shard { plan = try plan.part(shard) }

    plan.tellOfSkipped(searched: try dataOptions.searchPaths)
    plan.tellOfData()
    guard let output else {
      Console.say(json ? plan.json.prettyText : plan.text)
      return
    }
    guard !plan.trials.isEmpty else {
      throw ExitStatus(
        value: .nothingMeasured,
        message: plan.choices.isEmpty
          ? "nothing to run: no method at hand has the task of the suites; name plugins with "
            + "--plugin"
          : "nothing to run: every setting of the suites was skipped; see the notes above")
    }
    try execute(
      plan, host: host, request: request, files: output,
      warnings: plugins.warnings(on: plan)
        + plugins.loadFailures(choosing: !methods.isEmpty))
  }

  /// Refuses what a list of methods cannot mean.
  private func checkMethods() throws {
    for method in methods {
      guard let key = method.repeatedKeys.first else { continue }
      throw UsageError(
        description: "--method \(method.text): '\(key)' is given twice; keep one of them, or give "
          + "each a --method of its own")
    }
    for (index, method) in methods.enumerated() {
      guard methods[..<index].contains(where: { $0.isSameRow(as: method) }) else { continue }
      throw UsageError(
        description: "--method \(method.text) is given twice; give one of them another config, or "
          + "name the rows in a run file, whose methods have a 'label'")
    }
  }

  private func execute(
    _ plan: RunPlan, host: PluginHost, request: RunRequest, files: OutputFiles,
    warnings: [ReportWarning]
  ) throws {
    let store = try TrialStore(writing: files.store, fresh: fresh)
    defer { store.close() }
    for sentence in store.damage { Console.complain("warning: \(sentence)") }
    let keepsFailures = resume
    var limits = limitOptions.limits(request.limits)
    let parallel = jobs ?? processorCount()
    limits.memoryBytes = limits.memoryBytes ?? LimitOptions.defaultMemory(jobs: parallel)
    let saved = savePredictions.map { PredictionSink(path: $0, plan: plan) }
    var bare = 0
    let run = Run(
      trials: plan.trials,
      runner: TrialRunner(host: host, limits: limits, isolation: isolation.value) {
        try saved?.folder(of: $0).write($2, of: $0.setting, $1)
      },
      store: store, jobs: parallel, failsFast: failFast
    ) { record in
      guard record.status == .ok else { return keepsFailures && record.status != .unsupported }
      guard store.holds(record) else {
        bare += 1
        return false
      }
      return saved?.holds(record) ?? true
    }

    Interruption.watch()
    let started = timestamp()
    var bar = ProgressBar(isQuiet: quiet)
    var last: Progress?
    let result = try run.start(
      progress: {
        if last == nil { RunCommand.tell(of: bare, in: store) }
        last = $0
        bar.show($0)
      }, interrupted: { Interruption.isAsked })
    bar.end(last)

    var report = Report(
      plan: plan, result: result,
      run: entry(plan, result, jobs: parallel, limits: limits),
      environment: .current(
        threads: limits.threads, sandbox: result.sandbox ?? .offered, started: started,
        finished: timestamp()),
      samples: store)
    report.warnings += warnings
    if isolation.value == .process {
      for gap in (result.sandbox ?? .offered).gaps {
        Console.complain("warning: \(gap)")
        report.warnings.append(ReportWarning(code: "sandbox-gap", place: "this machine", text: gap))
      }
    }
    if stripVolatile { report = report.strippingVolatile() }
    let place = try files.write(report)
    try conclude(report, result: result, files: files, place: place)
  }

  /// Says how many trials are measured anew since their columns are not as they were written.
  private static func tell(of bare: Int, in store: TrialStore) {
    guard bare > 0 else { return }
    Console.complain(
      "warning: \(store.path): \(bare) trials are without their columns as they were written: they "
        + "are measured anew")
  }

  private func entry(
    _ plan: RunPlan, _ result: RunResult, jobs: Int, limits: Limits
  ) -> RunEntry {
    var amounts = [
      "load_seconds": limits.loadSeconds, "fit_seconds": limits.fitSeconds,
      "predict_seconds": limits.predictSeconds, "threads": Double(limits.threads),
    ]
    amounts["memory_bytes"] = limits.memoryBytes.map(Double.init)
    return RunEntry(
      suites: plan.suites.map(\.id), methods: plan.choices.map(\.label),
      seeds: Set(plan.trials.map(\.setting.seed)).sorted(), jobs: jobs,
      isolation: isolation.rawValue, limits: amounts, isComplete: result.isComplete,
      arguments: RunEntry.portable(arguments: Array(CommandLine.arguments.dropFirst())))
  }

  private func conclude(
    _ report: Report, result: RunResult, files: OutputFiles, place: String
  ) throws {
    if !quiet {
      Console.say(report.text(style: Console.style(for: nil)))
      let reused = result.reused > 0 ? ", \(result.reused) of them unchanged and reused" : ""
      let noun = result.records.count == 1 ? "trial" : "trials"
      Console.note("\(result.records.count) \(noun)\(reused); report in \(place)")
    }
    if Interruption.isAsked {
      throw ExitStatus(
        value: .interrupted,
        message: "interrupted; what had finished is in \(files.store): continue with --resume")
    }
    if report.exitCode != .fine {
      throw ExitStatus(value: report.exitCode, message: report.shortcoming)
    }
  }
}

extension Report {
  /// What is wrong with the run as a whole, for who sees no table.
  var shortcoming: String {
    var parts: [String] = []
    if !isMeasured { parts.append(ExitCode.nothingMeasured.meaning) }
    let total = trials.count
    if !failures.isEmpty { parts.append("\(failures.count) of \(total) trials failed") }
    if isMeasured, !unmeasured.isEmpty {
      parts.append("\(unmeasured.count) of \(total) trials came to no value")
    }
    parts += loadFailures.map { "\($0.place) did not load" }
    if !run.isComplete { parts.append("the run was interrupted") }
    return parts.joined(separator: "; ")
  }
}

extension RunPlan {
  /// Says what is left out, and all the data that is not here in one sentence.
  func tellOfSkipped(searched folders: [String]) {
    for message in left { Console.complain("note: \(message)") }
    guard let first = absent.first else { return }
    let datasets = Set(absent.map(\.dataset)).sorted()
    if datasets.count == 1, absent.count == 1 {
      return Console.complain("note: \(first.message)")
    }
    let suites = Set(absent.map(\.suite)).count
    Console.complain(
      "note: \(datasets.count == 1 ? "1 dataset is" : "\(datasets.count) datasets are") not here, and "
        + (suites == 1 ? "1 suite goes" : "\(suites) suites go") + " without them: "
        + datasets.map { "'\($0)'" }.joined(separator: ", ")
        + "; looked for beside the suites"
        + (folders.isEmpty ? "" : " and in \(folders.joined(separator: ", "))")
        + "; name the folder that holds them with --data or ASSAY_DATA_PATH")
  }

  /// The plan of one shard; throws when it would be empty although there are trials.
  fileprivate func part(_ shard: Shard) throws -> RunPlan {
    guard trials.isEmpty || shard.index <= trials.count else {
      throw UsageError(
        description: "--shard \(shard): the plan has only \(trials.count) trials, so that this "
          + "shard is empty; split it into at most \(trials.count)")
    }
    var plan = self
    plan.trials = shard.part(of: trials)
    return plan
  }
}

/// `--shard`.
extension Shard: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}

/// `--isolation`.
enum IsolationArgument: String, ExpressibleByArgument, CaseIterable {
  case process, none
  var value: Isolation { self == .process ? .process : .none }
}

/// Limits of each trial.
struct LimitOptions: ParsableArguments {
  @Option(help: "Time for fit: 30s, 5m, 1h.")
  var fitTimeout: Seconds?
  @Option(help: "Time for predict.")
  var predictTimeout: Seconds?
  @Option(help: "Time for loading and creating.")
  var loadTimeout: Seconds?
  @Option(
    help: "Address space, at least 1G, such as 4G; the machine's memory over --jobs by default.")
  var memory: Bytes?
  @Option(help: "Threads that a method may use; results may differ in the last bits above 1.")
  var threads = 1

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads).") }
    try LimitOptions.check(memory: memory)
  }

  static func check(memory: Bytes?) throws {
    if let memory, memory.value < 1 << 30 {
      throw ValidationError("--memory must be at least 1G: OpenBLAS hangs below.")
    }
  }

  /// What each of so many workers may use where nothing is said.
  ///
  /// Of all memory, not of what is free: the cap must not depend on what else happens to run.
  static func defaultMemory(jobs: Int) -> Int { max(Machine.current.memoryBytes / jobs, 1 << 30) }

  /// The limits: the command line's, else the run file's, else the defaults.
  func limits(_ file: Limits) -> Limits {
    var limits = file
    if let fitTimeout { limits.fitSeconds = fitTimeout.value }
    if let predictTimeout { limits.predictSeconds = predictTimeout.value }
    if let loadTimeout { limits.loadSeconds = loadTimeout.value }
    if let memory { limits.memoryBytes = memory.value }
    limits.threads = threads
    return limits
  }
}
