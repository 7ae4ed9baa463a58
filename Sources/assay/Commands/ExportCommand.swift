internal import ArgumentParser
internal import Evaluation
internal import Reports
internal import Suites

/// `assay export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes what the trials of a suite hand over, for methods that live elsewhere.",
    discussion: """
      Each setting and seed has a folder with inputs.safetensors: tensors 'fit/...' and \
      'predict/...', as a plugin would get them, without the labels of what is asked. Write \
      'logits' (or whatever 'assay info' lists as outputs) to outputs.safetensors beside it, and \
      'assay score' judges them.

      Examples:
        assay export few-shot -o mine
        assay score few-shot --predictions mine --label mine
      """)

  @Argument(
    help: "A suite file, or the name of a suite.", completion: Completions.suites)
  var suite: String
  @Option(name: [.short, .long], help: "The folder; made if need be.", completion: .directory)
  var output: String
  @Option(help: "Seeds instead of the suite's: 1..5, or 1,2,7.")
  var seeds: SeedList?
  @OptionGroup var dataOptions: DataOptions
  @Flag(name: .shortAndLong, help: "Say nothing.")
  var quiet = false

  func run() throws {
    var request = try RunRequest(
      files: [Locations.suiteFile(suite)], dataPaths: dataOptions.dataPaths)
    if let seeds { request.seeds = try seeds.distinct() }
    let folder = PredictionFolder(path: output)
    let plan = try RunPlan(scoring: folder, label: PredictionScorer.methodID, request: request)
    plan.tellOfSkipped(searched: try dataOptions.searchPaths)
    plan.tellOfData()
    guard !plan.trials.isEmpty else {
      throw ExitStatus(
        value: .nothingMeasured,
        message: "nothing to export: every dataset of the suite was skipped; see the notes above")
    }
    for trial in plan.trials { try trial.setting.export(to: output) }
    if !quiet {
      Console.note(
        "\(plan.trials.count) settings in \(output), such as \(plan.trials[0].setting.inputsFile)")
    }
  }
}
