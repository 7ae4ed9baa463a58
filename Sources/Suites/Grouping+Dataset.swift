internal import Datasets

extension Grouping {
  /// The groups of the test rows by `class`, an attribute, or attributes joined by `*`.
  ///
  /// - Throws: `UnknownAttribute` when the dataset has no such attribute.
  static func testRows(
    of dataset: Dataset, by: String
  ) throws(UnknownAttribute) -> Grouping {
    var joined: Grouping?
    for name in by.split(separator: "*", omittingEmptySubsequences: false).map(String.init) {
      let next = try attribute(name, of: dataset)
      joined = joined.map { $0.crossed(with: next) } ?? next
    }
    guard let joined else { throw UnknownAttribute(name: by, known: known(of: dataset)) }
    return joined
  }

  /// An attribute that a suite groups by and a dataset lacks.
  struct UnknownAttribute: Error {
    let name: String
    let known: [String]
  }

  private static func known(of dataset: Dataset) -> [String] {
    ["class"] + dataset.groups.keys.sorted()
  }

  private static func attribute(
    _ name: String, of dataset: Dataset
  ) throws(UnknownAttribute) -> Grouping {
    if name == "class", let labels = dataset.labels("test") {
      return Grouping(by: name, keys: distinct(dataset.classes), codes: labels)
    }
    guard let group = dataset.groups[name] else {
      throw UnknownAttribute(name: name, known: known(of: dataset))
    }
    return Grouping(
      by: name, keys: distinct(group.names), codes: group.codes, isAttribute: true)
  }

  /// Names that are equal get their number behind them.
  private static func distinct(_ names: [String]) -> [String] {
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
