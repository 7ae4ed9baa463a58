internal import CAssay
internal import Contracts
internal import Documents
internal import Metrics
internal import PluginHost

extension Check {
  /// D: what the tables say.
  static let descriptorChecks: [Check] = [
    Check(
      "D14", "declares plausible sizes of its tables",
      rule: "assay_library, assay_method: struct_size", .library
    ) { probe in
      let table = try probe.table()
      try checkSize("assay_library", table.pointee.struct_size, MemoryLayout<assay_library>.size)
      guard table.pointee.method_count > 0 else {
        throw Finding.fail("method_count should be at least 1, but is 0")
      }
      for (index, method) in try probe.methods().enumerated() {
        try checkSize(
          "assay_method \(index)", method.pointee.struct_size, MemoryLayout<assay_method>.size)
      }
      return "\(table.pointee.method_count) methods"
    },
    Check(
      "D15", "names its methods well",
      rule: "lower case letters, digits, '-' and '.'; unique within the library", .library
    ) { probe in
      var seen: Set<String> = []
      for method in try probe.methods() {
        let id = String(plugin: method.pointee.id) ?? ""
        let isWellFormed =
          !id.isEmpty
          && id.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
          }
        guard isWellFormed else {
          throw Finding.fail(
            "the id '\(id)' should be lower case letters, digits, '-' and '.' only")
        }
        guard seen.insert(id).inserted else {
          throw Finding.fail("the id '\(id)' should stand once, but two methods have it")
        }
        let version = String(plugin: method.pointee.version) ?? ""
        guard isSemantic(version) else {
          throw Finding.fail(
            "the version of '\(id)' should be semantic, such as 1.2.0, but is '\(version)'")
        }
      }
      return seen.sorted().joined(separator: ", ")
    },
    Check(
      "D16", "writes all its texts in UTF-8", rule: "assay_str: UTF-8, `len` bytes", .library
    ) { probe in
      var empty: [String] = []
      for (index, method) in try probe.methods().enumerated() {
        let texts = [
          ("id", method.pointee.id), ("version", method.pointee.version),
          ("summary", method.pointee.summary), ("license", method.pointee.license),
          ("references", method.pointee.references),
          ("config_schema", method.pointee.config_schema),
        ]
        for (name, text) in texts {
          guard let words = String(plugin: text) else {
            throw Finding.fail(
              "\(name) of method \(index) should be UTF-8 of its stated length, but is not")
          }
          guard !words.utf8.contains(0) else {
            throw Finding.fail("\(name) of method \(index) holds a NUL; `len` counts no terminator")
          }
          if words.isEmpty && (name == "summary" || name == "license") { empty.append(name) }
        }
      }
      guard empty.isEmpty else {
        throw Finding.warn("\(empty.joined(separator: " and ")) should not be empty")
      }
      return "all texts are UTF-8"
    },
    Check(
      "D17", "has a config schema with a default for each property",
      rule: "JSON Schema of the config object, with a default for each property", .method
    ) { probe in
      let method = try probe.known()
      let schema: JSONSchema
      do {
        schema = try JSONSchema(method.configSchema, name: "config_schema")
      } catch {
        throw Finding.fail("config_schema should be a JSON Schema: \(error)")
      }
      let properties = method.configSchema["properties"]?.object ?? [:]
      let bare = properties.keys.filter { properties[$0]?["default"] == nil }.sorted()
      guard bare.isEmpty else {
        throw Finding.fail(
          "every property should have a default, but \(bare.joined(separator: ", ")) has none")
      }
      let problems = schema.validate(schema.completing([:]))
      guard problems.isEmpty else {
        throw Finding.fail("the defaults should be valid together, but \(problems[0])")
      }
      guard method.configSchema["type"]?.string == "object",
        method.configSchema["additionalProperties"]?.bool == false
      else {
        throw Finding.warn(
          "config_schema should say \"type\": \"object\" and \"additionalProperties\": false, so "
            + "that a mistyped key is found")
      }
      return "\(properties.count) properties"
    },
    Check(
      "D18", "claims tasks and inputs that exist", rule: "assay_claim", .method
    ) { probe in
      let method = try probe.known()
      guard !method.claims.isEmpty else {
        throw Finding.fail("a method should claim a task, but '\(method.id)' claims none")
      }
      for claim in method.claims {
        guard let contract = Contract.named(claim.task) else {
          let tasks = Contract.all.map(\.task)
          let hint = nearestName(to: claim.task, in: tasks).map { "; did you mean '\($0)'?" } ?? ""
          throw Finding.fail(
            "the task '\(claim.task)' is not known; there are \(tasks.joined(separator: ", "))"
              + hint)
        }
        guard claim.version.major == contract.version.major,
          claim.version.minor <= contract.version.minor
        else {
          throw Finding.fail(
            "'\(claim.task)' is claimed in version \(claim.version), where this host has "
              + "\(contract.version)")
        }
        try checkInputs(claim, contract)
      }
      return method.claims.map { "\($0.task) \($0.version)" }.joined(separator: ", ")
    },
    Check(
      "D19", "has flags that fit its functions and inputs", rule: "ASSAY_METHOD_*", .library
    ) { probe in
      for method in try probe.methods() {
        let id = String(plugin: method.pointee.id) ?? "?"
        // Swift sees the members as never NULL, so their bits are looked at.
        let calls = UnsafeRawPointer(method)
        let members = [("create", 120), ("destroy", 128), ("fit", 136), ("predict", 144)]
        for (name, offset) in members
        where calls.load(fromByteOffset: offset, as: UInt.self) == 0 {
          throw Finding.fail("\(name) of '\(id)' should be a function, but is NULL")
        }
        let unknown = method.pointee.flags & ~31
        guard unknown == 0 else {
          throw Finding.fail(
            "flags of '\(id)' holds bits that assay.h does not define: 0x"
              + String(unknown, radix: 16))
        }
      }
      return "all functions are there, all flags are known"
    },
  ]

  private static func checkSize(_ name: String, _ found: UInt32, _ least: Int) throws {
    guard (UInt32(least)...4096).contains(found) else {
      throw Finding.fail(
        "struct_size of \(name) should be sizeof of what was compiled, at least \(least), but is "
          + "\(found)")
    }
  }

  private static func checkInputs(_ claim: Claim, _ contract: Contract) throws {
    let specs = contract.fit + contract.predict
    var seen: Set<String> = []
    for input in claim.inputs {
      let spec =
        specs.first { $0.name == input.name } ?? Contract.spec(named: input.name, in: specs)
      let isGroup =
        input.name.hasSuffix(".*") && specs.contains { $0.name.hasPrefix(input.name.dropLast()) }
      guard spec != nil || isGroup else {
        let hint = nearestName(to: input.name, in: specs.map(\.name))
        throw Finding.fail(
          "'\(claim.task)' has no input '\(input.name)'"
            + (hint.map { "; did you mean '\($0)'?" } ?? ""))
      }
      guard seen.insert(input.name).inserted else {
        throw Finding.fail("'\(input.name)' should be listed once in the claim of '\(claim.task)'")
      }
    }
  }

  private static func isSemantic(_ version: String) -> Bool {
    let core = version.prefix { $0 != "-" && $0 != "+" }
    let parts = core.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 3
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
          && (part == "0" || part.first != "0")
      }
  }
}
