internal import Contracts
internal import Documents
internal import Glibc
internal import Metrics

extension Suite {
  /// Reads a suite file; datasets are looked for when the suite is planned.
  ///
  /// - Parameters:
  ///   - path: The suite file.
  ///   - dataPaths: Folders that hold dataset folders; those of `ASSAY_DATA_PATH` come after them.
  package static func read(_ path: String, dataPaths: [String] = []) throws(SuiteError) -> Suite {
    let environment = getenv("ASSAY_DATA_PATH").map { String(cString: $0) } ?? ""
    let searched = dataPaths + environment.split(separator: ":").map(String.init)
    do throws(DocumentError) {
      let schema = try SuiteSchema.schema()
      let document = try Document(path: path, schema: schema)
      return try Suite(
        schema.completing(document.value), document: document, path: path, dataPaths: searched)
    } catch {
      throw SuiteError(.badFile, error)
    }
  }

  private init(
    _ value: JSON, document: Document, path: String, dataPaths: [String]
  ) throws(DocumentError) {
    func strings(_ key: String) -> [String] { (value[key]?.array ?? []).compactMap(\.string) }
    var problems: [DocumentProblem] = []
    let task = value["task"]?.string ?? ""
    let contract = Contract.named(task)
    if contract == nil {
      problems.append(
        DocumentProblem(
          pointer: "/task",
          message: unknown("task", task, among: Contract.all.map(\.task))))
    }
    for (index, key) in strings("metrics").enumerated() where MetricInfo.named(key) == nil {
      problems.append(
        DocumentProblem(
          pointer: "/metrics/\(index)",
          message: unknown("metric", key, among: MetricInfo.all.map(\.key))))
    }
    for (index, entry) in strings("datasets").enumerated() where entry.hasPrefix("/") {
      problems.append(
        DocumentProblem(
          pointer: "/datasets/\(index)",
          message: "'\(entry)' is an absolute path; give the dataset's id and name its folder "
            + "with --data, or a path relative to this file"))
    }
    let `protocol` = SuiteProtocol(value["protocol"] ?? [:])
    if contract != nil, let made = `protocol`.task, made != task {
      problems.append(
        DocumentProblem(
          pointer: "/protocol/kind",
          message: "protocol '\(`protocol`.kind)' makes settings of task '\(made)', but "
            + "the suite's task is '\(task)'"))
    }
    if case .imbalanced(_, _, let frequency) = `protocol`,
      frequency.fewBelow > frequency.manyAbove + 1
    {
      problems.append(
        DocumentProblem(
          pointer: "/protocol/few_below",
          message: "a class cannot be many above \(frequency.manyAbove) rows and few below "
            + "\(frequency.fewBelow)"))
    }
    if `protocol`.kind == "directions", !strings("groups").isEmpty {
      problems.append(
        DocumentProblem(
          pointer: "/groups",
          message:
            "the cases of protocol 'directions' are asked one by one and have no attributes; leave "
            + "the groups out"))
    }
    let claims = (value["claims"]?.array ?? []).enumerated().compactMap { index, json in
      PublishedClaim(json, pointer: "/claims/\(index)", problems: &problems)
    }
    let methods = (value["methods"]?.array ?? []).map(RunFile.Method.init)
    problems += RunFile.Method.repeatedLabels(methods)
    if value["calibration"] != nil, `protocol`.kind != "shifts" {
      problems.append(
        DocumentProblem(
          pointer: "/calibration",
          message:
            "a temperature is carried over to shifts, which protocol '\(`protocol`.kind)' has "
            + "none of; leave it out"))
    }
    guard let contract, problems.isEmpty else { throw document.error(problems) }
    id = value["id"]?.string ?? ""
    version = value["version"]?.string ?? ""
    title = value["title"]?.string ?? ""
    summary = value["description"]?.string
    self.methods = methods
    self.claims = claims
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
    self.`protocol` = `protocol`
    seeds = (value["seeds"]?.array ?? []).compactMap(\.int)
    validation = value["selection"]?["val"]?.string.flatMap(ValidationBudget.init) ?? .full
    metrics = value["metrics"] == nil ? contract.metrics : strings("metrics")
    decision = Decision(value["decision"])
    groups = strings("groups")
    minimumGroup = value["min_group"]?.int ?? Grouping.minimumRows
    self.path = path
    self.dataPaths = dataPaths
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
