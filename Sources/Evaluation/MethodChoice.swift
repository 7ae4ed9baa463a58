package import Documents
package import PluginHost

/// One row of a report: a method of a plugin with one config.
package struct MethodChoice: Sendable {
  package var plugin: PluginDescription
  package var method: MethodDescription
  /// The row's name.
  package var label: String
  /// The config, checked against the method's schema and complete with its defaults.
  package var config: JSON

  package init(
    plugin: PluginDescription, method: MethodDescription, label: String, config: JSON
  ) {
    self.plugin = plugin
    self.method = method
    self.label = label
    self.config = config
  }

  /// Checks a config against the method's own schema and fills in the defaults.
  ///
  /// Throws `DocumentError` with every problem of the config.
  package init(
    plugin: PluginDescription, method: MethodDescription, label: String? = nil,
    settings: [String: JSON]
  ) throws {
    let schema = try JSONSchema(method.configSchema)
    let given = JSON.object(settings)
    let problems = schema.validate(given, source: nil)
    let name = label ?? MethodChoice.label(method.id, settings)
    guard problems.isEmpty else {
      throw DocumentError(path: "config of \(name)", problems: problems)
    }
    self.init(
      plugin: plugin, method: method, label: name, config: schema.completing(given))
  }

  /// Tells whether the other is the same method with the same config under the same name.
  func isSameRow(as other: MethodChoice) -> Bool {
    (label, method.id, config, plugin.digest)
      == (other.label, other.method.id, other.config, other.plugin.digest)
  }

  /// `gda` without settings, `gda:alpha=2,search=false` with.
  private static func label(_ id: String, _ settings: [String: JSON]) -> String {
    guard !settings.isEmpty else { return id }
    let pairs = settings.keys.sorted().map { key in
      "\(key)=\(settings[key]?.string ?? settings[key]?.canonicalText ?? "")"
    }
    return "\(id):\(pairs.joined(separator: ","))"
  }
}
