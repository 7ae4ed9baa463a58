internal import Contracts
package import Documents

/// The form in which descriptions leave the worker and lie in the cache.
extension PluginDescription {
  var json: JSON {
    [
      "abi": [JSON(Int(abiMajor)), JSON(Int(abiMinor))],
      "methods": .array(methods.map(\.json)),
    ]
  }

  /// Reads what `json` wrote; nil when something is missing.
  init?(_ json: JSON, path: String, digest: Digest) {
    guard let major = json["abi"]?[0]?.int.flatMap(UInt32.init(exactly:)),
      let minor = json["abi"]?[1]?.int.flatMap(UInt32.init(exactly:)),
      let elements = json["methods"]?.array
    else { return nil }
    let methods = elements.compactMap(MethodDescription.init)
    guard methods.count == elements.count else { return nil }
    self.init(path: path, digest: digest, abiMajor: major, abiMinor: minor, methods: methods)
  }
}

extension MethodDescription {
  package var json: JSON {
    [
      "id": .string(id), "version": .string(version), "summary": .string(summary),
      "license": .string(license), "references": .string(references),
      "flags": JSON(Int(flags.rawValue)), "configSchema": configSchema,
      "claims": .array(claims.map(\.json)),
    ]
  }

  package init?(_ json: JSON) {
    guard let id = json["id"]?.string, let version = json["version"]?.string,
      let summary = json["summary"]?.string, let license = json["license"]?.string,
      let references = json["references"]?.string,
      let flags = json["flags"]?.int.flatMap(UInt32.init(exactly:)),
      let configSchema = json["configSchema"], let elements = json["claims"]?.array
    else { return nil }
    let claims = elements.compactMap(Claim.init)
    guard claims.count == elements.count else { return nil }
    self.init(
      id: id, version: version, summary: summary, license: license, references: references,
      flags: Flags(rawValue: flags), configSchema: configSchema, claims: claims)
  }
}

extension Claim {
  var json: JSON {
    [
      "task": .string(task), "major": JSON(Int(version.major)), "minor": JSON(Int(version.minor)),
      "inputs": .array(
        inputs.map { ["name": .string($0.name), "required": .bool($0.isRequired)] }),
    ]
  }

  init?(_ json: JSON) {
    guard let task = json["task"]?.string,
      let major = json["major"]?.int.flatMap(UInt32.init(exactly:)),
      let minor = json["minor"]?.int.flatMap(UInt32.init(exactly:)),
      let elements = json["inputs"]?.array
    else { return nil }
    var inputs: [Input] = []
    for element in elements {
      guard let name = element["name"]?.string, let isRequired = element["required"]?.bool
      else { return nil }
      inputs.append(Input(name: name, isRequired: isRequired))
    }
    self.init(task: task, version: ContractVersion(major, minor), inputs: inputs)
  }
}
