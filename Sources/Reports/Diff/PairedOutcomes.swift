internal import Documents
internal import Evaluation
internal import Metrics
internal import Numerics
internal import Tensors

/// The per-sample outcomes of one trial in two reports, on the same test rows.
struct PairedOutcomes {
  let baseline: any OutcomeTable
  let candidate: any OutcomeTable
  /// Equal for trials on the same test rows, so that seeds share their resamples.
  let key: UInt64

  init(baseline: any OutcomeTable, candidate: any OutcomeTable, key: UInt64) {
    self.baseline = baseline
    self.candidate = candidate
    self.key = key
  }

  /// Loads the outcomes of both sides; throws a sentence when they are not there or not paired.
  init(
    _ old: TrialRecord, _ new: TrialRecord, samplesA: SampleStore?, samplesB: SampleStore?
  ) throws(ReportError) {
    baseline = try loadOutcomes(old, from: samplesA, side: "the baseline")
    candidate = try loadOutcomes(new, from: samplesB, side: "the candidate")
    let given = baseline.givenColumns
    guard baseline.n == candidate.n, baseline.units == candidate.units,
      given.allSatisfy({ old.samples[$0] == new.samples[$0] })
    else { throw Self.otherRows }
    key = rowsKey("diff", old, given: given)
  }

  /// Loads the outcomes of the queries that are groups of their own, by the group's name.
  static func parts(
    _ old: TrialRecord, _ new: TrialRecord, samplesA: SampleStore?, samplesB: SampleStore?
  ) throws(ReportError) -> [(group: GroupRecord, outcomes: PairedOutcomes)] {
    let groups = new.groups.filter(\.isPart)
    let before = try loadPartOutcomes(old, from: samplesA, side: "the baseline")
    let after = try loadPartOutcomes(new, from: samplesB, side: "the candidate")
    let given = after.first?.givenColumns ?? []
    guard old.groups.filter(\.isPart).map(\.name) == groups.map(\.name),
      zip(before, after).allSatisfy({ $0.n == $1.n }),
      given.allSatisfy({ old.partSamples[$0] == new.partSamples[$0] })
    else { throw otherRows }
    return zip(groups, zip(before, after)).map { group, sides in
      let key = rowsKey("diff", old, given: given, part: group.key)
      return (group, PairedOutcomes(baseline: sides.0, candidate: sides.1, key: key))
    }
  }

  private static var otherRows: ReportError {
    ReportError(description: "the test rows of the two reports are not the same")
  }

  /// The difference of each metric in each resample of the test rows, NaN where undefined.
  func differences(_ metrics: [String], resamples: Int) -> [String: [Double]] {
    var keys: [String] = []
    var pairs: [any WeightedMetric] = []
    for metric in metrics {
      guard let old = baseline.evaluator(for: metric), let new = candidate.evaluator(for: metric)
      else { continue }
      keys.append(metric)
      pairs += [old, new]
    }
    let rows = RowUnits(rowCount: baseline.n, units: baseline.units)
    let values = Bootstrap(resamples: resamples, key: key).distributions(of: pairs, over: rows)
    var result: [String: [Double]] = [:]
    for (index, metric) in keys.enumerated() {
      result[metric] = zip(values[2 * index], values[2 * index + 1]).map { $1 - $0 }
    }
    return result
  }

  /// The rows that flip in a metric that is a share of right rows; nil for any other.
  func flips(_ metric: String) -> Flips? {
    guard baseline.units == nil, let old = hits(metric, baseline),
      let new = hits(metric, candidate)
    else { return nil }
    return Flips(
      lost: old.indices.filter { old[$0] && !new[$0] },
      won: old.indices.filter { !old[$0] && new[$0] })
  }

  private func hits(_ metric: String, _ table: any OutcomeTable) -> [Bool]? {
    guard let table = table as? ClassificationOutcomes else { return nil }
    return switch metric {
    case "accuracy": zip(table.labels, table.predicted).map { $0 == $1 }
    case "top5_accuracy": table.rate(for: metric)?.isHit
    default: nil
    }
  }
}
