import Testing

@testable import Statistics

private let ties: [Double] = [1, 1, -1, 2, 2, 3, -3, 4, 5, -2, 2, 6]
private let zeros: [Double] = [0, 1, 2, -3, 4, 0, 5, -6, 7, 8, 0, 9]

private func scattered(_ n: Int) -> [Double] {
  (0..<n).map { place -> Double in
    let step = Double((place * 37) % 101 - 38)
    return step / 7 + Double(place) * 0.001
  }
}

/// Reference values: SciPy 1.17.1, `wilcoxon` with `method="exact"` for up to 25 differences without
/// ties, with `PermutationMethod` over all signs where they tie, else with `method="approx"` and
/// `correction=True`; with `zero_method` "wilcox" or "pratt".
@Suite("Wilcoxon's signed-rank test")
struct WilcoxonTests {
  @Test(
    "statistic and p-value agree with SciPy",
    arguments: [
      ([1.1, -0.4, 2.3, 0.7, -0.2, 1.9, 3.1, -1.3, 0.6, 2.8], 9, 0.064453125, true),
      ([1, 2, 3, 4, 5, 6], 0, 0.03125, true), ([1, 2, 3, 4, -5], 5, 0.625, true),
      (scattered(25), 102, 0.10731470584869385, true),
      (scattered(26), 118, 0.14770524976705288, false),
      (ties, 16, 0.076171875, true), (zeros, 9, 0.12890625, true),
      ([0, 0, 1, 1, -2, 2, 3, 0, -1, 4], 6.5, 0.265625, true),
      ([1, 1, 1, 1, 1], 0, 0.0625, true), ([2, 2, 1, 1, 1], 0, 0.0625, true),
    ] as [([Double], Double, Double, Bool)])
  func reference(differences: [Double], statistic: Double, p: Double, isExact: Bool) throws {
    let test = WilcoxonTest(differences: differences)
    #expect(test.statistic == statistic && test.isExact == isExact)
    #expect(abs(try #require(test.p) / p - 1) < 1e-6)
  }

  @Test(
    "Pratt's treatment of zeros agrees with SciPy",
    arguments: [
      (zeros, 15, 0.10546875), ([0, 0, 1, 1, -2, 2, 3, 0, -1, 4], 12.5, 0.265625),
      (ties, 16, 0.076171875),
    ] as [([Double], Double, Double)])
  func pratt(differences: [Double], statistic: Double, p: Double) throws {
    let test = WilcoxonTest(differences: differences, zeros: .ranked)
    #expect(test.statistic == statistic && test.isExact)
    #expect(abs(try #require(test.p) / p - 1) < 1e-6)
  }

  @Test(
    "with ties the p-value is twice the share of all signs that are as extreme", arguments: 1...12)
  func enumeration(n: Int) throws {
    let differences = (0..<n).map { (place: Int) -> Double in
      let size = Double((place * 7) % 4 + 1)
      return place % 3 == 0 ? -size : size
    }
    for zeros in [WilcoxonTest.Zeros.dropped, .ranked] {
      let all = differences + [0, 0]
      let ranks = Array(midRanks(zeros == .ranked ? all.map(abs) : differences.map(abs)).prefix(n))
      let test = WilcoxonTest(differences: all, zeros: zeros)
      var extreme = 0
      for signs in 0..<(1 << n) {
        var sum = 0.0
        for place in 0..<n where signs >> place & 1 == 1 { sum += ranks[place] }
        if sum <= test.statistic { extreme += 1 }
      }
      let wanted = min(1, 2 * Double(extreme) / Double(1 << n))
      #expect(abs(try #require(test.p) - wanted) < 1e-12)
    }
  }

  @Test("differences that rounding alone makes are none, and magnitudes that it parts tie")
  func rounding() throws {
    let noise = WilcoxonTest(differences: [0.1 + 0.2 - 0.3, 0.2, 0.1, 0.3 - 0.1, 0.1 - 0.4])
    #expect(noise == WilcoxonTest(differences: [0, 0.2, 0.1, 0.2, -0.3]))
    #expect(noise.n == 4)
    // By the rounding of the values themselves, which these differences do not show.
    let none = WilcoxonTest(differences: [1e-16, 2e-16], tolerance: 1e-12)
    #expect(none.p == nil && none.n == 0)
    #expect(WilcoxonTest(differences: [1e-16, 2e-16]).n == 2)
  }

  @Test("n differences of one sign have p = 2 / 2^n", arguments: 1...25)
  func closedForm(n: Int) throws {
    let p = try #require(WilcoxonTest(differences: (1...n).map { Double($0) }).p)
    #expect(abs(p * Double(1 << (n - 1)) - 1) < 1e-12)
  }

  @Test("turning every sign, scaling and reordering change nothing")
  func invariance() {
    for sample in [ties, zeros, scattered(25), scattered(40)] {
      let plain = WilcoxonTest(differences: sample)
      #expect(WilcoxonTest(differences: sample.map { -$0 }).p == plain.p)
      #expect(WilcoxonTest(differences: sample.map { 4 * $0 }).p == plain.p)
      #expect(WilcoxonTest(differences: sample.reversed()).p == plain.p)
    }
  }

  @Test("without a difference there is no p-value; fewer than 6 say that they cannot reach 0.05")
  func degenerate() throws {
    for zeros in [WilcoxonTest.Zeros.dropped, .ranked] {
      let none = WilcoxonTest(differences: [0, 0, 0], zeros: zeros)
      #expect(none.p == nil && none.n == 0 && none.note == "every difference is 0")
    }
    #expect(WilcoxonTest(differences: []).p == nil)
    let five = WilcoxonTest(differences: [1, 2, 3, 4, 5])
    #expect(five.p == 0.0625)
    #expect(five.note == "fewer than 6 differences cannot reach p < 0.05")
    #expect(WilcoxonTest(differences: [1, 2, 3, 4, 5, 6]).note == nil)
  }
}
