internal import Datasets
internal import Documents
internal import Random

extension Planner {
  /// One setting for each mixture of sources, size and seed, asked for the test set and each shift.
  ///
  /// Sources are the values of an attribute of the training rows. A mixture takes its shares of `size`
  /// rows from them at random, `size` in all; larger draws of one source contain the smaller ones.
  mutating func addSources(
    _ dataset: Dataset, attribute: String, mixes: [[String: Double]], sizes: [Int],
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
    for mix in mixes {
      for size in sizes {
        for seed in seeds {
          draws.append(try draw(mix, size, seed, from: rows, of: dataset))
        }
      }
    }
    try addShifts(dataset, draws: draws, names: names)
  }

  private func draw(
    _ mix: [String: Double], _ size: Int, _ seed: Int, from rows: [String: [Int]],
    of dataset: Dataset
  ) throws(SuiteError) -> TrainingDraw {
    let total = mix.values.reduce(0, +)
    let parts = mix.sorted { $0.key < $1.key }
    var chosen: [Int] = []
    for ((name, _), wanted) in zip(parts, apportion(size, by: parts.map(\.value))) {
      var order = rows[name] ?? []
      guard wanted <= order.count else {
        throw unusable(
          dataset, "has \(order.count) training rows of source '\(name)', but a draw of \(wanted)")
      }
      var random = Philox(
        key: Philox.key(suite.id, dataset.id, "sources", name, "\(seed)"), stream: 0)
      random.shuffle(&order)
      chosen += order.prefix(wanted)
    }
    let name = mix.keys.sorted().map { key in
      mix.count == 1 ? key : "\(share(of: mix[key] ?? 0, total)) \(key)"
    }
    return TrainingDraw(
      setting: ["mix": .string(name.joined(separator: " + ")), "size": JSON(size)], seed: seed,
      rows: .drawn(chosen.sorted()))
  }

  private func share(of part: Double, _ total: Double) -> String {
    "\(Int(saturating: (100 * part / total).rounded()))%"
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
