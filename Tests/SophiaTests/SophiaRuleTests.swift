import Autograd
import Layers
import LinearAlgebra
import Problems
import Random
import Testing

@testable import SophiaLearning

/// Gates V1 to V4 of the method: what has to hold exactly, or in the mean over many draws.
@Suite("Sophia's rule and its estimates")
struct SophiaRuleTests {
  private let tape = Tape()

  /// Softmax regression on 64 rows of 5 numbers and 4 classes, away from its start.
  private func regression() -> (problem: Classifier, rows: Matrix<Float>) {
    var random = Philox(key: 5)
    let rows = Matrix<Float>(
      (0..<64 * 5).map { _ in Float(random.normal()) }, rows: 64, columns: 5)
    let problem = Classifier(
      rows: rows, labels: (0..<64).map { Int32($0 % 4) },
      form: .init(width: 5, hidden: 0, classCount: 4), seed: 0)
    problem.setFlatParameters((0..<24).map { _ in Float(0.5 * random.normal()) })
    return (problem, rows)
  }

  @Test("V1: the Gauss-Newton estimate has the mean of the exact Hessian of softmax regression")
  func gaussNewton() {
    let (problem, rows) = regression()
    let all = (0..<64).map(Int32.init)
    let logits = problem.logits(of: all[...], on: tape).softmax().numbers
    // H_kj is the mean over the rows of p_k (1 - p_k) x_j².
    var exact = [Float](repeating: 0, count: 20)
    for row in 0..<64 {
      for k in 0..<4 {
        let p = logits[row * 4 + k]
        for j in 0..<5 {
          let x = rows.view.withRow(row) { $0[j] }
          exact[k * 5 + j] += p * (1 - p) * x * x / 64
        }
      }
    }
    var random = Philox(key: 6)
    var mean = [Float](repeating: 0, count: 20)
    for _ in 0..<2000 {
      let estimate = CurvatureEstimate.gaussNewton(
        of: problem, samples: all[...], on: tape, using: &random)[0]
      for index in mean.indices { mean[index] += estimate[index] / 2000 }
    }
    let trace = exact.reduce(0, +)
    #expect(abs(mean.reduce(0, +) / trace - 1) < 0.05)
    // The spread of 2,000 estimates is about 3 % of their mean, more where a gradient is skewed.
    for (found, wanted) in zip(mean, exact) { #expect(abs(found / wanted - 1) < 0.2) }
  }

  @Test("V2: Hutchinson's draws are a u² for a diagonal matrix, and the diagonal in the mean")
  func hutchinson() {
    let diagonal: [Float] = [0.01, 1, 3, -2]
    var entries = [Float](repeating: 0, count: 16)
    for (place, value) in diagonal.enumerated() { entries[place * 5] = value }
    let plain = Quadratic(curvature: Matrix(entries, rows: 4, columns: 4))
    let direction: [Float] = [0.5, -1, 2, 0.25]
    let draw = CurvatureEstimate.hutchinson(
      of: plain, samples: [0], on: tape, direction: [direction])[0]
    for place in 0..<4 {
      let wanted = diagonal[place] * direction[place] * direction[place]
      #expect(abs(draw[place] / wanted - 1) < 1e-4)
    }
    // Entries beside the diagonal have zero mean.
    let beside: [Float] = [0, 0.5, -0.3, 0.2]
    for row in 0..<4 {
      for column in 0..<4 where row != column {
        entries[row * 4 + column] = beside[(row + column) % 4]
      }
    }
    let turned = Quadratic(curvature: Matrix(entries, rows: 4, columns: 4))
    var random = Philox(key: 7)
    var mean = [Float](repeating: 0, count: 4)
    for _ in 0..<4000 {
      let estimate = CurvatureEstimate.hutchinson(
        of: turned, samples: [0], on: tape, using: &random)[0]
      for place in 0..<4 { mean[place] += estimate[place] / 4000 }
    }
    for place in 0..<4 { #expect(abs(mean[place] - diagonal[place]) < 0.2) }
  }

  @Test("V3: no number moves by more than the rate and its decay")
  func bound() {
    var random = Philox(key: 8)
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.1
    var update = SophiaUpdate(count: 40, weightDecay: 0.2, constants: constants)
    var numbers = (0..<40).map { _ in Float(3 * random.normal()) }
    for step in 0..<50 {
      let gradient = (0..<40).map { _ in Float(random.normal() * pow10(step % 7 - 3)) }
      if step % 5 == 0 { update.refresh((0..<40).map { _ in Float(random.normal()) }) }
      let before = numbers
      numbers.withUnsafeMutableBufferPointer { numbers in
        gradient.withUnsafeBufferPointer { update.step(numbers, $0, rate: 0.01) }
      }
      for (old, new) in zip(before, numbers) {
        let most: Float = 0.01 + 0.01 * 0.2 * abs(old)
        // Rounding of numbers of about 10.
        #expect(abs(new - old) <= most + 2e-6)
      }
    }
  }

  private func pow10(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow10(-exponent) : (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  @Test("V4: without curvature a step is the sign of the momentum, with much it is a quotient")
  func limits() {
    var constants = SophiaUpdate.Constants()
    constants.gamma = 1
    let gradient: [Float] = [0.3, -2, 0, 1e-5]
    func moved(_ curvature: [Float]?) -> [Float] {
      var update = SophiaUpdate(count: 4, weightDecay: 0, constants: constants)
      if let curvature { update.refresh(curvature) }
      var numbers: [Float] = [0, 0, 0, 0]
      numbers.withUnsafeMutableBufferPointer { numbers in
        gradient.withUnsafeBufferPointer { update.step(numbers, $0, rate: 0.5) }
      }
      return numbers
    }
    #expect(moved(nil) == [-0.5, 0.5, 0, -0.5])
    #expect(moved([-1, -1, -1, -1]) == [-0.5, 0.5, 0, -0.5])
    // h = 0.01 ĥ and m = 0.035 g.
    let preconditioned = moved([1000, 1000, 1000, 1000])
    for (found, slope) in zip(preconditioned, gradient) {
      #expect(abs(found + 0.5 * 0.035 * slope / 10) < 1e-8)
    }
  }

  @Test("corrected means are those of a full history")
  func corrections() {
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.5
    constants.correctsMean = true
    constants.correctsCurvature = true
    var update = SophiaUpdate(count: 1, weightDecay: 0, constants: constants)
    update.refresh([8])
    var numbers: [Float] = [0]
    numbers.withUnsafeMutableBufferPointer { numbers in
      [Float(1)].withUnsafeBufferPointer { update.step(numbers, $0, rate: 1) }
    }
    #expect(abs(numbers[0] + 1 / (0.5 * 8)) < 1e-5)
  }
}
