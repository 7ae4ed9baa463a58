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

/// A mean over trials, and what it is in every resample.
private struct Measured {
  let value: Double
  /// The fewest rows that it was measured on in a trial; nil for what no rows decide.
  let rows: Int?
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
    let rows = parts.map(\.rows)
    let value = functional.combine(parts.map(\.value), rows)
    guard !value.isNaN else { throw Unmeasured(reason: undefined) }
    // Of the values alone: a resample may move the range of a line beyond where it is read.
    if let obstacle = functional.obstacle(parts.map(\.value)) {
      throw Unmeasured(reason: obstacle)
    }
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
      functional.combine(distributions.map { $0[index] }, rows)
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
    let read = try matching.map { trial throws(Unmeasured) in
      (trial: trial, wanted: try wanted.resolved(in: trial))
    }
    var values: [Double] = []
    for (trial, wanted) in read { values.append(try wanted.value(in: trial)) }
    let value = values.reduce(0, +) / Double(values.count)
    let rows = read.compactMap { $0.wanted.rows(in: $0.trial) }.min()
    let (resampled, obstacle) = resample(read)
    if let resampled {
      return Measured(value: value, rows: rows, distribution: resampled, obstacle: nil)
    }
    // What cannot be resampled by rows still differs from seed to seed.
    guard values.count >= 3 else {
      return Measured(
        value: value, rows: rows, distribution: nil, obstacle: obstacle,
        recorded: read.count == 1 ? read[0].wanted.interval(in: read[0].trial) : nil)
    }
    return Measured(
      value: value, rows: rows, distribution: overTrials(values), obstacle: obstacle)
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
    _ read: [(trial: TrialRecord, wanted: Quantity.Measurement)]
  ) -> (values: [Double]?, obstacle: String?) {
    var sum = [Double](repeating: 0, count: resamples)
    var count = 0
    for (trial, wanted) in read {
      guard case .metric(let metric) = wanted.value else {
        return (nil, "a number that a method reports of itself has no interval")
      }
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
