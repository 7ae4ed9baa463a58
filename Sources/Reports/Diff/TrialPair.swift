internal import Documents
internal import Evaluation
internal import PluginHost

/// The same trial in two reports; at least one side is there.
struct TrialPair {
  var baseline: TrialRecord?
  var candidate: TrialRecord?

  /// The side that names the row.
  var name: TrialRecord {
    guard let trial = candidate ?? baseline else {
      preconditionFailure("a pair has at least one trial")
    }
    return trial
  }

  /// Both sides, when both have a result.
  var results: (baseline: TrialRecord, candidate: TrialRecord)? {
    guard let baseline, let candidate, baseline.status == .ok, candidate.status == .ok else {
      return nil
    }
    return (baseline, candidate)
  }

  /// Joins the trials of two reports: by key, then what is left by name.
  ///
  /// The second pass finds trials whose key changed because their suite, data or config did, so that
  /// the diff can say so instead of calling one missing and one new.
  static func join(_ baseline: [TrialRecord], _ candidate: [TrialRecord]) -> [TrialPair] {
    let (pairs, oldRest, newRest) = match(baseline, candidate) { [$0.key.description] }
    let (named, missing, new) = match(oldRest, newRest) {
      [
        $0.suite, $0.dataset, JSON.object($0.setting).canonicalText, $0.label, String($0.seed),
      ]
    }
    let all =
      pairs + named + missing.map { TrialPair(baseline: $0) } + new.map { TrialPair(candidate: $0) }
    return all.sorted { TrialOrder.precedes($0.name, $1.name) }
  }

  /// Pairs trials of equal names in the order given, and what finds no partner.
  private static func match(
    _ baseline: [TrialRecord], _ candidate: [TrialRecord], by name: (TrialRecord) -> [String]
  ) -> (pairs: [TrialPair], baselineRest: [TrialRecord], candidateRest: [TrialRecord]) {
    var waiting = Dictionary(grouping: candidate.indices) { name(candidate[$0]) }
    var taken: Set<Int> = []
    var pairs: [TrialPair] = []
    var rest: [TrialRecord] = []
    for trial in baseline {
      let partners = waiting[name(trial)] ?? []
      guard let first = partners.first else {
        rest.append(trial)
        continue
      }
      waiting[name(trial)] = Array(partners.dropFirst())
      taken.insert(first)
      pairs.append(TrialPair(baseline: trial, candidate: candidate[first]))
    }
    let open = candidate.indices.filter { !taken.contains($0) }.map { candidate[$0] }
    return (pairs, rest, open)
  }

  /// What the pair is, before any metric is looked at; nil when it has two results to compare.
  var plainVerdict: (verdict: Verdict, reason: String)? {
    guard let baseline else { return (.new, "the baseline has no such trial") }
    guard let candidate else { return (.missing, "the candidate has no such trial") }
    if let obstacle { return (.incomparable, obstacle) }
    switch (baseline.status, candidate.status) {
    case (.ok, .ok): return nil
    case (.ok, _):
      return (.newlyFailing, "\(candidate.status.rawValue): \(candidate.failure?.message ?? "")")
    case (_, .ok): return (.fixed, "was \(baseline.status.rawValue)")
    case (.unsupported, .unsupported): return (.noResult, "unsupported in both")
    case (.unsupported, _):
      return (.newlyFailing, "\(candidate.status.rawValue): \(candidate.failure?.message ?? "")")
    default:
      return (
        .noResult,
        "\(baseline.status.rawValue) in the baseline, \(candidate.status.rawValue) in the candidate"
      )
    }
  }

  /// Why the two sides do not measure the same thing, naming each difference; nil when they do.
  private var obstacle: String? {
    guard let baseline, let candidate else { return nil }
    var reasons: [String] = []
    func compare(_ what: String, _ old: String, _ new: String) {
      if old != new { reasons.append("\(what) changed from \(old) to \(new)") }
    }
    compare("the suite", baseline.suiteDigest.short, candidate.suiteDigest.short)
    compare("the dataset", baseline.datasetDigest.short, candidate.datasetDigest.short)
    compare("the contract", baseline.contract, candidate.contract)
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// What else differs and may explain a change.
  var notes: [String] {
    guard let baseline, let candidate else { return [] }
    guard baseline.method == candidate.method else {
      return ["method \(baseline.method) -> \(candidate.method)"]
    }
    var notes: [String] = []
    if baseline.methodVersion != candidate.methodVersion {
      notes.append("version \(baseline.methodVersion) -> \(candidate.methodVersion)")
    } else if baseline.pluginDigest != candidate.pluginDigest {
      notes.append("another build of version \(candidate.methodVersion)")
    }
    if baseline.config != candidate.config {
      let keys = changedKeys(baseline.config, candidate.config)
      notes.append("config differs: \(keys.joined(separator: ", "))")
    }
    if baseline.selection != candidate.selection {
      notes.append(
        "selection \(baseline.selection.rawValue) -> \(candidate.selection.rawValue)")
    }
    return notes
  }

  private func changedKeys(_ old: JSON, _ new: JSON) -> [String] {
    let keys = Set((old.object ?? [:]).keys).union((new.object ?? [:]).keys)
    return keys.sorted().filter { old[$0] != new[$0] }
  }
}
