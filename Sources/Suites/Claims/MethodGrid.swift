internal import Documents

/// The rows that a member `methods` of a claims document stands for: grids are written out.
///
/// A grid makes a row of each combination of its values, the last member in alphabetical order
/// varying fastest; braces in the label stand for members of the config.
struct MethodGrid: Sendable {
  /// Every row as a member `methods` of a suite.
  private(set) var methods: [JSON] = []
  /// The place of each row's origin in the document.
  private(set) var sources: [Int] = []
  private(set) var families: [String: [Row]] = [:]
  private(set) var problems: [DocumentProblem] = []

  struct Row: Equatable, Sendable {
    let name: String
    /// Its config, by which it is picked from its family.
    let place: [String: JSON]
  }

  /// More rows than this are a mistake of the grid.
  static let mostRows = 10_000

  init(_ entries: [JSON]) {
    for (index, entry) in entries.enumerated() { add(entry, at: index) }
  }

  private mutating func add(_ entry: JSON, at index: Int) {
    let grid = entry["grid"]?.object ?? [:]
    guard let combinations = Self.combinations(of: grid) else {
      problems.append(
        DocumentProblem(
          pointer: "/methods/\(index)/grid",
          message: "makes more than \(Self.mostRows) rows; at most so many are run"))
      return
    }
    let id = entry["id"]?.string ?? ""
    for values in combinations {
      let config = (entry["config"]?.object ?? [:]).merging(values) { $1 }
      let label =
        entry["label"]?.string.map { fill($0, with: config) }
        ?? ([id] + values.sorted { $0.key < $1.key }.map { "\($0)=\($1.words)" })
        .joined(separator: " ")
      var method: [String: JSON] = ["id": .string(id)]
      if label != id { method["label"] = .string(label) }
      if !config.isEmpty || entry["config"] != nil { method["config"] = .object(config) }
      methods.append(.object(method))
      sources.append(index)
      if let family = entry["family"]?.string {
        families[family, default: []].append(Row(name: label, place: config))
      }
    }
  }

  /// Every choice of one value for each name, those of the last name varying fastest; nil for more
  /// than anybody runs.
  static func combinations(of grid: [String: JSON]) -> [[String: JSON]]? {
    var choices: [[String: JSON]] = [[:]]
    for (name, values) in grid.sorted(by: { $0.key < $1.key }) {
      let values = values.array ?? []
      guard choices.count * values.count <= mostRows else { return nil }
      choices = choices.flatMap { choice in values.map { choice.merging([name: $0]) { $1 } } }
    }
    return choices
  }
}

/// A text with `{name}` replaced by the value of that name.
func fill(_ text: String, with values: [String: JSON]) -> String {
  var filled = ""
  var rest = text[...]
  while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
    let name = String(rest[rest.index(after: open)..<close])
    filled += rest[..<open]
    filled += values[name].map(\.words) ?? String(rest[open...close])
    rest = rest[rest.index(after: close)...]
  }
  return filled + rest
}

extension JSON {
  /// A value as a person would name it.
  var words: String { string ?? canonicalText }
}
