package import Documents

/// What to run: suites, methods with their configs, seeds and limits.
package struct RunFile: Sendable {
  /// Suite files, resolved against the run file's folder.
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
  package static func read(_ path: String) throws(SuiteError) -> RunFile {
    do throws(DocumentError) {
      let schema = try RunSchema.schema()
      let document = try Document(path: path, schema: schema)
      return try RunFile(schema.completing(document.value), document: document, path: path)
    } catch {
      throw SuiteError(.badFile, error)
    }
  }

  private init(_ value: JSON, document: Document, path: String) throws(DocumentError) {
    let folder = folderOfFile(path)
    func paths(_ key: String) -> [String] {
      (value[key]?.array ?? []).compactMap(\.string).map {
        $0.hasPrefix("/") ? $0 : "\(folder)/\($0)"
      }
    }
    let methods = (value["methods"]?.array ?? []).map { json in
      let id = json["id"]?.string ?? ""
      return Method(id: id, label: json["label"]?.string ?? id, config: json["config"] ?? [:])
    }
    var seen: Set<String> = []
    let repeated = methods.indices.filter { !seen.insert(methods[$0].label).inserted }
    guard repeated.isEmpty else {
      throw document.error(
        repeated.map {
          DocumentProblem(
            pointer: "/methods/\($0)",
            message: "the row '\(methods[$0].label)' is there already; give this one a label")
        })
    }
    self.methods = methods
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
