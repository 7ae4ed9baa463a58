/// The rows of a table in named groups: by an attribute, or by an intersection of several.
package struct Grouping: Sendable, Equatable {
  /// The attribute, such as `sex`, or `sex x race`.
  package let name: String
  package let groupNames: [String]
  /// The place of each row's group among the names, -1 where it belongs to none, and the number of
  /// groups where it belongs to all.
  package let groupOfRow: [Int32]

  /// Takes an attribute's code of each row, negative where it is not known.
  ///
  /// With `sharing`, rows with the number of names as their code are in every group.
  package init(
    _ name: String, codes: [Int32], names: [String], sharing: Bool = false
  ) throws(MetricsError) {
    let end = names.count + (sharing ? 1 : 0)
    if let row = codes.firstIndex(where: { Int($0) >= end }) {
      throw MetricsError(
        .invalidInput,
        "Row \(row) has code \(codes[row]) of '\(name)', which names only \(names.count) groups.")
    }
    self.name = name
    self.groupNames = names
    self.groupOfRow = codes.map { max($0, -1) }
  }

  private init(name: String, groupNames: [String], groupOfRow: [Int32]) {
    self.name = name
    self.groupNames = groupNames
    self.groupOfRow = groupOfRow
  }

  /// Every combination of groups that occurs, in the order of the first grouping, then the next.
  ///
  /// A row that one of the groupings leaves out belongs to no combination.
  package static func intersection(of groupings: [Grouping]) throws(MetricsError) -> Grouping {
    guard let first = groupings.first,
      groupings.allSatisfy({ $0.groupOfRow.count == first.groupOfRow.count })
    else {
      throw MetricsError(
        .invalidInput, "An intersection takes one or more groupings of the same number of rows.")
    }
    var codes = first.groupOfRow.map { Int($0) }
    for grouping in groupings.dropFirst() {
      codes = zip(codes, grouping.groupOfRow).map { code, next in
        code < 0 || next < 0 ? -1 : code * grouping.groupNames.count + Int(next)
      }
    }
    let occurring = Set(codes.filter { $0 >= 0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(occurring, Int32(0)...))
    let names = occurring.map { code in
      var rest = code
      var parts: [String] = []
      for grouping in groupings.reversed() {
        parts.insert(grouping.groupNames[rest % grouping.groupNames.count], at: 0)
        rest /= grouping.groupNames.count
      }
      return parts.joined(separator: ", ")
    }
    return Grouping(
      name: groupings.map(\.name).joined(separator: " x "), groupNames: names,
      groupOfRow: codes.map { places[$0] ?? -1 })
  }

  package func require(rows n: Int) throws(MetricsError) {
    guard groupOfRow.count == n else {
      throw MetricsError(
        .notPaired, "'\(name)' groups \(groupOfRow.count) rows, but there are \(n).")
    }
  }

  /// The rows of each group, in their order.
  package var rows: [[Int]] {
    var rows = groupNames.map { _ in [Int]() }
    for (row, group) in groupOfRow.enumerated() where group >= 0 {
      if group < groupNames.count {
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
