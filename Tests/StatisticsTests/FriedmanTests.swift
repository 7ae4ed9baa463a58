import Testing

@testable import Statistics

/// Six blocks of four methods, with ties in two of them.
private let scores = [
  [0.9, 0.8, 0.85, 0.7], [0.91, 0.82, 0.8, 0.75], [0.6, 0.65, 0.62, 0.5],
  [0.77, 0.77, 0.7, 0.71], [0.88, 0.8, 0.86, 0.8], [0.95, 0.9, 0.93, 0.92],
]

/// Reference values: SciPy 1.17.1 (`friedmanchisquare`, `rankdata`, `f.sf`), scikit-posthocs 0.17.1
/// (`posthoc_nemenyi_friedman`).
@Suite("Friedman's test")
struct FriedmanTests {
  private func test(_ values: [[Double]] = scores) throws -> FriedmanTest {
    try #require(FriedmanTest(values: values, higherIsBetter: true))
  }

  @Test("statistic, p-values and mean ranks agree with SciPy, ties corrected")
  func reference() throws {
    let four = try test()
    let ranks = [1.4166666666666667, 2.5, 2.5, 3.5833333333333335]
    #expect(zip(four.meanRanks, ranks).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(try #require(four.chiSquared) - 8.741379310344831) < 1e-6)
    #expect(abs(try #require(four.p) - 0.03293453711217731) < 1e-6)
    #expect(abs(try #require(four.imanDavenport) - 4.720670391061456) < 1e-6)
    #expect(abs(try #require(four.imanDavenportP) - 0.016349036252399182) < 1e-6)
    let three = try test(scores.map { Array($0.prefix(3)) })
    #expect(abs(try #require(three.chiSquared) - 3.217391304347821) < 1e-6)
    #expect(abs(try #require(three.p) - 0.20014850716070154) < 1e-6)
    #expect(abs(try #require(three.imanDavenportP) - 0.20999620043821188) < 1e-6)
  }

  @Test("Nemenyi's p-values agree with scikit-posthocs")
  func nemenyi() throws {
    let found = try test()
    for (first, second, p) in [
      (0, 1, 0.4659438991670911), (0, 3, 0.019129641241287354), (1, 2, 1.0),
      (2, 3, 0.46594389916709134),
    ] {
      #expect(abs(found.nemenyiP(first, second) - p) < 1e-6)
      #expect(found.nemenyiP(second, first) == found.nemenyiP(first, second))
    }
  }

  @Test("the critical difference is q sqrt(k (k + 1) / (6 n)), and parts what it should")
  func criticalDifference() throws {
    let found = try test()
    let difference = found.criticalDifference()
    #expect(abs(difference - 2.569031772546482 * (20.0 / 36).squareRoot()) < 1e-6)
    #expect(found.cliques(within: difference) == [[0, 1, 2], [1, 2, 3]])
    // A pair is told apart by the difference where its p-value is below the level.
    #expect(found.nemenyiP(0, 3) < 0.05 && found.nemenyiP(0, 1) > 0.05)
    #expect(found.cliques(within: 0) == [])
    #expect(found.cliques(within: 9) == [[0, 1, 2, 3]])
  }

  @Test("n blocks of one order of k methods have chi-squared n (k - 1) and an infinite F")
  func closedForm() throws {
    let found = try test(Array(repeating: [3, 2, 1], count: 5))
    #expect(found.meanRanks == [1, 2, 3])
    #expect(abs(try #require(found.chiSquared) - 10) < 1e-12)
    // Each of four further blocks falls into the order of the first with probability 1/6, or 1/3
    // where two of three are tied.
    #expect(found.imanDavenport == .infinity)
    #expect(abs(try #require(found.imanDavenportP) * 1296 - 1) < 1e-9)
    let tied = try test(Array(repeating: [3, 1, 1], count: 3))
    #expect(tied.imanDavenport == .infinity)
    #expect(abs(try #require(tied.imanDavenportP) * 9 - 1) < 1e-9)
  }

  @Test("of two methods every p-value is that of the exact sign test", arguments: 2...9)
  func signTest(n: Int) throws {
    for lost in 0...n / 2 {
      let found = try test((0..<n).map { $0 < lost ? [1, 2] : [2, 1] })
      let exact = McNemar.exact(lost: lost, won: n - lost)
      #expect(found.p == exact && found.imanDavenportP == exact && found.nemenyiP(0, 1) == exact)
      // The critical difference parts them where that is significant, and only there.
      let cliques = found.cliques(within: found.criticalDifference())
      #expect(cliques.isEmpty == (exact <= 0.05))
    }
    // Five wins of five: 2 / 2^5, where the approximations say 0.025.
    #expect(try test(Array(repeating: [2, 1], count: 5)).nemenyiP(0, 1) == 0.0625)
    #expect(try test(Array(repeating: [2, 1], count: 5)).criticalDifference() == .infinity)
  }

  @Test("no p-value falls below what so few blocks can reach")
  func fewBlocks() throws {
    let found = try test([[3, 2, 1], [3, 2, 1]])
    #expect(abs(try #require(found.p) - 1.0 / 6) < 1e-12)
    #expect(abs(found.nemenyiP(0, 2) - 1.0 / 6) < 1e-12)
    #expect(found.criticalDifference() == .infinity)
  }

  @Test("values that differ by rounding alone share their rank")
  func rounding() throws {
    let noisy = try test([[0.1 + 0.2, 0.3, 0.2], [0.3, 0.1 + 0.2, 0.2]])
    #expect(noisy.ranks == [[1.5, 1.5, 3], [1.5, 1.5, 3]])
    // A thousandth of a billionth is a difference.
    #expect(try test([[1 + 1e-11, 1], [1, 1 + 1e-11]]).ranks == [[1, 2], [2, 1]])
  }

  @Test("ranks do not change under a rising map in each block, and turn with the direction")
  func invariance() throws {
    let plain = try test()
    let moved = try test(
      scores.enumerated().map { place, block in
        block.map { Double(place + 1) * $0 * $0 * $0 - 2 }
      })
    #expect(moved == plain)
    let turned = try #require(
      FriedmanTest(values: scores.map { $0.map { -$0 } }, higherIsBetter: false))
    #expect(turned == plain)
    let worst = try #require(FriedmanTest(values: scores, higherIsBetter: false))
    #expect(zip(worst.meanRanks, plain.meanRanks).allSatisfy { abs($0 + $1 - 5) < 1e-12 })
  }

  @Test("methods that tie everywhere have no statistic; one method or one block has no test")
  func degenerate() throws {
    let tied = try test([[1, 1, 1], [2, 2, 2]])
    #expect(tied.meanRanks == [2, 2, 2] && tied.chiSquared == nil && tied.imanDavenportP == nil)
    #expect(FriedmanTest(values: [[1], [2]], higherIsBetter: true) == nil)
    #expect(FriedmanTest(values: [[1, 2]], higherIsBetter: true) == nil)
    #expect(FriedmanTest(values: [], higherIsBetter: true) == nil)
  }
}
