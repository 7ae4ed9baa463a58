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
  /// No weight is greater; less than twice the greatest one.
  let bound: UInt8
  private let storage: TensorStorage

  /// The number of first lanes that the others repeat: 1 where all lanes are the same.
  let distinctLanes: Int

  init(n: Int, distinctLanes: Int = lanes, fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    let storage = TensorStorage(zeroed: n * WeightBlock.lanes)
    fill(
      UnsafeMutableBufferPointer(
        start: storage.base?.assumingMemoryBound(to: UInt8.self), count: n * WeightBlock.lanes))
    self.init(n: n, distinctLanes: distinctLanes, storage: storage)
  }

  /// Unsafe invariant: the storage holds 64 counts on a 64-byte border for every row.
  private init(n: Int, distinctLanes: Int, storage: TensorStorage) {
    self.n = n
    self.distinctLanes = distinctLanes
    self.storage = storage
    guard let base = storage.base.map({ UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) })
    else {
      totals = Array(repeating: 0, count: WeightBlock.lanes)
      bound = 0
      return
    }
    if distinctLanes == 1 {
      var total = 0
      var bits: UInt8 = 0
      for row in 0..<n {
        let count = base[row &* WeightBlock.lanes]
        total &+= Int(count)
        bits |= count
      }
      totals = Array(repeating: total, count: WeightBlock.lanes)
      bound = bits
      return
    }
    totals = RowGroups(one: Array(0..<Int32(n))).counts(base).map(Int.init)
    var bits = SIMD8<UInt64>.zero
    for row in 0..<n {
      bits |= UnsafeRawPointer(base).load(fromByteOffset: row &* 64, as: SIMD8<UInt64>.self)
    }
    let word = (0..<8).reduce(0) { $0 | bits[$1] }
    bound = (0..<8).reduce(0) { $0 | UInt8(truncatingIfNeeded: word >> UInt64(8 * $1)) }
  }

  /// The same counts in every lane.
  package init(counts: [UInt8]) {
    self.init(n: counts.count, distinctLanes: 1) { lines in
      for (row, count) in counts.enumerated() {
        for lane in 0..<WeightBlock.lanes { lines[row * WeightBlock.lanes + lane] = count }
      }
    }
  }

  /// Every row once, in every lane.
  package static func once(n: Int) -> WeightBlock {
    WeightBlock(n: n, distinctLanes: 1) { $0.update(repeating: 1) }
  }

  /// The weights of some of the rows, in the order given; a row may be named more than once.
  package func selecting(rows: [Int]) -> WeightBlock {
    withLines { source in
      WeightBlock(n: rows.count, distinctLanes: distinctLanes) { lines in
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
