internal import AssayKit
internal import LinearAlgebra
internal import Neighbours
internal import Random
internal import SMOTELearning

/// Training rows on the way to class sizes that lie closer together.
struct Resampling {
  let rows: MatrixView<Float>
  let labels: [Int32]
  let classCount: Int
  let nominal: NominalColumns?
  let config: SMOTEConfig
  let context: Context

  /// The rows kept, in their order, then the new ones, class by class.
  struct Result {
    let rows: MatrixView<Float>
    let labels: [Int32]
  }

  /// Removes and adds rows as the config says.
  func run() throws(MethodError) -> Result {
    var members = [[Int32]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { members[Int(label)].append(Int32(row)) }
    let kept = keptRows(of: members)
    let extra = newRows(of: members)
    let added = extra.reduce(0, +)
    context.metric("removed_rows", Double(labels.count - kept.count))
    context.metric("new_rows", Double(added))
    guard added > 0 || kept.count < labels.count else { return Result(rows: rows, labels: labels) }
    var newLabels = kept.map { labels[Int($0)] }
    let matrix = try Matrix<Float>(rows: kept.count + added, columns: rows.columns) {
      result throws(MethodError) in
      copy(kept, into: result.rows(0..<kept.count))
      var start = kept.count
      for label in 0..<classCount where extra[label] > 0 {
        try context.checkCancellation()
        fill(result.rows(start..<start + extra[label]), from: members[label], label)
        newLabels += [Int32](repeating: Int32(label), count: extra[label])
        start += extra[label]
      }
    }
    return Result(rows: matrix.view, labels: newLabels)
  }

  // MARK: Numbers of rows

  /// The rows that are not removed, ascending.
  ///
  /// Every class but the smallest keeps at most the size of the smallest over the share.
  private func keptRows(of members: [[Int32]]) -> [Int32] {
    let least = members.map(\.count).min() ?? 0
    guard let share = config.underShare,
      let smallest = members.lastIndex(where: { $0.count == least })
    else { return Array(0..<Int32(labels.count)) }
    let limit = max(Int((Double(least) / share).rounded()), 1)
    return members.enumerated().flatMap { label, rows in
      guard label != smallest, rows.count > limit else { return rows }
      var random = Philox(key: context.seed, stream: stream(label, 1))
      return random.choose(limit, of: rows.count).map { rows[$0] }
    }.sorted()
  }

  /// The number of new rows of each class; none of the largest.
  private func newRows(of members: [[Int32]]) -> [Int] {
    guard config.method == .smote || config.method == .oversample else {
      return [Int](repeating: 0, count: classCount)
    }
    let most = members.map(\.count).max() ?? 0
    let largest = members.firstIndex { $0.count == most }
    return members.enumerated().map { label, rows in
      if label == largest { return 0 }
      guard config.overPercent == 0 else {
        return Int(config.overPercent * Double(rows.count) / 100)
      }
      return max(Int(config.samplingStrategy * Double(most)) - rows.count, 0)
    }
  }

  // MARK: New rows

  private func fill(
    _ result: MutableMatrixView<Float>, from members: [Int32], _ label: Int
  ) {
    var random = Philox(key: context.seed, stream: stream(label, 0))
    let bases = drawBases(result.rows, of: members.count, &random)
    let count = min(config.k, members.count - 1)
    guard config.method == .smote, count > 0 else {
      if config.method == .smote {
        context.note("a class has a single training row, so that its new rows are copies")
      }
      return copy(bases.map { members[Int($0)] }, into: result)
    }
    if count < config.k {
      context.note(
        "a class has \(members.count) training rows, so that k is \(count) there, not \(config.k)")
    }
    let own = Matrix<Float>(rows: members.count, columns: rows.columns) { copy(members, into: $0) }
    let neighbours = neighbours(of: own, count)
    context.metric(
      "neighbour_distance", neighbours.values.reduce(0, +) / Double(neighbours.values.count))
    let synthetic = draw(bases, of: count, &random)
    synthetic.write(between: own.view, neighbours, into: result)
    nominal?.vote(for: synthetic, among: own.view, neighbours, into: result)
    if config.normalise { result.normaliseRows() }
  }

  private func neighbours(of own: Matrix<Float>, _ count: Int) -> Neighbours {
    let deviations =
      config.standardise ? rows.columnDeviations().map { $0 > 0 ? $0 : 1 } : nil
    var space = own
    if let nominal {
      space = nominal.space(of: own.view, dividingBy: deviations)
    } else if let deviations {
      space.withMutableView { view in
        for index in 0..<view.rows {
          let row = view.row(index)
          for column in row.indices { row[column] /= deviations[column] }
        }
      }
    }
    return NearestNeighbours(rows: space.view, by: .euclideanDistance)
      .neighboursOfRows(count: count)
  }

  private func drawBases(_ count: Int, of members: Int, _ random: inout Philox) -> [Int32] {
    switch config.base {
    case .random: return (0..<count).map { _ in Int32(random.below(members)) }
    case .cycle:
      let passes = (0..<count / members).flatMap { _ in 0..<Int32(members) }
      return passes + random.choose(count % members, of: members).map { Int32($0) }
    }
  }

  private func draw(
    _ bases: [Int32], of neighbours: Int, _ random: inout Philox
  ) -> SyntheticRows {
    let width = config.gap == .row ? 1 : rows.columns
    var slots: [Int32] = []
    var gaps: [Double] = []
    slots.reserveCapacity(bases.count)
    gaps.reserveCapacity(bases.count * width)
    for _ in bases {
      slots.append(Int32(random.below(neighbours)))
      for _ in 0..<width { gaps.append(random.uniform()) }
    }
    return SyntheticRows(bases: bases, slots: slots, gaps: gaps)
  }

  /// Draws depend on the seed, the class and the purpose alone, not on the percentages.
  private func stream(_ label: Int, _ purpose: UInt64) -> UInt64 {
    context.stream &+ 2 * UInt64(label) + purpose
  }

  private func copy(_ chosen: [Int32], into result: MutableMatrixView<Float>) {
    for (place, row) in chosen.enumerated() {
      rows.withRow(Int(row)) { _ = result.row(place).update(fromContentsOf: $0) }
    }
  }
}
