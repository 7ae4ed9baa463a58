import Statistics
import Testing

@Suite("Tests of paired outcomes")
struct PairedTests {
  // scipy 1.17.1: binomtest(min(b, c), b + c, 0.5).pvalue
  @Test(
    "the exact McNemar test equals the two-sided binomial test",
    arguments: [
      (10, 2, 0.03857421875),
      (2, 10, 0.03857421875),
      (0, 1, 1.0),
      (0, 6, 0.03125),
      (12, 20, 0.21532714972272515),
      (100, 150, 0.0018833009350761602),
      (1000, 1100, 0.03072070786424249),
      (499_000, 501_000, 0.0456082998653896),
    ])
  func exactReference(lost: Int, won: Int, expected: Double) {
    #expect(abs(McNemar.exact(lost: lost, won: won) / expected - 1) < 1e-6)
  }

  @Test("without discordant pairs, or as many either way, p is 1", arguments: [0, 1, 7, 5000])
  func exactEqual(count: Int) {
    #expect(McNemar.exact(lost: count, won: count) == 1)
  }

  @Test("the exact test is symmetric and falls as the imbalance grows")
  func exactMonotone() {
    let values = (0...50).map { McNemar.exact(lost: 50 - $0, won: 50 + $0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
    #expect(McNemar.exact(lost: 31, won: 9) == McNemar.exact(lost: 9, won: 31))
    #expect(McNemar.exact(lost: 0, won: 100_000) >= 0)
  }

  // The formula of statsmodels multipletests(method="holm") in NumPy 2:
  // maximum.accumulate(minimum(1, sorted(p) * arange(m, 0, -1))), put back in order.
  @Test("Holm's adjustment equals its step-down formula")
  func holm() {
    let p = [0.01, 0.04, 0.03, 0.005, 0.5]
    let expected = [0.04, 0.09, 0.09, 0.025, 0.5]
    for (found, expected) in zip(holmAdjusted(p), expected) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test("Holm's adjustment of nothing is nothing, of one p-value that value, and stays below 1")
  func holmEdges() {
    #expect(holmAdjusted([]) == [])
    #expect(holmAdjusted([0.02]) == [0.02])
    #expect(holmAdjusted([0.6, 0.9, 1]) == [1, 1, 1])
    #expect(holmAdjusted([0.02, 0.02]) == [0.04, 0.04])
  }
}
