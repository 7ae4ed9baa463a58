package import Datasets
package import Documents
internal import Metrics
internal import Random

/// Mixtures of the sources of the training rows, each at several sizes, then as ``ShiftsProtocol``.
package struct SourcesProtocol: SuiteProtocol {
  package static let kind = "sources"
  let attribute: String
  let mixes: [Mixture]
  let sizes: [Int]
  /// The names of the shifted sets; nil means all.
  let names: [String]?

  package init(_ json: JSON) {
    attribute = json["attribute"]?.string ?? ""
    mixes = (json["mixes"]?.array ?? []).map { mix in
      Mixture((mix.object ?? [:]).compactMapValues(\.double))
    }
    sizes = json.integers("sizes")
    names = json.strings("shifts")
  }

  package var asksShifts: Bool { true }
  package var partitions: [String] { ["shift"] }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? {
    ShiftsProtocol.keys(names, in: dataset)
  }

  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    unknownSources(in: dataset)
      + dataset.missing(names, among: dataset.shifts.map(\.name), "shift", at: "/protocol/shifts")
  }

  private func unknownSources(in dataset: Dataset) -> [DocumentProblem] {
    let attributes = dataset.trainingAttributes
    guard !attributes.isEmpty else { return [] }
    guard attributes.contains(attribute) else {
      return [
        DocumentProblem(
          pointer: "/protocol/attribute",
          message: unknown("attribute with training rows", attribute, among: attributes))
      ]
    }
    let known = dataset.groups[attribute]?.names ?? []
    return mixes.enumerated().flatMap { index, mix in
      mix.sources.filter { !known.contains($0) }.map { name in
        DocumentProblem(
          pointer: JSONPointer.appending(name, to: "/protocol/mixes/\(index)"),
          message: unknown("source", name, among: known))
      }
    }
  }

  package func size(on dataset: Dataset) -> PlanSize {
    let rows = dataset.labels("train")?.count ?? 0
    let listed = sizes.reduce(0) { $0 + min($1, rows) }
    return PlanSize(
      factors: [mixes.count, sizes.count],
      drawnRows: Int.saturatingProduct([mixes.count, listed]))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addSources(dataset, attribute: attribute, mixes: mixes, sizes: sizes, names: names)
  }
}

extension Planner {
  /// One setting for each mixture of sources, size and seed, asked for the test set and each shift.
  ///
  /// Sources are the values of an attribute of the training rows. A mixture takes its shares of `size`
  /// rows from them at random, `size` in all; larger draws of one source contain the smaller ones.
  fileprivate mutating func addSources(
    _ dataset: Dataset, attribute: String, mixes: [Mixture], sizes: [Int],
    names: [String]?
  ) throws(SuiteError) {
    guard let group = dataset.groups[attribute], let codes = group.splits["train"] else {
      throw unusable(dataset, "does not say the '\(attribute)' of its training rows")
    }
    var rows: [String: [Int]] = [:]
    for (number, name) in group.names.enumerated() {
      rows[name] = codes.indices.filter { codes[$0] == number }
    }
    var draws: [TrainingDraw] = []
    for (mix, name) in zip(mixes, Grouping.distinct(mixes.map(\.text))) {
      for size in sizes {
        for seed in seeds {
          draws.append(try draw(mix, named: name, size, seed, from: rows, of: dataset))
        }
      }
    }
    try addShifts(dataset, draws: draws, names: names)
  }

  private func draw(
    _ mix: Mixture, named name: String, _ size: Int, _ seed: Int, from rows: [String: [Int]],
    of dataset: Dataset
  ) throws(SuiteError) -> TrainingDraw {
    let parts = mix.shares.sorted { $0.key < $1.key }
    var chosen: [Int] = []
    for ((source, _), wanted) in zip(parts, apportion(size, by: parts.map(\.value))) {
      var order = rows[source] ?? []
      guard wanted <= order.count else {
        throw unusable(
          dataset, "has \(order.count) training rows of source '\(source)', but a draw of \(wanted)"
        )
      }
      var random = Philox(
        key: Philox.key(suite.id, dataset.id, "sources", source, "\(seed)"), stream: 0)
      random.shuffle(&order)
      chosen += order.prefix(wanted)
    }
    var draw = TrainingDraw(
      setting: ["mix": .string(name), "size": JSON(size)], seed: seed,
      rows: .drawn(chosen.sorted()))
    draw.mixture = mix
    return draw
  }
}

/// Divides a number of rows by shares, so that the parts sum up to it: each share rounded down, and
/// the rows that are left over to the largest remainders, the first of equal ones.
func apportion(_ size: Int, by shares: [Double]) -> [Int] {
  let total = shares.reduce(0, +)
  let exact = shares.map { Double(size) * $0 / total }
  var parts = exact.map { Int(saturating: $0) }
  let order = exact.indices.sorted {
    (exact[$1] - exact[$1].rounded(.down), $0) < (exact[$0] - exact[$0].rounded(.down), $1)
  }
  for place in order.prefix(max(0, size - parts.reduce(0, +))) { parts[place] += 1 }
  return parts
}

// MARK: In suite files

extension SourcesProtocol {
  package static let schema = #"""
    {
      "description": "Mixtures of the sources of the training rows at several sizes and for each seed; then the test set and every shifted set, as in 'shifts'.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "mixes", "sizes"],
      "properties": {
        "kind": { "const": "sources" },
        "attribute": {
          "description": "The attribute of the training rows whose values are the sources.",
          "$ref": "#/$defs/text",
          "default": "source"
        },
        "mixes": {
          "description": "The shares of the sources in each mixture; only their ratios count.",
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": { "type": "number", "minimum": 1e-9, "maximum": 1e9 }
          }
        },
        "sizes": {
          "description": "The numbers of training rows.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 1000000000 }
        },
        "shifts": {
          "description": "The names of the shifted sets; without it all that the dataset declares.",
          "$ref": "#/$defs/names"
        }
      }
    }
    """#
}
