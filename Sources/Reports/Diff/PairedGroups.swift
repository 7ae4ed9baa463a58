internal import Evaluation
internal import Metrics
internal import Numerics
internal import Suites
internal import Tensors

/// The groups of one trial in two reports, resampled together.
///
/// The rows of all groups of the trial's own query are drawn at once, so that worst groups and gaps
/// are functionals of one resample; a query of its own, such as a shifted test set, is drawn by
/// itself. Both sides see the same draws.
struct PairedGroups {
  private var sides = SidePair()
  /// Where the rows of a group are: in these outcomes, all of them or some.
  private var places: [GroupName: (outcomes: PairedOutcomes, rows: [Int]?)] = [:]
  /// Why some groups are not paired.
  private(set) var obstacle: String?

  /// The differences of a metric in a group; nil where its rows are not known in both reports.
  func differences(_ metric: String, in group: GroupName) -> [Double]? {
    guard let old = sides.baseline[group]?[metric], let new = sides.candidate[group]?[metric]
    else { return nil }
    return zip(new, old).map { $0 - $1 }
  }

  /// The difference of the worst among groups, which may be another one in each resample.
  func worstDifferences(
    _ metric: String, baseline: [GroupName], candidate: [GroupName],
    worst: ([Double]) -> Double
  ) -> [Double]? {
    func worstValues(_ names: [GroupName], _ side: SidePair.Distributions) -> [Double]? {
      let values = names.compactMap { side[$0]?[metric] }
      guard values.count == names.count, let count = values.first?.count else { return nil }
      return (0..<count).map { resample in
        let drawn = values.map { $0[resample] }
        return drawn.contains(where: \.isNaN) ? .nan : worst(drawn)
      }
    }
    guard let old = worstValues(baseline, sides.baseline),
      let new = worstValues(candidate, sides.candidate)
    else { return nil }
    return zip(new, old).map { $0 - $1 }
  }

  /// The rows of a group that flip in a metric that is a share of right rows; nil for any other.
  func flips(_ metric: String, in group: GroupName) -> Flips? {
    guard let (outcomes, rows) = places[group], let all = outcomes.flips(metric) else { return nil }
    guard let rows else { return all }
    let members = Set(rows)
    return Flips(
      lost: all.lost.filter(members.contains), won: all.won.filter(members.contains))
  }

  init(
    _ old: TrialRecord, _ new: TrialRecord, own: PairedOutcomes, samplesA: SampleStore?,
    samplesB: SampleStore?, metrics: [String], resamples: Int
  ) {
    let (partitions, problem) = partitions(old, new, samplesB)
    obstacle = problem
    let members = partitions.flatMap(\.members)
    sides.add(
      own, groups: members.map { ($0.name, $0.rows) }, metrics: metrics, resamples: resamples)
    for (name, rows) in members { places[name] = (own, rows) }
    do throws(ReportError) {
      if !new.partSamples.isEmpty {
        for (group, outcomes) in try PairedOutcomes.parts(
          old, new, samplesA: samplesA, samplesB: samplesB) where group.isCompared
        {
          sides.add(
            outcomes, groups: [(group.name, nil)], metrics: metrics, resamples: resamples)
          places[group.name] = (outcomes, nil)
        }
      }
    } catch { obstacle = obstacle ?? error.description }
    sides.addFunctionals(of: new.groups, baseline: old.groups, metrics: metrics)
    for partition in partitions {
      sides.addDisparities(of: own, by: partition, metrics: metrics, resamples: resamples)
    }
    if new.groups.contains(where: { $0.name == .harmonicMean }) {
      sides.addHarmonicMean(own: own, metrics: metrics, resamples: resamples)
    }
  }
}

/// How the rows of the trial's own query fall into groups, the same in both reports.
private struct Partition {
  let by: String
  let groups: [GroupRecord]
  let codes: [Int32]

  /// The groups that are compared, and their rows.
  var members: [(name: GroupName, rows: [Int])] {
    groups.enumerated().filter { $1.isCompared }.map { place, group in
      (group.name, codes.indices.filter { codes[$0] == place || codes[$0] == groups.count })
    }
  }
}

/// The partitions that both reports share, and why others are not known.
private func partitions(
  _ old: TrialRecord, _ new: TrialRecord, _ samples: SampleStore?
) -> (known: [Partition], obstacle: String?) {
  func groups(_ trial: TrialRecord) -> [GroupRecord] {
    trial.groups.filter { $0.role.isOfRows && !$0.isPart && $0.name != .harmonicMean }
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
  typealias Distributions = [GroupName: [String: [Double]]]
  private(set) var baseline: Distributions = [:]
  private(set) var candidate: Distributions = [:]

  /// Draws the rows of some outcomes once for all groups, metrics and both sides.
  mutating func add(
    _ outcomes: PairedOutcomes, groups: [(name: GroupName, rows: [Int]?)], metrics: [String],
    resamples: Int
  ) {
    var names: [(group: GroupName, metric: String)] = []
    var prepared: [any WeightedMetric] = []
    for (group, rows) in groups {
      let tables = [outcomes.baseline, outcomes.candidate].map { table in
        rows.map { table.selecting(rows: $0) } ?? table
      }
      for metric in metrics {
        let evaluators = tables.compactMap { $0.evaluator(for: metric) }
        guard evaluators.count == 2 else { continue }
        names.append((group, metric))
        prepared += evaluators.map { evaluator in
          guard let rows else { return evaluator }
          return CompositeMetric(parts: [(rows, evaluator)], reason: "") { $0[0] }
        }
      }
    }
    let units = RowUnits(rowCount: outcomes.baseline.n, units: outcomes.baseline.units)
    let values = Bootstrap(resamples: resamples, key: outcomes.key)
      .distributions(of: prepared, over: units)
    for (index, name) in names.enumerated() {
      baseline[name.group, default: [:]][name.metric] = values[2 * index]
      candidate[name.group, default: [:]][name.metric] = values[2 * index + 1]
    }
  }

  /// Worst groups and gaps, from the groups that take part in them on each side.
  mutating func addFunctionals(
    of groups: [GroupRecord], baseline old: [GroupRecord], metrics: [String]
  ) {
    for group in groups where group.role == .worst || group.role == .gap {
      for metric in metrics {
        baseline[group.name, default: [:]][metric] = combine(
          group, metric, from: baseline, groups: old)
        candidate[group.name, default: [:]][metric] = combine(
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
    let values = members.compactMap { side[$0.name]?[metric] }
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
    of outcomes: PairedOutcomes, by partition: Partition, metrics: [String], resamples: Int
  ) {
    let wanted = metrics.filter { metric in MetricInfo.fairness.contains { $0.key == metric } }
    guard !wanted.isEmpty, !partition.codes.contains(where: { $0 >= partition.groups.count }),
      let old = outcomes.baseline as? ClassificationOutcomes,
      let new = outcomes.candidate as? ClassificationOutcomes,
      let grouping = try? Metrics.Grouping(
        partition.by, codes: partition.codes, names: partition.groups.map(\.key))
    else { return }
    var options = GroupOptions()
    options.minimumSupport = Suites.Grouping.minimumRows
    options.leftOut = Set(partition.groups.indices.filter { !partition.groups[$0].isCompared })
    let prepared = [old, new].compactMap {
      try? fairnessEvaluators(of: $0, by: grouping, options: options)
    }
    let shared = wanted.filter { metric in
      prepared.count == 2 && prepared.allSatisfy { $0[metric] != nil }
    }
    let values = Bootstrap(resamples: resamples, key: outcomes.key).distributions(
      of: shared.flatMap { metric in prepared.compactMap { $0[metric] } },
      over: RowUnits(rowCount: old.n, units: old.units))
    let gap = GroupName(by: partition.by, key: "gap", role: .gap)
    for (index, metric) in shared.enumerated() {
      baseline[gap, default: [:]][metric] = values[2 * index]
      candidate[gap, default: [:]][metric] = values[2 * index + 1]
    }
  }

  /// The harmonic mean of the rows of the trial and of the part that holds the base classes.
  mutating func addHarmonicMean(own: PairedOutcomes, metrics: [String], resamples: Int) {
    let base = GroupName(by: "classes", key: "base", role: .rows)
    let new = GroupName(by: "classes", key: "new", role: .rows)
    add(own, groups: [(new, nil)], metrics: metrics, resamples: resamples)
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
