internal import ArgumentParser
internal import Contracts
internal import Documents
internal import Evaluation
internal import PluginHost
internal import Reports
internal import Suites
internal import Tensors

/// `assay score`.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Scores predictions that were made elsewhere.",
    discussion: """
      The folder holds one .npy file for each output of each setting, named as --list-files \
      prints, or one .safetensors file for each setting, or what was made of 'assay export'. Dtype, \
      shape and values are checked as those of a plugin. A file that is missing or broken is a \
      failed trial.

      Examples:
        assay export few-shot -o mine && python my_method.py mine
        assay score few-shot --list-files
        assay score few-shot --predictions mine/ --label mine -o out/mine.json
        assay run few-shot -m gda --save-predictions gda/
      """)

  @Argument(
    help: "A suite file, or the name of a suite.", completion: Completions.suites)
  var suite: String
  @Option(help: "The folder of predictions.", completion: .directory)
  var predictions: String?
  @Option(help: "The name of the row in the report.")
  var label = PredictionScorer.methodID
  @Option(help: "How the method was tuned, as its maker says: none, val, cv or oracle.")
  var selection = Selection.none
  @Option(help: "Seeds instead of the suite's: 1..5, or 1,2,7.")
  var seeds: SeedList?
  @OptionGroup var dataOptions: DataOptions
  @Option(name: [.short, .long], help: "The report.", completion: .file(extensions: ["json"]))
  var output = "out/report.json"
  @Flag(help: "List the files that are looked for, with dtype and shape, and stop.")
  var listFiles = false
  @Flag(help: "With --list-files: as JSON.")
  var json = false
  @Flag(help: "Leave what changes from run to run (times, machine) out of the report.")
  var stripVolatile = false
  @Flag(name: .shortAndLong, help: "No progress and no table.")
  var quiet = false

  func validate() throws {
    if !listFiles, predictions == nil {
      throw ValidationError("Name the folder with --predictions, or ask for --list-files.")
    }
    if json, !listFiles { throw ValidationError("--json goes with --list-files.") }
    if label.isEmpty { throw ValidationError("--label must not be empty.") }
  }

  func run() throws {
    let files = listFiles ? nil : try OutputFiles(report: output)
    var request = try RunRequest(
      files: [Locations.suiteFile(suite)], dataPaths: dataOptions.dataPaths)
    if let seeds { request.seeds = try seeds.distinct() }
    let folder = PredictionFolder(path: predictions ?? ".")
    if predictions != nil, !Locations.isFolder(folder.path) {
      throw UsageError(description: "--predictions \(folder.path): there is no such folder")
    }
    let plan = try RunPlan(scoring: folder, label: label, request: request)
    plan.tellOfSkipped(searched: try dataOptions.searchPaths)
    plan.tellOfData()
    guard !plan.trials.isEmpty else {
      throw ExitStatus(
        value: .nothingMeasured,
        message: "nothing to score: every dataset of the suite was skipped; see the notes above")
    }
    guard let files else { return try list(plan) }
    try warnOfStrays(plan, folder)
    try score(plan, folder, files)
  }

  private func list(_ plan: RunPlan) throws {
    let files = try plan.trials.flatMap { trial in
      try trial.setting.predictionFiles(trial.setting.materialise())
    }
    let rows = files.map { file in
      Row([
        ("path", file.path), ("dtype", file.output.dtypes.map(\.rawValue).joined(separator: "|")),
        ("shape", file.shape?.description ?? file.output.shapeText),
      ])
    }
    Console.say(
      json ? JSON.object(["files": .array(rows.map(\.json))]).prettyText : Row.table(rows))
  }

  /// A file that no setting asks for is most likely a misnamed one.
  private func warnOfStrays(_ plan: RunPlan, _ folder: PredictionFolder) throws {
    var known: Set<String> = []
    for trial in plan.trials {
      known.insert(trial.setting.predictionFolder + ".safetensors")
      known.insert(trial.setting.outputsFile)
      known.formUnion(
        try trial.setting.predictionFiles(trial.setting.materialise()).map(\.path))
    }
    let strays = folder.arrayFiles.filter { !known.contains($0) }
    guard let first = strays.first else { return }
    let hint = nearestName(to: first, in: known.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    Console.complain(
      "warning: \(strays.count) files in \(folder.path) belong to no setting, such as "
        + "'\(first)'\(hint)")
  }

  private func score(
    _ plan: RunPlan, _ folder: PredictionFolder, _ files: OutputFiles
  ) throws {
    let store = try TrialStore(writing: files.store, fresh: true)
    defer { store.close() }
    let jobs = processorCount()
    let run = Run(
      trials: plan.trials,
      runner: PredictionScorer(folder: folder, selection: selection),
      store: store, jobs: jobs
    ) { _ in false }
    Interruption.watch()
    let started = timestamp()
    var bar = ProgressBar(isQuiet: quiet)
    let result = try run.start(
      progress: { bar.show($0) }, interrupted: { Interruption.isAsked })
    var report = Report(
      plan: plan, result: result,
      run: RunEntry(
        suites: plan.suites.map(\.id), methods: plan.choices.map(\.label),
        seeds: Set(plan.trials.map(\.setting.seed)).sorted(), jobs: jobs, isolation: "none",
        isComplete: result.isComplete,
        arguments: RunEntry.portable(arguments: Array(CommandLine.arguments.dropFirst()))),
      environment: .current(
        threads: 1, sandbox: SandboxState(), started: started, finished: timestamp()),
      samples: store)
    if stripVolatile { report = report.strippingVolatile() }
    let place = try files.write(report)
    if !quiet {
      Console.say(report.text(style: Console.style(for: nil)))
      Console.note("\(result.records.count) trials; report in \(place)")
    }
    if !result.isComplete { throw ExitStatus(value: .interrupted, message: "interrupted") }
    if report.exitCode != .fine {
      throw ExitStatus(value: report.exitCode, message: report.shortcoming)
    }
  }
}

/// The words of the command line.
extension Selection: ExpressibleByArgument {}
