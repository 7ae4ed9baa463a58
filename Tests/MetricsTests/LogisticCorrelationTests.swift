import Foundation
import Testing

@testable import Metrics

/// 30 ratings along a logistic curve from 1 to 5 with noise, from the generator of
/// ``ReferenceSample`` started at 3.
private func sample() -> (x: [Double], y: [Double]) {
  var state: UInt64 = 3
  func uniform() -> Double {
    state = (state * 1_103_515_245 + 12345) % (1 << 31)
    return Double(state) / Double(1 << 31)
  }
  let x = (0..<30).map { _ in 10 * uniform() }
  return (x, x.map { 1 + 4 / (1 + exp(-($0 - 4) / 0.8)) + 0.6 * (uniform() - 0.5) })
}

@Suite("Pearson's correlation after a logistic function")
struct LogisticCorrelationTests {
  /// Origin: SciPy 1.17.1, `curve_fit` of the four parameters from six starts, then `pearsonr`; the
  /// correlation without the function is 0.9248914388028623.
  @Test("the value agrees with SciPy's fit, rising or falling")
  func reference() throws {
    let (x, y) = sample()
    let found = try #require(pearsonAfterLogistic(x, y).value)
    #expect(abs(found - 0.9922467912866445) < 1e-6)
    #expect(abs(try #require(pearson(x, y).value) - 0.9248914388028623) < 1e-6)
    #expect(abs(try #require(pearsonAfterLogistic(x, y.map { -$0 }).value) - found) < 1e-9)
  }

  @Test("points on a logistic curve have correlation 1")
  func closedForm() throws {
    let x = (0..<20).map { Double($0) }
    let y = x.map { 20 + 60 / (1 + exp(($0 - 9) / 3)) }
    #expect(abs(try #require(pearsonAfterLogistic(x, y).value) - 1) < 1e-9)
  }

  @Test("units of either side change nothing, and it is never below the plain correlation")
  func invariance() throws {
    let (x, y) = sample()
    let plain = try #require(pearsonAfterLogistic(x, y).value)
    let moved = pearsonAfterLogistic(x.map { 100 * $0 - 7 }, y.map { 0.01 * $0 + 3 })
    #expect(abs(try #require(moved.value) - plain) < 1e-6)
    #expect(plain >= abs(try #require(pearson(x, y).value)))
  }

  @Test("fewer than five pairs, and a constant side, have none")
  func degenerate() {
    #expect(
      pearsonAfterLogistic([1, 2, 3, 4], [1, 2, 3, 4])
        == .undefined(n: 4, "four parameters need five pairs or more"))
    #expect(
      pearsonAfterLogistic([1, 1, 1, 1, 1], [1, 2, 3, 4, 5])
        == .undefined(n: 5, "one side is constant"))
  }
}
