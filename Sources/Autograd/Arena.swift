internal import LinearAlgebra

/// Memory of one step: handed out in order, taken back all at once.
///
/// Blocks are kept between steps. When a step needed several, one block of all that it took takes
/// their place, so that from the second equal step on nothing is allocated.
struct Arena {
  // Unsafe invariant: addresses into a block stay valid until `reset`, for a block is neither
  // copied nor written through its matrix while the arena holds it.
  private var blocks: [Block] = []
  private var used = 0
  /// The numbers in use, and the most that were in use at once in this step.
  private var (live, peak) = (0, 0)

  private struct Block {
    let owner: Matrix<Float>
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
      // The matrix comes uninitialised: whoever takes memory writes it.
      var matrix = Matrix<Float>(rows: 1, columns: count) { _ in }
      base = matrix.withMutableView { $0.numbers.baseAddress ?? Arena.nothing }
      owner = matrix
      self.count = count
    }
  }

  /// A place in the arena, to give back what was taken after it.
  struct Mark {
    fileprivate let blocks: Int
    fileprivate let used: Int
    fileprivate let live: Int
  }

  private static let smallest = 1 << 18

  /// An address that stands for arrays without elements; never read or written.
  static var nothing: UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(bitPattern: 64).unsafelyUnwrapped
  }

  /// The numbers that all blocks have room for.
  var capacity: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Takes memory for numbers on a 64-byte border; what they are is open.
  mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    guard count > 0 else { return Arena.nothing }
    let rounded = (count + 15) / 16 * 16
    if blocks.isEmpty || used + rounded > blocks[blocks.count - 1].count {
      blocks.append(Block(count: max(rounded, Arena.smallest, capacity)))
      used = 0
    }
    live += rounded
    peak = max(peak, live)
    defer { used += rounded }
    return blocks[blocks.count - 1].base + used
  }

  /// The place that `release` goes back to.
  var mark: Mark { Mark(blocks: blocks.count, used: used, live: live) }

  /// Gives back what was taken since the mark; of the blocks that came since, the last is used again.
  mutating func release(to mark: Mark) {
    // A block that came since holds nothing older than the mark.
    used = blocks.count == mark.blocks ? mark.used : 0
    live = mark.live
  }

  /// Takes everything back.
  mutating func reset() {
    if blocks.count > 1 {
      // Before the new block, so that there are never both.
      blocks = []
      blocks = [Block(count: peak)]
    }
    (used, live, peak) = (0, 0, 0)
  }
}
