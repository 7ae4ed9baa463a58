import Random
import Testing

@testable import Metrics

@Suite("Philox in vectors")
struct PhiloxBlockTests {
  @Test("eight blocks at once are the same as one by one, across a carry of the counter")
  func eightBlocks() {
    let stream: UInt64 = 1 << 40 | 5
    let positions: [UInt64] = [0, 3, 0xFFFF_FFFC, .max - 3]
    for position in positions {
      let words = Philox.eightBlocks(position: position, stream: stream, key: .max - 9)
      let together: [SIMD8<UInt64>] = [words.0, words.1, words.2, words.3]
      for place in 0..<8 {
        let block = Philox.block(
          position: position &+ UInt64(place), stream: stream, key: .max - 9)
        for word in 0..<4 { #expect(together[word][place] == UInt64(block[word])) }
      }
    }
  }
}
