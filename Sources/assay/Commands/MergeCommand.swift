internal import ArgumentParser
internal import Evaluation
internal import Reports

/// `assay merge`.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins reports, such as those of the shards of one run.",
    discussion: """
      The per-sample outcomes beside the reports are copied along. Reports of different suites, \
      data, metrics, contracts or versions of a method are refused, as are reports that were \
      changed after they were written; several builds of one version are noted. A trial that two \
      reports hold is kept once when both agree.

      Example:
        assay run few-shot --shard 1/2 -o out/1.json
        assay run few-shot --shard 2/2 -o out/2.json
        assay merge out/1.json out/2.json -o out/report.json
      """)

  @Argument(help: "The reports.", completion: .file(extensions: ["json"]))
  var reports: [String]
  @Option(name: .shortAndLong, help: "The report of all trials.")
  var output: String
  @Option(help: "Of two different results of one trial, the first or the last.")
  var keep: DuplicateRule?
  @Flag(help: "Leave out what changes from run to run (times, machine).")
  var stripVolatile = false

  func validate() throws {
    if reports.count < 2 { throw ValidationError("Name at least two reports.") }
  }

  func run() throws {
    let files = try OutputFiles(report: output)
    let inputs = try reports.map { path in
      MergeInput(
        name: path, report: try Report(unchanged: path), samples: TrialStore(besideReport: path))
    }
    let store = TrialStore(path: files.store)
    defer { store.close() }
    var merged: Report
    do {
      merged = try merge(inputs, keep: keep, into: store)
    } catch let refusal as MergeRefusal {
      throw ExitStatus(
        value: .notComparable, message: "the reports cannot be merged:\n\(refusal)")
    }
    if stripVolatile { merged = merged.strippingVolatile() }
    let place = try files.write(merged)
    let unknown = merged.warnings.filter {
      ["samples", "machines", "limits", "builds"].contains($0.code)
    }
    for warning in unknown { Console.complain("warning: \(warning.place): \(warning.text)") }
    Console.note(
      "\(merged.trials.count) trials of \(reports.count) reports; report in \(place)")
  }
}

extension DuplicateRule: ExpressibleByArgument {}
