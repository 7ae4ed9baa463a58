internal import CAssay
internal import Contracts
internal import PluginHost
internal import Tensors

extension Check {
  /// T: tensors, as they are lent and as they are looked up.
  static let tensorChecks: [Check] = [
    Check(
      "T32", "writes to no input", rule: "inputs are mapped read-only: a write is a crash", .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      probe.lending.isReadOnly = true
      let result = try probe.trial(sample)
      if let refusal = result.refusal {
        throw Finding.fail("a trial on read-only inputs should succeed, but \(refusal.words)")
      }
      return "\(sample.fit.count + sample.query.count) inputs on read-only pages"
    },
    Check(
      "T33", "writes every element of its outputs and nothing around them",
      rule: "filled with a canary: every element has to be written", .task
    ) { probe in
      for rows in [1, 6, 1024] {
        let sample = try probe.sample(extents: ["Q": rows])
        _ = try probe.baseline(sample)
        probe.lending.isGuarded = true
        let result = try probe.trial(sample)
        probe.lending.isGuarded = false
        if let refusal = result.refusal {
          throw Finding.fail("a trial on \(rows) rows should succeed, but \(refusal.words)")
        }
        if let complaint = result.complaints.first {
          throw Finding.fail(
            "every element of every output should be written and nothing else, but \(complaint)")
        }
      }
      return "1, 6 and 1024 rows between guard pages"
    },
    Check(
      "T37", "refuses another dtype with status 4",
      rule: "ASSAY_E_CONTRACT: has a dtype or shape not allowed", .task
    ) { probe in
      var refused = 0
      try eachChange(probe) { input in
        let other: DType = [.f32: .f64, .u8: .i32][input.tensor.dtype] ?? .u8
        guard input.tensor.count > 0 else { return nil }
        let zeros = Tensor(dtype: other, shape: input.tensor.shape) { _ in }
        return (NamedTensor(name: input.name, tensor: zeros), "as \(other.rawValue)")
      } judge: { words, answer, _ in
        refused += 1
        guard let answer, answer.status == ASSAY_E_CONTRACT else {
          throw Finding.fail(
            "\(words) should give status 4 (contract), but "
              + (answer?.words ?? "the trial succeeded"))
        }
      }
      return "\(refused) inputs, each with a wrong dtype"
    },
    Check(
      "T39", "ignores inputs that it does not know",
      rule: "look them up by name and ignore unknown ones", .task
    ) { probe in
      let sample = try probe.sample()
      let plain = try probe.baseline(sample)
      var more = sample
      let extra = NamedTensor(
        name: "assay.check.unknown", tensor: Tensor([Float(1), 2, 3], shape: [3]))
      more.fit.insert(extra, at: 0)
      more.query.insert(extra, at: 0)
      let result = try probe.trial(more)
      if let refusal = result.refusal {
        throw Finding.fail("an unknown input should be ignored, but \(refusal.words)")
      }
      if let clause = difference(plain, result.outputs) {
        throw Finding.fail("an unknown input should be ignored, but \(clause)")
      }
      return "an unknown tensor in front changes nothing"
    },
    Check(
      "T55", "finds its inputs by name, not by place", rule: "look them up by name", .task
    ) { probe in
      let sample = try probe.sample()
      let plain = try probe.baseline(sample)
      var turned = sample
      turned.fit.reverse()
      turned.query.reverse()
      let result = try probe.trial(turned)
      if let refusal = result.refusal {
        throw Finding.fail("inputs in reverse order should not matter, but \(refusal.words)")
      }
      if let clause = difference(plain, result.outputs) {
        throw Finding.fail("inputs in reverse order should not matter, but \(clause)")
      }
      return "reverse order changes nothing"
    },
    Check(
      "T56", "does without its optional inputs or says that it cannot",
      rule: "ASSAY_INPUT_OPTIONAL", .task
    ) { probe in
      guard let claim = probe.claim else { throw Finding.skip("no known task") }
      let optional = claim.inputs.filter { !$0.isRequired }.map(\.name)
      guard !optional.isEmpty else { throw Finding.skip("the claim has no optional input") }
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      var cases = optional.map { name in
        (
          name,
          sample.without {
            $0 == name
              || ($0.split(separator: ".").first == name.split(separator: ".").first
                && $0.hasSuffix(".labels") && name.hasSuffix(".features"))
          }
        )
      }
      cases.append(("every optional input", sample.without { optional.contains($0) }))
      var refused: [String] = []
      for (name, less) in cases {
        let result = try probe.trial(less)
        guard let refusal = result.refusal else {
          if let clause = try probe.breach(result.outputs, less) {
            throw Finding.fail("without \(name) the trial succeeded, but \(clause)")
          }
          continue
        }
        let isHonest = [ASSAY_E_UNSUPPORTED, ASSAY_E_CONTRACT].contains(refusal.status)
        guard isHonest, refusal.text != nil else {
          throw Finding.fail(
            "without \(name), which is optional, the trial should succeed or be refused with "
              + "status 2 or 4 and a sentence, but \(refusal.words)")
        }
        refused.append(name)
      }
      return refused.isEmpty
        ? "\(cases.count) cases succeed" : "refused without \(refused.joined(separator: ", "))"
    },
    Check(
      "T57", "misses a required input with status 4",
      rule: "ASSAY_E_CONTRACT: a required tensor is missing", .task
    ) { probe in
      guard let claim = probe.claim else { throw Finding.skip("no known task") }
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      let required = claim.inputs.filter(\.isRequired).map(\.name)
      // What is left may be enough by another claim of the same task.
      let others = try probe.known().claims.filter { $0.task == claim.task }
      let needed = required.filter { name in
        let left = Set(claim.inputs.map(\.name)).subtracting([name])
        return !others.contains {
          $0.inputs.filter(\.isRequired).allSatisfy { left.contains($0.name) }
        }
      }
      for name in needed {
        let result = try probe.trial(sample.without { $0 == name })
        guard let refusal = result.refusal, refusal.status == ASSAY_E_CONTRACT else {
          throw Finding.fail(
            "without '\(name)', which the claim requires, the call should return status 4 "
              + "(contract), but " + (result.refusal?.words ?? "the trial succeeded")
              + "; mark it optional, or refuse")
        }
      }
      return "\(needed.count) inputs, each missing once"
    },
    Check(
      "T58", "refuses tensors whose extents disagree",
      rule: "ASSAY_E_CONTRACT: has a dtype or shape not allowed", .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      let symbols = Set(
        try probe.contract().predict.flatMap(\.shape).compactMap { dimension -> String? in
          guard case .symbol(let symbol) = dimension else { return nil }
          return symbol
        })
      let shared = symbols.filter { symbol in
        sample.symbols[symbol] != nil && probe.fitSymbols.contains(symbol)
      }.sorted()
      guard let symbol = shared.first else {
        throw Finding.skip("no extent is shared by fit and predict")
      }
      let wide = try probe.sample(extents: [symbol: (sample.symbols[symbol] ?? 0) + 3])
      let instance = try probe.fitted(sample)
      let answer = try instance.predict(
        wide.query, wide.outputs, naming: "predict with another \(symbol) than fit"
      ).answer
      instance.destroy()
      guard answer.status == ASSAY_E_CONTRACT else {
        throw Finding.fail(
          "predict with another \(symbol) than fit should return status 4 (contract), but "
            + answer.words)
      }
      return "another \(symbol) than in fit gives status 4"
    },
  ]

  /// Changes one required input after another and judges the first answer that is not OK.
  private static func eachChange(
    _ probe: Probe, change: (NamedTensor) -> (NamedTensor, String)?,
    judge: (String, Answer?, [String: Tensor]) throws -> Void
  ) throws {
    // Alone, since another input may take the place of one that this claim requires.
    let sample = try probe.sample(requiredOnly: true)
    _ = try probe.baseline(sample)
    let required = Set((probe.claim?.inputs ?? []).filter(\.isRequired).map(\.name))
    for input in sample.fit + sample.query where required.contains(input.name) {
      guard let (changed, words) = change(input) else { continue }
      var other = sample
      other.fit = other.fit.map { $0.name == input.name ? changed : $0 }
      other.query = other.query.map { $0.name == input.name ? changed : $0 }
      let result = try probe.trial(other)
      try judge("'\(input.name)' \(words)", result.refusal, result.outputs)
    }
  }
}

extension Sample {
  /// The same trial without some inputs.
  func without(_ isGone: (String) -> Bool) -> Sample {
    var less = self
    less.fit.removeAll { isGone($0.name) }
    less.query.removeAll { isGone($0.name) }
    return less
  }
}

extension Probe {
  /// The symbols in the fit inputs that the claim lists.
  fileprivate var fitSymbols: Set<String> {
    let names = claim?.inputs.map(\.name) ?? []
    let specs = ((try? contract().fit) ?? []).filter { names.contains($0.name) }
    return Set(
      specs.flatMap(\.shape).compactMap { dimension in
        guard case .symbol(let symbol) = dimension else { return nil }
        return symbol
      })
  }
}
