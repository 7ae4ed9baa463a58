package import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost

extension ReportDiff {
  /// The diff as a JSON object of schema `assay.diff/1`.
  package var json: JSON {
    [
      "schema": .string(ReportDiff.schema), "alpha": JSON(options.alpha),
      "resamples": JSON(resamples),
      "family": ["size": JSON(familySize), "adjustment": "holm"],
      "metrics": .array(metrics.map(\.json)),
      "rows": .array(rows.map { $0.json(alpha: options.alpha) }),
      "gates": .array(gates.map(\.json)),
      "summary": .object(
        Dictionary(
          uniqueKeysWithValues: summary.map { ($0.key.rawValue, JSON($0.value)) })),
      "cost_obstacle": JSON(costObstacle),
      "load_failures": .array(
        loadFailures.map { ["plugin": .string($0.place), "text": .string($0.text)] }),
      "exit_code": JSON(Int(exitCode.rawValue)),
      "exit_codes": .array(exitCodes.map { JSON(Int($0.rawValue)) }),
    ]
  }

  /// The number of trials by verdict, for every verdict.
  package var summary: [Verdict: Int] {
    var counts = Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0, 0) })
    for row in trialRows { counts[row.verdict, default: 0] += 1 }
    return counts
  }
}

extension DiffRow {
  fileprivate func json(alpha: Double) -> JSON {
    var members: [String: JSON] = [
      "suite": .string(key.suite), "dataset": .string(key.dataset),
      "setting": .object(key.setting), "label": .string(key.label),
      "seeds": .array(seeds.map { JSON($0) }), "pooled": .bool(isPooled),
      "verdict": .string(verdict.rawValue), "notes": .array(notes.map(JSON.string)),
      "baseline_status": JSON(baselineStatus?.rawValue),
      "candidate_status": JSON(candidateStatus?.rawValue),
      "newly_failing": .array(newlyFailing.map { JSON($0) }), "oracle": .bool(isOracle),
      "predictions_changed": predictionsChanged.map(JSON.bool) ?? .null,
      "comparisons": .array(comparisons.map { $0.json(alpha: alpha) }),
      "costs": .object(
        Dictionary(
          uniqueKeysWithValues: costs.map { key, change -> (String, JSON) in
            let sides: JSON = [
              "baseline": JSON(change.medians.baseline),
              "candidate": JSON(change.medians.candidate),
            ]
            return (key.rawValue, sides)
          })),
    ]
    members["reason"] = reason.map(JSON.string)
    if !groups.isEmpty { members["groups"] = .array(groups.map { $0.json(alpha: alpha) }) }
    if let flips {
      members["flips"] = [
        "lost": .array(flips.lost.map { JSON($0) }), "won": .array(flips.won.map { JSON($0) }),
      ]
    }
    return .object(members)
  }
}

extension GroupComparison {
  fileprivate func json(alpha: Double) -> JSON {
    [
      "by": .string(name.by), "key": .string(name.key), "role": .string(name.role.rawValue),
      "n": JSON(n), "comparisons": .array(comparisons.map { $0.json(alpha: alpha) }),
    ]
  }
}

extension Comparison {
  fileprivate func json(alpha: Double) -> JSON {
    func number(_ value: Double?) -> JSON { value.map { JSON($0) } ?? .null }
    var members: [String: JSON] = [
      "metric": .string(metric), "baseline": number(baseline), "candidate": number(candidate),
      "delta": number(delta), "test": .string(test.rawValue), "p": number(p),
      "p_draws": number(drawsP), "sd_seeds": number(seeds?.deviation),
      "units": units.map { JSON($0) } ?? .null,
      "detectable": number(detectable(alpha: alpha)), "p_adjusted": number(adjustedP),
      "verdict": .string(verdict.rawValue),
    ]
    members["interval"] = interval?.json
    members["reason"] = reason.map(JSON.string)
    return .object(members)
  }
}

extension GateResult {
  fileprivate var json: JSON {
    [
      "rule": .string(rule.text), "outcome": .string(outcome.rawValue), "judged": JSON(judged),
      "findings": .array(findings.map(\.json)), "spared": .array(spared.map(\.json)),
    ]
  }
}

extension GateFinding {
  fileprivate var json: JSON { ["row": .string(row), "text": .string(text)] }
}
