import CKernels
import Foundation
import Testing

@Suite("Soft-max kernel")
struct SoftmaxTermsTests {
  @Test("terms and squares are those of f64, for any count", arguments: [0, 1, 15, 16, 17, 1000])
  func values(count: Int) {
    let numbers = (0..<count).map { Float(40 * sin(Double($0) * 1.7) - 40) }
    var (sum, squares) = (0.0, 0.0)
    assay_shim_softmax_terms(numbers, count, 0, &sum, &squares)
    let terms = numbers.map { exp(Double($0)) }
    #expect(abs(sum - terms.reduce(0, +)) <= 1e-14 * sum)
    #expect(abs(squares - terms.reduce(0) { $0 + $1 * $1 }) <= 1e-14 * squares)
  }

  @Test("sums are added to what was there")
  func continues() {
    var (sum, squares) = (2.0, 3.0)
    assay_shim_softmax_terms([Float(7)], 1, 7, &sum, &squares)
    #expect(sum == 3 && squares == 4)
  }

  @Test(
    "a term far below the maximum vanishes beside 1", arguments: [-100, -1e4, -3e38] as [Float])
  func extremes(number: Float) {
    var (sum, squares) = (0.0, 0.0)
    assay_shim_softmax_terms([number], 1, 0, &sum, &squares)
    #expect(sum >= 0 && sum < 1e-40 && squares >= 0 && squares < 1e-40)
  }
}
