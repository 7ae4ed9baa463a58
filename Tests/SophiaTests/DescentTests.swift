import Autograd
import Layers
import LinearAlgebra
import Problems
import Random
import Testing

@testable import SophiaLearning

@Suite("Runs of Sophia")
struct DescentTests {
  /// Curvatures from 1 / condition to 1, evenly spread on a logarithmic scale.
  private func quadratic(condition: Double) -> Quadratic {
    Quadratic(
      curvature: Matrix(rows: 50, columns: 50) { entries in
        entries.fill(0)
        for place in 0..<50 {
          entries[place, place] = Float(exponential(condition, -Double(49 - place) / 49))
        }
      })
  }

  private func exponential(_ base: Double, _ exponent: Double) -> Double {
    // base^exponent by halving, as tests need no library for it.
    var (result, part, rest) = (1.0, base.squareRoot(), abs(exponent))
    for _ in 0..<50 {
      if rest >= 0.5 { (result, rest) = (result * part, rest - 0.5) }
      (part, rest) = (part.squareRoot(), rest * 2)
    }
    return exponent < 0 ? 1 / result : result
  }

  /// The steps to a share of the first loss, at a constant rate.
  private func steps(
    _ problem: any Problem, _ rule: UpdateRule, estimator: Descent.Estimator?, rate: Double,
    to isThere: ([Float], Double) -> Bool, most: Int
  ) -> Int? {
    var descent = Descent(
      problem, optimiser: Optimiser(problem.parameters, rule: rule),
      schedule: .constant(rate: rate), random: Philox(key: 3))
    descent.estimator = estimator
    let batches = [ArraySlice<Int32>](repeating: [0], count: most + 1)
    for step in 0...most {
      let before = problem.parameters[0].numbers
      let loss = descent.step(step, batches: batches)
      if isThere(before, loss) { return step }
    }
    return nil
  }

  private var sophia: UpdateRule {
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.01
    let chosen = constants
    return UpdateRule { SophiaUpdate(count: $0, weightDecay: $1, constants: chosen) }
  }

  @Test("V5: Sophia-H takes as many steps at every condition number", arguments: [1e-3, 3e-3])
  func conditions(rate: Double) throws {
    let counts = try [1.0, 1e2, 1e4, 1e6].map { condition in
      let problem = quadratic(condition: condition)
      let start = problem.losses(on: Tape())[0]
      return try #require(
        steps(
          problem, sophia, estimator: .hutchinson, rate: rate,
          to: { $1 <= 1e-3 * start }, most: 2000))
    }
    #expect(Set(counts).count == 1)
    // 0.969 / rate by the distance that clipped steps go.
    #expect(abs(Double(counts[0]) * rate - 0.969) < 0.003)
  }

  @Test("V5: gradient descent takes more steps the greater the condition number is")
  func gradientDescent() throws {
    func count(_ condition: Double) -> Int? {
      steps(
        quadratic(condition: condition), .sgd(), estimator: nil, rate: 1,
        to: { place, _ in place.allSatisfy { abs($0) < 0.05 } }, most: 2000)
    }
    let (one, hundred) = (try #require(count(1)), try #require(count(100)))
    #expect(one == 1)
    // 100 ln 20 steps of the flattest direction.
    #expect(abs(hundred - 299) <= 1)
    #expect(count(1e4) == nil)
  }

  @Test("two runs give the same bits, another seed of the estimates gives others")
  func determinism() {
    func end(_ seed: UInt64) -> [Float] {
      let text = Array("the words of a text that is read again and again, as it was before".utf8)
      let problem = ByteGPT(
        text: text, form: .init(layers: 1, width: 8, heads: 2, context: 8), seed: 1)
      var descent = Descent(
        problem, optimiser: Optimiser(problem.parameters, rule: sophia, weightDecay: 0.1),
        schedule: .constant(rate: 1e-3), random: Philox(key: seed))
      descent.estimator = .gaussNewton
      descent.normLimit = 1
      descent.interval = 3
      let batches: [ArraySlice<Int32>] = (0..<12).map { [Int32($0), Int32($0 + 20)] }
      for step in 0..<12 { _ = descent.step(step, batches: batches) }
      #expect(descent.gradientCount == 12 + 4 && descent.unclippedShares.count == 4)
      return problem.flatParameters
    }
    #expect(end(1) == end(1))
    #expect(end(1) != end(2))
  }

  @Test("without a refresh Sophia is Lion's step of the mean itself")
  func reduction() {
    // Lion steps by the sign of β₁ m + (1 - β₁) g and keeps β₂ m + (1 - β₂) g: one β makes them one.
    func end(_ rule: UpdateRule) -> [Float] {
      let problem = quadratic(condition: 10)
      var descent = Descent(
        problem, optimiser: Optimiser(problem.parameters, rule: rule, weightDecay: 0.1),
        schedule: .constant(rate: 0.01), random: Philox(key: 1))
      let batches = [ArraySlice<Int32>](repeating: [0], count: 30)
      for step in 0..<30 { _ = descent.step(step, batches: batches) }
      return problem.flatParameters
    }
    #expect(end(sophia) == end(.lion(betas: (0.965, 0.965))))
  }
}
