import Documents
import Random
import Statistics
import Testing

/// Section 7 of the method's card, on planted samples of 100 rows with 10 columns.
@Suite("sliced-wasserstein on planted samples")
struct SlicedWassersteinClaimTests {
  private static let seeds = 80

  private func normal(_ key: UInt64, scale: (Int) -> Double, shift: Double) -> [[Float]] {
    var random = Philox(key: key)
    return (0..<100).map { _ in
      (0..<10).map { Float(scale($0) * random.normal() + shift) }
    }
  }

  private func estimates(
    _ x: [[Float]], _ y: [[Float]], _ estimator: JSON, directions: Int = 50
  ) throws -> [Double] {
    try (0..<Self.seeds).map { seed in
      try distance(
        x, y, ["estimator": estimator, "directions": .integer(Int64(directions))],
        seed: UInt64(seed)
      ).value
    }
  }

  private func ratio(_ x: [[Float]], _ y: [[Float]], _ estimator: JSON) throws -> Double {
    let plain = try #require(standardDeviation(try estimates(x, y, "sw")))
    let controlled = try #require(standardDeviation(try estimates(x, y, estimator)))
    return controlled * controlled / (plain * plain)
  }

  @Test("means that differ: both variates take off more than nine tenths of the variance")
  func means() throws {
    let x = normal(1, scale: { _ in 1 }, shift: 0)
    let y = normal(2, scale: { _ in 1 }, shift: 1)
    #expect(try ratio(x, y, "lcv") < 0.1)
    #expect(try ratio(x, y, "ucv") < 0.1)
  }

  @Test("covariances that differ: the upper variate gains, the lower one gains nothing")
  func covariances() throws {
    let x = normal(3, scale: { _ in 1 }, shift: 0)
    let y = normal(4, scale: { 0.5 + Double($0) / 3 }, shift: 0)
    #expect(try ratio(x, y, "ucv") < 0.6)
    let lower = try ratio(x, y, "lcv")
    #expect((0.7...1.2).contains(lower))
  }

  @Test("estimates stand around the truth, and nearer to it than the plain one does")
  func truth() throws {
    let x = normal(5, scale: { _ in 1 }, shift: 0)
    let y = normal(6, scale: { 0.5 + Double($0) / 3 }, shift: 0.5)
    let truth = try distance(x, y, ["estimator": "sw", "directions": 20_000], seed: 99).value
    func error(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + ($1 - truth) * ($1 - truth) } / Double(values.count)).squareRoot()
    }
    let plain = try estimates(x, y, "sw")
    for estimator: JSON in ["lcv", "ucv"] {
      let found = try estimates(x, y, estimator)
      #expect(error(found) < error(plain))
      #expect(abs(try #require(mean(found)) / truth - 1) < 0.03)
    }
  }
}
