internal import Evaluation
internal import Metrics
internal import Numerics
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
  /// The number, from the measured ones in their order; NaN where it is undefined.
  let combine: ([Double]) -> Double
  /// Whether it is one measured number as it stands.
  private(set) var isPlain = false

  init(_ measurements: [Quantity.Measurement], combine: @escaping ([Double]) -> Double) {
    self.measurements = measurements
    self.combine = combine
  }

  init(_ quantity: Quantity) {
    self.init(quantity.measurements) { quantity.value(of: $0) }
    if case .measured = quantity { isPlain = true }
  }
}

/// A value with its interval, or with the reason why there is none.
struct MeasuredFunctional {
  let value: Double
  var interval: Interval?
  var reason: String?
}

/// A mean over trials, and what it is in every resample.
private struct Measured {
  let value: Double
  /// Nil where the outcomes are not at hand.
  let distribution: [Double]?
  /// Why rows cannot be resampled; the distribution, if any, is then one over trials.
  let obstacle: String?
  /// The interval that the trial recorded, where the outcomes do not give the value again.
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
/// The interval is that of the whole functional: every resample of the test rows gives one value of
/// it, with the same rows for all methods and seeds on one dataset.
struct MeasurementSource {
  let samples: SampleStore?
  let resamples: Int
  private var tables: [String: [any OutcomeTable]] = [:]
  private var distributions: [String: [Double]] = [:]

  init(samples: SampleStore?, resamples: Int) {
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
    let value = functional.combine(parts.map(\.value))
    guard !value.isNaN else { throw Unmeasured(reason: undefined) }
    let distributions = parts.compactMap(\.distribution)
    guard !parts.isEmpty else {
      return MeasuredFunctional(value: value, reason: "the value is given, not measured")
    }
    guard distributions.count == parts.count else {
      if functional.isPlain, let recorded = parts[0].recorded {
        return MeasuredFunctional(value: value, interval: recorded)
      }
      return MeasuredFunctional(value: value, reason: parts.compactMap(\.obstacle).first)
    }
    let values = (0..<resamples).map { index in
      functional.combine(distributions.map { $0[index] })
    }
    var interval = Bootstrap(resamples: resamples, key: 0).interval(of: values).interval
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
    var values: [Double] = []
    for trial in matching { values.append(try wanted.value(in: trial)) }
    let value = values.reduce(0, +) / Double(values.count)
    let (resampled, obstacle) = resample(wanted, matching)
    if let resampled {
      return Measured(value: value, distribution: resampled, obstacle: nil)
    }
    // What cannot be resampled by rows still differs from seed to seed.
    guard values.count >= 3 else {
      return Measured(
        value: value, distribution: nil, obstacle: obstacle,
        recorded: matching.count == 1 ? wanted.interval(in: matching[0]) : nil)
    }
    return Measured(value: value, distribution: overTrials(values), obstacle: obstacle)
  }

  /// Means of resampled trials; the draws depend on their number alone, so that methods share them.
  private func overTrials(_ values: [Double]) -> [Double] {
    var random = Philox(key: Philox.key("claim", "\(values.count)"), stream: 0)
    return (0..<resamples).map { _ in
      var sum = 0.0
      for _ in values { sum += values[random.below(values.count)] }
      return sum / Double(values.count)
    }
  }

  private mutating func resample(
    _ wanted: Quantity.Measurement, _ trials: [TrialRecord]
  ) -> (values: [Double]?, obstacle: String?) {
    guard case .metric(let metric) = wanted.value else {
      return (nil, "a number that a method reports of itself has no interval")
    }
    var sum = [Double](repeating: 0, count: resamples)
    var count = 0
    for trial in trials {
      guard let places = places(of: wanted, in: trial) else {
        return (nil, "the rows of groups by '\(wanted.group?.by ?? "")' are not known")
      }
      for place in places {
        do throws(ReportError) {
          let values = try distribution(of: metric, in: trial, at: place)
          for index in 0..<resamples { sum[index] += values[index] }
          count += 1
        } catch {
          return (nil, error.description)
        }
      }
    }
    return (sum.map { $0 / Double(count) }, nil)
  }

  /// Where the outcomes of a measurement are; nil where the rows of a group were not kept.
  private func places(of wanted: Quantity.Measurement, in trial: TrialRecord) -> [Place]? {
    guard let group = wanted.group else { return [.own] }
    let parts = trial.groups.filter(\.isPart)
    let members = trial.groups.filter {
      $0.by == group.by && !$0.isPart && $0.role.isOfRows && $0.name != .harmonicMean
    }
    let places =
      parts.indices.filter { group.matches(parts[$0]) }.map(Place.part)
      + members.indices.filter { group.matches(members[$0]) && trial.groupSamples[group.by] != nil }
      .map { Place.rows(by: group.by, group: $0, of: members.count) }
    return places.count == trial.groups.count { group.matches($0) } ? places : nil
  }

  private mutating func distribution(
    of metric: String, in trial: TrialRecord, at place: Place
  ) throws(ReportError) -> [Double] {
    let name = "\(trial.id) \(place)"
    if let known = distributions["\(name) \(metric)"] { return known }
    let loaded = try outcomes(of: trial, areParts: place.part != nil)
    let table = loaded[place.part ?? 0]
    var rows: [Int]?
    if case .rows(let by, let group, let count) = place {
      rows = try members(of: trial, by: by, group: group, of: count)
    }
    let chosen = rows.map { table.selecting(rows: $0) } ?? table
    guard var evaluator = chosen.evaluator(for: metric) else {
      throw ReportError(description: "'\(metric)' cannot be computed again from the outcomes")
    }
    guard chosen.n > 1 else {
      throw ReportError(description: "one row is the same in every resample")
    }
    // All rows are drawn, so that groups share their resamples with the whole.
    if let rows { evaluator = CompositeMetric(parts: [(rows, evaluator)], reason: "") { $0[0] } }
    let key = rowsKey(
      "claim", trial, given: table.givenColumns,
      part: place.part.map { trial.groups.filter(\.isPart)[$0].key })
    let values = Bootstrap(resamples: resamples, key: key).distributions(
      of: [evaluator], over: RowUnits(rowCount: table.n, units: table.units))[0]
    distributions["\(name) \(metric)"] = values
    return values
  }

  private mutating func outcomes(
    of trial: TrialRecord, areParts: Bool
  ) throws(ReportError) -> [any OutcomeTable] {
    let name = areParts ? "\(trial.id) parts" : "\(trial.id)"
    if let known = tables[name] { return known }
    let loaded =
      areParts
      ? try loadPartOutcomes(trial, from: samples, side: "the trial")
      : [try loadOutcomes(trial, from: samples, side: "the trial")]
    tables[name] = loaded
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

extension Quantity.Measurement {
  /// The value in one trial: a metric, its mean over groups, or a number that the method reported.
  fileprivate func value(in trial: TrialRecord) throws(Unmeasured) -> Double {
    switch value {
    case .reported(let name):
      guard let number = trial.selfReported[name], !number.isNaN else {
        throw Unmeasured(reason: "'\(method)' reports no '\(name)'")
      }
      return number
    case .metric(let key):
      guard let group else {
        return try number(trial.metrics[key], of: key, in: trial)
      }
      let groups = trial.groups.filter { group.matches($0) }
      guard !groups.isEmpty else {
        throw Unmeasured(
          reason: "'\(method)' has no group by '\(group.by)'" + (group.key.map { " '\($0)'" } ?? "")
        )
      }
      var sum = 0.0
      for group in groups { sum += try number(group.metrics[key], of: key, in: trial) }
      return sum / Double(groups.count)
    }
  }

  /// The interval of the one group that is meant, such as a gap that was bootstrapped as a whole.
  fileprivate func interval(in trial: TrialRecord) -> Interval? {
    guard case .metric(let key) = value, let group else { return nil }
    let groups = trial.groups.filter { group.matches($0) }
    return groups.count == 1 ? groups[0].metrics[key]?.interval : nil
  }

  private func number(
    _ metric: MetricValue?, of key: String, in trial: TrialRecord
  ) throws(Unmeasured) -> Double {
    guard let value = metric?.value else {
      throw Unmeasured(
        reason: "'\(key)' of '\(method)' on \(trial.dataset) is undefined: "
          + (metric?.reason ?? "it was not measured"))
    }
    return value
  }
}

extension Quantity.Part {
  fileprivate func matches(_ group: GroupRecord) -> Bool {
    group.by == by && !exceptions.contains(group.key)
      && (key.map { $0 == group.key } ?? group.role.isOfRows)
  }
}
