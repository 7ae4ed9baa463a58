internal import Evaluation
internal import Metrics
internal import Suites
internal import Tensors

/// The groups of one trial in two reports, drawn together.
///
/// The rows of all groups of the trial's own query are drawn at once, so that worst groups and gaps
/// are functionals of one draw; a query of its own, such as a shifted test set, is drawn by itself.
/// Both sides see the same draws.
struct PairedGroups {
  private var resampled = SidePair()
  private var exchanged = SidePair()
  /// Where the rows of a group are: in these outcomes, all of them or some.
  private var places: [GroupID: (outcomes: OutcomePair, rows: [Int]?)] = [:]
  private let own: OutcomePair
  private let plan: DrawPlan
  /// Why some groups are not paired.
  private(set) var obstacle: String?

  /// The evidence on a metric in a group; nil where its rows are not known in both reports.
  func evidence(_ metric: String, in group: GroupID) -> Evidence? {
    guard let resampled = resampled.differences(metric, in: group) else { return nil }
    guard let (outcomes, rows) = places[group] else {
      // A functional of other groups rests on the rows of all of them.
      return exchanged.differences(metric, in: group).map { exchanged in
        Evidence(
          resampled: resampled, terms: nil, exchanged: exchanged, isComplete: isComplete,
          units: [own.key: own.units.unitCount])
      }
    }
    let units = Set((rows ?? Array(0..<outcomes.n)).map { outcomes.units.unit(of: $0) }).count
    if let terms = outcomes.terms(metric, rows: rows) {
      return Evidence(
        resampled: resampled, terms: terms, exchanged: [], isComplete: true,
        units: [outcomes.key: terms.byUnit.count])
    }
    return exchanged.differences(metric, in: group).map { exchanged in
      Evidence(
        resampled: resampled, terms: nil, exchanged: exchanged, isComplete: isComplete,
        units: [outcomes.key: units])
    }
  }

  /// The evidence on the worst among groups, which may be another one in each draw.
  func worstEvidence(
    _ metric: String, baseline: [GroupID], candidate: [GroupID],
    worst: ([Double]) -> Double
  ) -> Evidence? {
    guard
      let resampled = resampled.worstDifferences(metric, baseline, candidate, worst: worst),
      let exchanged = exchanged.worstDifferences(metric, baseline, candidate, worst: worst)
    else { return nil }
    let tables = (baseline + candidate).compactMap { places[$0]?.outcomes }
    return Evidence(
      resampled: resampled, terms: nil, exchanged: exchanged, isComplete: isComplete,
      units: tables.reduce(into: [:]) { $0[$1.key] = $1.units.unitCount })
  }

  /// Whether every exchange was gone through: one set of rows with few units.
  private var isComplete: Bool {
    plan.lists && plan.draws(.exchanges, own).isComplete
      && places.values.allSatisfy { $0.outcomes.key == own.key }
  }

  /// The rows of a group that flip in a metric that is a share of right rows; nil for any other.
  func flips(_ metric: String, in group: GroupID) -> Flips? {
    guard let (outcomes, rows) = places[group], let all = outcomes.flips(metric) else { return nil }
    guard let rows else { return all }
    let members = Set(rows)
    return Flips(
      lost: all.lost.filter(members.contains), won: all.won.filter(members.contains))
  }

  init(
    _ old: TrialRecord, _ new: TrialRecord, own: OutcomePair, samplesA: TrialStore?,
    samplesB: TrialStore?, metrics: [String], plan: DrawPlan
  ) {
    self.own = own
    // Parts have rows of their own, whose exchanges are independent of the trial's.
    let plan = DrawPlan(
      resamples: plan.resamples, lists: plan.lists && new.partSamples.isEmpty)
    self.plan = plan
    let (partitions, problem) = partitions(old, new, samplesB)
    obstacle = problem
    let members = partitions.flatMap(\.members)
    for (name, rows) in members { places[name] = (own, rows) }
    var parts: [(GroupRecord, OutcomePair)] = []
    do throws(ReportError) {
      if !new.partSamples.isEmpty {
        parts = try OutcomePair.parts(old, new, samplesA: samplesA, samplesB: samplesB)
          .filter(\.group.isCompared)
      }
    } catch { obstacle = obstacle ?? error.description }
    for (group, outcomes) in parts { places[group.id] = (outcomes, nil) }
    func draw(_ kind: PairDraws.Kind) -> SidePair {
      var sides = SidePair()
      let draws = plan.draws(kind, own)
      sides.add(own, groups: members.map { ($0.name, $0.rows) }, metrics: metrics, draws)
      for (group, outcomes) in parts {
        sides.add(
          outcomes, groups: [(group.id, nil)], metrics: metrics, plan.draws(kind, outcomes))
      }
      sides.addFunctionals(of: new.groups, baseline: old.groups, metrics: metrics)
      for partition in partitions {
        sides.addDisparities(of: own, by: partition, metrics: metrics, draws)
      }
      if new.groups.contains(where: { $0.id == .harmonicMean }) {
        sides.addHarmonicMean(own: own, metrics: metrics, draws)
      }
      return sides
    }
    resampled = draw(.resamples)
    exchanged = draw(.exchanges)
  }
}

/// How the rows of the trial's own query fall into groups, the same in both reports.
private struct Partition {
  let by: String
  let groups: [GroupRecord]
  let codes: [Int32]

  /// The groups that are compared, and their rows.
  var members: [(name: GroupID, rows: [Int])] {
    groups.enumerated().filter { $1.isCompared }.map { place, group in
      (group.id, codes.indices.filter { codes[$0] == place || codes[$0] == groups.count })
    }
  }
}

/// The partitions that both reports share, and why others are not known.
private func partitions(
  _ old: TrialRecord, _ new: TrialRecord, _ samples: TrialStore?
) -> (known: [Partition], obstacle: String?) {
  func groups(_ trial: TrialRecord) -> [GroupRecord] {
    trial.groups.filter { $0.id.isOfOwnRows }
  }
  var found: [Partition] = []
  var obstacle: String?
  for by in Set(groups(new).map(\.by)).sorted() {
    guard let digest = new.groupSamples[by], let known = old.groupSamples[by] else {
      obstacle = "which rows are in the groups by '\(by)' was not kept; run the trials again"
      continue
    }
    let named = groups(new).filter { $0.by == by }
    guard known == digest, groups(old).filter({ $0.by == by }).map(\.key) == named.map(\.key) else {
      obstacle = "the groups by '\(by)' are not the same in the two reports"
      continue
    }
    guard let codes = try? samples?.read(digest).int32Values() else {
      obstacle = "the file that tells the groups by '\(by)' cannot be read"
      continue
    }
    found.append(Partition(by: by, groups: named, codes: codes))
  }
  return (found, obstacle)
}

/// The distributions of groups on both sides, and of what they come down to.
private struct SidePair {
  typealias Distributions = [GroupID: [String: [Double]]]
  private(set) var baseline: Distributions = [:]
  private(set) var candidate: Distributions = [:]

  /// Candidate less baseline in each draw; nil where a side is not known.
  func differences(_ metric: String, in group: GroupID) -> [Double]? {
    guard let old = baseline[group]?[metric], let new = candidate[group]?[metric] else {
      return nil
    }
    return zip(new, old).map(-)
  }

  /// The difference of the worst among groups in each draw.
  func worstDifferences(
    _ metric: String, _ old: [GroupID], _ new: [GroupID], worst: ([Double]) -> Double
  ) -> [Double]? {
    func worstValues(_ names: [GroupID], _ side: Distributions) -> [Double]? {
      let values = names.compactMap { side[$0]?[metric] }
      guard values.count == names.count, let count = values.first?.count else { return nil }
      return (0..<count).map { draw in
        let drawn = values.map { $0[draw] }
        return drawn.contains(where: \.isNaN) ? .nan : worst(drawn)
      }
    }
    guard let before = worstValues(old, baseline), let after = worstValues(new, candidate) else {
      return nil
    }
    return zip(after, before).map(-)
  }

  /// Draws the rows of some outcomes once for all groups, metrics and both sides.
  mutating func add(
    _ outcomes: OutcomePair, groups: [(name: GroupID, rows: [Int]?)], metrics: [String],
    _ draws: PairDraws
  ) {
    var names: [(group: GroupID, metric: String)] = []
    var prepared: [any WeightedMetric] = []
    for (group, rows) in groups {
      for metric in metrics {
        guard let evaluator = outcomes.evaluator(metric, rows: rows) else { continue }
        names.append((group, metric))
        prepared.append(evaluator)
      }
    }
    for (name, values) in zip(names, draws.distributions(of: prepared)) {
      baseline[name.group, default: [:]][name.metric] = values.first
      candidate[name.group, default: [:]][name.metric] = values.second
    }
  }

  /// Worst groups and gaps, from the groups that take part in them on each side.
  mutating func addFunctionals(
    of groups: [GroupRecord], baseline old: [GroupRecord], metrics: [String]
  ) {
    for group in groups where group.role == .worst || group.role == .gap {
      for metric in metrics {
        baseline[group.id, default: [:]][metric] = combine(
          group, metric, from: baseline, groups: old)
        candidate[group.id, default: [:]][metric] = combine(
          group, metric, from: candidate, groups: groups)
      }
    }
  }

  private func combine(
    _ functional: GroupRecord, _ metric: String, from side: Distributions, groups: [GroupRecord]
  ) -> [Double]? {
    let members = groups.filter { group in
      group.by == functional.by && group.role == .rows && group.metrics[metric]?.value != nil
        && group.metrics[metric]?.isLeftOut != true
    }
    let values = members.compactMap { side[$0.id]?[metric] }
    guard !values.isEmpty, values.count == members.count, let count = values.first?.count else {
      return nil
    }
    // Sets held against each other give no worst group, and their gap has a sign.
    let isContrast = !groups.contains { $0.by == functional.by && $0.role == .worst }
    let higherIsBetter = MetricInfo.named(metric)?.higherIsBetter ?? true
    return (0..<count).map { resample in
      let drawn = values.map { $0[resample] }
      guard !drawn.contains(where: \.isNaN), let low = drawn.min(), let high = drawn.max() else {
        return .nan
      }
      if functional.role == .worst { return higherIsBetter ? low : high }
      return isContrast ? drawn[0] - drawn[drawn.count - 1] : high - low
    }
  }

  /// The disparities of decisions between the groups of a partition.
  mutating func addDisparities(
    of outcomes: OutcomePair, by partition: Partition, metrics: [String], _ draws: PairDraws
  ) {
    let wanted = metrics.filter { metric in MetricInfo.fairness.contains { $0.key == metric } }
    guard !wanted.isEmpty, !partition.codes.contains(where: { $0 >= partition.groups.count }),
      let joint = outcomes.joint as? any DecisionTable
    else { return }
    let grouping = Grouping(
      by: partition.by, keys: partition.groups.map(\.key),
      codes: partition.codes + partition.codes)
    var options = GroupOptions()
    options.minimumSupport = Grouping.minimumRows
    options.leftOut = Set(partition.groups.indices.filter { !partition.groups[$0].isCompared })
    guard let prepared = try? fairnessEvaluators(of: joint, by: grouping, options: options) else {
      return
    }
    let shared = wanted.filter { prepared[$0] != nil }
    let gap = GroupID.gap(by: partition.by)
    let values = draws.distributions(of: shared.compactMap { prepared[$0] })
    for (metric, sides) in zip(shared, values) {
      baseline[gap, default: [:]][metric] = sides.first
      candidate[gap, default: [:]][metric] = sides.second
    }
  }

  /// The harmonic mean of the rows of the trial and of the part that holds the base classes.
  mutating func addHarmonicMean(own: OutcomePair, metrics: [String], _ draws: PairDraws) {
    let base = GroupID.part(.base)
    let new = GroupID.part(.test)
    add(own, groups: [(new, nil)], metrics: metrics, draws)
    func combine(_ side: Distributions, _ metric: String) -> [Double]? {
      guard let info = MetricInfo.named(metric), info.higherIsBetter, info.range == 0...1,
        let first = side[base]?[metric], let second = side[new]?[metric]
      else { return nil }
      return zip(first, second).map { $0 == 0 || $1 == 0 ? 0 : 2 * $0 * $1 / ($0 + $1) }
    }
    for metric in metrics {
      baseline[.harmonicMean, default: [:]][metric] = combine(baseline, metric)
      candidate[.harmonicMean, default: [:]][metric] = combine(candidate, metric)
    }
  }
}
