internal import ArgumentParser
internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import PluginHost
internal import Suites
internal import Tensors

/// `assay info`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tells all about a method, a task, a metric, a suite or a dataset.",
    discussion: """
      A name that several kinds share, such as the task and the suite 'retrieve', is that of the \
      first: task, metric, method, suite, dataset. --kind asks for another.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case task, metric, method, suite, dataset
  }

  @Argument(
    help: "The id of a method, task, metric, suite or dataset, or a file or folder.",
    completion: Completions.everything)
  var name: String
  @Option(help: "What the name is of.")
  var kind: Kind?
  @Flag(help: "As JSON.")
  var json = false
  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions

  func run() throws {
    var known: [String] = []
    for kind in self.kind.map({ [$0] }) ?? Kind.allCases {
      let (found, names) = try look(for: kind)
      if let found {
        Console.say(json ? found.json.prettyText : found.text)
        return
      }
      known += names
    }
    let what = kind.map(\.rawValue) ?? "method, task, metric, suite or dataset"
    let near = nearestName(to: name, in: known)
    let list = "assay list" + (kind.map { " \($0.rawValue)s" } ?? "")
    let hint = near.map { "did you mean '\($0)'?" } ?? "'\(list)' names what there is"
    throw UsageError(description: "there is no \(what) '\(name)'; \(hint)")
  }

  /// What has the name, and all names of the kind.
  private func look(for kind: Kind) throws -> (found: Described?, names: [String]) {
    switch kind {
    case .task:
      let contract = Contract.named(name)
      return (
        contract.map { Described(text: $0.text, json: $0.json(measuring: $0.metrics)) },
        Contract.all.map(\.task)
      )
    case .metric:
      let metric = MetricInfo.named(name)
      return (
        metric.map { Described(text: $0.text, json: $0.json) }, MetricInfo.all.map(\.key)
      )
    case .method:
      let files = [name].filter(Plugins.isPythonFile)
      let plugins = try pluginOptions.load(with: PluginHost(), pythonFiles: files)
      let (methods, id) = (plugins.methods, plugins.id(of: name))
      let found = methods.first { $0.method.id == id }
      return (
        found.map { Described(text: $0.method.text($0.plugin), json: $0.method.json($0.plugin)) },
        methods.map(\.method.id)
      )
    case .suite:
      let (path, names) = Locations.suite(named: name)
      guard let path else { return (nil, names) }
      let suite = try Suite.read(path, dataPaths: dataOptions.dataPaths)
      return (SuiteSummary(suite).described, names)
    case .dataset:
      guard let path = try dataOptions.folder(of: name) else {
        return (nil, DatasetShelves(try dataOptions.searchPaths).all.map(\.id))
      }
      return (DatasetSummary(try Dataset.open(path)).described, [])
    }
  }
}

/// What is said of one thing, to people and to machines.
struct Described {
  let text: String
  let json: JSON
}

extension Contract {
  /// The contract for people.
  fileprivate var text: String {
    let parts = [
      ("fit sees", fit), ("predict sees", predict), ("predict writes", outputs),
      ("the host keeps", truth),
    ]
    let tables = parts.map { title, tensors in
      let rows = tensors.map { tensor in
        Row([
          ("", "  " + tensor.name),
          ("", tensor.dtypes.map(\.rawValue).joined(separator: "|") + " " + tensor.shapeText),
          ("", tensor.isOptional ? "optional" : "always"),
          ("", tensor.domain == .any ? "" : tensor.domain.description), ("", tensor.summary),
        ])
      }
      return "\(title)\n\(Row.table(rows))"
    }
    return """
      task \(task), contract \(version)
      \(summary)

      \(tables.joined(separator: "\n\n"))

      metrics: \(metrics.joined(separator: ", "))
      What the host keeps, and all that is derived from it, never enters the worker.
      """
  }
}

extension MethodDescription {
  fileprivate func text(_ plugin: PluginDescription) -> String {
    let properties = configSchema["properties"]?.object ?? [:]
    let rows = properties.keys.sorted().map { key in
      let property = properties[key] ?? .null
      return Row([
        ("", "  " + key), ("", "default \(property["default"]?.canonicalText ?? "none")"),
        ("", range(property)), ("", property["description"]?.string ?? ""),
      ])
    }
    let claimed = claims.map { claim in
      let inputs = claim.inputs.map { $0.name + ($0.isRequired ? "" : " (optional)") }
      return "  \(claim.task) \(claim.version): \(inputs.joined(separator: ", "))"
    }
    return """
      \(id) \(version), \(license)
      \(summary)
      \(references)

      claims
      \(claimed.joined(separator: "\n"))

      config
      \(rows.isEmpty ? "  none" : Row.table(rows))

      plugin \(plugin.path.oneLine)
      digest \(plugin.digest.short), ABI \(plugin.abiMajor).\(plugin.abiMinor)
      """
  }

  private func range(_ property: JSON) -> String {
    if let choices = property["enum"]?.array {
      return choices.map { $0.string ?? $0.canonicalText }.joined(separator: "|")
    }
    let low = property["minimum"] ?? property["exclusiveMinimum"]
    let high = property["maximum"] ?? property["exclusiveMaximum"]
    guard low != nil || high != nil else { return property["type"]?.string ?? "" }
    return "\(low?.canonicalText ?? "")...\(high?.canonicalText ?? "")"
  }

  fileprivate func json(_ plugin: PluginDescription) -> JSON {
    [
      "id": .string(id), "version": .string(version), "summary": .string(summary),
      "license": .string(license), "references": .string(references),
      "config_schema": configSchema,
      "claims": .array(
        claims.map { claim in
          [
            "task": .string(claim.task), "version": .string(claim.version.description),
            "inputs": .array(
              claim.inputs.map { ["name": .string($0.name), "required": .bool($0.isRequired)] }),
          ]
        }),
      "plugin": .string(plugin.path), "plugin_sha256": .string(plugin.digest.description),
    ]
  }
}
