package import Documents

/// What to run: suites, methods with their configs, seeds and limits.
package struct RunFile: Sendable {
  /// Suite files, resolved against the run file's folder; a name without `.json` may also be that of
  /// a suite that ships.
  package let suites: [String]
  package let methods: [Method]
  /// Plugin files or folders, resolved against the run file's folder.
  package let plugins: [String]
  /// Folders that hold dataset folders, resolved against the run file's folder.
  package let dataPaths: [String]
  /// Seeds in place of the suites' own.
  package let seeds: [Int]?
  package let limits: Limits

  /// One row of the report.
  package struct Method: Equatable, Sendable {
    package let id: String
    /// The row's name, different for every row.
    package let label: String
    /// As written; the method's own schema is checked by the host.
    package let config: JSON
  }

  /// Limits of one trial; nil keeps the host's default.
  package struct Limits: Equatable, Sendable {
    package let loadSeconds: Double?
    package let fitSeconds: Double?
    package let predictSeconds: Double?
    /// Address space of the worker.
    package let memoryBytes: Int?
  }

  /// Reads a run file.
  ///
  /// - Throws: One error with everything that is wrong with the file itself.
  package static func read(_ path: String) throws(SuiteError) -> RunFile {
    let (run, document, problems) = try reading(path)
    guard problems.isEmpty else {
      throw SuiteError(.badFile, DocumentError(path: document.source.path, problems: problems))
    }
    return run
  }

  /// Reads a run file as far as it can be understood, and tells all that is wrong with it.
  ///
  /// - Throws: An error only where there is no JSON to read.
  package static func reading(
    _ path: String
  ) throws(SuiteError) -> (run: RunFile, document: Document, problems: [DocumentProblem]) {
    do throws(DocumentError) {
      let schema = try RunSchema.schema()
      let (document, found) = try Document.reading(path: path, schema: schema)
      let run = RunFile(schema.completing(document.value), path: path)
      let repeated = Method.repeatedLabels(run.methods)
      return (run, document, document.joining(found, repeated))
    } catch {
      throw SuiteError(.badFile, error)
    }
  }

  private init(_ value: JSON, path: String) {
    let folder = folderOfFile(path)
    func paths(_ key: String) -> [String] {
      (value[key]?.array ?? []).compactMap(\.string).map {
        $0.hasPrefix("/") ? $0 : "\(folder)/\($0)"
      }
    }
    methods = (value["methods"]?.array ?? []).map(Method.init)
    suites = paths("suites")
    plugins = paths("plugins")
    dataPaths = paths("data")
    seeds = value["seeds"]?.array.map { $0.compactMap(\.int) }
    let limits = value["limits"]
    self.limits = Limits(
      loadSeconds: limits?["load_seconds"]?.double, fitSeconds: limits?["fit_seconds"]?.double,
      predictSeconds: limits?["predict_seconds"]?.double,
      memoryBytes: limits?["memory_bytes"]?.int)
  }
}

extension RunFile.Method {
  /// Reads a member of `methods` that the schema has passed.
  init(_ json: JSON) {
    id = json["id"]?.string ?? ""
    label = json["label"]?.string ?? id
    config = json["config"] ?? [:]
  }

  /// A problem for each row whose name is taken by one before it.
  static func repeatedLabels(_ methods: [RunFile.Method]) -> [DocumentProblem] {
    var seen: Set<String> = []
    return methods.enumerated().filter { !seen.insert($1.label).inserted }.map { index, method in
      DocumentProblem(
        pointer: "/methods/\(index)",
        message: "the row '\(method.label)' is there already; give this one a label")
    }
  }
}
