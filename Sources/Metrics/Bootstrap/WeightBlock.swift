internal import Tensors

/// Row weights of 64 weightings side by side: `[n, 64]` counts, one cache line per row.
///
/// Lanes lie together so that one walk over the rows serves 64 resamples with vector instructions.
package struct WeightBlock: Sendable {
  package static let lanes = 64

  /// The number of rows.
  package let n: Int
  /// The sum of the weights in each lane.
  package let totals: [Int]
  /// The greatest weight of all.
  package let maximum: UInt8
  private let storage: TensorStorage

  init(n: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    let storage = TensorStorage(zeroed: n * WeightBlock.lanes)
    fill(
      UnsafeMutableBufferPointer(
        start: storage.base?.assumingMemoryBound(to: UInt8.self), count: n * WeightBlock.lanes))
    self.init(n: n, storage: storage)
  }

  private init(n: Int, storage: TensorStorage) {
    self.n = n
    self.storage = storage
    let everyRow = RowGroups(rows: Array(0..<Int32(n)), starts: [0, n])
    self.totals =
      storage.base.map {
        everyRow.counts(UnsafePointer($0.assumingMemoryBound(to: UInt8.self))).map(Int.init)
      } ?? Array(repeating: 0, count: WeightBlock.lanes)
    // Unsafe invariant: the storage holds 64 counts for every row.
    self.maximum =
      storage.base.map { base in
        var highest = SIMD64<UInt8>.zero
        for row in 0..<n {
          let line = base.load(fromByteOffset: row &* 64, as: SIMD64<UInt8>.self)
          highest.replace(with: line, where: line .> highest)
        }
        return highest.max()
      } ?? 0
  }

  /// The same counts in every lane.
  package init(counts: [UInt8]) {
    self.init(n: counts.count) { lines in
      for (row, count) in counts.enumerated() {
        for lane in 0..<WeightBlock.lanes { lines[row * WeightBlock.lanes + lane] = count }
      }
    }
  }

  /// Every row once, in every lane.
  package static func once(n: Int) -> WeightBlock {
    WeightBlock(n: n) { $0.update(repeating: 1) }
  }

  /// The weights of some of the rows, in the order given; a row may be named more than once.
  package func selecting(rows: [Int]) -> WeightBlock {
    withLines { source in
      WeightBlock(n: rows.count) { lines in
        guard let base = lines.baseAddress else { return }
        for (place, row) in rows.enumerated() {
          (base + place * WeightBlock.lanes).update(
            from: source + row * WeightBlock.lanes, count: WeightBlock.lanes)
        }
      }
    }
  }

  /// Lends the counts: the weight of row `i` in lane `l` is at `64 i + l`.
  package func withLines<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
    guard let base = storage.base else { preconditionFailure("the weights have no memory") }
    defer { withExtendedLifetime(storage) {} }
    return body(UnsafePointer(base.assumingMemoryBound(to: UInt8.self)))
  }
}
