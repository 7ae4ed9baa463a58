/// A partition of rows: by class, by an attribute, or by an intersection of several.
package struct Grouping: Sendable, Equatable {
  /// What the rows are grouped by: `class`, an attribute, or attributes joined by `*`.
  package let by: String
  /// The groups' names, all different.
  package let keys: [String]
  /// A number into `keys` for each row, -1 for a row of no group, or the number of keys for a row
  /// of every group, such as OOD rows, which each group of in-distribution rows is held against.
  package let codes: [Int32]
  /// Whether attributes of the rows take part, so that the groups are held against each other.
  package let isAttribute: Bool
  /// The least rows, and with two classes positives and negatives, of a group that is compared.
  package var minimumRows = Grouping.minimumRows

  /// Below ten rows of a kind a rate says little.
  ///
  /// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays", 2025.
  package static let minimumRows = 10

  /// Takes the code of each row, negative where it is not known.
  package init(by: String, keys: [String], codes: [Int32], isAttribute: Bool = false) {
    self.by = by
    self.keys = keys
    self.codes = codes.map { max($0, -1) }
    self.isAttribute = isAttribute
  }

  /// Whether some rows are in every group.
  package var sharesRows: Bool { codes.contains { $0 >= keys.count } }

  /// Refuses codes that do not fit a table of `n` rows.
  package func require(rows n: Int) throws(MetricsError) {
    guard codes.count == n else {
      throw MetricsError(.notPaired, "'\(by)' groups \(codes.count) rows, but there are \(n).")
    }
    guard let row = codes.firstIndex(where: { Int($0) > keys.count }) else { return }
    throw MetricsError(
      .invalidInput,
      "Row \(row) has code \(codes[row]) of '\(by)', which names only \(keys.count) groups.")
  }

  /// The rows of each group, in their order.
  package var rows: [[Int]] {
    var rows = keys.map { _ in [Int]() }
    for (row, group) in codes.enumerated() where group >= 0 {
      if group < keys.count {
        rows[Int(group)].append(row)
      } else {
        for place in rows.indices { rows[place].append(row) }
      }
    }
    return rows
  }
}

/// What a metric's values in several groups come down to.
package enum GroupFunctional: Sendable, CaseIterable {
  /// The minimum where higher is better, else the maximum.
  case worst
  /// Maximum less minimum.
  case gap
  /// Minimum over maximum.
  case ratio

  /// Its value, NaN where a group has none, or where there are too few groups.
  func callAsFunction(_ values: [Double], higherIsBetter: Bool) -> Double {
    guard !values.contains(where: \.isNaN), let low = values.min(), let high = values.max() else {
      return .nan
    }
    switch self {
    case .worst: return higherIsBetter ? low : high
    case .gap: return values.count > 1 ? high - low : .nan
    case .ratio: return values.count > 1 && low >= 0 && high > 0 ? low / high : .nan
    }
  }

  /// Why it is undefined over this many groups that have values.
  func reason(groups: Int) -> String {
    if groups == 0 { return "no group has a value" }
    return groups == 1 && self != .worst
      ? "only one group has a value" : "the greatest value is 0, or the least is negative"
  }
}
