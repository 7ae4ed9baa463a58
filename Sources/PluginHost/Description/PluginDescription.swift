package import Contracts
package import Documents

/// What a plugin file holds, as read from it in a worker.
package struct PluginDescription: Equatable, Sendable {
  package var path: String
  /// Digest of the file's bytes.
  package var digest: Digest
  package var abiMajor: UInt32
  package var abiMinor: UInt32
  package var methods: [MethodDescription]
  /// What runs it besides the host, such as `Python 3.11.7, numpy 2.4.6`; nil for a library.
  package var runtime: String?

  package init(
    path: String, digest: Digest, abiMajor: UInt32, abiMinor: UInt32, methods: [MethodDescription]
  ) {
    self.path = path
    self.digest = digest
    self.abiMajor = abiMajor
    self.abiMinor = abiMinor
    self.methods = methods
  }
}

/// One method of a plugin: what `assay_method` says of itself.
package struct MethodDescription: Equatable, Sendable {
  /// The bits of `assay_method.flags`.
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let needsFit = Flags(rawValue: 1)
    package static let deterministic = Flags(rawValue: 2)
    package static let rowIndependent = Flags(rawValue: 4)
    package static let crossValidates = Flags(rawValue: 8)
    package static let usesThreads = Flags(rawValue: 16)
  }

  package var id: String
  package var version: String
  package var summary: String
  package var license: String
  package var references: String
  package var flags: Flags
  /// The JSON Schema of the config object.
  package var configSchema: JSON
  package var claims: [Claim]

  package init(
    id: String, version: String, summary: String = "", license: String = "",
    references: String = "", flags: Flags = [], configSchema: JSON = [:], claims: [Claim] = []
  ) {
    self.id = id
    self.version = version
    self.summary = summary
    self.license = license
    self.references = references
    self.flags = flags
    self.configSchema = configSchema
    self.claims = claims
  }
}

/// A task that a method claims, with every input that it may use.
package struct Claim: Equatable, Sendable {
  /// An input by its contract name or prefix group (`text.*`).
  package struct Input: Equatable, Sendable {
    package var name: String
    package var isRequired: Bool
    package init(name: String, isRequired: Bool) {
      self.name = name
      self.isRequired = isRequired
    }
  }

  package var task: String
  package var version: ContractVersion
  package var inputs: [Input]

  package init(task: String, version: ContractVersion, inputs: [Input]) {
    self.task = task
    self.version = version
    self.inputs = inputs
  }
}

/// Why a plugin file cannot be described.
package struct PluginError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A short key such as `unreadable`, `dlopen`, `no-entry`, `abi-major`, `signal`, `deadline`.
  package var code: String
  /// What happened, where, and what to do next, on one line.
  package let message: String
  package var description: String { message }

  /// Names of files and words of the loader may hold anything; the message does not.
  package init(code: String, message: String) {
    self.code = code
    self.message = message.oneLine
  }
}
