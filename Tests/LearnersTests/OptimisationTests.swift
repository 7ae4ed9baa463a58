import Glibc
import Learners
import Testing

@Suite("L-BFGS")
struct OptimisationTests {
  @Test("finds the minimum of Rosenbrock's valley in many dimensions", arguments: [2, 10, 100])
  func rosenbrock(dimension: Int) {
    let start = (0..<dimension).map { $0 % 2 == 0 ? -1.2 : 1.0 }
    let result = LBFGS(tolerance: 1e-8).minimise(from: start) { x, gradient in
      var value = 0.0
      for index in x.indices { gradient[index] = 0 }
      for index in 0..<dimension - 1 {
        let (bend, rest) = (x[index + 1] - x[index] * x[index], 1 - x[index])
        value += 100 * bend * bend + rest * rest
        gradient[index] += -400 * x[index] * bend - 2 * rest
        gradient[index + 1] += 200 * bend
      }
      return value
    }
    #expect(result.stop == .converged && result.gradientMaximum <= 1e-8)
    #expect(result.value < 1e-10 || dimension > 3)
    #expect(result.parameters.allSatisfy { abs($0) < 1.5 })
  }

  @Test("solves a badly scaled quadratic to the tolerance")
  func quadratic() {
    let result = LBFGS(tolerance: 1e-9).minimise(from: [Double](repeating: 1, count: 20)) { x, g in
      var value = 0.0
      for index in x.indices {
        let weight = Double(1 + index * index)
        value += weight * (x[index] - Double(index)) * (x[index] - Double(index)) / 2
        g[index] = weight * (x[index] - Double(index))
      }
      return value
    }
    #expect(result.stop == .converged)
    for (index, value) in result.parameters.enumerated() {
      #expect(abs(value - Double(index)) < 1e-8)
    }
  }

  @Test("returns the start at once when it is a minimum already")
  func atMinimum() {
    let result = LBFGS().minimise(from: [0]) { x, gradient in
      gradient[0] = x[0]
      return x[0] * x[0] / 2
    }
    #expect(result.stop == .converged && result.iterations == 0 && result.evaluations == 1)
  }

  @Test("stops after the iterations allowed, and at values that are not finite")
  func limits() {
    let short = LBFGS(tolerance: 0, maximumIterations: 3).minimise(from: [5, 3]) { x, gradient in
      gradient[0] = 4 * x[0] * x[0] * x[0]
      gradient[1] = 2 * x[1]
      return x[0] * x[0] * x[0] * x[0] + x[1] * x[1]
    }
    #expect(short.stop == .iterations && short.iterations == 3)
    let broken = LBFGS().minimise(from: [1]) { _, _ in Double.nan }
    #expect(broken.stop == .notFinite && broken.parameters == [1])
  }

  @Test("steps back from a wall of infinite values")
  func wall() {
    let result = LBFGS(tolerance: 1e-8).minimise(from: [0.01]) { x, gradient in
      // -log x - log (1 - x), infinite outside 0 ..< 1.
      guard x[0] > 0, x[0] < 1 else { return .infinity }
      gradient[0] = -1 / x[0] + 1 / (1 - x[0])
      return -log(x[0]) - log(1 - x[0])
    }
    #expect(result.stop == .converged && abs(result.parameters[0] - 0.5) < 1e-7)
  }

  @Test("ends as stalled when the objective's noise hides any progress")
  func noise() {
    var count = 0
    let result = LBFGS(tolerance: 0, maximumIterations: 200, noise: 0).minimise(from: [1]) { x, g in
      count += 1
      g[0] = 1
      return Double(count)
    }
    #expect(result.stop == .stalled && result.parameters == [1])
  }
}
