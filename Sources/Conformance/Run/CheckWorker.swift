internal import Documents
package import PluginHost

/// The worker's side: runs the body of one check.
package enum CheckWorker {
  /// The script that `WorkerMain` is given.
  package static let script: WorkerScript = { context in
    guard let check = Check.all.first(where: { $0.id == context.arguments["check"]?.string }) else {
      return CheckAnswer(outcome: .skip, reason: "this worker has no such check").json
    }
    let method = context.arguments["method"].flatMap(MethodDescription.init)
    let claim = context.arguments["claim"]?.int.flatMap { index in
      method?.claims.indices.contains(index) == true ? method?.claims[index] : nil
    }
    let probe = Probe(context, method: method, claim: claim)
    do {
      switch check.body {
      case .once(let body):
        return CheckAnswer(outcome: .pass, reason: try body(probe)).json
      case .compared(_, let body, _):
        let round = context.arguments["round"]?.int ?? 0
        return CheckAnswer(outcome: .pass, reason: "", evidence: try body(probe, round)).json
      }
    } catch let finding as Finding {
      return CheckAnswer(
        outcome: finding.outcome, reason: finding.reason, isDeadEnd: finding.isDeadEnd
      ).json
    } catch {
      return CheckAnswer(outcome: .skip, reason: "the check itself failed: \(error)").json
    }
  }
}

/// What a worker tells the host about a check.
struct CheckAnswer {
  var outcome: Outcome
  var reason: String
  /// What the host compares among workers.
  var evidence: JSON = .null
  /// Whether checks that build on this one would come to the same, at the same cost.
  var isDeadEnd = false

  init(outcome: Outcome, reason: String, evidence: JSON = .null, isDeadEnd: Bool = false) {
    self.outcome = outcome
    self.reason = reason
    self.evidence = evidence
    self.isDeadEnd = isDeadEnd
  }

  var json: JSON {
    [
      "outcome": .string(outcome.rawValue), "reason": .string(reason), "evidence": evidence,
      "dead_end": .bool(isDeadEnd),
    ]
  }

  init?(_ json: JSON) {
    guard let outcome = json["outcome"]?.string.flatMap(Outcome.init(rawValue:)),
      let reason = json["reason"]?.string
    else { return nil }
    self.init(
      outcome: outcome, reason: reason, evidence: json["evidence"] ?? .null,
      isDeadEnd: json["dead_end"] == .bool(true))
  }
}
