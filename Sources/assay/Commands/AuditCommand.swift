internal import ArgumentParser
internal import Datasets
internal import Documents
internal import Evaluation
internal import Reports
internal import Suites

extension DataCommand {
  /// `assay data audit`.
  struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Looks for what makes numbers on a dataset mean less than they seem to.",
      discussion: """
        Rows that are both learned from and judged on, in any order and element type, and near \
        duplicates by their cosine; empty splits, rows that are zero or too large, labels of shifts \
        that contradict the test rows they copy, stored draws that repeat a row, labels of one class, \
        names that are the same, and cases that are no questions of their task.

        Exit code 1 when something found is an error, 2 when the dataset cannot be read.

        Examples:
          assay data audit fashion
          assay data audit mine/birds --near 0.995
        """)

    @Argument(help: "A dataset, by its folder or its id.", completion: .directory)
    var dataset: String
    @OptionGroup var dataOptions: DataOptions
    @Option(
      help: ArgumentHelp(
        "The cosine from which two rows are near duplicates; 0 looks for none.",
        valueName: "cosine"))
    var near = 0.999
    @Flag(help: "As JSON.")
    var json = false

    func validate() throws {
      if !(near == 0 || (near > 0 && near <= 1)) {
        throw ValidationError("--near is a cosine in 0...1, not \(near).")
      }
    }

    func run() throws {
      guard let folder = try dataOptions.folder(of: dataset) else {
        let known = DatasetShelves(try dataOptions.searchPaths).all.map(\.id)
        let hint =
          nearestName(to: dataset, in: known).map { "did you mean '\($0)'?" }
          ?? "'assay list datasets' names what there is"
        throw UsageError(description: "there is no dataset '\(dataset)'; \(hint)")
      }
      var audit = try Dataset.audit(folder)
      if near > 0 { audit.findNearDuplicates(above: near) }
      Console.say(json ? audit.json.prettyText : text(audit))
      if audit.hasErrors { throw ExitStatus(value: .gateFailed) }
    }

    private func text(_ audit: DataAudit) -> String {
      var lines = [
        "\(audit.dataset.id) \(audit.dataset.version): \(DatasetSummary(audit.dataset).sizeText)"
      ]
      lines += audit.findings.map { finding in
        let place = finding.pointer.isEmpty ? "" : " at \(finding.pointer):"
        return "\(finding.severity.rawValue):\(place) \(finding.message) [\(finding.code)]"
      }
      let counts = DataFinding.Severity.allCases.map { "\(audit.count($0)) \($0.rawValue)s" }
      let near = audit.threshold.map {
        "; \(audit.comparisons) pairs of parts compared by cosine, from \($0) on"
      }
      lines.append(counts.joined(separator: ", ") + (near ?? ""))
      return lines.joined(separator: "\n")
    }
  }
}

extension RunPlan {
  /// Says on the console what is to be said of the data.
  func tellOfData() {
    for warning in warnings { Console.complain("\(warning.code.label): \(warning.text)") }
  }
}

extension PlanWarning.Code {
  /// How much weight it has, in a word.
  var label: String {
    switch self {
    case .dataError: "error"
    case .dataWarning, .hiddenDataset: "warning"
    case .allowedOverlap, .seeds: "note"
    }
  }
}
