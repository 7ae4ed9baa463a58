internal import Estimates
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites
internal import Tensors

/// Why a quantity has no value, a clause.
struct Unmeasured: Error {
  let reason: String
}

/// A number made of several measured ones.
struct Functional {
  let measurements: [Quantity.Measurement]
  /// The number, from the measured ones in their order and the rows of each; NaN where it is undefined.
  let combine: ([Double], [Int?]) -> Double
  /// Why the number says nothing, from the measured ones; nil where it does.
  private(set) var obstacle: ([Double]) -> String? = { _ in nil }
  /// Whether it is one measured number as it stands.
  private(set) var isPlain = false

  init(_ measurements: [Quantity.Measurement], combine: @escaping ([Double]) -> Double) {
    self.measurements = measurements
    self.combine = { values, _ in combine(values) }
  }

  init(_ quantity: Quantity) {
    measurements = quantity.measurements
    combine = { quantity.value(of: $0, rows: $1) }
    obstacle = { quantity.obstacle(of: $0) }
    if case .measured = quantity { isPlain = true }
  }
}

/// A value with its interval, or with the reason why there is none.
struct MeasuredFunctional {
  let value: Double
  var interval: Interval?
  var reason: String?
}

/// A mean over trials.
private struct Measured {
  let value: Double
  /// The fewest rows that it was measured on in a trial; nil for what no rows decide.
  let rows: Int?
  /// Nil where the outcomes are not at hand.
  let estimand: Estimand?
  /// Why rows cannot be resampled; the estimand, if any, is then one over trials.
  let obstacle: String?
  /// The interval that the one trial recorded.
  var recorded: Interval?
}

/// Where the outcomes of a measurement are.
private enum Place {
  case own
  /// A query of its own, by its place among them.
  case part(Int)
  /// A group of the rows of the trial's own query, by its place among the groups of that name.
  case rows(by: String, group: Int, of: Int)

  var part: Int? {
    if case .part(let index) = self { return index }
    return nil
  }
}

/// Trials by row name and dataset: a claim may name a thousand measurements of ten thousand trials.
private struct TrialIndex {
  private let trials: [TrialRecord]
  private var places: [String: [String: [Int]]] = [:]

  init(_ trials: [TrialRecord]) {
    self.trials = trials
    for place in trials.indices {
      places[trials[place].label, default: [:]][trials[place].dataset, default: []].append(place)
    }
  }

  /// The trials that are meant, in their order.
  func matching(_ wanted: Quantity.Measurement) -> [TrialRecord] {
    let datasets = places[wanted.method] ?? [:]
    let found =
      wanted.dataset.map { datasets[$0] ?? [] } ?? datasets.values.flatMap(\.self).sorted()
    return found.map { trials[$0] }.filter { trial in
      wanted.setting.allSatisfy { trial.setting[$0] == $1 }
    }
  }
}

/// Measures functionals of trials, reading the outcomes of each trial once.
///
/// The interval is the ``Estimator``'s, of the whole functional: the same rows are resampled for all
/// methods and seeds on one test set.
struct MeasurementSource {
  let samples: TrialStore?
  let resamples: Int
  private var known: [String: [Outcomes]] = [:]

  init(samples: TrialStore?, resamples: Int) {
    self.samples = samples
    self.resamples = resamples
  }

  /// Measures a functional on the trials of one suite.
  mutating func measure(
    _ functional: Functional, among trials: [TrialRecord], undefined: String = "a divisor is 0"
  ) throws(Unmeasured) -> MeasuredFunctional {
    var parts: [Measured] = []
    let index = TrialIndex(trials)
    for measurement in functional.measurements {
      parts.append(try resolve(measurement, among: index))
    }
    let rows = parts.map(\.rows)
    let value = functional.combine(parts.map(\.value), rows)
    guard !value.isNaN else { throw Unmeasured(reason: undefined) }
    // Of the values alone: a resample may move the range of a line beyond where it is read.
    if let obstacle = functional.obstacle(parts.map(\.value)) {
      throw Unmeasured(reason: obstacle)
    }
    guard !parts.isEmpty else {
      return MeasuredFunctional(value: value, reason: "the value is given, not measured")
    }
    if functional.isPlain, let recorded = parts[0].recorded {
      return MeasuredFunctional(value: value, interval: recorded)
    }
    let estimands = parts.compactMap(\.estimand)
    guard estimands.count == parts.count else {
      return MeasuredFunctional(value: value, reason: parts.compactMap(\.obstacle).first)
    }
    let combine = functional.combine
    let found = Estimator().estimate(
      functional.isPlain ? estimands[0] : .function(estimands) { combine($0, rows) })
    var interval = found.interval
    let obstacle = parts.compactMap(\.obstacle).first
    if obstacle != nil { interval?.method = "bootstrap-over-trials" }
    return MeasuredFunctional(
      value: value, interval: interval,
      reason: obstacle.map { "the interval is over trials: \($0)" })
  }

  private mutating func resolve(
    _ wanted: Quantity.Measurement, among trials: TrialIndex
  ) throws(Unmeasured) -> Measured {
    let matching = trials.matching(wanted)
    guard !matching.isEmpty else {
      throw Unmeasured(reason: "there is no trial of '\(wanted.method)' that it asks for")
    }
    if let failed = matching.first(where: { $0.status != .ok }) {
      let count = matching.count { $0.status != .ok }
      throw Unmeasured(
        reason: "\(count) of \(matching.count) trials of '\(wanted.method)' gave no result: "
          + (failed.failure?.message ?? failed.status.rawValue))
    }
    let read = try matching.map { trial throws(Unmeasured) in
      (trial: trial, wanted: try wanted.resolved(in: trial))
    }
    var values: [Double] = []
    for (trial, wanted) in read { values.append(try wanted.value(in: trial)) }
    let value = values.reduce(0, +) / Double(values.count)
    let rows = read.compactMap { $0.wanted.rows(in: $0.trial) }.min()
    let recorded = read.count == 1 ? read[0].wanted.interval(in: read[0].trial) : nil
    let (readings, obstacle) = readings(read)
    if let readings {
      return Measured(
        value: value, rows: rows, estimand: .mean(readings.map { .reading($0) }), obstacle: nil,
        recorded: recorded)
    }
    // What cannot be resampled by rows still differs from seed to seed.
    return Measured(
      value: value, rows: rows, estimand: values.count >= 3 ? .overTrials(values) : nil,
      obstacle: obstacle, recorded: recorded)
  }

  private mutating func readings(
    _ read: [(trial: TrialRecord, wanted: Quantity.Measurement)]
  ) -> (readings: [Reading]?, obstacle: String?) {
    var found: [Reading] = []
    for (trial, wanted) in read {
      guard case .metric(let metric) = wanted.value else {
        return (nil, "a number that a method reports of itself has no interval")
      }
      guard let places = places(of: wanted, in: trial) else {
        return (nil, "the rows of groups by '\(wanted.group?.by ?? "")' are not known")
      }
      for place in places {
        do throws(ReportError) {
          found.append(try reading(of: metric, in: trial, at: place))
        } catch {
          return (nil, error.description)
        }
      }
    }
    return (found, nil)
  }

  /// Where the outcomes of a measurement are; nil where the rows of a group were not kept.
  private func places(of wanted: Quantity.Measurement, in trial: TrialRecord) -> [Place]? {
    guard let group = wanted.group else { return [.own] }
    let parts = trial.groups.filter(\.isPart)
    let members = trial.groups.filter { $0.id.isOfOwnRows && $0.by == group.by }
    let meant = Set(group.groups(in: trial).map(\.id))
    let places =
      parts.indices.filter { meant.contains(parts[$0].id) }.map(Place.part)
      + members.indices.filter {
        meant.contains(members[$0].id) && trial.groupSamples[group.by] != nil
      }.map { Place.rows(by: group.by, group: $0, of: members.count) }
    return places.count == meant.count ? places : nil
  }

  private mutating func reading(
    of metric: String, in trial: TrialRecord, at place: Place
  ) throws(ReportError) -> Reading {
    let outcomes = try outcomes(of: trial, areParts: place.part != nil)[place.part ?? 0]
    var subset: Reading.Subset?
    if case .rows(let by, let group, let count) = place {
      subset = .group(
        group, by: by, rows: try members(of: trial, by: by, group: group, of: count))
    }
    guard outcomes.table?.evaluator(for: metric) != nil else {
      throw ReportError(description: "'\(metric)' cannot be computed again from the outcomes")
    }
    guard outcomes.units.rowCount > 1 else {
      throw ReportError(description: "one row is the same in every resample")
    }
    return Reading(metric, of: outcomes, in: subset)
  }

  private mutating func outcomes(
    of trial: TrialRecord, areParts: Bool
  ) throws(ReportError) -> [Outcomes] {
    let name = areParts ? "\(trial.id) parts" : "\(trial.id)"
    if let loaded = known[name] { return loaded }
    let tables =
      areParts
      ? try loadPartOutcomes(trial, from: samples, side: "the trial")
      : [try loadOutcomes(trial, from: samples, side: "the trial")]
    let loaded = tables.map { table in
      Outcomes(table, bootstrap: Bootstrap(resamples: resamples, key: testSetKey(of: table)))
    }
    known[name] = loaded
    return loaded
  }

  /// The rows of a group of the trial's own query; a number past the groups stands for all of them.
  private func members(
    of trial: TrialRecord, by: String, group: Int, of count: Int
  ) throws(ReportError) -> [Int] {
    guard let digest = trial.groupSamples[by],
      let codes = try? samples?.read(digest).int32Values()
    else {
      throw ReportError(description: "the file that tells the groups by '\(by)' cannot be read")
    }
    return codes.indices.filter { codes[$0] == group || codes[$0] == count }
  }
}
