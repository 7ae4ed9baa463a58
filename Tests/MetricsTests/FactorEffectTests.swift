import Testing

@testable import Metrics

@Suite("What a property of models tells beyond their accuracy")
struct FactorEffectTests {
  private let reference = [0.5, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75, 0.52, 0.68, 0.82]
  private let shifted = [0.4, 0.52, 0.6, 0.74, 0.38, 0.5, 0.58, 0.47, 0.66, 0.77]
  private let levels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]

  private func effect(
    _ values: FactorEffect.Values, reference: [Double]? = nil, shifted: [Double]? = nil
  ) throws -> FactorEffect {
    try FactorEffect(
      of: values, reference: reference ?? self.reference, shifted: shifted ?? self.shifted,
      rows: 1000, shiftedRows: 1000)
  }

  private func close(_ found: Double?, _ wanted: Double) -> Bool {
    abs((found ?? .nan) - wanted) < 1e-12
  }

  // Origin: NumPy 2.4.6 `linalg.lstsq` of the logits with and without a column for each level, or
  // the numbers; SciPy 1.17.1 `stats.f.sf`.
  @Test("levels give NumPy's residuals, effects and F test")
  func byLevel() throws {
    let found = try effect(.levels(levels))
    #expect(close(found.rSquared, 0.8561779260708766))
    #expect(close(found.fullRSquared, 0.9861925966274261))
    #expect(close(found.partialRSquared, 0.9039966328160565))
    #expect(abs(found.statistic - 28.24890394992047) < 1e-9)
    #expect(found.degreesOfFreedom == (2, 6))
    #expect(close(found.pValue, 0.0008848290991670337))
    let wanted = [0.009826704186329582, -0.0689532340205129, 0.05392836427299785]
    #expect(zip(found.effects, wanted).allSatisfy { close($0, $1) })
  }

  @Test("so do numbers")
  func byNumber() throws {
    let found = try effect(.numbers([1, 3, 2, 5, 4, 1, 6, 2, 2.5, 7]))
    #expect(close(found.rSquared, 0.8561779260708766))
    #expect(close(found.fullRSquared, 0.8659476286989136))
    #expect(close(found.partialRSquared, 0.06792909016769944))
    #expect(abs(found.statistic - 0.5101582145283877) < 1e-12)
    #expect(found.degreesOfFreedom == (1, 7))
    #expect(close(found.pValue, 0.4981894683308626))
    #expect(close(found.effects.first, -0.009966554658747406))
  }

  @Test(
    "the order of models and the names of levels change nothing, a step twice as long halves it")
  func invariance() throws {
    let found = try effect(.levels(levels))
    let order = [3, 9, 1, 7, 5, 0, 8, 2, 6, 4]
    let turned = try effect(
      .levels(order.map { 2 - levels[$0] }), reference: order.map { reference[$0] },
      shifted: order.map { shifted[$0] })
    #expect(close(turned.partialRSquared, try #require(found.partialRSquared)))
    #expect(zip(turned.effects, found.effects.reversed()).allSatisfy { close($0, $1) })
    let numbers = [1.0, 3, 2, 5, 4, 1, 6, 2, 2.5, 7]
    let one = try effect(.numbers(numbers))
    let other = try effect(.numbers(numbers.map { 10 - 2 * $0 }))
    #expect(close(other.statistic, one.statistic))
    #expect(other.effects[0] > 0 && one.effects[0] < 0)
  }

  @Test("models on one line leave nothing to tell, on two parallel lines a property tells all")
  func lines() throws {
    let on = try effect(
      .levels([0, 0, 0, 1, 1, 1]), reference: [0.2, 0.4, 0.6, 0.3, 0.5, 0.7],
      shifted: [0.2, 0.4, 0.6, 0.3, 0.5, 0.7])
    #expect(on.partialRSquared == nil && on.statistic == 0 && on.pValue == 1)
    #expect(on.effects.allSatisfy { abs($0) < 1e-12 })
    // Odds of the second level are twice those of the first.
    func twice(_ accuracy: Double) -> Double { 2 * accuracy / (1 + accuracy) }
    let apart = try effect(
      .levels([0, 0, 0, 1, 1, 1]), reference: [0.2, 0.4, 0.6, 0.2, 0.4, 0.6],
      shifted: [0.2, 0.4, 0.6, twice(0.2), twice(0.4), twice(0.6)])
    #expect(apart.partialRSquared == 1 && apart.statistic == .infinity && apart.pValue == 0)
    #expect(apart.effects[0] < 0 && apart.effects[1] > 0)
  }

  @Test("what cannot be told apart is an error, not a number")
  func degenerate() {
    for (values, models) in [
      (FactorEffect.Values.levels([0, 0, 0, 0]), 4), (.levels([0, 0, 2, 2]), 4),
      (.levels([0, 0, 1]), 3), (.levels([0, 1, 2, 3]), 4), (.numbers([1, 1, 1, 1, 1]), 5),
      (.numbers([1, 2]), 3), (.levels([]), 0),
    ] {
      #expect(throws: MetricsError.self) {
        try effect(
          values, reference: Array(reference.prefix(models)),
          shifted: Array(shifted.prefix(models)))
      }
    }
    #expect(throws: MetricsError.self) {
      try effect(
        .levels([0, 0, 0, 1, 1, 1]), reference: [0.5, 0.5, 0.5, 0.7, 0.7, 0.7],
        shifted: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    }
  }
}
