internal import ArgumentParser
internal import Documents
internal import Glibc
internal import Reports

/// The root of the command line.
struct Assay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Evaluates methods on standardized suites, blind and with intervals.",
    discussion: """
      Examples:
        assay list suites                         # what there is to run
        assay run few-shot -m gda -m zero-shot    # two methods on one suite
        assay run claims/gda                      # what a publication claims
        assay show out/report.json                # the tables again
        assay diff main.json pr.json --fail-on accuracy:-0.5pp \\
          --fail-on new-failures                  # a gate

      Environment:
        ASSAY_PLUGIN_PATH  folders of plugins, by ':', after --plugin
        ASSAY_DATA_PATH    folders of dataset folders, by ':', after --data
        ASSAY_SUITE_PATH   folders of suites, by ':', before ./suites
        XDG_DATA_HOME      has assay/plugins; ~/.local/share by default
        XDG_CACHE_HOME     has assay, a cache; ~/.cache by default
        TMPDIR             where trials have scratch folders; /tmp by default
        NO_COLOR           no colour, whatever its value

      Exit codes: 0 fine; 1 a gate failed; 2 wrong usage, config or file; 3 ran, but some trials \
      failed, or the data have errors; 4 reports not comparable; 5 nothing was measured; \
      70 internal error; 130 interrupted.
      """,
    version: ToolEntry.current.version,
    subcommands: [
      RunCommand.self, ListCommand.self, InfoCommand.self, ValidateCommand.self, CheckCommand.self,
      DiffCommand.self, ShowCommand.self, ReportCommand.self, DataCommand.self, SchemaCommand.self,
      DoctorCommand.self, CompletionCommand.self,
      MergeCommand.self, BaselineCommand.self, ExportCommand.self, ScoreCommand.self,
      RerunCommand.self, EncodeCommand.self, NewCommand.self, VerifyCommand.self, RankCommand.self,
      LinesCommand.self,
    ])

  /// Parses, runs, and leaves with the exit code that every verb shares.
  static func start() -> Never {
    signal(SIGPIPE, SIG_DFL)
    do {
      try Verbs.refuseUnknown(Array(CommandLine.arguments.dropFirst())[...], in: Assay.self)
      var command = try parseAsRoot()
      try command.run()
      leave(.fine)
    } catch let end as ExitStatus {
      if let message = end.message { Console.complain(message) }
      leave(end.value)
    } catch let error as UsageError {
      Console.complain("\(error)")
      leave(.usage)
    } catch {
      if exitCode(for: error) == .success {
        Console.say(fullMessage(for: error))
        leave(.fine)
      }
      // Errors of Assay's modules describe themselves; those of the parser need its help.
      let isParserError = String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
      isParserError ? Console.note(fullMessage(for: error)) : Console.complain("\(error)")
      leave(.usage)
    }
  }

  private static func leave(_ code: Reports.ExitCode) -> Never {
    fflush(nil)
    Glibc.exit(code.rawValue)
  }
}

/// A wrong word on the command line.
struct UsageError: Error, CustomStringConvertible { var description: String }

/// Ends a verb with a code other than 0, with a sentence where there is one to say.
struct ExitStatus: Error {
  var value: Reports.ExitCode
  var message: String?
}
