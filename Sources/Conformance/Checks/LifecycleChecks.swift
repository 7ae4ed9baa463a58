internal import CAssay
internal import PluginHost

extension Check {
  /// C: the order of calls, several instances, growth.
  static let lifecycleChecks: [Check] = [
    Check(
      "C20", "leaves nothing behind after 1000 instances", rule: "destroy: Frees the instance",
      .method, seconds: 60
    ) { probe in
      let config = try probe.defaultConfig()
      func round(_ count: Int) throws {
        for _ in 0..<count {
          let instance = try Instance(probe)
          let answer = instance.create(config)
          guard answer.isOK else {
            throw Finding.fail("create should succeed every time, but \(answer.words)")
          }
          instance.destroy()
        }
      }
      return try checkGrowth("create and destroy", probe, warmUp: 200, count: 1000, round)
    },
    Check(
      "C53", "leaves nothing behind after 40 trials", rule: "destroy: Frees the instance", .task,
      seconds: 60
    ) { probe in
      let sample = try probe.sample()
      return try checkGrowth("create, fit, predict, destroy", probe, warmUp: 10, count: 40) {
        for _ in 0..<$0 { _ = try probe.baseline(sample) }
      }
    },
    Check(
      "C21", "keeps two instances apart", rule: "[thread: one] calls on one instance", .task
    ) { probe in
      let (first, second) = (try probe.sample(key: "first"), try probe.sample(key: "second"))
      let alone = (try probe.baseline(first), try probe.baseline(second))
      let one = try Instance(probe)
      let other = try Instance(probe)
      let config = try probe.defaultConfig()
      _ = (one.create(config), other.create(config))
      if try probe.needsFit(first) {
        _ = (try one.fit(first.fit), try other.fit(second.fit, naming: "fit of a second instance"))
      }
      let together = (
        try probe.predict(one, first, naming: "predict of the first of two instances"),
        try probe.predict(other, second, naming: "predict of the second of two instances")
      )
      one.destroy()
      other.destroy()
      if let clause = difference(alone.0, together.0) ?? difference(alone.1, together.1) {
        throw Finding.fail(
          "two instances whose calls alternate should answer as each does alone, but \(clause); "
            + "keep no state outside the instance")
      }
      return "interleaved equals separate"
    },
    Check(
      "C22", "can be destroyed in any state", rule: "any state --destroy--> gone", .task
    ) { probe in
      let fresh = try Instance(probe)
      guard fresh.create(try probe.defaultConfig()).isOK else {
        throw Finding.skip("create fails, see T34")
      }
      fresh.destroy()
      let sample = try probe.sample()
      let failed = try Instance(probe)
      _ = failed.create(try probe.defaultConfig())
      _ = try failed.fit([], naming: "fit without inputs")
      failed.destroy()
      try probe.fitted(sample).destroy()
      return "destroyed after create, after a failed fit, after fit"
    },
    Check(
      "C23", "refuses predict before fit with status 5",
      rule: "`predict` before `fit` returns ASSAY_E_STATE", .task
    ) { probe in
      guard try probe.known().flags.contains(.needsFit) else {
        throw Finding.skip("ASSAY_METHOD_NEEDS_FIT is not declared, so predict is legal at once")
      }
      let sample = try probe.sample()
      let instance = try Instance(probe)
      guard instance.create(try probe.defaultConfig()).isOK else {
        throw Finding.skip("create fails, see T34")
      }
      let answer = try instance.predict(
        sample.query, sample.outputs, naming: "predict before fit"
      ).answer
      instance.destroy()
      guard answer.status == ASSAY_E_STATE else {
        throw Finding.fail("predict before fit should return status 5 (state), but \(answer.words)")
      }
      return "status 5"
    },
    Check(
      "C24", "forgets the first fit at the second",
      rule: "a second fit replaces the first", .task
    ) { probe in
      let (first, second) = (try probe.sample(key: "first"), try probe.sample(key: "second"))
      guard try probe.needsFit(second) else { throw Finding.skip("the method has no fit inputs") }
      let fresh = try probe.baseline(second)
      let instance = try probe.fitted(first)
      let answer = try instance.fit(second.fit, naming: "fit for the second time")
      guard answer.isOK else {
        throw Finding.fail("a second fit should replace the first, but \(answer.words)")
      }
      let outputs = try probe.predict(instance, second)
      instance.destroy()
      if let clause = difference(fresh, outputs) {
        throw Finding.fail(
          "after a second fit the answers should be those of a fresh instance, but \(clause)")
      }
      return "equals a fresh instance"
    },
    Check(
      "C25", "knows no ability that does not exist",
      rule: "An optional ability by id; NULL when unknown", .method
    ) { probe in
      // The last has the spelling of a known id in front, as a reader of C strings would see it.
      let ids = [
        "", "assay.check.unknown/1", "assay.state/1 and trailing garbage", "assay.state/1\0/2",
      ]
      let table = try probe.table()
      let instance = try Instance(probe)
      guard instance.create(try probe.defaultConfig()).isOK else {
        throw Finding.skip("create fails, see T34")
      }
      defer { instance.destroy() }
      let frame = CallFrame(Lending())
      var asked = 0
      for id in ids {
        if let get = table.pointee.get_extension {
          probe.step("the library's get_extension('\(id)')")
          asked += 1
          guard get(frame.string(id)) == nil else {
            throw Finding.fail("the library's get_extension('\(id)') should be NULL, but is not")
          }
        }
        guard let found = instance.hasExtension(id) else { continue }
        asked += 1
        guard !found else {
          throw Finding.fail(
            "get_extension('\(id)') should be NULL, but is not; compare `len` bytes, no prefix")
        }
      }
      return asked == 0 ? "get_extension is NULL itself" : "\(asked) unknown ids, all NULL"
    },
    Check(
      "C26", "works with tables of a newer minor",
      rule: "read no member beyond the `struct_size` that you were given", .task
    ) { probe in
      let sample = try probe.sample()
      let plain = try probe.baseline(sample)
      let host = ProbeHost(.init(trailingBytes: 256))
      let result = try probe.trial(sample, host: host)
      if let refusal = result.refusal {
        throw Finding.fail(
          "tables with 256 more bytes, as a newer host has them, should be accepted, but "
            + refusal.words)
      }
      if let clause = difference(plain, result.outputs) {
        throw Finding.fail("larger tables should change nothing, but \(clause)")
      }
      return "256 unknown bytes behind each table"
    },
    Check(
      "C27", "works on a host without extensions",
      rule: "get_extension: An optional service by id; NULL when unknown", .task
    ) { probe in
      let host = ProbeHost()
      let sample = try probe.sample()
      let result = try probe.trial(sample, host: host)
      let asked = Set(host.record.extensions).sorted()
      if let refusal = result.refusal, !asked.isEmpty {
        throw Finding.fail(
          "a host may lack \(asked.joined(separator: ", ")), whose pointer is then NULL, and the "
            + "method should go on without, but \(refusal.words)")
      }
      _ = try probe.baseline(sample)
      return asked.isEmpty
        ? "asks for none" : "asked for \(asked.joined(separator: ", ")), went on without"
    },
    Check(
      "C54", "keeps nothing that was lent for one call", rule: "[lifetime: call]", .task
    ) { probe in
      let sample = try probe.sample()
      let plain = try probe.baseline(sample)
      probe.lending.expires = true
      let result = try probe.trial(sample)
      if let refusal = result.refusal {
        throw Finding.fail(
          "inputs, names and config that vanish after each call should not matter, but "
            + refusal.words)
      }
      if let clause = difference(plain, result.outputs) {
        throw Finding.fail(
          "inputs, names and config that vanish after each call should not matter, but \(clause); "
            + "copy what you keep")
      }
      return "inputs, names, config and run taken away after each call"
    },
  ]

  /// Runs `body` for a warm-up, then `count` times, and compares what the process holds.
  ///
  /// Memory that grew is looked at over as many more: what a leak does again, an allocator that settles
  /// does not.
  private static func checkGrowth(
    _ what: String, _ probe: Probe, warmUp: Int, count: Int, _ body: (Int) throws -> Void
  ) throws -> String {
    try body(warmUp)
    let threads = ProcessGauge.threadCount
    let descriptors = ProcessGauge.descriptorCount
    // Less than 128 bytes each may be the allocator's own unrest.
    let allowed = 128 * count + 64 << 10
    func growth() throws -> Int {
      let bytes = ProcessGauge.privateBytes
      try body(count)
      return ProcessGauge.privateBytes - bytes
    }
    var grownBytes = try growth()
    if grownBytes > allowed { grownBytes = try growth() }
    let grown = [
      ("threads", ProcessGauge.threadCount - threads),
      ("open files", ProcessGauge.descriptorCount - descriptors),
    ].first { $0.1 > 0 }
    if let (name, number) = grown {
      throw Finding.fail(
        "\(what), \(count) times, should leave nothing behind, but left \(number) \(name)")
    }
    let kilobytes = grownBytes / 1024
    guard grownBytes <= allowed else {
      throw Finding.fail(
        "\(what), \(count) times, should leave nothing behind, but memory grew by "
          + "\(kilobytes) KB, \(grownBytes / count) bytes each time")
    }
    return "\(count) times, \(max(kilobytes, 0)) KB more"
  }
}
