internal import Random
internal import Synchronization

/// The bootstrap's draws: how often each row stands in each resample.
///
/// Resample `r` of a key draws from Philox stream `r`; so the draws depend on key and `n` alone, are
/// the same for every method on the same rows, and fewer resamples are a prefix of more.
enum Resamples {
  /// The weights of resamples `64 index ..< 64 index + 64` of `n` rows.
  static func block(_ index: Int, key: UInt64, n: Int) -> WeightBlock {
    let set = ResampleSet(key: key, n: n)
    if let kept = cache.withLock({ $0.block(index, of: set) }) { return kept }
    let block = draw(index, key: key, n: n)
    cache.withLock { $0.keep(block, index: index, of: set) }
    return block
  }

  static func draw(_ index: Int, key: UInt64, n: Int) -> WeightBlock {
    let lanes = WeightBlock.lanes
    return WeightBlock(n: n) { lines in
      guard n > 0, let lines = lines.baseAddress else { return }
      // Draws go to one row of counts per resample, small enough for the nearest cache; scattering
      // them over the lanes' layout would touch a cache line per draw.
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: lanes * n) { counts in
        counts.initialize(repeating: 0)
        guard let counts = counts.baseAddress else { return }
        for lane in 0..<lanes {
          drawCounts(
            into: counts + lane * n, n: n, key: key, stream: UInt64(index * lanes + lane))
        }
        transpose(counts, n: n, into: lines)
      }
    }
  }

  /// Brings counts `[64, n]` into lines `[n, 64]`, by squares of 8 by 8 in eight words.
  private static func transpose(
    _ counts: UnsafeMutablePointer<UInt8>, n: Int, into lines: UnsafeMutablePointer<UInt8>
  ) {
    let lanes = WeightBlock.lanes
    let source = UnsafeRawPointer(counts)
    let target = UnsafeMutableRawPointer(lines)
    for row in stride(from: 0, to: n & ~7, by: 8) {
      for lane in stride(from: 0, to: lanes, by: 8) {
        func word(_ place: Int) -> UInt64 {
          source.loadUnaligned(fromByteOffset: (lane &+ place) &* n &+ row, as: UInt64.self)
        }
        var (a, b, c, d) = (word(0), word(1), word(2), word(3))
        var (e, f, g, h) = (word(4), word(5), word(6), word(7))
        // Byte i of word j belongs to word i: exchange blocks of 4, of 2 and of 1.
        exchange(&a, &e, 32, 0xFFFF_FFFF)
        exchange(&b, &f, 32, 0xFFFF_FFFF)
        exchange(&c, &g, 32, 0xFFFF_FFFF)
        exchange(&d, &h, 32, 0xFFFF_FFFF)
        exchange(&a, &c, 16, 0x0000_FFFF_0000_FFFF)
        exchange(&b, &d, 16, 0x0000_FFFF_0000_FFFF)
        exchange(&e, &g, 16, 0x0000_FFFF_0000_FFFF)
        exchange(&f, &h, 16, 0x0000_FFFF_0000_FFFF)
        exchange(&a, &b, 8, 0x00FF_00FF_00FF_00FF)
        exchange(&c, &d, 8, 0x00FF_00FF_00FF_00FF)
        exchange(&e, &f, 8, 0x00FF_00FF_00FF_00FF)
        exchange(&g, &h, 8, 0x00FF_00FF_00FF_00FF)
        let line = target + (row &* lanes &+ lane)
        line.storeBytes(of: a, as: UInt64.self)
        line.storeBytes(of: b, toByteOffset: lanes, as: UInt64.self)
        line.storeBytes(of: c, toByteOffset: 2 &* lanes, as: UInt64.self)
        line.storeBytes(of: d, toByteOffset: 3 &* lanes, as: UInt64.self)
        line.storeBytes(of: e, toByteOffset: 4 &* lanes, as: UInt64.self)
        line.storeBytes(of: f, toByteOffset: 5 &* lanes, as: UInt64.self)
        line.storeBytes(of: g, toByteOffset: 6 &* lanes, as: UInt64.self)
        line.storeBytes(of: h, toByteOffset: 7 &* lanes, as: UInt64.self)
      }
    }
    for row in (n & ~7)..<n {
      for lane in 0..<lanes { lines[row * lanes + lane] = counts[lane * n + row] }
    }
  }

  /// Exchanges the high part of `first` with the low part of `second`, in blocks of `shift` bits.
  @inline(__always)
  private static func exchange(
    _ first: inout UInt64, _ second: inout UInt64, _ shift: UInt64, _ mask: UInt64
  ) {
    let difference = ((first &>> shift) ^ second) & mask
    second ^= difference
    first ^= difference &<< shift
  }

  /// Draws `n` of `n` rows with replacement; unbiased (Lemire 2019, in 32 bits).
  ///
  /// A row drawn more than 255 times would overflow: of probability below 1e-500 for any n > 255.
  private static func drawCounts(
    into counts: UnsafeMutablePointer<UInt8>, n: Int, key: UInt64, stream: UInt64
  ) {
    let bound = UInt64(n)
    let threshold = (UInt64(1) << 32) % bound
    // 32 numbers at a time, in the order of the stream.
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 32) { products in
      guard let products = products.baseAddress else { return }
      var drawn = 0
      var position: UInt64 = 0
      while drawn < n {
        let words = Philox.eightBlocks(position: position, stream: stream, key: key)
        position &+= 8
        let factor = SIMD8<UInt64>(repeating: bound)
        let first = (words.0 & 0xFFFF_FFFF) &* factor
        let second = (words.1 & 0xFFFF_FFFF) &* factor
        let third = (words.2 & 0xFFFF_FFFF) &* factor
        let fourth = (words.3 & 0xFFFF_FFFF) &* factor
        for place in 0..<8 {
          products[4 &* place] = first[place]
          products[4 &* place &+ 1] = second[place]
          products[4 &* place &+ 2] = third[place]
          products[4 &* place &+ 3] = fourth[place]
        }
        var index = 0
        while index < 32 && drawn < n {
          let product = products[index]
          index &+= 1
          if product & 0xFFFF_FFFF < threshold { continue }
          counts[Int(truncatingIfNeeded: product >> 32)] &+= 1
          drawn &+= 1
        }
      }
    }
  }

  private static let cache = Mutex(ResampleCache(budget: 128 << 20))
}

/// What a series of resamples depends on.
struct ResampleSet: Hashable {
  var key: UInt64
  var n: Int
}

/// A bounded store of weight blocks.
///
/// Blocks are asked for in order, over and over, so that dropping the least recently used one of the
/// same series would always drop the next one needed: other series go first, and a series larger
/// than the budget keeps its beginning.
struct ResampleCache {
  private var blocks: [ResampleSet: [Int: WeightBlock]] = [:]
  /// Least recently used first.
  private var order: [ResampleSet] = []
  private let budget: Int
  private(set) var bytes = 0

  init(budget: Int) { self.budget = budget }

  mutating func block(_ index: Int, of set: ResampleSet) -> WeightBlock? {
    guard let block = blocks[set]?[index] else { return nil }
    touch(set)
    return block
  }

  mutating func keep(_ block: WeightBlock, index: Int, of set: ResampleSet) {
    let size = block.n * WeightBlock.lanes
    guard blocks[set]?[index] == nil else { return }
    touch(set)
    while bytes + size > budget, let oldest = order.first, oldest != set {
      bytes -= (blocks.removeValue(forKey: oldest)?.count ?? 0) * oldest.n * WeightBlock.lanes
      order.removeFirst()
    }
    guard bytes + size <= budget else { return }
    blocks[set, default: [:]][index] = block
    bytes += size
  }

  private mutating func touch(_ set: ResampleSet) {
    if order.last == set { return }
    order.removeAll { $0 == set }
    order.append(set)
  }
}
