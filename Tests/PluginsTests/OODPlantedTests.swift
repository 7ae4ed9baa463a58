import Documents
import MethodHarness
import Tensors
import Testing

/// Rows of chosen cosines to ten orthogonal classes, so that the scores are known by hand.
private struct Cosines {
  static let text = [
    "class.count": Tensor(scalar: 10),
    "text.class": Tensor(
      rows: (0..<10).map { label in (0..<11).map { $0 == label ? 1 as Float : 0 } }),
  ]
  private var random = SplitMix64(71)

  /// Unit rows whose cosines are those of a pattern in another order each, and 0.001 off at most.
  mutating func rows(_ count: Int, _ pattern: [Double]) -> [[Float]] {
    (0..<count).map { _ in
      var order = Array(0..<10)
      for last in stride(from: 9, to: 0, by: -1) {
        order.swapAt(last, Int(random.uniform() * Double(last + 1)))
      }
      var row = [Double](repeating: 0, count: 11)
      for (place, cosine) in pattern.enumerated() {
        row[order[place]] = cosine + 0.002 * (random.uniform() - 0.5)
      }
      row[10] = (1 - row.reduce(0) { $0 + $1 * $1 }).squareRoot()
      return row.map { Float($0) }
    }
  }

  static func pattern(_ cosines: [Double], others: Double = 0) -> [Double] {
    cosines + [Double](repeating: others, count: 10 - cosines.count)
  }
}

@Suite("ood-scores, on rows that one score alone reads rightly")
struct OODPlantedTests {
  /// The AUROC of msp, max-logit, energy and mcm with their defaults.
  private func values(known: [Double], unknown: [[Double]]) throws -> [Double] {
    var cosines = Cosines()
    let known = cosines.rows(60, known)
    let unknown = unknown.flatMap { cosines.rows(60 / unknown.count, $0) }
    return try (0..<UInt32(4)).map { index in
      let scores = try Detection(
        "ood-scores", method: index, fit: Cosines.text,
        query: ["query.features": Tensor(rows: known + unknown)], classCount: 10
      ).scores
      return auroc(known: Array(scores[..<60]), unknown: Array(scores[60...]))
    }
  }

  @Test("msp: rows between two classes are unknown, however near they are")
  func maximumProbability() throws {
    // p: 1 and 1/2. Greatest cosines: 0.5 and 0.6. MCM: 0.1548 and 0.1565.
    let found = try values(
      known: Cosines.pattern([0.5]), unknown: [Cosines.pattern([0.6, 0.6])])
    #expect(found == [1, 0, 0, 0])
  }

  @Test("max-logit: whatever the other classes say, rows far from every class are unknown")
  func maximumLogit() throws {
    // Known: 0.30 twice, p 1/2, energy 30.7, MCM 0.126. Unknown: 0.25 alone has p 1; ten times 0.295
    // has energy 31.8; 0.28 above nine times -0.2 has p 1 and MCM 0.152.
    let found = try values(
      known: Cosines.pattern([0.3, 0.3]),
      unknown: [
        Cosines.pattern([0.25]), Cosines.pattern([], others: 0.295),
        Cosines.pattern([0.28], others: -0.2),
      ])
    #expect(found[1] == 1)
    for (value, wanted) in zip(found, [1.0 / 3, 1, 2.0 / 3, 2.0 / 3]) {
      #expect(abs(value - wanted) < 1e-9)
    }
  }

  @Test("energy: five classes that hold a row count for more than one that does by a little")
  func energy() throws {
    // Energy: 29.5 + log 5 = 31.1 and 30.5. Greatest cosines: 0.295 and 0.305, p 1/5 and 1.
    let found = try values(
      known: Cosines.pattern([0.295, 0.295, 0.295, 0.295, 0.295]),
      unknown: [Cosines.pattern([0.305])])
    #expect(found == [0, 0, 1, 0])
  }

  @Test("mcm: rows that lie near all classes are unknown, even where one is ahead")
  func conceptMatching() throws {
    // MCM: 0.136 and 0.109. p at scale 100: 0.73 and 1. Greatest cosines: 0.30 and 0.31.
    let found = try values(
      known: Cosines.pattern([0.3, 0.29], others: -0.1),
      unknown: [Cosines.pattern([0.31], others: 0.2)])
    #expect(found == [0, 0, 0, 1])
  }

  @Test("scale 100 makes energy rank the embedded test rows as the greatest logit does")
  func energyRanks() throws {
    let folder =
      #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
      + "/suites/data/fashion"
    let stored = try Tensor.reading(npy: "\(folder)/test_x.npy")
    let query = stored.withElements(of: Float16.self) { numbers in
      Tensor(numbers.map(Float.init), shape: stored.shape)
    }
    let fit = [
      "class.count": Tensor(scalar: 10),
      "text.class": try Tensor.reading(npy: "\(folder)/class_text.npy"),
    ]
    let ranks = try (1...UInt32(2)).map { index in
      let scores = try Detection(
        "ood-scores", method: index, fit: fit, query: ["query.features": query], classCount: 10
      ).scores
      var ranks = [Double](repeating: 0, count: scores.count)
      for (rank, row) in scores.indices.sorted(by: { scores[$0] < scores[$1] }).enumerated() {
        ranks[row] = Double(rank)
      }
      return ranks
    }
    let n = Double(ranks[0].count)
    let squares = zip(ranks[0], ranks[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let spearman = 1 - 6 * squares / (n * (n * n - 1))
    // SciPy 1.17.1, `spearmanr` in f64: 0.9998993.
    #expect(abs(spearman - 0.9998993) < 1e-5)
  }
}
