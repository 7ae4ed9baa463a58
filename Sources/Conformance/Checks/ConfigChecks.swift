internal import CAssay
internal import Documents
internal import Numerics
internal import PluginHost

extension Check {
  /// G: the config, with cases derived from the method's own schema.
  static let configChecks: [Check] = [
    Check(
      "G28", "takes an empty config as its defaults or refuses it",
      rule: "complete: every default is filled in", .task
    ) { probe in
      let sample = try probe.sample()
      let plain = try probe.baseline(sample)
      let result = try probe.trial(sample, config: [:])
      if let refusal = result.refusal {
        guard refusal.call == "create", refusal.status == ASSAY_E_CONFIG else {
          throw Finding.fail(
            "create with {} should use the defaults or return status 3 (config), but "
              + refusal.words)
        }
        return "status 3: the method relies on the host for its defaults"
      }
      if let clause = difference(plain, result.outputs) {
        throw Finding.fail(
          "{} should mean the defaults of config_schema, but gives other answers: \(clause); "
            + "the schema and the code disagree on a default")
      }
      return "equals the defaults of the schema"
    },
    Check(
      "G29", "accepts the ends of each range and refuses what lies outside",
      rule: "create: a canonical JSON object that passed `config_schema`", .task, seconds: 240
    ) { probe in
      let sample = try probe.sample(extents: small)
      _ = try probe.baseline(sample)
      let cases = ConfigCases(try probe.known().configSchema)
      guard !cases.isEmpty else { throw Finding.skip("the method has no config") }
      for item in cases.borders {
        probe.step("a trial with \(item.words)")
        try checkAccepted(item.words, try probe.config(with: item), sample, probe)
      }
      for item in cases.outside {
        let answer = try probe.create(try probe.config(with: item))
        guard answer.status == ASSAY_E_CONFIG else {
          throw Finding.fail(
            "create with \(item.words), outside the schema, should return status 3 (config), but "
              + answer.words)
        }
      }
      return "\(cases.borders.count) values at the ends, \(cases.outside.count) outside"
    },
    Check(
      "G30", "refuses configs that are not its own", rule: "ASSAY_E_CONFIG", .method
    ) { probe in
      let schema = try probe.known().configSchema
      for item in ConfigCases(schema).wrongTypes {
        let answer = try probe.create(try probe.config(with: item))
        guard answer.status == ASSAY_E_CONFIG else {
          throw Finding.fail(
            "create with \(item.words), of a wrong type, should return status 3 (config), but "
              + answer.words)
        }
      }
      let defaults = try probe.defaultConfig()
      var unknown = defaults.object ?? [:]
      unknown["assay_check_unknown"] = 1
      let texts: [(words: String, bytes: [UInt8])] = [
        ("an unknown key", Array(JSON.object(unknown).canonicalText.utf8)),
        ("an array", Array("[]".utf8)),
        ("no bytes at all", []),
        ("half an object", Array(defaults.canonicalText.utf8.dropLast())),
        ("bytes that are not UTF-8", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]),
        (
          "2000 nested arrays",
          Array("{\"a\":".utf8) + [UInt8](repeating: 0x5B, count: 2000)
        ),
      ]
      var accepted: [String] = []
      for (words, bytes) in texts {
        let instance = try Instance(probe)
        let answer = instance.create(bytes)
        instance.destroy()
        if answer.isOK {
          accepted.append(words)
        } else if answer.status != ASSAY_E_CONFIG {
          throw Finding.fail(
            "create with \(words) for a config should return status 3 (config), but "
              + answer.words)
        }
      }
      guard accepted.isEmpty else {
        throw Finding.warn(
          "create with \(accepted.joined(separator: ", or with ")) for a config should return "
            + "status 3 (config), but succeeded; this host refuses it first, others may not")
      }
      return "status 3 each time"
    },
    Check(
      "G31", "works with 50 random valid configs",
      rule: "create: a canonical JSON object that passed `config_schema`", .task, seconds: 240
    ) { probe in
      let sample = try probe.sample(extents: small)
      _ = try probe.baseline(sample)
      let cases = ConfigCases(try probe.known().configSchema)
      guard !cases.isEmpty else { throw Finding.skip("the method has no config") }
      let schema = try JSONSchema(probe.known().configSchema)
      var random = Philox(key: Philox.key("assay-check", "configs"))
      var count = 0
      for _ in 0..<50 {
        let config = schema.completing(.object(cases.random(&random)))
        guard schema.validate(config).isEmpty else { continue }
        count += 1
        try checkAccepted(config.canonicalText, config, sample, probe)
      }
      return "\(count) configs, seed fixed"
    },
  ]

  /// Many configs are tried, and some make a method work hard.
  private static let small = ["N": 6, "M": 3, "D": 2]

  /// A valid config gives a trial that is well, or refused as impossible with one of the statuses
  /// that are about the numbers.
  private static func checkAccepted(
    _ words: String, _ config: JSON, _ sample: Sample, _ probe: Probe
  ) throws {
    let result = try probe.trial(sample, config: config)
    if let refusal = result.refusal {
      // A value that only the data rule out is an error of the config that fit alone can see.
      let isOfData = try refusal.status == ASSAY_E_CONFIG && probe.create(config).isOK
      let isHonest =
        isOfData
        || [ASSAY_E_UNSUPPORTED, ASSAY_E_NUMERIC, ASSAY_E_MEMORY].contains(refusal.status)
      guard isHonest, refusal.text != nil else {
        throw Finding.fail("\(words) is allowed by the schema, but \(refusal.words)")
      }
    } else if let clause = try probe.breach(result.outputs, sample) {
      throw Finding.fail("\(words) is allowed by the schema, but \(clause)")
    }
  }
}

extension Probe {
  /// The defaults with one property changed.
  fileprivate func config(with item: ConfigCase) throws -> JSON {
    var config = try defaultConfig().object ?? [:]
    config[item.property] = item.value
    return .object(config)
  }

  /// Makes and destroys an instance.
  fileprivate func create(_ config: JSON) throws -> Answer {
    let instance = try Instance(self)
    let answer = instance.create(config)
    instance.destroy()
    return answer
  }
}
