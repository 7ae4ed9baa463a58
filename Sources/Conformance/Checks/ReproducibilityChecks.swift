internal import CAssay
internal import Documents
internal import PluginHost
internal import Tensors

extension Check {
  /// R: the same again.
  static let reproducibilityChecks: [Check] = [
    Check(
      "R43", "gives the same bytes for the same seed", rule: "seed: the only source of randomness",
      .task,
      .compared(threads: [1, 1]) { probe, round in
        let sample = try probe.sample()
        // The second worker runs something else first, and twice.
        if round == 1 {
          _ = try probe.trial(try probe.sample(key: "other"), seed: 7)
          let first = try probe.baseline(sample)
          if let clause = difference(first, try probe.baseline(sample)) {
            throw Finding.fail(
              "two trials with one seed in one process should give the same bytes, but \(clause)")
          }
        }
        return fingerprint(try probe.baseline(sample))
      } judge: { answers in
        guard answers[0] == answers[1] else {
          throw Finding.fail(
            "one seed should give the same bytes in two processes, but the outputs differ; draw "
              + "only from run->seed, and read no clock, address or uninitialised memory")
        }
        return "the same bytes in two processes, and after other trials"
      }),
    Check(
      "R44", "depends on the seed as declared", rule: "ASSAY_METHOD_DETERMINISTIC", .task
    ) { probe in
      let isDeterministic = try probe.known().flags.contains(.deterministic)
      let sample = try probe.sample()
      var clause = try seedDifference(probe, sample, try probe.baseline(sample))
      // What leaves more to draw: classes of unlike sizes, and none of the optional inputs.
      let sparse = try probe.sample(extents: ["N": 13], requiredOnly: true)
      let answer = try probe.trial(sparse)
      if clause == nil, answer.refusal == nil {
        clause = try seedDifference(probe, sparse, answer.outputs)
      }
      if isDeterministic, let clause {
        throw Finding.fail(
          "the seed should change nothing, since ASSAY_METHOD_DETERMINISTIC is declared, but "
            + clause)
      }
      // What is given ready-made need not be learned: without it the seed may count.
      let optional = (probe.claim?.inputs ?? []).filter { !$0.isRequired }
      for input in optional where !isDeterministic && clause == nil {
        let less = sample.without { $0 == input.name }
        let answer = try probe.trial(less)
        guard answer.refusal == nil else { continue }
        clause = try seedDifference(probe, less, answer.outputs)
      }
      if !isDeterministic && clause == nil {
        throw Finding.warn(
          "four seeds give the same answers; declare ASSAY_METHOD_DETERMINISTIC if that is meant")
      }
      return isDeterministic ? "four seeds, one answer" : "another seed changes something"
    },
    Check(
      "R45", "agrees with itself on two threads", rule: "ASSAY_METHOD_USES_THREADS", .task,
      .compared(threads: [1, 2]) { probe, _ in
        guard try probe.known().flags.contains(.usesThreads) else {
          throw Finding.skip("ASSAY_METHOD_USES_THREADS is not declared")
        }
        let outputs = try probe.baseline(try probe.sample())
        return .object(outputs.mapValues { .array($0.numbers.map { JSON($0) }) })
      } judge: { answers in
        for name in (answers[0].object ?? [:]).keys.sorted() {
          let one = answers[0][name]?.array?.compactMap(\.double) ?? []
          let two = answers[1][name]?.array?.compactMap(\.double) ?? []
          let largest = (one + two).map(abs).max() ?? 0
          let isClose =
            one.count == two.count
            && zip(one, two).allSatisfy { abs($0 - $1) <= 1e-4 * largest }
          guard isClose else {
            throw Finding.fail(
              "one and two threads should agree within 1e-4, but '\(name)' differs")
          }
        }
        return "one and two threads agree within 1e-4"
      }),
  ]

  /// Where another seed gives other answers than these; nil when none does.
  private static func seedDifference(
    _ probe: Probe, _ sample: Sample, _ first: [String: Tensor]
  ) throws -> String? {
    var clause: String?
    for seed: UInt64 in [2, 3, .max] {
      let outputs = try probe.trial(sample, seed: seed).outputs
      clause = clause ?? difference(first, outputs)
    }
    return clause
  }

  /// A digest for each output.
  private static func fingerprint(_ outputs: [String: Tensor]) -> JSON {
    .object(outputs.mapValues { .string($0.digest) })
  }
}

extension Tensor {
  fileprivate var digest: String {
    withBytes { bytes in
      var hasher = Hasher256()
      hasher.update(bytes)
      return hasher.finish().description
    }
  }
}
