internal import LinearAlgebra

/// An objective whose Hessian can be applied to directions.
public protocol CurvedObjective: AnyObject {
  /// Computes the value and writes the gradient; the curvature asked for next is that of this place.
  func evaluate(_ parameters: [Double], _ gradient: inout [Double]) -> Double
  /// Gives the diagonal of the Hessian, or positive numbers that stand for it.
  func diagonal() -> [Double]
  /// Gives the product of the Hessian and a direction.
  func curvature(along direction: [Double]) -> [Double]
}

/// Newton's method for convex objectives, its steps from conjugate gradients that end early.
///
/// Nash, "A survey of truncated-Newton methods", J. Comput. Appl. Math. 124, 2000: the inner iteration
/// is preconditioned by the diagonal, and ends where one more step adds less than a tenth of the
/// mean step to the decrease of the quadratic model.
///
///     let result = TruncatedNewton(tolerance: 1e-6).minimise(objective, from: [0, 0])
///
/// The decrease that the quadratic model promises, ½ gᵀH⁻¹g, estimates how far the value is above the
/// minimum. That says the same whatever the scale of the objective and of the parameters, as the
/// size of a gradient does not.
public struct TruncatedNewton: Sendable {
  /// The search ends within this share of the objective's value from the minimum.
  public var tolerance: Double
  /// The search ends after so many steps.
  public var maximumIterations: Int
  /// The relative error of the objective's values; smaller changes decide nothing.
  public var noise: Double
  /// So many steps in a row within the noise end a search.
  private static let mostIdleSteps = 10

  /// Sets how to search.
  public init(tolerance: Double = 1e-6, maximumIterations: Int = 1000, noise: Double = 1e-12) {
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.noise = noise
  }

  /// Why a search ended.
  public enum Stop: Sendable {
    /// The value is within the tolerance of the minimum, or within rounding.
    case converged
    /// No step lowers the objective any further than rounding does.
    case stalled
    /// The allowed iterations are used up.
    case iterations
    /// The objective is not finite at the start.
    case notFinite
  }

  /// Where a search ended.
  public struct Result: Sendable {
    /// The best parameters.
    public var parameters: [Double]
    /// The objective there.
    public var value: Double
    /// How far the value was above the minimum before the last step, as a share of it; estimated.
    public var gap: Double
    /// The steps taken.
    public var iterations: Int
    /// The evaluations of the objective and of products with its Hessian.
    public var passes: Int
    /// Why the search ended.
    public var stop: Stop
  }

  /// Searches for the minimum from `start`.
  public func minimise(_ objective: some CurvedObjective, from start: [Double]) -> Result {
    var gradient = [Double](repeating: 0, count: start.count)
    let value = objective.evaluate(start, &gradient)
    var result = Result(
      parameters: start, value: value, gap: .infinity, iterations: 0, passes: 1, stop: .iterations)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else {
      result.stop = .notFinite
      return result
    }
    var idleSteps = 0
    while result.iterations < maximumIterations {
      let model = Model(objective, gradient)
      result.passes += model.passes
      guard model.decrease > 0 else {
        result.gap = 0
        result.stop = .converged
        break
      }
      result.gap = model.decrease / abs(result.value)
      let before = result.value
      guard let length = advance(&result, &gradient, along: model.step, objective) else {
        result.stop = result.gap <= noise ? .converged : .stalled
        break
      }
      result.iterations += 1
      let isRounding = result.value >= before && result.gap <= noise
      if (length == 1 && result.gap <= tolerance) || isRounding {
        result.stop = .converged
        break
      }
      // The model promises what the rounded values cannot show.
      idleSteps = before - result.value > noise * abs(before) ? 0 : idleSteps + 1
      if idleSteps == Self.mostIdleSteps {
        result.stop = .stalled
        break
      }
    }
    return result
  }

  /// Halves the step until the value falls enough; nil where it never does.
  ///
  /// Where the value changes by less than its noise, the slope at the new place decides (Hager and
  /// Zhang, SIAM J. Optim. 16, 2005, section 4).
  private func advance(
    _ result: inout Result, _ gradient: inout [Double], along step: [Double],
    _ objective: some CurvedObjective
  ) -> Double? {
    let slope = inner(gradient, step)
    guard slope < 0 else { return nil }
    var length = 1.0
    var next = gradient
    for _ in 0..<40 {
      var place = result.parameters
      Double.rawAXPY(step.count, length, step, &place)
      let value = objective.evaluate(place, &next)
      result.passes += 1
      let falls = value <= result.value + 1e-4 * length * slope
      let isLevel =
        value <= result.value + noise * abs(result.value) && abs(inner(next, step)) <= -0.9 * slope
      if value.isFinite, falls || isLevel {
        result.parameters = place
        result.value = value
        gradient = next
        return length
      }
      length /= 2
    }
    return nil
  }
}

/// The minimum of a quadratic model, approached by preconditioned conjugate gradients.
private struct Model {
  /// The step from the place of the model.
  private(set) var step: [Double]
  /// How far the model falls along the step.
  private(set) var decrease = 0.0
  private(set) var passes = 0

  private static let maximumPasses = 250

  init(_ objective: some CurvedObjective, _ gradient: [Double]) {
    step = [Double](repeating: 0, count: gradient.count)
    let diagonal = objective.diagonal()
    var residual = gradient.map { -$0 }
    var scaled = zip(residual, diagonal).map { $0 / $1 }
    var direction = scaled
    var product = inner(residual, scaled)
    let first = product
    while product > 1e-12 * first, passes < Model.maximumPasses {
      let image = objective.curvature(along: direction)
      passes += 1
      let curvature = inner(direction, image)
      guard curvature > 0 else {
        // A straight line down: the first direction still leads somewhere.
        if passes == 1 { (step, decrease) = (direction, product) }
        break
      }
      let length = product / curvature
      Double.rawAXPY(step.count, length, direction, &step)
      Double.rawAXPY(residual.count, -length, image, &residual)
      let gain = length * product / 2
      decrease += gain
      if passes > 1, Double(passes) * gain < 0.1 * decrease { break }
      for index in scaled.indices { scaled[index] = residual[index] / diagonal[index] }
      let next = inner(residual, scaled)
      let ratio = next / product
      for index in direction.indices { direction[index] = scaled[index] + ratio * direction[index] }
      product = next
    }
  }
}
