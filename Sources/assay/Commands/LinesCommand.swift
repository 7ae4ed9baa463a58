internal import ArgumentParser
internal import Documents
internal import Glibc
internal import Reports

/// `assay lines`.
struct LinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lines",
    abstract: "Fits the lines of shifted accuracy over a table of many models.",
    discussion: """
      The table is CSV with a head line and one line for each model; accuracies are between 0 and \
      1. For each source and shift: the line on logit axes, its accuracy at a reference accuracy \
      that all sources reach, with an interval over models, and ranks; for each model and shift \
      the effective robustness.
      """)

  @Argument(help: "The table.", completion: .file(extensions: ["csv"]))
  var table: String
  @Option(help: ArgumentHelp("The column without a shift.", valueName: "column"))
  var reference: String
  @Option(help: ArgumentHelp("The columns with a shift, by commas.", valueName: "columns"))
  var shifts: String
  @Option(help: ArgumentHelp("The column that names each model's source.", valueName: "column"))
  var by: String?
  @Option(
    help: ArgumentHelp(
      "A column with a property of the models: what it tells beyond the accuracy. Repeatable.",
      valueName: "column"))
  var factor: [String] = []
  @Option(help: "The source whose line is the standard one; all models without it.")
  var baseline: String?
  @Option(help: ArgumentHelp("A mixture and its sources, as MIX=A,B.", valueName: "mixture"))
  var mixture: [String] = []
  @Option(help: "Rows of the test sets, for accuracies of 0 and 1.")
  var rows = 10_000
  @Flag(help: "As JSON, with every model.")
  var json = false

  func run() throws {
    guard rows > 0 else { throw UsageError(description: "--rows \(rows): it must be above 0") }
    var mixtures: [TableLines.Mixture] = []
    for text in mixture {
      guard let mark = text.firstIndex(of: "="), mark > text.startIndex,
        text.index(after: mark) < text.endIndex
      else {
        throw UsageError(description: "--mixture \(text): write it as MIX=A,B")
      }
      mixtures.append(
        TableLines.Mixture(
          name: String(text[..<mark]),
          parts: text[text.index(after: mark)...].split(separator: ",").map(String.init)))
    }
    guard let text = String(validating: try bytes(), as: UTF8.self) else {
      throw UsageError(description: "\(table): it is not UTF-8; save it as UTF-8")
    }
    do throws(AccuracyTable.Failure) {
      let table = try AccuracyTable(
        csv: text, reference: reference,
        shifts: shifts.split(separator: ",").map(String.init), source: by, factors: factor)
      let lines = try TableLines(table, rows: rows, baseline: baseline, mixtures: mixtures)
      let factors = factor.isEmpty ? nil : TableFactors(table, rows: rows)
      say(lines, factors)
    } catch {
      throw UsageError(description: "\(table): \(error)")
    }
  }

  private func say(_ lines: TableLines, _ factors: TableFactors?) {
    if json {
      var members = lines.json.object ?? [:]
      members["factors"] = factors?.json
      return Console.say(JSON.object(members).prettyText)
    }
    let style = Console.style(for: nil)
    Console.say(
      ([lines.text(style: style)] + (factors.map { [$0.text(style: style)] } ?? []))
        .joined(separator: "\n\n"))
  }

  private func bytes() throws -> [UInt8] {
    guard let file = fopen(table, "re") else {
      throw UsageError(description: "\(table): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      bytes += piece[..<count]
    }
    guard ferror(file) == 0 else {
      throw UsageError(description: "\(table): it cannot be read to its end")
    }
    return bytes
  }
}
