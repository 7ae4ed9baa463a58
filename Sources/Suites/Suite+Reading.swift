internal import Contracts
internal import Documents
internal import Glibc
internal import Metrics

extension Suite {
  /// Reads a suite file; datasets are looked for when the suite is planned.
  ///
  /// - Parameters:
  ///   - path: The suite file.
  ///   - dataPaths: Where datasets are looked for; `ASSAY_DATA_PATH` comes after the folders named.
  ///   - methods: The methods at hand; nil where they are not known, and not checked.
  /// - Throws: One error with everything that is wrong with the file, and where something is, with
  ///   what its datasets do not have.
  package static func read(
    _ path: String, dataPaths: DataPaths = [], methods: KnownMethods? = nil
  ) throws(SuiteError) -> Suite {
    let environment = getenv("ASSAY_DATA_PATH").map { String(cString: $0) } ?? ""
    let searched = dataPaths.adding(named: environment.split(separator: ":").map(String.init))
    let file = try SuiteFile(path, dataPaths: searched)
    let checks = SuiteFileChecks(file.value, methods: methods)
    let assertions = file.claims?.assertions(checks) ?? ClaimsFile.Assertions()
    let own = checks.problems
    // Without a contract the suite only serves to look at its data.
    let suite = Suite(
      file, assertions, contract: checks.contract ?? .classify, path: path, dataPaths: searched)
    let asserted = assertions.problems
    guard !file.problems.isEmpty || !own.isEmpty || !asserted.isEmpty else { return suite }
    let isPlannable =
      file.problems.isEmpty
      && !own.contains { $0.pointer == "/task" || $0.pointer.hasPrefix("/protocol") }
    let survey = suite.survey(seeds: suite.seeds, planning: isPlannable)
    let further = suite.placed(own) + asserted + suite.placed(survey.problems)
    let problems = file.document.joining(file.problems, further)
    let lines = [DocumentError(path: path, problems: problems).description] + survey.elsewhere
    throw SuiteError(.badFile, lines.joined(separator: "\n"))
  }

  /// Takes over a value that the checks have seen; what they refuse is left empty.
  private init(
    _ file: SuiteFile, _ assertions: ClaimsFile.Assertions, contract: Contract, path: String,
    dataPaths: DataPaths
  ) {
    let value = file.value
    func strings(_ key: String) -> [String] { (value[key]?.array ?? []).compactMap(\.string) }
    id = value["id"]?.string ?? ""
    version = value["version"]?.string ?? ""
    title = value["title"]?.string ?? ""
    summary = value["description"]?.string
    methods = (value["methods"]?.array ?? []).map(RunFile.Method.init)
    claims = assertions.claims
    readings = assertions.readings
    calibratesTemperature = value["calibration"]?.string == "temperature"
    references = value["references"].map(ShiftReferences.init)
    // By default of whom results are, and what they are compared with, changes none of them.
    var measured = value.object ?? [:]
    measured["methods"] = nil
    measured["references"] = nil
    digest = Digest(of: .object(measured))
    self.contract = contract
    datasets = strings("datasets")
    whenAbsent = value["when_absent"]?.string.flatMap(WhenAbsent.init) ?? .error
    self.`protocol` = suiteProtocol(value["protocol"] ?? [:])
    seeds = (value["seeds"]?.array ?? []).compactMap(\.int)
    validation = value["selection"]?["val"]?.string.flatMap(ValidationBudget.init) ?? .full
    metrics = value["metrics"] == nil ? contract.metrics : strings("metrics")
    decision = Decision(value["decision"])
    groups = strings("groups")
    minimumGroup = value["min_group"]?.int ?? Grouping.minimumRows
    self.path = path
    self.dataPaths = dataPaths
    document = file.document
    places = file.claims?.places
  }
}

/// A sentence about a name that is not known, with the nearest one or all.
func unknown(_ kind: String, _ name: String, among known: [String]) -> String {
  if let nearest = nearestName(to: name, in: known) {
    return "there is no \(kind) '\(name)'; did you mean '\(nearest)'?"
  }
  let all = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
  return "there is no \(kind) '\(name)'; there is: \(all)"
}
