internal import CAssay
internal import Documents
internal import PluginHost
internal import Random

extension Check {
  /// G: the config, with cases derived from the method's own schema.
  ///
  /// Only configs that pass the schema are tried: the header promises that `create` sees no other.
  static let configChecks: [Check] = [
    Check(
      "G29", "accepts the ends of each range",
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
      return "\(cases.borders.count) values at the ends of ranges, and choices"
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
      let isOfData = refusal.status == ASSAY_E_CONFIG && refusal.call != "create"
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
}
