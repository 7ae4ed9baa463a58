package import Tensors

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), so that `reference.py` can make the same data.
package struct SplitMix64 {
  private var state: UInt64
  package init(_ seed: UInt64) { state = seed }

  /// The next number, uniform in 0 ..< 1.
  package mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}

/// Rows around class centres: `row = centre[y] + spread · (u1 + u2 + u3 - 1.5)`, `y = i mod K`.
package struct Planted {
  package let classCount: Int
  package let width: Int
  package let centres: [[Double]]
  private let spread: Double

  package init(classCount: Int, width: Int, spread: Double, seed: UInt64) {
    var random = SplitMix64(seed)
    self.classCount = classCount
    self.width = width
    self.spread = spread
    centres = (0..<classCount).map { _ in (0..<width).map { _ in 2 * random.uniform() - 1 } }
  }

  /// Draws rows `[count, width]`, each of unit length when asked.
  package func rows(_ count: Int, seed: UInt64, unit: Bool) -> [[Float]] {
    var random = SplitMix64(seed)
    return (0..<count).map { index in
      var row = centres[index % classCount].map { centre in
        let noise = random.uniform() + random.uniform() + random.uniform() - 1.5
        return centre + spread * noise
      }
      if unit {
        let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        row = row.map { $0 / norm }
      }
      return row.map { Float($0) }
    }
  }

  /// The classes of the first rows.
  package func labels(_ count: Int) -> [Int32] { (0..<count).map { Int32($0 % classCount) } }
}

extension Tensor {
  /// An f32 tensor `[N, D]` of the given rows.
  package init(rows: [[Float]]) {
    self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }

  /// An i32 tensor `[N]`.
  package init(labels: [Int32]) { self.init(labels, shape: [labels.count]) }

  /// A scalar i32 tensor.
  package init(scalar value: Int) { self.init([Int32(value)], shape: []) }
}

extension [[Float]] {
  /// For each row the index of its largest number, of equal ones the lowest.
  package var answers: [Int32] {
    map { row in
      Int32(row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 })
    }
  }

  /// The share of rows that answer their label.
  package func accuracy(_ labels: [Int32]) -> Double {
    Double(zip(answers, labels).count { $0 == $1 }) / Double(labels.count)
  }
}
