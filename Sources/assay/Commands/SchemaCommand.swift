internal import ArgumentParser
internal import Contracts
internal import Datasets
internal import Documents
internal import Reports
internal import Suites

/// `assay schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of a file kind.")

  @Argument(
    help: "dataset, suite, claims, run, ledger, report or diff.", completion: Completions.schemas)
  var name: String?
  @Flag(help: "Names the schemas.")
  var list = false

  static let schemas: [String: String] = [
    "dataset": DatasetSchema.text,
    "suite": SuiteSchema.text,
    "claims": ClaimsSchema.text,
    "run": RunSchema.text,
    "ledger": Ledger.schemaText,
    "report": Report.schemaText,
    "diff": ReportDiff.schemaText,
  ]

  func run() throws {
    let names = SchemaCommand.schemas.keys.sorted()
    if list {
      names.forEach(Console.say)
      return
    }
    guard let name else {
      throw UsageError(description: "which schema? There are \(names.joined(separator: ", "))")
    }
    guard let text = SchemaCommand.schemas[name] else {
      let hint = nearestName(to: name, in: names).map { "; did you mean '\($0)'?" }
      throw UsageError(
        description: "there is no schema '\(name)'"
          + (hint ?? "; there are \(names.joined(separator: ", "))"))
    }
    Console.say(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }
}
