import CKernels
import Foundation
import Testing

@Suite("Logistic kernels")
struct LogisticTests {
  /// Calls a kernel on a copy of numbers.
  private func slopes(
    _ numbers: [Float], bias: Float, scale: Float,
    _ kernel: (UnsafeMutablePointer<Float>, Int, Float, Float) -> Double
  ) -> (sum: Double, slopes: [Float]) {
    var copy = numbers
    let sum = copy.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { kernel($0, buffer.count, bias, scale) } ?? 0
    }
    return (sum, copy)
  }

  @Test("slopes and sums are those of f64, for any count", arguments: [1, 15, 16, 17, 1000, 4101])
  func values(count: Int) {
    let numbers = (0..<count).map { Float(12 * sin(Double($0) * 1.7)) }
    let plain = slopes(numbers, bias: 0.5, scale: 2, assay_shim_logistic_slopes)
    let squared = slopes(numbers, bias: 0.5, scale: 2, assay_shim_logistic_square_slopes)
    var (sum, squares) = (0.0, 0.0)
    for (index, number) in numbers.enumerated() {
      let s = Double(number + 0.5)
      let r = 1 / (1 + exp(-s))
      sum += max(s, 0) + log1p(exp(-abs(s)))
      squares += r * r
      #expect(abs(Double(plain.slopes[index]) - 2 * r) < 1e-6)
      #expect(abs(Double(squared.slopes[index]) - 4 * r * r * (1 - r)) < 1e-6)
    }
    #expect(abs(plain.sum / sum - 1) < 1e-6)
    #expect(abs(squared.sum / squares - 1) < 1e-6)
  }

  @Test("far logits neither overflow nor lose their value; what is not a number stays so")
  func extremes() {
    let far = slopes([1e4, -1e4, 200, -200], bias: 0, scale: 1, assay_shim_logistic_slopes)
    #expect(abs(far.sum - 10_200) < 1e-3)
    #expect(far.slopes[0] == 1 && far.slopes[1] < 1e-30)
    let many = slopes(
      [Float](repeating: -200, count: 64), bias: 0, scale: 1, assay_shim_logistic_slopes)
    #expect(abs(many.sum) < 1e-3)
    #expect(
      slopes(
        [.nan] + [Float](repeating: 0, count: 40), bias: 0, scale: 1,
        assay_shim_logistic_slopes
      ).sum.isNaN)
  }
}
