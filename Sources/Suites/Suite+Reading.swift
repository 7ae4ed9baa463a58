internal import Contracts
internal import Documents
internal import Glibc

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
    let (schema, document, found) = try reading(path)
    let value = schema.completing(document.value)
    let checks = SuiteFileChecks(value, methods: methods)
    let own = checks.problems
    // Without a contract the suite only serves to look at its data.
    let suite = Suite(
      value, contract: checks.contract ?? .classify, document: document, path: path,
      dataPaths: searched)
    guard !found.isEmpty || !own.isEmpty else { return suite }
    let isPlannable =
      found.isEmpty
      && !own.contains { $0.pointer == "/task" || $0.pointer.hasPrefix("/protocol") }
    let survey = suite.survey(seeds: suite.seeds, planning: isPlannable)
    let problems = document.joining(document.joining(found, own), survey.problems)
    let lines = [DocumentError(path: path, problems: problems).description] + survey.elsewhere
    throw SuiteError(.badFile, lines.joined(separator: "\n"))
  }

  private static func reading(
    _ path: String
  ) throws(SuiteError) -> (JSONSchema, Document, [DocumentProblem]) {
    do throws(DocumentError) {
      let schema = try SuiteSchema.schema()
      let (document, found) = try Document.reading(path: path, schema: schema)
      return (schema, document, found)
    } catch {
      throw SuiteError(.badFile, error)
    }
  }

  /// Takes over a value that the checks have seen; what they refuse is left empty.
  private init(
    _ value: JSON, contract: Contract, document: Document, path: String, dataPaths: DataPaths
  ) {
    func strings(_ key: String) -> [String] { (value[key]?.array ?? []).compactMap(\.string) }
    id = value["id"]?.string ?? ""
    version = value["version"]?.string ?? ""
    title = value["title"]?.string ?? ""
    summary = value["description"]?.string
    methods = (value["methods"]?.array ?? []).map(RunFile.Method.init)
    claims = (value["claims"]?.array ?? []).compactMap(PublishedClaim.init(json:))
    calibratesTemperature = value["calibration"]?.string == "temperature"
    references = value["references"].map(ShiftReferences.init)
    // What is asserted about the results, and by default of whom, changes none of them.
    var measured = value.object ?? [:]
    measured["claims"] = nil
    measured["methods"] = nil
    measured["references"] = nil
    digest = Digest(of: .object(measured))
    self.contract = contract
    datasets = strings("datasets")
    whenAbsent = value["when_absent"]?.string.flatMap(WhenAbsent.init) ?? .error
    self.`protocol` = SuiteProtocol(value["protocol"] ?? [:])
    seeds = (value["seeds"]?.array ?? []).compactMap(\.int)
    validation = value["selection"]?["val"]?.string.flatMap(ValidationBudget.init) ?? .full
    metrics = value["metrics"] == nil ? contract.metrics : strings("metrics")
    decision = Decision(value["decision"])
    groups = strings("groups")
    minimumGroup = value["min_group"]?.int ?? Grouping.minimumRows
    self.path = path
    self.dataPaths = dataPaths
    self.document = document
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
