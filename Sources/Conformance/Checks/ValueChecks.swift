internal import CAssay
internal import Contracts
internal import PluginHost
internal import Tensors

extension Check {
  /// T, continued: values and extents at the borders.
  static let valueChecks: [Check] = [
    Check(
      "T34", "answers ordinary data within the contract",
      rule: "predict: OK; the contract's domains",
      .task
    ) { probe in
      let sample = try probe.sample()
      let result = try probe.trial(sample)
      if let refusal = result.refusal {
        throw Finding(
          outcome: .fail,
          reason: "a trial on ordinary data should succeed, but \(refusal.words)",
          isDeadEnd: refusal.status == ASSAY_E_MEMORY)
      }
      if let clause = try probe.breach(result.outputs, sample) { throw Finding.fail(clause) }
      return "\(sample.outputs.map(\.name).joined(separator: ", ")) as the contract wants"
    },
    Check(
      "T35", "copes with no rows, one row, one column, one class and empty classes",
      rule: "`ndim` extents, each >= 0", .task, seconds: 60
    ) { probe in
      _ = try probe.baseline(try probe.sample())
      let contract = try probe.contract()
      let known = Set((contract.fit + contract.predict).flatMap(\.shape).map(\.description))
      let cases: [(words: String, extents: [String: Int], mustSucceed: Bool)] = [
        ("no query rows", ["Q": 0], true), ("one query row", ["Q": 1], true),
        ("one column", ["D": 1, "A": 1], false), ("one class", ["K": 1], false),
        ("more classes than rows", ["K": 20], false), ("one training row", ["N": 1], false),
        ("no training rows", ["N": 0], false), ("no validation rows", ["M": 0], false),
        ("one row of everything", ["N": 1, "M": 1, "U": 1, "Q": 1, "V": 1, "P": 1], false),
      ]
      var refused: [String] = []
      for (words, extents, mustSucceed) in cases where !known.isDisjoint(with: extents.keys) {
        let sample = try probe.sample(extents: extents)
        probe.step("a trial with \(words)")
        let result = try probe.trial(sample)
        guard let refusal = result.refusal else {
          if let clause = try probe.breach(result.outputs, sample) {
            throw Finding.fail("with \(words) the trial succeeded, but \(clause)")
          }
          continue
        }
        guard !mustSucceed else {
          throw Finding.fail("a trial with \(words) should succeed, but \(refusal.words)")
        }
        guard refusal.text != nil, refusal.status != ASSAY_E_INTERNAL else {
          throw Finding.fail(
            "a trial with \(words) should succeed or be refused with a sentence, but "
              + refusal.words)
        }
        refused.append(words)
      }
      return refused.isEmpty ? "all succeed" : "refused: \(refused.joined(separator: ", "))"
    },
    Check(
      "T38", "copes with constant, repeated, zero, huge and tiny numbers",
      rule: "the contract's domains: finite", .task, seconds: 60
    ) { probe in
      _ = try probe.baseline(try probe.sample())
      let cases: [(words: String, values: Sample.Values, isExtreme: Bool)] = [
        ("constant rows", .constant, false), ("repeated rows", .duplicated, false),
        ("zeros", .zero, false), ("numbers near 1e18", .scaled(1e18), true),
        ("numbers near 1e-18", .scaled(1e-18), true),
        ("denormal numbers", .scaled(1e-40), true),
      ]
      var extreme: [String] = []
      for (words, values, isExtreme) in cases {
        let sample = try probe.sample(values: values)
        probe.step("a trial on \(words)")
        let result = try probe.trial(sample)
        if let refusal = result.refusal {
          guard refusal.text != nil, refusal.status != ASSAY_E_INTERNAL else {
            throw Finding.fail(
              "a trial on \(words) should succeed or be refused with a sentence, but "
                + refusal.words)
          }
        } else if let clause = try probe.breach(result.outputs, sample) {
          let sentence =
            "on \(words) the outputs should be finite or the call refused with status 6 (numeric), "
            + "but \(clause)"
          guard isExtreme else { throw Finding.fail(sentence) }
          extreme.append(sentence)
        }
      }
      if let sentence = extreme.first { throw Finding.warn(sentence) }
      return "\(cases.count) kinds of numbers"
    },
  ]
}
