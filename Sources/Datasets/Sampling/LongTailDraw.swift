internal import Glibc
internal import Random

/// How the class sizes of a long-tailed training set fall off.
package enum LongTailShape: String, CaseIterable, Sendable {
  /// Class `i` of `K` keeps `n / ratio^(i / (K - 1))` rows (Cui et al., CVPR 2019).
  case exponential
  /// The first `ceil(K / 2)` classes keep `n` rows, the others `n / ratio` (Buda et al., 2018).
  case step
}

/// The rows of one long-tailed draw.
package struct LongTailDraw: Equatable, Sendable {
  /// Row numbers, class by class.
  package let rows: [Int]
  /// The number of rows kept of each class, `[K]`.
  package let counts: [Int]

  /// Draws rows so that the largest class has `ratio` times the rows of the smallest.
  ///
  /// `n`, the size of the head, is the size of the smallest class of the pool, so that every class
  /// can give its share. Sizes are rounded down and never below 1. Class `c` uses stream `c` of `key`
  /// and a prefix of one permutation: draws of a greater ratio lie inside those of a smaller one.
  ///
  /// - Throws: `SamplingError` when a class has no row, or `ratio` is below 1.
  package init(
    labels: [Int32], classCount: Int, shape: LongTailShape, ratio: Double, key: UInt64
  ) throws(SamplingError) {
    let members = rowsByClass(labels, classCount: classCount)
    if let empty = members.firstIndex(where: \.isEmpty) { throw .emptyClass(empty) }
    let head = members.map(\.count).min() ?? 0
    counts = try LongTailDraw.counts(
      head: head, classCount: classCount, shape: shape, ratio: ratio)
    var rows: [Int] = []
    for (label, pool) in members.enumerated() {
      var random = Philox(key: key, stream: UInt64(label))
      rows += random.choose(counts[label], of: pool.count).map { pool[$0] }
    }
    self.rows = rows
  }

  /// The class sizes `[K]` of a long tail whose largest class has `head` rows.
  package static func counts(
    head: Int, classCount: Int, shape: LongTailShape, ratio: Double
  ) throws(SamplingError) -> [Int] {
    guard ratio >= 1, ratio.isFinite else { throw .badRatio(ratio) }
    return (0..<classCount).map { label in
      let fall: Double
      switch shape {
      case .exponential:
        fall = classCount > 1 ? pow(ratio, Double(label) / Double(classCount - 1)) : 1
      case .step:
        fall = label < (classCount + 1) / 2 ? 1 : ratio
      }
      // The small term keeps quotients that are whole but for rounding, on every C library.
      return max(1, Int(Double(head) / fall + 1e-9))
    }
  }
}
