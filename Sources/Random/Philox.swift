/// A counter-based generator of random numbers, Philox4x32-10.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// Number `i` of a stream depends on key, stream and `i` alone, so that streams can be drawn in any
/// order and on any thread. All integer draws and `uniform()` are the same on every machine.
///
/// ```swift
/// var random = Philox(key: Philox.key("few-shot", "digits"), stream: 3)
/// let shots = random.choose(4, of: rows.count)
/// ```
package struct Philox: RandomNumberGenerator, Sendable {
  private let key: UInt64
  private let stream: UInt64
  private var position: UInt64 = 0
  private var spare: UInt64?

  /// Starts one of the 2^64 streams of a key; each holds 2^65 numbers.
  package init(key: UInt64, stream: UInt64 = 0) {
    self.key = key
    self.stream = stream
  }

  /// Draws 64 random bits.
  package mutating func next() -> UInt64 {
    if let second = spare {
      spare = nil
      return second
    }
    let words = Philox.block(position: position, stream: stream, key: key)
    position &+= 1
    spare = UInt64(words[3]) << 32 | UInt64(words[2])
    return UInt64(words[1]) << 32 | UInt64(words[0])
  }

  /// Gives the four words at one place of a stream: the bijection itself, without state.
  ///
  /// The counter's words are `position` (low, high), then `stream` (low, high).
  @inlinable
  package static func block(position: UInt64, stream: UInt64, key: UInt64) -> SIMD4<UInt32> {
    var word0 = UInt32(truncatingIfNeeded: position)
    var word1 = UInt32(truncatingIfNeeded: position >> 32)
    var word2 = UInt32(truncatingIfNeeded: stream)
    var word3 = UInt32(truncatingIfNeeded: stream >> 32)
    var key0 = UInt32(truncatingIfNeeded: key)
    var key1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let product0 = UInt64(word0) &* 0xD251_1F53
      let product1 = UInt64(word2) &* 0xCD9E_8D57
      word0 = UInt32(truncatingIfNeeded: product1 >> 32) ^ word1 ^ key0
      word1 = UInt32(truncatingIfNeeded: product1)
      word2 = UInt32(truncatingIfNeeded: product0 >> 32) ^ word3 ^ key1
      word3 = UInt32(truncatingIfNeeded: product0)
      key0 &+= 0x9E37_79B9
      key1 &+= 0xBB67_AE85
    }
    return SIMD4(word0, word1, word2, word3)
  }
}
