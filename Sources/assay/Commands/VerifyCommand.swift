internal import ArgumentParser
internal import Documents
internal import Reports

/// `assay verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Holds a report against a ledger of published values.",
    discussion: """
      Each row of the ledger names suite, dataset, method, setting and metric, the value with its \
      tolerance, and the source. It is reproduced, off by some amount, or not runnable here: the \
      report has no such trials. A value that was tuned on the test rows is marked (oracle). Exit \
      code 1 when a value is off or its trial failed, 5 when no row could be judged.
      """)

  @Argument(help: "The report.", completion: .file(extensions: ["json"]))
  var report: String
  @Option(
    help: "The ledger; by default ledger/published.json, here or beside the suites that ship.",
    completion: .file(extensions: ["json"]))
  var ledger: String?
  @Flag(help: "Fail where the report lacks what a row of the ledger is about.")
  var complete = false
  @Flag(help: "Also list the rows that are not runnable here.")
  var all = false
  @Flag(help: "As JSON, with every row.")
  var json = false

  func run() throws {
    let ledger = try Ledger(path: ledger ?? Locations.publishedLedger())
    let result = Verification(try Report(path: report), against: ledger)
    Console.say(json ? result.json.prettyText : result.text(all: all || complete))
    if complete, result.exitCode == .fine, result.judged.count < result.findings.count {
      throw ExitStatus(
        value: .gateFailed, message: "--complete: the report does not have all of the ledger")
    }
    if result.exitCode != .fine { throw ExitStatus(value: result.exitCode) }
  }
}
