internal import Random

extension Philox {
  /// Gives the words at eight successive places of a stream, word `w` of place `i` in `[w][i]`.
  ///
  /// The same numbers as `block`, in the form that vector instructions make: each 32-bit word in a
  /// 64-bit element.
  static func eightBlocks(
    position: UInt64, stream: UInt64, key: UInt64
  ) -> (SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>) {
    let mask = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let positions = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &+ SIMD8(repeating: position)
    var word0 = positions & mask
    var word1 = positions &>> 32
    var word2 = SIMD8<UInt64>(repeating: stream & 0xFFFF_FFFF)
    var word3 = SIMD8<UInt64>(repeating: stream >> 32)
    var key0 = key & 0xFFFF_FFFF
    var key1 = key >> 32
    for _ in 0..<10 {
      let product0 = (word0 & mask) &* SIMD8(repeating: 0xD251_1F53)
      let product1 = (word2 & mask) &* SIMD8(repeating: 0xCD9E_8D57)
      word0 = (product1 &>> 32) ^ word1 ^ SIMD8(repeating: key0)
      word1 = product1 & mask
      word2 = (product0 &>> 32) ^ word3 ^ SIMD8(repeating: key1)
      word3 = product0 & mask
      key0 = (key0 &+ 0x9E37_79B9) & 0xFFFF_FFFF
      key1 = (key1 &+ 0xBB67_AE85) & 0xFFFF_FFFF
    }
    return (word0, word1, word2, word3)
  }
}
