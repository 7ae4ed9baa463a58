import Glibc
import Learners
import Testing

@Suite("Truncated Newton")
struct TruncatedNewtonTests {
  /// Σ w (x - t)² / 2 + Σ log cosh(x), with weights from 1 to 1e8.
  private final class Valley: CurvedObjective {
    let weights: [Double]
    let offset: Double
    private var place: [Double] = []
    private(set) var products = 0

    init(_ count: Int, offset: Double = 0) {
      weights = (0..<count).map { pow(10, 8 * Double($0) / Double(max(count - 1, 1))) }
      self.offset = offset
    }

    func evaluate(_ parameters: [Double], _ gradient: inout [Double]) -> Double {
      place = parameters
      var value = offset
      for (index, x) in parameters.enumerated() {
        let distance = x - Double(index)
        value += weights[index] * distance * distance / 2 + log(cosh(x))
        gradient[index] = weights[index] * distance + tanh(x)
      }
      return value
    }

    func diagonal() -> [Double] {
      zip(weights, place).map { $0 + 1 / (cosh($1) * cosh($1)) }
    }

    func curvature(along direction: [Double]) -> [Double] {
      products += 1
      return zip(direction, diagonal()).map { $0 * $1 }
    }
  }

  @Test("finds the minimum of a valley a hundred million times as steep as it is flat")
  func valley() {
    let objective = Valley(12)
    let start = [Double](repeating: 40, count: 12)
    let result = TruncatedNewton(tolerance: 1e-12).minimise(objective, from: start)
    #expect(result.stop == .converged && result.iterations < 60)
    for (index, x) in result.parameters.enumerated() {
      #expect(abs(objective.weights[index] * (x - Double(index)) + tanh(x)) < 1e-3)
    }
  }

  @Test("its gap bounds what is left to gain")
  func gap() {
    let objective = Valley(12, offset: 100)
    let start = [Double](repeating: 3, count: 12)
    let least = TruncatedNewton(tolerance: 1e-14).minimise(objective, from: start).value
    for tolerance in [1e-1, 1e-3, 1e-6] {
      let result = TruncatedNewton(tolerance: tolerance).minimise(objective, from: start)
      #expect(result.gap <= tolerance && (result.value - least) / result.value <= tolerance)
    }
  }

  @Test("stays at a minimum, and where there is nothing to choose")
  func atMinimum() {
    let result = TruncatedNewton().minimise(Valley(1), from: [0])
    #expect(result.stop == .converged && result.parameters == [0])
    let nothing = TruncatedNewton().minimise(Valley(0), from: [])
    #expect(nothing.stop == .converged && nothing.iterations == 0)
  }

  /// A value that rounding holds, while the slope turns at every place.
  private final class Plateau: CurvedObjective {
    private var evaluations = 0

    func evaluate(_ parameters: [Double], _ gradient: inout [Double]) -> Double {
      gradient = evaluations % 2 == 0 ? [1, 0] : [0, 1]
      evaluations += 1
      return 1
    }

    func diagonal() -> [Double] { [1, 1] }
    func curvature(along direction: [Double]) -> [Double] { direction }
  }

  @Test("ends soon where slopes promise what the rounded values never show")
  func plateau() {
    let result = TruncatedNewton(noise: 1e-6).minimise(Plateau(), from: [0, 0])
    #expect(result.stop == .stalled && result.passes < 100)
  }

  @Test("stops after the steps allowed, and at values that are not finite")
  func limits() {
    let short = TruncatedNewton(tolerance: 0, maximumIterations: 1).minimise(
      Valley(3), from: [9, 9, 9])
    #expect(short.stop == .iterations && short.iterations == 1)
    let broken = TruncatedNewton().minimise(Valley(1), from: [.nan])
    #expect(broken.stop == .notFinite)
  }
}
