import Testing

@testable import Metrics

@Suite("Bootstrap resamples")
struct ResamplesTests {
  private func lane(_ lane: Int, of block: WeightBlock) -> [Int] {
    block.withLines { lines in (0..<block.n).map { Int(lines[64 * $0 + lane]) } }
  }

  @Test("each resample draws n rows", arguments: [1, 2, 63, 1000])
  func totals(n: Int) {
    let block = Resamples.draw(0, key: 5, n: n)
    #expect(block.totals == [Int](repeating: n, count: 64))
    for index in [0, 17, 63] { #expect(lane(index, of: block).reduce(0, +) == n) }
  }

  /// Origin: Philox4x32-10 written out in Python; draws are the high half of word times 10.
  @Test("draws are the same on every machine")
  func golden() {
    let block = Resamples.draw(1, key: 7, n: 10)
    #expect(lane(0, of: block) == [1, 3, 0, 1, 1, 2, 1, 0, 1, 0])
    #expect(lane(63, of: block) == [2, 2, 0, 1, 1, 0, 1, 0, 2, 1])
  }

  @Test("counts have the mean and variance of a multinomial draw")
  func moments() {
    let n = 500
    var sum = 0.0
    var squares = 0.0
    for index in 0..<4 {
      let block = Resamples.draw(index, key: 21, n: n)
      for lane in 0..<64 {
        for count in self.lane(lane, of: block) {
          sum += Double(count)
          squares += Double(count * count)
        }
      }
    }
    let cells = Double(n * 256)
    #expect(sum == cells)
    #expect(abs(squares / cells - 1 - (1 - 1 / Double(n))) < 0.02)
  }

  @Test("keys, lanes and blocks draw apart from each other")
  func apart() {
    let first = Resamples.draw(0, key: 1, n: 40)
    #expect(lane(0, of: first) != lane(1, of: first))
    #expect(lane(0, of: first) != lane(0, of: Resamples.draw(1, key: 1, n: 40)))
    #expect(lane(0, of: first) != lane(0, of: Resamples.draw(0, key: 2, n: 40)))
    #expect(lane(0, of: first) == lane(0, of: Resamples.block(0, key: 1, n: 40)))
  }

  @Test("selecting rows takes their weights along")
  func selecting() {
    let block = Resamples.draw(0, key: 3, n: 9)
    let chosen = block.selecting(rows: [8, 0, 0])
    let all = lane(5, of: block)
    #expect(lane(5, of: chosen) == [all[8], all[0], all[0]])
    #expect(chosen.totals[5] == all[8] + 2 * all[0])
    #expect(block.selecting(rows: []).totals == [Int](repeating: 0, count: 64))
  }

  @Test("the cache keeps within its budget and drops the oldest series first")
  func cache() {
    var cache = ResampleCache(budget: 3 * 64 * 10)
    let block = WeightBlock.once(n: 10)
    let first = ResampleSet(key: 1, n: 10)
    let second = ResampleSet(key: 2, n: 10)
    cache.keep(block, index: 0, of: first)
    cache.keep(block, index: 1, of: first)
    cache.keep(block, index: 0, of: second)
    #expect(cache.block(1, of: first) != nil)
    cache.keep(block, index: 2, of: first)
    #expect(cache.block(0, of: second) == nil)
    cache.keep(block, index: 3, of: first)
    #expect(cache.block(3, of: first) == nil)
    #expect(cache.block(0, of: first) != nil)
    #expect(cache.bytes == 3 * 64 * 10)
  }

  @Test("group sums and counts equal a plain loop, across more rows than a u16 could hold")
  func groupedSums() {
    let n = 1200
    let block = WeightBlock(counts: (0..<n).map { UInt8(255 - $0 % 3) })
    let groups = RowGroups(groupOfRow: (0..<n).map { Int32($0 % 2) }, count: 3)
    let values = (0..<n).map { 0.5 - Double($0 % 7) }
    var counts = [0, 0, 0]
    var sums = [0.0, 0, 0]
    for row in 0..<n {
      counts[row % 2] += 255 - row % 3
      sums[row % 2] += values[row] * Double(255 - row % 3)
    }
    let found = groups.counts(under: block)
    let foundSums = groups.sums(of: values, under: block)
    for lane in 0..<64 {
      #expect((0..<3).map { Int(found[64 * $0 + lane]) } == counts)
      #expect((0..<3).map { foundSums[64 * $0 + lane] } == sums)
    }
  }
}
