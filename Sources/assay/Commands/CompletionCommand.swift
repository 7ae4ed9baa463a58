internal import ArgumentParser

/// `assay completion SHELL`.
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Prints a completion script for a shell.")

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    Console.say(Assay.completionScript(for: CompletionShell(rawValue: shell.rawValue) ?? .bash))
  }
}
