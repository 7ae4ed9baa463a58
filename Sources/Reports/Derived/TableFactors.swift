package import Documents
internal import Evaluation
internal import Glibc
internal import Metrics
internal import Random

/// What properties of the models in a table tell of their accuracy under each shift, beyond their
/// accuracy without it.
///
/// Intervals are percentiles over models resampled within their level.
package struct TableFactors: Sendable {
  /// One property under one shift.
  struct Entry: Sendable {
    let factor: String
    let shift: String
    /// The levels, or one name for a step of numbers.
    let names: [String]
    let counts: [Int]
    /// Levels of fewer than ``fewest`` models, which take no part.
    let leftOut: [String]
    /// Nil with a reason.
    let effect: FactorEffect?
    let reason: String?
    let intervals: [Interval?]
  }

  /// A level of fewer models has no place in the comparison.
  static let fewest = 3
  let entries: [Entry]

  /// Compares the properties of `table`.
  ///
  /// A property is numbers where every cell is one; positive numbers enter as their logarithm to
  /// base 2, so that the effect is that of twice as much.
  package init(_ table: AccuracyTable, rows: Int, resamples: Int = 2000) {
    entries = table.factors.flatMap { factor in
      table.shifts.indices.map { shift in
        let column = Column(factor)
        let kept = column.kept
        let models = Models(
          values: column.values, reference: kept.map { table.reference[$0] },
          shifted: kept.map { table.shifted[shift][$0] }, rows: rows)
        let (effect, reason) = models.effect
        let intervals = effect == nil ? [] : models.intervals(resamples)
        return Entry(
          factor: factor.name, shift: table.shifts[shift], names: column.names,
          counts: column.counts, leftOut: column.leftOut, effect: effect, reason: reason,
          intervals: intervals)
      }
    }
  }
}

/// A property of the models, as levels or as numbers.
private struct Column {
  let values: FactorEffect.Values
  let names: [String]
  let counts: [Int]
  let leftOut: [String]
  /// The models that take part.
  let kept: [Int]

  init(_ factor: AccuracyTable.Factor) {
    let numbers = factor.cells.compactMap(Double.init).filter(\.isFinite)
    if numbers.count == factor.cells.count {
      let positive = numbers.allSatisfy { $0 > 0 }
      values = .numbers(positive ? numbers.map(log2) : numbers)
      (names, counts) = ([positive ? "twice as much" : "1 more"], [numbers.count])
      (leftOut, kept) = ([], Array(numbers.indices))
      return
    }
    var order: [String] = []
    for cell in factor.cells where !order.contains(cell) { order.append(cell) }
    let sizes = Dictionary(grouping: factor.cells) { $0 }.mapValues(\.count)
    let used = order.filter { sizes[$0, default: 0] >= TableFactors.fewest }
    names = used
    counts = used.map { sizes[$0, default: 0] }
    leftOut = order.filter { !used.contains($0) }
    kept = factor.cells.indices.filter { used.contains(factor.cells[$0]) }
    values = .levels(kept.compactMap { used.firstIndex(of: factor.cells[$0]) })
  }
}

/// The models of one comparison.
private struct Models {
  let values: FactorEffect.Values
  let reference: [Double]
  let shifted: [Double]
  let rows: Int

  var effect: (FactorEffect?, String?) {
    do throws(MetricsError) {
      return (
        try FactorEffect(
          of: values, reference: reference, shifted: shifted, rows: rows, shiftedRows: rows), nil
      )
    } catch {
      return (nil, error.message)
    }
  }

  /// An interval for each effect.
  func intervals(_ resamples: Int) -> [Interval?] {
    var random = Philox(key: Philox.key("factors", "\(reference.count)"), stream: 0)
    let strata: [[Int]]
    switch values {
    case .levels(let levels):
      let places = Dictionary(grouping: levels.indices) { levels[$0] }
      strata = places.keys.sorted().compactMap { places[$0] }
    case .numbers: strata = [Array(reference.indices)]
    }
    let found = (0..<resamples).compactMap { _ in
      drawn(strata.flatMap { stratum in stratum.map { _ in stratum[random.below(stratum.count)] } })
        .effect.0?.effects
    }
    let bootstrap = Bootstrap(resamples: resamples, key: 0)
    return (found.first ?? []).indices.map { place in
      var interval = bootstrap.interval(of: found.map { $0[place] }).interval
      interval?.method = "bootstrap-over-models"
      return interval
    }
  }

  private func drawn(_ places: [Int]) -> Models {
    let values: FactorEffect.Values =
      switch self.values {
      case .levels(let levels): .levels(places.map { levels[$0] })
      case .numbers(let numbers): .numbers(places.map { numbers[$0] })
      }
    return Models(
      values: values, reference: places.map { reference[$0] },
      shifted: places.map { shifted[$0] }, rows: rows)
  }
}

extension TableFactors {
  /// Each property under each shift, with the effect of each level.
  package var json: JSON {
    .array(
      entries.map { entry in
        let effect = entry.effect
        let levels = entry.names.indices.map { place -> JSON in
          [
            "level": .string(entry.names[place]), "models": JSON(entry.counts[place]),
            "effect": number(effect?.effects[place]),
            "interval": (entry.intervals.isEmpty ? nil : entry.intervals[place])?.json ?? .null,
          ]
        }
        return [
          "factor": .string(entry.factor), "shift": .string(entry.shift),
          "levels": .array(levels), "left_out": .array(entry.leftOut.map(JSON.string)),
          "r2": number(effect?.rSquared), "r2_with_factor": number(effect?.fullRSquared),
          "partial_r2": number(effect?.partialRSquared), "f": number(effect?.statistic),
          "degrees_of_freedom": effect.map {
            .array([JSON($0.degreesOfFreedom.0), JSON($0.degreesOfFreedom.1)])
          } ?? .null,
          "p": number(effect?.pValue), "reason": JSON(entry.reason),
        ]
      })
  }

  /// The same for a terminal.
  package func text(style: TextStyle) -> String {
    let rows = entries.flatMap { entry in
      entry.names.indices.map { place -> [Cell] in
        let half = entry.intervals.indices.contains(place) ? entry.intervals[place] : nil
        return [
          Cell(entry.factor), Cell(entry.shift), Cell(entry.names[place]),
          Cell("\(entry.counts[place])"),
          Cell(
            entry.effect.map { Format.signed($0.effects[place]) + range(half) } ?? "-"),
          Cell(Format.value(entry.effect?.rSquared)),
          Cell(Format.value(entry.effect?.partialRSquared)),
          Cell(Format.value(entry.effect?.pValue)),
        ]
      }
    }
    let head: [Cell] = ["factor", "shift", "level", "models", "effect", "R²", "partial R²", "p"]
    var lines = TextTable(head: head, rows: rows, nameColumns: 3).lines(style)
    var told: Set<String> = []
    for entry in entries {
      let sentence =
        entry.reason.map { "\(entry.factor) under \(entry.shift): \($0)" }
        ?? (entry.leftOut.isEmpty
          ? nil
          : "\(entry.factor): without levels of fewer than \(TableFactors.fewest) models: "
            + entry.leftOut.joined(separator: ", "))
      if let sentence, told.insert(sentence).inserted { lines.append(Escaping.line(sentence)) }
    }
    return lines.joined(separator: "\n")
  }

  private func range(_ interval: Interval?) -> String {
    interval.map { " [\(Format.signed($0.lower)), \(Format.signed($0.upper))]" } ?? ""
  }

  private func number(_ value: Double?) -> JSON {
    value.flatMap { $0.isFinite ? JSON($0) : nil } ?? .null
  }
}
