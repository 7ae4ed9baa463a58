import Glibc
import Learners
import LinearAlgebra
import Testing

@Suite("AdamW")
struct AdamWTests {
  /// Four steps on ½ Σ wᵢ θᵢ² + Σ θᵢ with w 1, 10, 100 from (1, -2, ½), at rates 0.1 / t.
  private func run<Scalar: BLASScalar>(
    _ type: Scalar.Type, weightDecay: Double, penalty: Double
  ) -> [Double] {
    var optimiser = AdamW<Scalar>(
      count: 3, betas: (0.9, 0.99), epsilon: 1e-4, weightDecay: weightDecay, penalty: penalty)
    var parameters: [Scalar] = [1, -2, 0.5]
    for step in 1...4 {
      let gradient = zip([1, 10, 100] as [Scalar], parameters).map { $0 * $1 + 1 }
      optimiser.step(&parameters, gradient, rate: 0.1 / Double(step))
    }
    return parameters.map { Double($0) }
  }

  @Test(
    "walks as the update of torch.optim.AdamW and Adam does",
    arguments: [
      // NumPy 2.4.6 in f64, the formulas of PyTorch's documentation, b1 0.9, b2 0.99, eps 1e-4.
      (0.0, 0.0, [0.7919638568932237, -1.7919730751130332, 0.2937160764680906]),
      (0.1, 0.0, [0.7727638446975417, -1.7521276712884148, 0.2849932337310651]),
      (0.0, 0.1, [0.7919802559568968, -1.7919728667645376, 0.2937161459793324]),
    ])
  func reference(weightDecay: Double, penalty: Double, wanted: [Double]) {
    let double = run(Double.self, weightDecay: weightDecay, penalty: penalty)
    let single = run(Float.self, weightDecay: weightDecay, penalty: penalty)
    for index in wanted.indices {
      #expect(abs(double[index] - wanted[index]) < 1e-14)
      #expect(abs(single[index] - wanted[index]) < 1e-6)
    }
  }

  @Test("steps by the rate against a constant gradient, whatever its size")
  func constantGradient() {
    var optimiser = AdamW<Double>(count: 2, epsilon: 0, weightDecay: 0)
    var parameters = [0.0, 0.0]
    for step in 1...20 {
      optimiser.step(&parameters, [1e-6, -1e6], rate: 0.25)
      #expect(abs(parameters[0] + 0.25 * Double(step)) < 1e-12)
      #expect(abs(parameters[1] - 0.25 * Double(step)) < 1e-12)
    }
    #expect(optimiser.steps == 20)
  }

  @Test("decays geometrically without a gradient, and only when it decays")
  func decay() {
    var decaying = AdamW<Float>(count: 1, weightDecay: 0.5)
    var still = AdamW<Float>(count: 1, weightDecay: 0)
    var (one, other): ([Float], [Float]) = ([8], [8])
    for _ in 0..<3 {
      decaying.step(&one, [0], rate: 1)
      still.step(&other, [0], rate: 1)
    }
    #expect(one == [1] && other == [8])
  }

  @Test("moves a matrix as it moves its numbers in row order")
  func matrix() {
    let start: [Float] = [1, -2, 3, -4, 5, -6]
    let gradient: [Float] = [3, 1, -4, 1, -5, 9]
    var (one, other) = (AdamW<Float>(count: 6), AdamW<Float>(count: 6))
    var numbers = start
    var matrix = Matrix(start, rows: 2, columns: 3)
    let untouched = matrix
    one.step(&numbers, gradient, rate: 0.1)
    other.step(&matrix, Matrix(gradient, rows: 2, columns: 3).view, rate: 0.1)
    #expect(matrix.numbers == numbers && numbers != start)
    #expect(untouched.numbers == start)
  }
}

@Suite("Cosine schedule")
struct CosineScheduleTests {
  @Test("falls from the rate through the middle towards the floor, which it keeps")
  func fall() {
    let schedule = CosineSchedule(rate: 3, steps: 12, floor: 1)
    #expect(schedule.rate(at: 0) == 3)
    #expect(abs(schedule.rate(at: 4) - 2.5) < 1e-12)
    #expect(abs(schedule.rate(at: 6) - 2) < 1e-12)
    #expect(schedule.rate(at: 12) == 1 && schedule.rate(at: 100) == 1)
  }

  @Test("rises in equal steps to the rate, then falls over the rest")
  func warmup() {
    let schedule = CosineSchedule(rate: 1, steps: 7, warmup: 3)
    #expect((0..<4).map { schedule.rate(at: $0) } == [0.25, 0.5, 0.75, 1])
    #expect(abs(schedule.rate(at: 5) - 0.5) < 1e-12)
  }

  @Test("has a rate of 0 without any step")
  func nothing() {
    #expect(CosineSchedule(rate: 1, steps: 0).rate(at: 0) == 0)
  }
}
