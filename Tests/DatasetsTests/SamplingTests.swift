import Random
import Testing

@testable import Datasets

@Suite("Few-shot draws")
struct FewShotDrawTests {
  /// 40 rows whose classes 0, 1, 2, 3 lie scattered, 10 each.
  static let labels = (0..<40).map { Int32($0 * 7 % 4) }

  func draw(_ shots: Int, seed: String = "1") throws -> FewShotDraw {
    try FewShotDraw(
      labels: Self.labels, classCount: 4, shots: shots,
      key: Philox.key("few-shot", "fashion", "few-shot", seed, "train"))
  }

  @Test("a draw is the same on every machine")
  func golden() throws {
    // From an independent implementation in Python 3.11: Philox4x32-10 keyed by the mixed FNV-1a of
    // the names, Lemire's bounded numbers, the first 3 steps of a Fisher-Yates shuffle per class.
    #expect(try draw(3).rows == [0, 36, 8, 7, 3, 15, 14, 38, 10, 29, 1, 5])
    #expect(try draw(3, seed: "2").rows == [32, 28, 8, 23, 35, 3, 22, 2, 34, 17, 25, 13])
  }

  @Test("a draw holds k different rows of each class, class by class", arguments: [1, 2, 5, 10])
  func balanced(shots: Int) throws {
    let draw = try draw(shots)
    let expected = (0..<4).flatMap { [Int32](repeating: $0, count: shots) }
    #expect(draw.rows.map { Self.labels[$0] } == expected)
    #expect(Set(draw.rows).count == 4 * shots)
    #expect(draw.repeatedClasses.isEmpty)
  }

  @Test("k shots are the first k of every longer draw")
  func nested() throws {
    let long = try draw(10).rows
    for shots in 1..<10 {
      let short = try draw(shots).rows
      for label in 0..<4 {
        #expect(
          short[label * shots..<(label + 1) * shots] == long[label * 10..<label * 10 + shots])
      }
    }
  }

  @Test("a small class gives all its rows and then repeats, and the others do not change")
  func replacement() throws {
    let labels: [Int32] = [0, 0, 1, 0, 0, 0, 1]
    let key = Philox.key("x")
    let draw = try FewShotDraw(labels: labels, classCount: 2, shots: 5, key: key)
    #expect(draw.repeatedClasses == [1])
    #expect(Set(draw.rows.prefix(5)) == [0, 1, 3, 4, 5])
    #expect(Set(draw.rows[5..<7]) == [2, 6])
    #expect(draw.rows.suffix(3).allSatisfy { [2, 6].contains($0) })
  }

  @Test("a class without rows is an error that names it")
  func emptyClass() {
    #expect(throws: SamplingError.emptyClass(1)) {
      try FewShotDraw(labels: [0, 2], classCount: 3, shots: 1, key: 0)
    }
  }

  @Test("every row of a class is drawn equally often")
  func uniform() throws {
    var counts = [Int](repeating: 0, count: 40)
    for seed in 0..<2000 {
      for row in try draw(2, seed: "\(seed)").rows { counts[row] += 1 }
    }
    // 2000 draws of 2 in 10: mean 400, standard deviation 17.9; five of them on each side.
    #expect(counts.allSatisfy { abs($0 - 400) < 90 }, "\(counts)")
  }

  @Test("few validation rows are a prefix of more, and small classes give what they have")
  func few() {
    let labels: [Int32] = [0, 1, 0, 0, 1, 0]
    let two = rowsAtMost(2, labels: labels, classCount: 2, key: 7)
    let four = rowsAtMost(4, labels: labels, classCount: 2, key: 7)
    #expect(two.count == 4 && Set(two).count == 4)
    #expect(Set(four) == Set(0..<6))
    #expect(Array(four.prefix(2)) == Array(two.prefix(2)))
  }
}

@Suite("Long-tailed draws")
struct LongTailDrawTests {
  @Test(
    "class sizes follow the published formulas",
    arguments: [
      // int(500 * (1 / ratio) ** (i / 9)) as in the LDAM code, Python 3.11, for 10 classes.
      (LongTailShape.exponential, 100.0, [500, 299, 179, 107, 64, 38, 23, 13, 8, 5]),
      (.exponential, 10, [500, 387, 299, 232, 179, 139, 107, 83, 64, 50]),
      (.step, 100, [500, 500, 500, 500, 500, 5, 5, 5, 5, 5]),
      (.step, 50, [500, 500, 500, 500, 500, 10, 10, 10, 10, 10]),
      (.exponential, 1, [Int](repeating: 500, count: 10)),
    ])
  func counts(shape: LongTailShape, ratio: Double, expected: [Int]) throws {
    let counts = try LongTailDraw.counts(head: 500, classCount: 10, shape: shape, ratio: ratio)
    #expect(counts == expected)
  }

  @Test("sizes never fall below 1, and one class alone keeps its rows")
  func floor() throws {
    #expect(
      try LongTailDraw.counts(head: 3, classCount: 3, shape: .exponential, ratio: 100)
        == [3, 1, 1])
    #expect(
      try LongTailDraw.counts(head: 3, classCount: 1, shape: .exponential, ratio: 100) == [3])
    #expect(
      try LongTailDraw.counts(head: 10, classCount: 3, shape: .step, ratio: 10) == [10, 10, 1])
  }

  @Test("draws hold different rows of the right classes and are nested over ratios")
  func rows() throws {
    let labels = (0..<200).map { Int32($0 % 4) }
    let mild = try LongTailDraw(
      labels: labels, classCount: 4, shape: .exponential, ratio: 10, key: 3)
    let harsh = try LongTailDraw(
      labels: labels, classCount: 4, shape: .exponential, ratio: 50, key: 3)
    #expect(mild.counts == [50, 23, 10, 5])
    #expect(harsh.counts == [50, 13, 3, 1])
    #expect(Set(mild.rows).count == mild.rows.count)
    #expect(Set(harsh.rows).isSubset(of: mild.rows))
    for label in 0..<4 {
      #expect(mild.rows.count { labels[$0] == Int32(label) } == mild.counts[label])
    }
  }

  @Test("a ratio below 1 and an empty class are errors")
  func errors() {
    #expect(throws: SamplingError.badRatio(0.5)) {
      try LongTailDraw(labels: [0], classCount: 1, shape: .step, ratio: 0.5, key: 0)
    }
    #expect(throws: SamplingError.emptyClass(1)) {
      try LongTailDraw(labels: [0], classCount: 2, shape: .step, ratio: 2, key: 0)
    }
  }
}

@Suite("Base and new classes")
struct BaseNewSplitTests {
  @Test(
    "the first half, rounded up, is base",
    arguments: [(1, 0..<1, 1..<1), (2, 0..<1, 1..<2), (5, 0..<3, 3..<5), (10, 0..<5, 5..<10)])
  func halves(classCount: Int, base: Range<Int>, new: Range<Int>) {
    let split = BaseNewSplit(classCount: classCount)
    #expect(split.base == base && split.new == new)
  }

  @Test("selecting keeps rows in order and numbers labels from 0")
  func select() {
    let (rows, labels) = BaseNewSplit.select(3..<5, of: [0, 4, 3, 2, 4])
    #expect(rows == [1, 2, 4])
    #expect(labels == [1, 0, 1])
  }
}
