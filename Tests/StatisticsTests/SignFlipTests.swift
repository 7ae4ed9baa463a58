import Glibc
import Random
import Statistics
import Testing

@Suite("Sign-flip test")
struct SignFlipTests {
  /// Every choice of signs, one by one.
  private func listed(_ differences: [Double]) -> Double {
    let sum = abs(differences.reduce(0, +))
    let count = (0..<(1 << differences.count)).count { choice in
      let total = differences.enumerated().reduce(0.0) {
        $0 + (choice >> $1.offset & 1 == 0 ? $1.element : -$1.element)
      }
      return abs(total) >= sum - 1e-9
    }
    return Double(count) / Double(1 << differences.count)
  }

  @Test(
    "of differences of one size is McNemar's test", arguments: [(10, 2), (60, 3), (500, 1), (7, 7)])
  func mcnemar(_ lost: Int, _ won: Int) {
    let differences =
      [Double](repeating: -0.01, count: lost) + [Double](repeating: 0.01, count: won)
    let (p, exact) = (SignFlip.p(differences), McNemar.exact(lost: lost, won: won))
    #expect(abs(p - exact) <= 1e-9 * exact)
  }

  @Test("of sums over seeds is exact")
  func lattice() {
    let differences = [2, -1, 3, 1, 1, -2, 3, 3, 1, -1, 2, 2, 1, 3.0].map { $0 / 3 }
    #expect(abs(SignFlip.p(differences) - listed(differences)) < 1e-12)
  }

  @Test("of few differences lists all signs; zeros say nothing")
  func few() {
    let differences = [0.31, -0.02, 0.44, 0.17, 0.29]
    #expect(SignFlip.p(differences) == listed(differences))
    #expect(SignFlip.p(differences + [0, 0, 0]) == SignFlip.p(differences))
    #expect(SignFlip.p([0.7]) == 1)
    #expect(SignFlip.p([0.7, 0.2]) == 0.5)
    #expect(SignFlip.p([]) == 1 && SignFlip.p([0, 0]) == 1)
  }

  @Test("of many differences is close to the list of all signs, far into the tail")
  func saddlepoint() {
    var random = Philox(key: 5)
    for shift in [0.0, 0.4, 0.9, 1.8] {
      let differences = (0..<16).map { _ in shift + random.normal() }
      let (p, exact) = (SignFlip.p(differences), listed(differences))
      // The list has steps of 2^-15.
      #expect(abs(p - exact) < 0.06 * exact + 2 * exp2(-15))
    }
  }

  @Test("has no floor but that of its units")
  func floor() {
    let all = (0..<200).map { 1 + 0.001 * Double($0) }
    #expect(SignFlip.p(all) == exp2(-199))
    #expect(SignFlip.p([Double](repeating: 1, count: 5000)) == .leastNormalMagnitude)
  }

  @Test("is not changed by the scale or the sign of the differences")
  func scale() {
    let differences = (0..<40).map { sin(Double($0) * 1.7) + 0.3 }
    let p = SignFlip.p(differences)
    #expect(abs(SignFlip.p(differences.map { -1e-9 * $0 }) - p) < 1e-9 * p)
  }

  @Test("rejects as often as it says where nothing differs")
  func level() {
    var random = Philox(key: 11)
    let rounds = 2000
    let rejected = (0..<rounds).count { _ in
      SignFlip.p((0..<30).map { _ in random.normal() }) < 0.05
    }
    // Three standard errors around 5 %.
    #expect(abs(Double(rejected) / Double(rounds) - 0.05) < 0.015)
  }
}

@Suite("Moderated variances")
struct ModeratedVarianceTests {
  @Test("of fewer than three rows are their own, so that the test is Student's")
  func student() {
    let moderated = ModeratedVariances([(0.25, 2), (4, 2)])
    // On two degrees of freedom p = 1 - t / sqrt(t^2 + 2).
    let p = moderated.p(mean: 1.2, variance: 0.25, count: 3)
    let t = 1.2 / 0.5 * 3.0.squareRoot()
    #expect(abs(p - (1 - t / (t * t + 2).squareRoot())) < 1e-9)
  }

  @Test("that are all alike act as one with the degrees of all")
  func alike() {
    let moderated = ModeratedVariances([(Double, Double)](repeating: (0.01, 2), count: 50))
    #expect(moderated.commonDegrees == 100)
    #expect(moderated.p(mean: 0.4, variance: 0.01, count: 3) < 1e-4)
    #expect(ModeratedVariances([]).p(mean: 0.4, variance: 0.01, count: 3) > 0.01)
  }

  @Test("keep the level where few seeds are drawn from one spread")
  func level() {
    var random = Philox(key: 3)
    var (rejected, rounds) = (0, 0)
    for _ in 0..<200 {
      let rows = (0..<20).map { _ in (0..<3).map { _ in random.normal() } }
      let summaries = rows.map { row -> (mean: Double, variance: Double) in
        let centre = row.reduce(0, +) / 3
        return (centre, row.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 2)
      }
      let moderated = ModeratedVariances(summaries.map { ($0.variance, 2) })
      rejected += summaries.count {
        moderated.p(mean: $0.mean, variance: $0.variance, count: 3) < 0.05
      }
      rounds += rows.count
    }
    #expect(abs(Double(rejected) / Double(rounds) - 0.05) < 0.02)
  }
}
