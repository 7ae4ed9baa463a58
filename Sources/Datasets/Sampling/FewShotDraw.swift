internal import Random

/// The rows of one few-shot draw: `k` rows of each class, class by class.
///
/// ```swift
/// let key = Philox.key("few-shot", "fashion", "few-shot", "3", "train")
/// let draw = try FewShotDraw(labels: labels, classCount: 10, shots: 4, key: key)
/// ```
package struct FewShotDraw: Equatable, Sendable {
  /// Row numbers, `k` of class 0 first, then `k` of class 1, and so on.
  package let rows: [Int]
  /// The classes with fewer than `k` rows, whose rows are all taken and then repeated.
  package let repeatedClasses: [Int]

  /// Draws `k` rows of each class uniformly, without replacement while a class has rows left.
  ///
  /// Class `c` uses stream `c` of `key`, and `k` shots are the first `k` rows of one permutation, so
  /// that draws of more shots contain those of fewer. A class that is smaller than `k` gives all its
  /// rows and then further rows drawn with replacement.
  /// Source: the sampling of CoOp (Zhou et al., IJCV 2022), which replaces from the start.
  ///
  /// - Throws: `SamplingError` when a class has no row.
  package init(
    labels: [Int32], classCount: Int, shots: Int, key: UInt64
  ) throws(SamplingError) {
    var rows: [Int] = []
    rows.reserveCapacity(classCount * shots)
    var repeated: [Int] = []
    let members = rowsByClass(labels, classCount: classCount)
    for (label, pool) in members.enumerated() {
      guard !pool.isEmpty else { throw .emptyClass(label) }
      var random = Philox(key: key, stream: UInt64(label))
      rows += random.choose(shots, of: pool.count).map { pool[$0] }
      guard pool.count < shots else { continue }
      repeated.append(label)
      for _ in pool.count..<shots { rows.append(pool[random.below(pool.count)]) }
    }
    self.rows = rows
    repeatedClasses = repeated
  }
}

/// Draws at most `limit` rows of each class without replacement, class by class.
///
/// Small classes give all their rows; used for validation splits of few rows.
package func rowsAtMost(
  _ limit: Int, labels: [Int32], classCount: Int, key: UInt64
) -> [Int] {
  rowsByClass(labels, classCount: classCount).enumerated().flatMap { label, pool in
    var random = Philox(key: key, stream: UInt64(label))
    return random.choose(limit, of: pool.count).map { pool[$0] }
  }
}

/// Why rows cannot be drawn.
package enum SamplingError: Error, Equatable, CustomStringConvertible {
  /// The class has no row to draw from.
  case emptyClass(Int)
  /// The imbalance ratio is not a number of at least 1.
  case badRatio(Double)

  package var description: String {
    switch self {
    case .emptyClass(let label): "class \(label) has no row to draw from"
    case .badRatio(let ratio): "an imbalance ratio is a number of at least 1, not \(ratio)"
    }
  }
}

/// The ascending rows of each class; labels outside `0 ..< classCount` are left out.
func rowsByClass(_ labels: [Int32], classCount: Int) -> [[Int]] {
  var members = [[Int]](repeating: [], count: classCount)
  for (row, label) in labels.enumerated() where members.indices.contains(Int(label)) {
    members[Int(label)].append(row)
  }
  return members
}
