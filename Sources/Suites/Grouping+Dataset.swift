internal import Datasets
package import Metrics

extension Grouping {
  /// Whether all rows of a group are of one class.
  package var holdsClass: Bool { Grouping.names(in: by).contains("class") }

  /// The groups of the test rows by `class`, an attribute, or attributes joined by `*`; nil where the
  /// dataset has no such attribute.
  static func testRows(of dataset: Dataset, by: String) -> Grouping? {
    crossing(by) { attribute($0, of: dataset) }
  }

  /// The groups by an attribute, or by attributes joined by `*`; nil where one of them is not there.
  static func crossing(_ by: String, _ attribute: (String) -> Grouping?) -> Grouping? {
    var joined: Grouping?
    for name in names(in: by) {
      guard let next = attribute(name) else { return nil }
      joined = joined.map { $0.crossed(with: next) } ?? next
    }
    return joined
  }

  /// The attributes of a name such as `age*sex`.
  static func names(in by: String) -> [String] {
    by.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  private static func attribute(_ name: String, of dataset: Dataset) -> Grouping? {
    if name == "class", let labels = dataset.labels("test") {
      return Grouping(by: name, keys: distinct(dataset.classes), codes: labels)
    }
    return dataset.groups[name].map { group in
      Grouping(by: name, keys: distinct(group.names), codes: group.codes, isAttribute: true)
    }
  }

  /// Names that are equal get their number behind them.
  static func distinct(_ names: [String]) -> [String] {
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    return names.enumerated().map { counts[$1] == 1 ? $1 : "\($1) (\($0))" }
  }

  /// The groups of some of the rows, without those that are left empty.
  func selecting(rows: [Int]) -> Grouping {
    let chosen = rows.map { codes[$0] }
    let occurring = Set(chosen.filter { $0 >= 0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(occurring, Int32(0)...))
    var selected = Grouping(
      by: by, keys: occurring.map { keys[Int($0)] }, codes: chosen.map { places[$0] ?? -1 },
      isAttribute: isAttribute)
    selected.minimumRows = minimumRows
    return selected
  }

  /// The groups of several tables' rows, one after the other; a table without any adds rows of none.
  package init?(joining parts: [(grouping: Grouping?, rows: Int)]) {
    guard let first = parts.lazy.compactMap(\.grouping).first else { return nil }
    var keys: [String] = []
    for key in parts.flatMap({ $0.grouping?.keys ?? [] }) where !keys.contains(key) {
      keys.append(key)
    }
    let places = Dictionary(uniqueKeysWithValues: zip(keys, Int32(0)...))
    let codes = parts.flatMap { grouping, rows -> [Int32] in
      guard let grouping else { return [Int32](repeating: -1, count: rows) }
      return grouping.codes.map { code in
        if code < 0 { return -1 }
        return Int(code) < grouping.keys.count
          ? places[grouping.keys[Int(code)]] ?? -1 : Int32(keys.count)
      }
    }
    self.init(by: first.by, keys: keys, codes: codes, isAttribute: first.isAttribute)
  }

  /// The intersections of two partitions; a row without one group has none here either.
  private func crossed(with other: Grouping) -> Grouping {
    let width = Int32(other.keys.count)
    return Grouping(
      by: "\(by)*\(other.by)",
      keys: keys.flatMap { key in other.keys.map { "\(key)*\($0)" } },
      codes: zip(codes, other.codes).map { $0 < 0 || $1 < 0 ? -1 : $0 * width + $1 },
      isAttribute: isAttribute || other.isAttribute)
  }
}
