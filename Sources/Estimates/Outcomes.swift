internal import Documents
package import Metrics
internal import Random
internal import Synchronization
internal import Tensors

/// One method's outcomes on one test set, with all that was resampled of them so far.
///
/// The key of the resamples is decided by the test set alone, so that all methods, seeds and groups
/// on it meet the same ones; what a metric is in each of them is computed once.
package final class Outcomes: Sendable {
  /// What is measured of the rows.
  private enum Source: Sendable {
    case table(any OutcomeTable)
    case metrics([String: any WeightedMetric])
  }

  package let units: RowUnits
  package let bootstrap: Bootstrap
  private let source: Source
  private let kept = Mutex<[Reading.Name: Prepared]>([:])
  private let drawn = Mutex<[Reading.Name: Replicates]>([:])

  /// Takes the outcomes of a method; without a bootstrap one that the test set decides.
  package init(_ table: any OutcomeTable, bootstrap: Bootstrap? = nil) {
    source = .table(table)
    units = RowUnits(rowCount: table.n, units: table.units)
    self.bootstrap = bootstrap ?? Bootstrap(key: testSetKey(of: table))
  }

  /// Takes metrics that are prepared for rows, whatever they are made of.
  package init(
    _ metrics: [String: any WeightedMetric], over rows: RowUnits, bootstrap: Bootstrap
  ) {
    source = .metrics(metrics)
    units = rows
    self.bootstrap = bootstrap
  }

  /// The method's outcomes; nil where there are metrics alone.
  package var table: (any OutcomeTable)? {
    if case .table(let table) = source { return table }
    return nil
  }

  /// A metric of all rows or of some, ready to be estimated; nil if there is no such metric.
  func prepared(_ name: Reading.Name) -> Prepared? {
    if let known = kept.withLock({ $0[name] }) { return known }
    guard let made = prepare(name) else { return nil }
    kept.withLock { $0[name] = made }
    return made
  }

  private func prepare(_ name: Reading.Name) -> Prepared? {
    switch source {
    case .metrics(let metrics):
      return metrics[name.metric].map {
        Prepared(
          metric: $0, rows: nil, of: units.rowCount, units: units.unitCount,
          support: units.unitCount, note: nil)
      }
    case .table(let table):
      let chosen = name.subset.map { table.selecting(rows: $0.rows) } ?? table
      return chosen.prepared(name.metric).map {
        Prepared(
          metric: $0.metric, rows: name.subset?.rows, of: table.n, units: $0.unitCount,
          support: $0.support, note: $0.note)
      }
    }
  }

  /// Draws what is asked for and not yet known, all of it on one walk through the resamples.
  func draw(_ names: [Reading.Name]) {
    let missing = drawn.withLock { known in names.filter { known[$0] == nil } }
    let found = missing.compactMap { name in prepared(name).map { (name, $0.whole) } }
    guard !found.isEmpty else { return }
    let replicates = bootstrap.replicates(of: found.map(\.1), over: units)
    drawn.withLock { known in
      for ((name, _), replicates) in zip(found, replicates) { known[name] = replicates }
    }
  }

  /// What a metric is in every resample; nil if there is no such metric.
  package func replicates(_ name: Reading.Name) -> Replicates? {
    draw([name])
    return drawn.withLock { $0[name] }
  }
}

/// The key of the resamples of a test set: decided by what the dataset gives, never by the method.
package func testSetKey(of table: any OutcomeTable) -> UInt64 {
  var parts = ["\(table.n)"]
  let given = table.given
  for name in given.keys.sorted() {
    let digest = given[name]?.withBytes { Digest(of: $0).description }
    parts.append("\(name) \(digest ?? "")")
  }
  return Philox.key("test set", parts.joined(separator: " "))
}

/// A metric of some rows that was prepared once.
struct Prepared: Sendable {
  let metric: any WeightedMetric
  /// The rows of the test set that it takes; nil: all.
  let rows: [Int]?
  /// The independent units with a row that counts in it.
  let units: Int
  /// Those that the value rests on.
  let support: Int
  let note: String?
  /// With every row once; NaN where undefined.
  let value: Double

  init(
    metric: any WeightedMetric, rows: [Int]?, of rowCount: Int, units: Int, support: Int,
    note: String?
  ) {
    self.metric = metric
    self.rows = rows
    self.rowCount = rowCount
    self.units = units
    self.support = support
    self.note = note
    value = metric.values(under: .once(n: rows?.count ?? rowCount))[0]
  }

  private let rowCount: Int

  /// The metric under weights of all rows of the test set.
  var whole: any WeightedMetric {
    guard let rows else { return metric }
    if let mean = metric.rowMean {
      return mean.metric(at: rows, of: rowCount, reason: metric.undefinedReason)
    }
    return CompositeMetric(parts: [(rows, metric)], reason: metric.undefinedReason) { $0[0] }
  }

  /// The place in the test set of a row of the metric.
  func place(of row: Int) -> Int { rows?[row] ?? row }
}
