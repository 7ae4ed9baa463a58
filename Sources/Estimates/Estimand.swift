package import Metrics

/// A metric of the rows of a test set, all of them or some.
package struct Reading: Sendable {
  /// Some rows of a test set, under a name that no others of the same test set have.
  package struct Subset: Hashable, Sendable {
    package let name: String
    package let rows: [Int]

    package init(_ name: String, rows: [Int]) {
      self.name = name
      self.rows = rows
    }

    package static func == (one: Subset, other: Subset) -> Bool { one.name == other.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  /// What a reading is called among those of its outcomes.
  package struct Name: Hashable, Sendable {
    package let metric: String
    package let subset: Subset?

    package init(_ metric: String, in subset: Subset? = nil) {
      self.metric = metric
      self.subset = subset
    }
  }

  package let outcomes: Outcomes
  package let name: Name

  package init(_ metric: String, of outcomes: Outcomes, in subset: Subset? = nil) {
    self.outcomes = outcomes
    name = Name(metric, in: subset)
  }

  var prepared: Prepared? { outcomes.prepared(name) }
  var replicates: Replicates? { outcomes.replicates(name) }
}

/// A number that is made of readings, as the same thing wherever it is printed.
///
/// ```swift
/// let mean = Estimand.mean(seeds.map { .reading(Reading("accuracy", of: $0)) })
/// Estimator().estimate(mean)  // Wilson's interval on the effective number of rows
/// ```
package indirect enum Estimand {
  case reading(Reading)
  /// A number that varies from trial to trial alone, such as one that a method reports of itself.
  case overTrials([Double])
  /// The mean, as over seeds or datasets.
  case mean([Estimand])
  /// Any other number that is made of several; NaN where it is undefined.
  case function([Estimand], ([Double]) -> Double)

  package static func difference(_ minuend: Estimand, _ subtrahend: Estimand) -> Estimand {
    .function([minuend, subtrahend]) { $0[0] - $0[1] }
  }

  /// `n / sum(1 / x)`; 0 where one of them is.
  ///
  /// Source: Xian et al., TPAMI 2019, for the accuracies of base and new classes.
  package static func harmonicMean(_ parts: [Estimand]) -> Estimand {
    .function(parts) { values in
      values.contains(0) ? 0 : Double(values.count) / values.reduce(0) { $0 + 1 / $1 }
    }
  }

  /// The readings and other leaves in it, in the order in which they stand.
  var leaves: [Leaf] {
    switch self {
    case .reading(let reading): [.reading(reading)]
    case .overTrials(let values): [.overTrials(values)]
    case .mean(let parts), .function(let parts, _): parts.flatMap(\.leaves)
    }
  }

  /// The number, from those of its leaves in their order.
  func value(of leaves: [Double]) -> Double {
    var rest = leaves[...]
    return value(&rest)
  }

  private func value(_ rest: inout ArraySlice<Double>) -> Double {
    switch self {
    case .reading, .overTrials: return rest.popFirst() ?? .nan
    case .mean(let parts):
      var sum = 0.0
      for part in parts { sum += part.value(&rest) }
      return sum / Double(parts.count)
    case .function(let parts, let combine):
      var values: [Double] = []
      for part in parts { values.append(part.value(&rest)) }
      return combine(values)
    }
  }

  /// The readings and their weights, if it is a mean of readings on one test set.
  var weightedReadings: [(reading: Reading, weight: Double)]? {
    switch self {
    case .reading(let reading): return [(reading, 1)]
    case .overTrials, .function: return nil
    case .mean(let parts):
      let all = parts.compactMap(\.weightedReadings)
      guard all.count == parts.count, let first = all.first?.first?.reading else { return nil }
      let found = all.flatMap { part in
        part.map { (reading: $0.reading, weight: $0.weight / Double(parts.count)) }
      }
      let outcomes = first.outcomes
      return found.allSatisfy {
        $0.reading.outcomes.bootstrap.key == outcomes.bootstrap.key
          && $0.reading.outcomes.units.rowCount == outcomes.units.rowCount
      } ? found : nil
    }
  }
}

/// What an estimand is made of.
enum Leaf {
  case reading(Reading)
  case overTrials([Double])
}
