import Testing

@testable import Statistics

/// Reference values: scipy 1.17.1 (`norm`, `binom`, `binomtest().proportion_ci`), NumPy 2.4.6.
@Suite("Statistics")
struct StatisticsTests {
  @Test(
    "the normal quantile agrees with scipy",
    arguments: [
      (1e-300, -37.0470962993612), (1e-10, -6.361340902404056), (0.01, -2.3263478740408408),
      (0.075, -1.4395314709384563), (0.3, -0.5244005127080409), (0.5, 0),
      (0.975, 1.959963984540054), (0.999999999, 5.997807019601637),
    ])
  func normalQuantiles(p: Double, expected: Double) {
    #expect(abs(normalQuantile(p) - expected) <= 1e-14 * max(1, abs(expected)))
  }

  @Test("the normal quantile is infinite at the ends and undefined outside")
  func normalQuantileEnds() {
    #expect(normalQuantile(0) == -.infinity)
    #expect(normalQuantile(1) == .infinity)
    #expect(normalQuantile(-0.1).isNaN)
    #expect(normalQuantile(.nan).isNaN)
  }

  @Test(
    "the normal probability agrees with scipy",
    arguments: [
      (-10, 7.61985302416047e-24), (-1.96, 0.024997895148220435), (0, 0.5),
      (0.5, 0.6914624612740131), (3, 0.9986501019683699),
    ])
  func normalProbabilities(x: Double, expected: Double) {
    #expect(abs(normalProbability(below: x) / expected - 1) < 1e-12)
  }

  @Test(
    "the binomial tail agrees with scipy",
    arguments: [
      (2, 12, 0.5, 0.019287109375), (0, 5, 0.5, 0.03125), (12, 24, 0.5, 0.5805901288986206),
      (30, 100, 0.5, 3.925069822796835e-05), (400, 1000, 0.5, 1.3642320780329735e-10),
      (3, 10, 0.2, 0.8791261184), (9, 10, 0.9, 0.6513215599),
      (700, 1000, 0.7, 0.5119274840071493),
    ])
  func binomialTails(k: Int, n: Int, p: Double, expected: Double) {
    #expect(abs(binomialTail(atMost: k, trials: n, probability: p) / expected - 1) < 1e-11)
  }

  @Test("the binomial tail is 0 or 1 where nothing is left to chance")
  func binomialEnds() {
    #expect(binomialTail(atMost: -1, trials: 3) == 0)
    #expect(binomialTail(atMost: 3, trials: 3) == 1)
    #expect(binomialTail(atMost: 0, trials: 0) == 1)
    #expect(binomialTail(atMost: 1, trials: 3, probability: 0) == 1)
    #expect(binomialTail(atMost: 1, trials: 3, probability: 1) == 0)
  }

  @Test(
    "the Wilson interval agrees with scipy",
    arguments: [
      (0, 10, 0.95, 0, 0.27753279986288926), (10, 10, 0.95, 0.7224672001371109, 1),
      (8, 10, 0.95, 0.4901624715366418, 0.9433178485456248),
      (85, 100, 0.95, 0.7671644040916763, 0.9069401471634337),
      (2713, 3000, 0.99, 0.8895950499104703, 0.9172870902331749),
      // Newcombe, Statistics in Medicine 17 (1998), table I: 0.0624 to 0.1605.
      (15, 148, 0.95, 0.06238639953073629, 0.16048724172330803),
    ])
  func wilson(successes: Double, trials: Int, level: Double, lower: Double, upper: Double) {
    let interval = wilsonInterval(successes: successes, trials: trials, level: level)
    #expect(abs(interval.lowerBound - lower) < 1e-9)
    #expect(abs(interval.upperBound - upper) < 1e-9)
  }

  @Test("the Wilson interval without trials says nothing")
  func wilsonWithoutTrials() { #expect(wilsonInterval(successes: 0, trials: 0) == 0...1) }

  @Test(
    "quantiles interpolate as NumPy does",
    arguments: [(0, -1), (0.025, -0.7), (0.5, 3), (0.8, 4.8), (0.975, 8.4), (1, 9), (2, 9)])
  func quantiles(p: Double, expected: Double) throws {
    let value = try #require(quantile(p, ofSorted: [-1, 1, 2.5, 3, 4, 5, 9]))
    #expect(abs(value - expected) < 1e-12)
  }

  @Test("mean and standard deviation agree with NumPy, and are nil where undefined")
  func moments() throws {
    let values = [3.0, -1, 4, 1, 5, 9, 2.5]
    #expect(abs(try #require(mean(values)) - 3.357142857142857) < 1e-14)
    #expect(abs(try #require(standardDeviation(values)) - 3.1716752370827326) < 1e-14)
    #expect(mean([]) == nil)
    #expect(standardDeviation([1]) == nil)
    #expect(quantile(0.5, ofSorted: []) == nil)
    #expect(quantile(0.5, ofSorted: [4]) == 4)
  }
}
