internal import ArgumentParser
internal import Contracts
internal import Documents
internal import Metrics
internal import PluginHost
internal import Tensors

/// `assay info`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tells all about a method, a task or a metric.")

  @Argument(help: "The id of a method, a task or a metric.")
  var name: String
  @Flag(help: "As JSON.")
  var json = false
  @OptionGroup var pluginOptions: PluginOptions

  func run() throws {
    if let contract = Contract.named(name) {
      Console.say(json ? contract.json.prettyText : contract.text)
      return
    }
    if let metric = MetricInfo.named(name) {
      Console.say(json ? metric.json.prettyText : metric.text)
      return
    }
    let methods = try pluginOptions.load(with: PluginHost()).methods
    if let (plugin, method) = methods.first(where: { $0.method.id == name }) {
      Console.say(json ? method.json(plugin).prettyText : method.text(plugin))
      return
    }
    let names = methods.map(\.method.id) + Contract.all.map(\.task) + MetricInfo.all.map(\.key)
    let hint = nearestName(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
    throw UsageError(description: "there is no method, task or metric '\(name)'\(hint)")
  }
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

extension MetricInfo {
  fileprivate var text: String {
    "\(key) (\(title)), version \(version), \(direction.text)\n\(summary)"
  }

  fileprivate var json: JSON {
    [
      "key": .string(key), "title": .string(title), "version": JSON(version),
      "higher_is_better": direction == .neutral ? .null : .bool(higherIsBetter),
      "summary": .string(summary),
    ]
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

      plugin \(plugin.path)
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
