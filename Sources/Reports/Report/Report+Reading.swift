package import Documents
internal import Evaluation
internal import Glibc
internal import Metrics
internal import Suites

/// Why a report cannot be used.
package struct ReportError: Error, Equatable, CustomStringConvertible {
  package var description: String
  package init(description: String) { self.description = description }
}

extension Report {
  /// Reads a report file; the error names the place in it.
  ///
  /// The names of the per-sample columns come from the store beside it, where there is one.
  package init(path: String) throws(DocumentError) {
    let document = try Document(path: path)
    do { try Report.checkSchema(document.value, wanted: Report.schema, name: "report") } catch {
      throw DocumentError(path: path, message: error.description)
    }
    do { try self.init(RecordCursor(document.value)) } catch {
      throw document.error([DocumentProblem(pointer: error.pointer, message: error.message)])
    }
    readColumns(from: TrialStore(besideReport: path))
  }

  /// Reads a report file of which every bit must be as it was written.
  ///
  /// Reports of versions that wrote no digest are taken as they are.
  package init(unchanged path: String) throws(DocumentError) {
    let json = try Document(path: path).value
    if let written = json["digest"]?.string,
      written != Report.contentDigest(json).description
    {
      throw DocumentError(
        path: path,
        message: "the report was changed after it was written, for its digest is not that of its "
          + "content; take the original, or run its trials again")
    }
    try self.init(path: path)
  }

  /// Writes the report as a file that appears whole or not at all.
  package func write(to path: String) throws(DocumentError) {
    try Document.write(sealedJSON, to: path, layout: .lines)
  }

  /// Reads a report of this major version; members that are not known are left alone.
  package init(json: JSON) throws(ReportError) {
    try Report.checkSchema(json, wanted: Report.schema, name: "report")
    do { try self.init(RecordCursor(json)) } catch {
      throw ReportError(description: error.description)
    }
  }

  /// Refuses what is not a document of the wanted schema, saying what it is instead.
  static func checkSchema(
    _ json: JSON, wanted: String, name: String
  ) throws(ReportError) {
    guard case .object(let members) = json else {
      throw ReportError(description: "not a \(name): the document should be a JSON object")
    }
    guard let schema = members["schema"]?.string else {
      throw ReportError(
        description: "not a \(name): the member 'schema' should say '\(wanted)'")
    }
    guard schema != wanted else { return }
    let family = wanted.prefix { $0 != "/" } + "/"
    if schema.hasPrefix(family) {
      throw ReportError(
        description: "the \(name) is of schema '\(schema)', and this build reads '\(wanted)'; "
          + "use the release of assay that wrote it, or run the same again"
          + (name == "report" ? ": trials that a store beside it holds are taken over" : ""))
    }
    throw ReportError(
      description: "not a \(name): it is of schema '\(schema)', not '\(wanted)'")
  }

  private init(_ report: RecordCursor) throws(RecordError) {
    let plugins = try report.member("plugins").map(PluginEntry.init(_:))
    let suites = try report.member("suites").map(SuiteEntry.init(_:))
    let datasets = try report.member("datasets").map(DatasetEntry.init(_:))
    let shared = try SharedEntries(
      report,
      digests: SharedEntries.Digests(suites: suites, datasets: datasets, plugins: plugins))
    self.init(
      tool: ToolEntry(
        version: try report.member("tool").member("version").string(),
        abi: try report.member("tool").member("abi").string()),
      run: try RunEntry(report.member("run"), report.optional("invocation")),
      environment: try report.optional("environment").map(EnvironmentEntry.init(_:)),
      plugins: plugins, suites: suites, datasets: datasets,
      metrics: try report.member("metrics").map(MetricEntry.init(_:)),
      trials: try report.member("trials").map { cursor throws(RecordError) in
        try TrialRecord(cursor, in: shared)
      },
      aggregates: try report.member("aggregates").map { row throws(RecordError) in
        try Aggregate.reading(row, in: shared)
      }.flatMap(\.self),
      derived: try report.optional("derived")?.map { row throws(RecordError) in
        let key = try RowKey(row)
        return try row.member("values").map { value throws(RecordError) in
          try DerivedValue(value, of: key, in: shared)
        }
      }.flatMap(\.self) ?? [],
      claims: try report.optional("claims")?.map(ClaimRecord.init(_:)) ?? [],
      warnings: try report.member("warnings").map(ReportWarning.init(_:)))
  }
}

/// The bytes of a file.
func fileContents(_ path: String) throws(ReportError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw ReportError(description: "cannot be opened: \(systemMessage())") }
  defer { close(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else {
      throw ReportError(description: "cannot be read: \(systemMessage())")
    }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}

/// The system's words for the last error.
func systemMessage() -> String { String(cString: strerror(errno)) }

// MARK: Entries

extension RunEntry {
  fileprivate init(_ run: RecordCursor, _ invocation: RecordCursor?) throws(RecordError) {
    // Before version 0.2 the invocation stood in the block of the run.
    var source = invocation
    if source == nil, try run.optional("argv") != nil { source = run }
    let how = try source.map { cursor throws(RecordError) in try Invocation(cursor) }
    let threads = try run.optional("threads")?.int()
    self.init(
      suites: try strings(run.member("suites")), methods: try strings(run.member("methods")),
      seeds: try run.member("seeds").map { cursor throws(RecordError) in try cursor.int() },
      threads: threads ?? how?.limits["threads"].flatMap(Int.init(exactly:)) ?? 1,
      isComplete: try run.member("complete").bool(), invocation: how)
    self.invocation?.limits["threads"] = nil
  }
}

extension RunEntry.Invocation {
  fileprivate init(_ invocation: RecordCursor) throws(RecordError) {
    self.init(
      jobs: try invocation.member("jobs").int(),
      isolation: try invocation.member("isolation").string(),
      limits: try invocation.member("limits").mapMembers { cursor throws(RecordError) in
        try cursor.double()
      }, arguments: try strings(invocation.member("argv")))
  }
}

private func strings(_ cursor: RecordCursor) throws(RecordError) -> [String] {
  try cursor.map { cursor throws(RecordError) in try cursor.string() }
}

extension EnvironmentEntry {
  fileprivate init(_ environment: RecordCursor) throws(RecordError) {
    let host = try environment.member("host")
    let blas = try environment.member("blas")
    let sandbox = try environment.member("sandbox")
    let git = try environment.optional("git")
    self.init(
      cpu: try host.member("cpu").string(), cores: try host.member("cores").int(),
      memoryBytes: try host.member("ram_bytes").int(), kernel: try host.member("kernel").string(),
      blas: BLASEntry(
        name: try blas.member("name").string(), version: try blas.member("version").string(),
        threads: try blas.member("threads").int(), core: try blas.member("core").string()),
      sandbox: SandboxEntry(
        landlockABI: try sandbox.optional("landlock_abi")?.int(),
        seccomp: try sandbox.member("seccomp").bool()),
      git: try git.map { git throws(RecordError) in
        GitEntry(
          commit: try git.member("commit").string(), isDirty: try git.member("dirty").bool())
      },
      started: try environment.member("started").string(),
      finished: try environment.member("finished").string())
  }
}

extension PluginEntry {
  fileprivate init(_ plugin: RecordCursor) throws(RecordError) {
    self.init(
      name: try plugin.member("name").string(), version: try plugin.member("version").string(),
      abi: try plugin.member("abi").string(), digest: try plugin.member("digest").digest(),
      licence: try plugin.optional("licence")?.string(),
      runtime: try plugin.optional("runtime")?.string(),
      methods: try plugin.member("methods").map { method throws(RecordError) in
        MethodEntry(
          id: try method.member("id").string(), version: try method.member("version").string(),
          summary: try method.member("summary").string(),
          paper: try method.optional("paper")?.string())
      })
  }
}

extension SuiteEntry {
  fileprivate init(_ suite: RecordCursor) throws(RecordError) {
    self.init(
      id: try suite.member("id").string(), version: try suite.member("version").string(),
      digest: try suite.member("digest").digest(),
      references: try suite.optional("references").map { ShiftReferences($0.value) })
  }
}

extension DatasetEntry {
  fileprivate init(_ dataset: RecordCursor) throws(RecordError) {
    self.init(
      id: try dataset.member("id").string(), version: try dataset.member("version").string(),
      digest: try dataset.member("digest").digest(), n: try dataset.member("n").count(),
      classes: try dataset.optional("classes")?.int(),
      source: try dataset.member("source").string(),
      licence: try dataset.member("licence").string())
  }
}

extension MetricEntry {
  fileprivate init(_ metric: RecordCursor) throws(RecordError) {
    _ = try metric.member("higher_is_better")
    let higherIsBetter = try metric.optional("higher_is_better")?.bool()
    self.init(
      key: try metric.member("key").string(), title: try metric.member("title").string(),
      version: try metric.member("version").int(),
      direction: higherIsBetter.map(MetricInfo.Direction.init) ?? .neutral)
  }
}

extension RowKey {
  fileprivate init(_ row: RecordCursor) throws(RecordError) {
    self.init(
      suite: try row.member("suite").string(), dataset: try row.member("dataset").string(),
      setting: try row.member("setting").object(), label: try row.member("label").string())
  }
}

extension Aggregate {
  /// The aggregates of a row, by metric.
  fileprivate static func reading(
    _ cursor: RecordCursor, in shared: SharedEntries
  ) throws(RecordError) -> [Aggregate] {
    let row = try RowKey(cursor)
    let values = try cursor.member("metrics").mapNamed { metric, value throws(RecordError) in
      Aggregate(
        suite: row.suite, dataset: row.dataset, setting: row.setting, label: row.label,
        metric: metric, mean: try value.optional("mean")?.double(),
        sdSeeds: try value.optional("sd_seeds")?.double(),
        nSeeds: try value.member("n_seeds").count(), failed: try value.member("failed").count(),
        interval: try value.optional("interval").map { interval throws(RecordError) in
          try Interval(interval, usual: shared.meanIntervals[metric], in: shared)
        })
    }
    return values.keys.sorted().compactMap { values[$0] }
  }
}

extension ReportWarning {
  fileprivate init(_ warning: RecordCursor) throws(RecordError) {
    self.init(
      code: try warning.member("code").string(), place: try warning.member("where").string(),
      text: try warning.member("text").string())
  }
}
