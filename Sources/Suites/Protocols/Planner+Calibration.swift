internal import Datasets
internal import Documents
internal import Random

/// Test rows that a temperature is fitted on, and those that are left to judge it by.
///
/// Source: the split of a fifth and the rest follows the calibration block of Tu, Deng and Gedeon,
/// TPAMI 2025.
struct CalibrationSplit: Sendable {
  let rows: [Int]
  /// The test rows that are asked for; nil for all of them.
  let kept: [Int]?

  /// The places of the rows that no temperature is fitted on; nil where all places are asked for.
  func places(in testRows: [Int]?) -> [Int]? {
    guard kept != nil, let testRows else { return nil }
    let fitted = Set(rows)
    return testRows.indices.filter { !fitted.contains(testRows[$0]) }
  }

  /// What the reader must know.
  func notes(on shifts: [Dataset.Shift]) -> [String] {
    let fit =
      "The temperature is fitted on \(rows.count) test rows, "
      + (kept == nil
        ? "none of them behind a shift." : "drawn at random, which no other query holds.")
    let unpaired = shifts.filter { $0.testRows == nil }.map(\.name)
    guard !unpaired.isEmpty else { return [fit] }
    return [
      fit,
      "Copies of these rows, if any, cannot be kept out of \(listed(unpaired)), which would make the "
        + "scaled metrics there too good.",
    ]
  }
}

extension Planner {
  /// The test rows that no shift is a copy of; where no shift names its rows, or all are behind one, a
  /// fifth of them at random, which then leave the queries that are judged.
  func calibrationSplit(
    of dataset: Dataset, _ shifts: [Dataset.Shift]
  ) throws(SuiteError) -> CalibrationSplit {
    let count = dataset.labels("test")?.count ?? 0
    let used = shifts.reduce(into: Set<Int>()) { $0.formUnion($1.testRows ?? []) }
    let apart = (0..<count).filter { !used.contains($0) }
    guard used.isEmpty || apart.isEmpty else { return CalibrationSplit(rows: apart, kept: nil) }
    guard count > 1 else {
      throw unusable(dataset, "has too few test rows to keep some beside those of the temperature")
    }
    var random = Philox(key: Philox.key("calibration", dataset.digest.description), stream: 0)
    let drawn = Set(random.choose(max(count / 5, 1), of: count))
    return CalibrationSplit(
      rows: drawn.sorted(), kept: (0..<count).filter { !drawn.contains($0) })
  }
}
