import Metrics
import Testing

@testable import Evaluation

@Suite("Digits that are kept")
struct RoundingTests {
  @Test("what an interval held, it still holds, and it is hardly wider")
  func outwards() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let lower = Double.random(in: -5...5, using: &generator)
      let width = Double.random(in: 1e-9...2, using: &generator)
      let interval = Interval(lower: lower, upper: lower + width, method: "wilson")
      let rounded = interval.rounded()
      #expect(rounded.lower <= lower && rounded.upper >= lower + width)
      #expect(rounded.upper - rounded.lower <= width * 1.005)
      #expect(rounded.rounded() == rounded)
    }
  }

  @Test("bounds are short decimals, and rounding again changes nothing")
  func short() {
    let rounded = Interval(lower: 0.883049122107, upper: 0.958266159827, method: "bca").rounded()
    #expect(rounded.lower == 0.88304 && rounded.upper == 0.95827)
    #expect(rounded.rounded() == rounded)
    let point = Interval(lower: 1, upper: 1, method: "wilson")
    #expect(point.rounded() == point)
    let open = Interval(lower: -.infinity, upper: 3, method: "wilson")
    #expect(open.rounded() == open)
  }

  @Test(
    "ten digits, whatever the size",
    arguments: [
      (1.0 / 3, 0.3333333333), (-2.0 / 3e5, -6.666666667e-06), (0, 0), (1e300, 1e300),
      (123_456_789.123_456, 123_456_789.1), (5e-324, 5e-324), (.infinity, .infinity),
    ])
  func digits(number: Double, rounded: Double) {
    #expect(significant(number, 10) == rounded)
    #expect(significant(rounded, 10) == rounded)
  }
}
