internal import Metrics
internal import Random
internal import Statistics

/// What an estimand is in every resample and jackknife replicate of its test sets.
///
/// Readings on one test set are drawn together, those on different ones apart.
final class Draws {
  private let estimand: Estimand
  private let leaves: [Leaf]
  /// The value of each leaf as measured.
  let values: [Double]

  init(_ estimand: Estimand) {
    self.estimand = estimand
    leaves = estimand.leaves
    values = leaves.map { leaf in
      switch leaf {
      case .reading(let reading): reading.prepared?.value ?? .nan
      case .overTrials(let values): mean(values) ?? .nan
      }
    }
  }

  /// The number of resamples.
  var count: Int {
    leaves.map { leaf in
      switch leaf {
      case .reading(let reading): reading.outcomes.bootstrap.resamples
      case .overTrials: Bootstrap.overTrials
      }
    }.min() ?? 0
  }

  /// The fewest independent units behind a leaf.
  var units: Int {
    leaves.map { leaf in
      switch leaf {
      case .reading(let reading):
        reading.prepared?.units ?? reading.outcomes.units.unitCount
      case .overTrials(let values): values.count
      }
    }.min() ?? 0
  }

  /// Why the first leaf without a value has none.
  var undefinedReason: String? {
    for (leaf, value) in zip(leaves, values) where value.isNaN {
      if case .reading(let reading) = leaf { return reading.prepared?.metric.undefinedReason }
    }
    return nil
  }

  /// The range of the metric that an estimand is a mean of, as far as it has ends.
  func range(of estimand: Estimand) -> ClosedRange<Double>? {
    switch estimand {
    case .reading(let reading): MetricInfo.named(reading.name.metric)?.range
    case .mean(let parts): parts.first.flatMap { range(of: $0) }
    case .overTrials, .function: nil
    }
  }

  /// By how much a unit may move the estimand at most; nil where that has no end, and 0 where
  /// nothing can move it since it holds a number against itself.
  var scale: Double? {
    let widths = leaves.map { leaf -> Double in
      guard case .reading(let reading) = leaf else { return .infinity }
      let range = MetricInfo.named(reading.name.metric)?.range ?? 0...Double.infinity
      return range.upperBound - range.lowerBound
    }
    guard let most = widths.max(), most.isFinite else { return nil }
    return Set(leaves.map(\.name)).count < leaves.count ? 0 : most
  }

  /// The estimand in each resample, NaN where it is undefined.
  private(set) lazy var distribution: [Double] = {
    let drawn = leaves.map(resampled)
    return (0..<count).map { index in estimand.value(of: drawn.map { $0[index] }) }
  }()

  /// The estimand without each block of units in turn, test set by test set.
  private(set) lazy var jackknifed: [[Double]] = {
    var sets: [String: [Int]] = [:]
    for (place, leaf) in leaves.enumerated() { sets[leaf.testSet, default: []].append(place) }
    return sets.keys.sorted().map { name in
      let places = sets[name] ?? []
      let left = places.map { jackknifed(leaves[$0]) }
      return (0..<(left.map(\.count).min() ?? 0)).map { block in
        var values = values
        for (place, left) in zip(places, left) { values[place] = left[block] }
        return estimand.value(of: values)
      }
    }
  }()

  private func resampled(_ leaf: Leaf) -> [Double] {
    switch leaf {
    case .reading(let reading):
      return reading.replicates?.resampled ?? [Double](repeating: .nan, count: count)
    case .overTrials(let values):
      // The draws depend on the number of trials alone, so that methods share them.
      var random = Philox(key: Philox.key("trials", "\(values.count)"), stream: 0)
      return (0..<Bootstrap.overTrials).map { _ in
        var sum = 0.0
        for _ in values { sum += values[random.below(values.count)] }
        return sum / Double(values.count)
      }
    }
  }

  private func jackknifed(_ leaf: Leaf) -> [Double] {
    switch leaf {
    case .reading(let reading): return reading.replicates?.jackknifed ?? []
    case .overTrials(let values):
      let sum = values.reduce(0, +)
      return values.map { (sum - $0) / Double(values.count - 1) }
    }
  }
}

extension Bootstrap {
  /// The number of resamples of trials, where rows cannot be resampled.
  fileprivate static let overTrials = 2000
}

extension Leaf {
  /// Names what it is of.
  fileprivate var name: String {
    switch self {
    case .reading(let reading):
      "\(ObjectIdentifier(reading.outcomes)) \(reading.name.metric) "
        + (reading.name.subset?.name ?? "")
    case .overTrials(let values): "\(values)"
    }
  }

  /// Names what is drawn together.
  fileprivate var testSet: String {
    switch self {
    case .reading(let reading):
      "rows \(reading.outcomes.bootstrap.key) \(reading.outcomes.units.unitCount)"
    case .overTrials(let values): "trials \(values.count)"
    }
  }
}
