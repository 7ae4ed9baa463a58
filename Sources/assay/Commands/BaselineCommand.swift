internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import Reports

/// `assay baseline`.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Keeps reports under names, to compare later ones with.",
    discussion: """
      A baseline lies in .assay/baselines/NAME in the working directory, with its per-sample \
      outcomes. Compare with it: assay diff --baseline NAME out/report.json
      """,
    subcommands: [Save.self, List.self])

  struct Save: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keeps a report under a name, in place of what had that name.")
    @Argument(help: "The name of the baseline.", completion: Completions.baselines)
    var name: String
    @Argument(help: "The report.", completion: .file(extensions: ["json"])) var report: String

    func run() throws {
      let folder = BaselineFolder()
      let kept = try Report(path: report)
      guard kept.isMeasured else {
        throw ExitStatus(
          value: .nothingMeasured,
          message: "\(report) has no value of any metric: nothing could be held against it")
      }
      if !kept.shortcoming.isEmpty {
        Console.complain(
          "warning: \(kept.shortcoming); what has no value here is not held against later reports")
      }
      let replaced = try folder.save(
        kept, samples: TrialStore(besideReport: report), named: name)
      Console.note(
        "\(replaced ? "replaced" : "saved") the baseline '\(name)' in \(folder.path)/\(name)")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the baselines.")
    @Flag(help: "As JSON.") var json = false

    func run() throws {
      let folder = BaselineFolder()
      let rows = try folder.names.map { name in
        let path = try folder.report(named: name)
        let report = try Report(path: path)
        return Row(
          [
            ("name", name), ("trials", String(report.trials.count)),
            ("suites", report.run.suites.joined(separator: ",")),
            ("methods", report.run.methods.joined(separator: ",")),
            ("finished", report.environment?.finished ?? "-"),
          ], hidden: [("path", path)])
      }
      if json {
        Console.say(JSON.object(["baselines": .array(rows.map(\.json))]).prettyText)
      } else {
        Console.say(rows.isEmpty ? "there are no baselines in \(folder.path)" : Row.table(rows))
      }
    }
  }
}
