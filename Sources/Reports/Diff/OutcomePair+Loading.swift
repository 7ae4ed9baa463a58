internal import Documents
internal import Evaluation
internal import Metrics

/// The per-sample outcomes of one trial in two reports, on the same test rows.
extension OutcomePair {
  /// Loads the outcomes of both sides; throws a sentence when they are not there or not paired.
  init(
    _ old: TrialRecord, _ new: TrialRecord, samplesA: TrialStore?, samplesB: TrialStore?
  ) throws(ReportError) {
    let baseline = try loadOutcomes(old, from: samplesA, side: "the baseline")
    let candidate = try loadOutcomes(new, from: samplesB, side: "the candidate")
    let given = baseline.givenColumns
    guard baseline.n == candidate.n, baseline.units == candidate.units,
      given.allSatisfy({ old.samples[$0] == new.samples[$0] })
    else { throw Self.otherRows }
    try self.init(joining: (baseline, candidate), of: old, given: given)
  }

  /// Loads the outcomes of the queries that are groups of their own, by the group's name.
  static func parts(
    _ old: TrialRecord, _ new: TrialRecord, samplesA: TrialStore?, samplesB: TrialStore?
  ) throws(ReportError) -> [(group: GroupRecord, outcomes: OutcomePair)] {
    let groups = new.groups.filter(\.isPart)
    let before = try loadPartOutcomes(old, from: samplesA, side: "the baseline")
    let after = try loadPartOutcomes(new, from: samplesB, side: "the candidate")
    let given = after.first?.givenColumns ?? []
    guard old.groups.filter(\.isPart).map(\.id) == groups.map(\.id),
      zip(before, after).allSatisfy({ $0.n == $1.n }),
      given.allSatisfy({ old.partSamples[$0] == new.partSamples[$0] })
    else { throw otherRows }
    var parts: [(GroupRecord, OutcomePair)] = []
    for (group, sides) in zip(groups, zip(before, after)) {
      parts.append((group, try OutcomePair(joining: sides, of: old, given: given, group.key)))
    }
    return parts
  }

  private init(
    joining sides: (any OutcomeTable, any OutcomeTable), of trial: TrialRecord, given: [String],
    _ part: String? = nil
  ) throws(ReportError) {
    let key = rowsKey("diff", trial, given: given, part: part)
    do throws(MetricsError) {
      try self.init(sides.0, sides.1, task: trial.task, key: key)
    } catch {
      throw ReportError(
        description: "the per-sample outcomes of the two reports do not fit together: \(error)")
    }
  }

  private static var otherRows: ReportError {
    ReportError(description: "the test rows of the two reports are not the same")
  }

  /// The rows that flip in a metric that is a share of right rows; nil for any other.
  func flips(_ metric: String) -> Flips? {
    guard units.areRows, let isHit = hits(metric) else { return nil }
    return Flips(
      lost: (0..<n).filter { isHit[$0] && !isHit[n + $0] },
      won: (0..<n).filter { !isHit[$0] && isHit[n + $0] })
  }

  private func hits(_ metric: String) -> [Bool]? {
    guard joint is any DecisionTable, MetricInfo.named(metric)?.direction == .higher,
      let rows = joint.evaluator(for: metric)?.rowMean, rows.rows.count == 2 * n,
      rows.isProportion
    else { return nil }
    return rows.values.map { $0 == 1 }
  }
}
