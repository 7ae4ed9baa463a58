internal import LinearAlgebra

/// Limited-memory BFGS with a line search for the strong Wolfe conditions.
///
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4, 7.5, 3.5 and 3.6.
///
///     let result = LBFGS(tolerance: 1e-6).minimise(from: [0, 0]) { x, gradient in
///       gradient[0] = 2 * (x[0] - 1)
///       gradient[1] = 4 * x[1]
///       return (x[0] - 1) * (x[0] - 1) + 2 * x[1] * x[1]
///     }
public struct LBFGS: Sendable {
  /// The number of step and gradient pairs that model the curvature.
  public var memory: Int
  /// The search ends when no component of the gradient is larger than this.
  public var tolerance: Double
  /// The search ends after so many steps.
  public var maximumIterations: Int
  /// The relative error of the objective's values; smaller changes decide nothing.
  public var noise: Double

  /// Sets how to search.
  public init(
    memory: Int = 10, tolerance: Double = 1e-4, maximumIterations: Int = 1000, noise: Double = 1e-12
  ) {
    self.memory = memory
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.noise = noise
  }

  /// Why a search ended.
  public enum Stop: Sendable {
    /// The gradient is within the tolerance.
    case converged
    /// No step along the direction lowers the objective by more than its noise.
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
    /// The largest component of the gradient there, by magnitude.
    public var gradientMaximum: Double
    /// The steps taken.
    public var iterations: Int
    /// The evaluations of the objective.
    public var evaluations: Int
    /// Why the search ended.
    public var stop: Stop
  }

  /// Computes an objective's value and writes its gradient.
  public typealias Objective<E: Error> = (
    _ parameters: UnsafeBufferPointer<Double>, _ gradient: UnsafeMutableBufferPointer<Double>
  ) throws(E) -> Double

  /// Searches for a minimum from `start`.
  public func minimise<E: Error>(
    from start: [Double], _ objective: Objective<E>
  ) throws(E) -> Result {
    var point = Point(parameters: start)
    try point.evaluate(objective)
    var result = Result(
      parameters: start, value: point.value, gradientMaximum: point.gradientMaximum,
      iterations: 0, evaluations: 1, stop: .iterations)
    guard point.isFinite else {
      result.stop = .notFinite
      return result
    }
    var history = CurvatureHistory(capacity: memory)
    while true {
      result.gradientMaximum = point.gradientMaximum
      if result.gradientMaximum <= tolerance { result.stop = .converged; break }
      if result.iterations == maximumIterations { break }
      let direction = history.direction(for: point.gradient)
      var search = LineSearch(start: point, direction: direction, noise: noise)
      let guess = history.isEmpty ? min(1, 1 / norm(point.gradient)) : 1
      let next = try search.run(from: guess, objective)
      result.evaluations += search.evaluations
      guard let next else {
        if history.isEmpty { result.stop = .stalled; break }
        // A stale model can spoil the direction: once more along the gradient itself.
        history.forget()
        continue
      }
      history.add(
        step: difference(next.parameters, point.parameters),
        change: difference(next.gradient, point.gradient))
      point = next
      result.iterations += 1
    }
    result.parameters = point.parameters
    result.value = point.value
    return result
  }
}

/// A place in the search with its objective and gradient.
struct Point {
  var parameters: [Double]
  var value = Double.nan
  var gradient: [Double]

  init(parameters: [Double]) {
    self.parameters = parameters
    gradient = [Double](repeating: 0, count: parameters.count)
  }

  mutating func evaluate<E: Error>(_ objective: LBFGS.Objective<E>) throws(E) {
    // Pointers are fetched before the call, so that its typed error passes through.
    let gradient = UnsafeMutableBufferPointer<Double>.allocate(capacity: parameters.count)
    defer { gradient.deallocate() }
    gradient.initialize(repeating: 0)
    let place = parameters
    value = try place.lend { (numbers) throws(E) in try objective(numbers, gradient) }
    self.gradient = Array(gradient)
  }

  var gradientMaximum: Double { gradient.reduce(0) { max($0, abs($1)) } }
  var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
}

/// The last pairs of step and change of gradient, which stand for the inverse Hessian.
private struct CurvatureHistory {
  let capacity: Int
  private var steps: [[Double]] = []
  private var changes: [[Double]] = []

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { steps.isEmpty }

  mutating func forget() {
    steps = []
    changes = []
  }

  mutating func add(step: [Double], change: [Double]) {
    let curvature = inner(step, change)
    guard capacity > 0, curvature > 1e-10 * inner(change, change).squareRoot() * norm(step) else {
      return
    }
    if steps.count == capacity {
      steps.removeFirst()
      changes.removeFirst()
    }
    steps.append(step)
    changes.append(change)
  }

  /// The two-loop recursion (algorithm 7.4).
  func direction(for gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    var weights: [Double] = []
    for (step, change) in zip(steps, changes).reversed() {
      let weight = inner(step, direction) / inner(step, change)
      weights.append(weight)
      add(change, times: -weight, to: &direction)
    }
    if let step = steps.last, let change = changes.last {
      let scale = inner(step, change) / inner(change, change)
      for index in direction.indices { direction[index] *= scale }
    }
    for (step, change) in zip(steps, changes) {
      let weight = weights.removeLast() - inner(change, direction) / inner(step, change)
      add(step, times: weight, to: &direction)
    }
    return direction
  }

  private func add(_ x: [Double], times factor: Double, to y: inout [Double]) {
    Double.rawAXPY(x.count, factor, x, &y)
  }
}

// MARK: Vectors

func inner(_ x: [Double], _ y: [Double]) -> Double { Double.rawDot(x.count, x, y) }

private func norm(_ x: [Double]) -> Double { inner(x, x).squareRoot() }

private func difference(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 - $1 } }

extension [Double] {
  /// Lends the numbers to a body with a typed error.
  fileprivate func lend<R, E: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(E) -> R
  ) throws(E) -> R {
    let result: Result<R, E> = withUnsafeBufferPointer { numbers in
      Result { () throws(E) in try body(numbers) }
    }
    return try result.get()
  }
}
