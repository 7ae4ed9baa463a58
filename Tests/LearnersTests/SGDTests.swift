import Learners
import LinearAlgebra
import Testing

@Suite("SGD")
struct SGDTests {
  /// Four steps on ½ Σ wᵢ θᵢ² + Σ θᵢ with w 1, 10, 100 from (1, -2, ½), at rates 0.01 / t.
  private func run<Scalar: BLASScalar>(
    _ type: Scalar.Type, momentum: Double, penalty: Double
  ) -> [Double] {
    var optimiser = SGD<Scalar>(count: 3, momentum: momentum, penalty: penalty)
    var parameters: [Scalar] = [1, -2, 0.5]
    for step in 1...4 {
      let gradient = zip([1, 10, 100] as [Scalar], parameters).map { $0 * $1 + 1 }
      optimiser.step(&parameters, gradient, rate: 0.01 / Double(step))
    }
    return parameters.map { Double($0) }
  }

  @Test(
    "walks as the update of torch.optim.SGD does",
    arguments: [
      // NumPy 2.4.6 in f64, the formulas of PyTorch's documentation.
      (0.0, 0.0, [0.9586241675, -1.6310912500000003, -0.010000000000000002]),
      (0.9, 0.0, [0.9262979674999999, -1.34659, -0.269335]),
      (0.9, 0.1, [0.922671479439625, -1.3402259592080001, -0.2692491031120625]),
    ])
  func reference(momentum: Double, penalty: Double, wanted: [Double]) {
    let double = run(Double.self, momentum: momentum, penalty: penalty)
    let single = run(Float.self, momentum: momentum, penalty: penalty)
    for index in wanted.indices {
      #expect(abs(double[index] - wanted[index]) < 1e-14)
      #expect(abs(single[index] - wanted[index]) < 1e-5)
    }
  }

  @Test("goes far under a constant gradient: momentum 0.9 makes steps tend to ten times the rate")
  func terminalVelocity() {
    var optimiser = SGD<Double>(count: 1, momentum: 0.9)
    var parameters = [0.0]
    for _ in 0..<400 { optimiser.step(&parameters, [2], rate: 0.01) }
    let before = parameters[0]
    optimiser.step(&parameters, [2], rate: 0.01)
    #expect(abs(before - parameters[0] - 0.2) < 1e-12)
  }

  @Test("moves a matrix as it moves the same numbers in an array")
  func matrices() {
    var (first, second) = (SGD<Float>(count: 4, momentum: 0.5), SGD<Float>(count: 4, momentum: 0.5))
    var array: [Float] = [1, -2, 3, 0]
    var matrix = Matrix(array, rows: 2, columns: 2)
    for step in 1...3 {
      let gradient: [Float] = [1, Float(step), -1, 0.5]
      first.step(&array, gradient, rate: 0.1)
      second.step(&matrix, Matrix(gradient, rows: 2, columns: 2).view, rate: 0.1)
    }
    #expect(matrix.numbers == array)
  }
}
