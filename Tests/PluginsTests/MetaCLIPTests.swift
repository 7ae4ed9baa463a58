import Documents
import Foundation
import Glibc
import MethodHarness
import Random
import Tensors
import Testing

@Suite("metaclip")
struct MetaCLIPTests {
  private static let entries = ["dog", "hot dog", "New York", "cat", "a", "2", "dog's"]

  // Expected sets: the published matcher, a loop of Python's `in`, on these texts.
  @Test(
    "matches entries between spaces, by case, around seven marks and no others",
    arguments: [
      ("A hot dog, in New York.", [0, 1, 2]), ("a dog's cat!", [3, 4, 6]), ("hotdog (dog)", []),
      ("two\tdogs dog\ncat", [0, 3]), ("the 2 cats;cat", [3, 5]), ("new york DOG", []),
    ])
  func golden(text: String, expected: [Int]) throws {
    let found = try curate([text], MetaCLIPTests.entries, ["mode": "matched"])
    #expect(found.counts.indices.filter { found.counts[$0] == 1 } == expected)
    #expect(found.kept == [expected.isEmpty ? 0 : 1])
  }

  @Test("an entry keeps t / n_e of its texts, and a text what its entries keep together")
  func probabilities() throws {
    // Entries with 5, 10, 40 and 100 texts; text 0 has the last two.
    let texts: [ClosedRange<Int32>] = [100...104, 105...114, 0...39, 0...99]
    var pairs: [Int32] = []
    for (entry, texts) in texts.enumerated() {
      for text in texts { pairs += [Int32(entry), text] }
    }
    let found = try curate(
      [String](repeating: "", count: 115), ["a", "b", "c", "d"], ["t": 10], match: pairs)
    #expect(found.counts == [5, 10, 40, 100])
    #expect(found.entryProbabilities == [1, 1, 0.25, 0.1])
    #expect(abs(found.probabilities[0] - 0.325) < 1e-15)
    #expect(abs(found.probabilities[50] - 0.1) < 1e-15)
    #expect(found.probabilities[100...] == ArraySlice([Double](repeating: 1, count: 15)))
    #expect(found.kept[100...].allSatisfy { $0 == 1 })
    #expect(found.threshold == 10)
  }

  @Test("the threshold of a tail share is the count at the nearest cumulative share")
  func tailShare() throws {
    var pairs: [Int32] = []
    for (entry, count) in [1, 2, 3, 4, 10, 30, 50].enumerated() {
      for text in 0..<count { pairs += [Int32(entry), Int32(text)] }
    }
    let texts = [String](repeating: "", count: 50)
    let entries = ["a", "b", "c", "d", "e", "f", "g", "unmatched"]
    #expect(try curate(texts, entries, ["p": 0.1], match: pairs).threshold == 4)
    #expect(try curate(texts, entries, ["p": 0], match: pairs).threshold == 1)
    #expect(try curate(texts, entries, ["p": 1], match: pairs).threshold == 50)
    let given = try curate(texts, entries, ["t": 10, "p": 0.5], match: pairs)
    #expect(given.threshold == 10 && given.tailShare == 0.1)
  }

  @Test("finds what a plain search finds, in texts made to overlap", arguments: 1...6)
  func oracle(seed: UInt64) throws {
    var random = SplitMix64(seed)
    func string(_ alphabet: [String], _ length: ClosedRange<Int>) -> String {
      let span = Double(length.count)
      let count = length.lowerBound + Int(random.uniform() * span)
      return (0..<count).map { _ in alphabet[Int(random.uniform() * Double(alphabet.count))] }
        .joined()
    }
    // Nested, equal, self-overlapping entries, some with spaces at their ends or non-ASCII letters.
    let entries = (0..<60).map { _ in string(["a", "b", " ", "a ", " b", "é", "日"], 1...5) }
    let texts = (0..<300).map { _ in
      string(["a", "b", " ", "a", "b ", ".", ",", "\n", "é", "日"], 0...24)
    }
    let found = try curate(texts, entries, ["mode": "matched"])
    #expect(found.counts == plainCounts(texts, entries))
  }

  // tools/layout_captions.py stored what Python's `in` finds.
  @Test("finds in real captions what a plain search finds")
  func captions() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "suites/data/captions")
    func lines(_ name: String) throws -> [String] {
      try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    let (texts, entries) = (try lines("texts.txt"), try lines("entries.txt"))
    let found = try curate(texts, entries, ["mode": "matched"])
    var counts = [Int64](repeating: 0, count: entries.count)
    var kept = [UInt8](repeating: 0, count: texts.count)
    let stored = try Tensor.reading(npy: folder.appending(path: "match.npy").path)
    stored.withElements(of: Int16.self) { pairs in
      for place in stride(from: 0, to: pairs.count, by: 2) {
        counts[Int(pairs[place])] += 1
        kept[Int(pairs[place + 1])] = 1
      }
    }
    #expect(texts.count == 4355 && counts.reduce(0, +) == 5598)
    #expect(found.counts == counts)
    #expect(found.kept == kept)
  }

  @Test("an entry counts once in a text, and a prepared pair once however often it is given")
  func once() throws {
    let found = try curate(["cat cat, cat"], ["cat"], [:])
    #expect(found.counts == [1])
    #expect(try curate(["x"], ["y"], [:], match: [0, 0, 0, 0]).counts == [1])
  }

  @Test("a prepared index gives the subset that matching gives")
  func prepared() throws {
    let texts = ["a cat", "a dog", "a dog.", "nothing", "cat dog"]
    let pairs: [Int32] = [1, 4, 0, 0, 1, 1, 0, 4, 1, 2]
    let found = try curate(texts, ["cat", "dog"], ["t": 1])
    let same = try curate([String](repeating: "?", count: 5), ["x", "y"], ["t": 1], match: pairs)
    #expect(found.kept == same.kept && found.counts == same.counts)
    // Products of the same factors in another order.
    #expect(zip(found.probabilities, same.probabilities).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  // MARK: Law

  @Test("keeps each text as often as its probability says", arguments: ["balanced", "random"])
  func frequency(mode: String) throws {
    let pool = ZipfPool(texts: 60, entries: 12, seed: 3)
    var times = [Int](repeating: 0, count: 60)
    var probabilities: [Double] = []
    for seed in 1...400 {
      let found = try curate(pool, ["t": 3, "mode": .string(mode)], seed: UInt64(seed))
      for text in 0..<60 { times[text] += Int(found.kept[text]) }
      probabilities = found.probabilities
    }
    // 60 binomial frequencies; 4.5 standard deviations leave a false alarm 1 in 2,000.
    for (count, p) in zip(times, probabilities) {
      #expect(abs(Double(count) - 400 * p) <= 4.5 * (400 * p * (1 - p)).squareRoot())
    }
  }

  // An independent version in Python, NumPy 2.4: N = 200,000, K = 2,000, Zipf exponent 1, 1 to 3
  // entries a text. Another draw of such a pool gives 96,318, 0.585 and 6.492 for t = 100.
  @Test("keeps as much of a large Zipf pool, and flattens it as much, as was found elsewhere")
  func zipf() throws {
    let pool = ZipfPool(texts: 200_000, entries: 2000, seed: 5)
    let input = pool.input
    for (t, kept, gini, entropy) in [
      (1000, 154_469.0, 0.707, 6.08), (100, 96_141, 0.586, 6.50), (20, 37_327, 0.461, 6.70),
    ] {
      let found = try curate(input, ["t": .integer(Int64(t))])
      #expect(abs(found.probabilities.reduce(0, +) / kept - 1) < 0.005)
      #expect(abs(Double(found.kept.count { $0 == 1 }) / kept - 1) < 0.012)
      let counts = found.countsAfter.map(Double.init).sorted()
      let total = counts.reduce(0, +)
      let ranked = counts.enumerated().reduce(0) { $0 + Double(2 * $1.offset - 1999) * $1.element }
      #expect(abs(ranked / (2000 * total) - gini) < 0.004)
      let terms = counts.map { $0 > 0 ? $0 / total * log($0 / total) : 0 }
      #expect(abs(-terms.reduce(0, +) - entropy) < 0.02)
    }
  }

  @Test("keeps all matched texts when no entry is above the threshold")
  func reduction() throws {
    let pool = ZipfPool(texts: 300, entries: 20, seed: 4)
    let all = try curate(pool, ["t": 300])
    let matched = try curate(pool, ["mode": "matched"])
    #expect(all.kept == matched.kept && all.probabilities == matched.probabilities)
    #expect(all.counts == all.countsAfter)
  }

  @Test("the baselines keep everything, the matched texts, or as many of them as balancing")
  func baselines() throws {
    let pool = ZipfPool(texts: 400, entries: 20, seed: 6, unmatched: 0.25)
    let balanced = try curate(pool, ["t": 8])
    let random = try curate(pool, ["t": 8, "mode": "random"])
    let matched = try curate(pool, ["t": 8, "mode": "matched"])
    let raw = try curate(pool, ["t": 8, "mode": "raw"])
    #expect(raw.kept.allSatisfy { $0 == 1 } && raw.probabilities.allSatisfy { $0 == 1 })
    #expect(matched.kept.map { $0 == 1 } == pool.isMatched)
    #expect(matched.probabilities == matched.kept.map(Double.init))
    let (expected, drawn) = (
      balanced.probabilities.reduce(0, +), random.probabilities.reduce(0, +)
    )
    #expect(abs(expected - drawn) < 1e-9)
    #expect(Set(random.probabilities).count == 2)
    #expect(zip(random.kept, pool.isMatched).allSatisfy { $0 == 0 || $1 })
  }

  @Test("keeps at most one matched text of each image, unless told to treat texts alone")
  func images() throws {
    let texts = ["dog", "a dog", "no", "cat", "cat dog", "no"]
    let images: [Int64] = [7, 7, 7, -1, -1, 8]
    var first = 0
    for seed in 1...200 as ClosedRange<UInt64> {
      let found = try curate(texts, ["dog", "cat"], ["t": 100], images: images, seed: seed)
      #expect(found.counts == [3, 2])
      #expect(found.probabilities == [0.5, 0.5, 0, 0.5, 0.5, 0])
      #expect(found.kept[0] + found.kept[1] == 1 && found.kept[3] + found.kept[4] == 1)
      first += Int(found.kept[0])
    }
    // 4 standard deviations of a fair coin.
    #expect(abs(first - 100) < 28)
    let alone = try curate(
      texts, ["dog", "cat"], ["t": 100, "per_text": true], images: images)
    #expect(alone.kept == [1, 1, 0, 1, 1, 0])
  }

  @Test("keeps a planted tail whole where a random subset of that size loses most of it")
  func planted() throws {
    let pool = ZipfPool(texts: 5000, entries: 300, seed: 8, perText: 1...1)
    let balanced = try curate(pool, ["p": 0.1])
    let random = try curate(pool, ["p": 0.1, "mode": "random"])
    let tail = (0..<300).filter {
      balanced.counts[$0] > 0 && Double(balanced.counts[$0]) <= balanced.threshold
    }
    #expect(tail.count > 50)
    #expect(tail.allSatisfy { balanced.countsAfter[$0] == balanced.counts[$0] })
    let (all, kept) = (
      tail.reduce(0) { $0 + balanced.counts[$1] }, tail.reduce(0) { $0 + random.countsAfter[$1] }
    )
    #expect(Double(kept) < 0.7 * Double(all))
  }

  // MARK: Draws

  @Test("the same seed gives the same subset, another one another")
  func determinism() throws {
    let pool = ZipfPool(texts: 200, entries: 10, seed: 9)
    let first = try curate(pool, ["t": 4], seed: 1)
    #expect(try curate(pool, ["t": 4], seed: 1).kept == first.kept)
    #expect(try curate(pool, ["t": 4], seed: 2).kept != first.kept)
  }

  @Test("whether a text is kept follows from its own number of the generator")
  func counter() throws {
    let pool = ZipfPool(texts: 100, entries: 10, seed: 10)
    let found = try curate(pool, ["t": 4], seed: 11)
    for text in 0..<100 {
      let words = Philox.block(position: UInt64(text), stream: 3, key: 11)
      let number = Double((UInt64(words[1]) << 32 | UInt64(words[0])) >> 11) * 0x1p-53
      #expect(found.kept[text] == (number < found.probabilities[text] ? 1 : 0))
    }
  }

  // MARK: Borders

  @Test("copes with no texts, no entries and empty texts")
  func empty() throws {
    #expect(try curate([], ["a"], [:]).counts == [0])
    let nothing = try curate(["a", ""], [], [:])
    #expect(nothing.kept == [0, 0] && nothing.tailShare == 0)
    #expect(try curate(["", " "], ["a"], ["mode": "raw"]).kept == [1, 1])
  }

  @Test("refuses what does not fit, and says what was wanted")
  func refusals() throws {
    #expect(try refusal { try curate(["a"], ["b", ""], [:]) }.contains("entry 1 is empty"))
    #expect(
      try refusal { try curate(["a"], ["b"], [:], match: [0, 1]) }.contains(
        "row 0 of 'match' is entry 0 and text 1"))
    #expect(
      try refusal { try curate(["a", "b"], ["b"], [:], images: [1]) }.contains("wanted is [2]"))
    let texts = CurationInput(["ab", "c"], ["a"])
    for (offsets, words) in [
      ([0, 2, 4], "runs from 0 to 4"), ([1, 2, 3], "runs from 1 to 3"),
      ([0, 5, 3], "falls from 5"),
      ([], "is empty"),
    ] as [([Int64], String)] {
      var broken = texts
      broken.tensors["texts.offsets"] = Tensor(offsets: offsets)
      #expect(try refusal { try curate(broken, [:]) }.contains(words))
    }
    let plugin = try Plugin(named: "metaclip")
    #expect(try plugin.instance(["p": 1.5]).created == 3)
    #expect(try plugin.instance(["mode": "paper"]).created == 3)
  }

  private func refusal(_ body: () throws -> CurationAnswer) throws -> String {
    try #require(#expect(throws: HarnessError.self) { _ = try body() }).description
  }
}
