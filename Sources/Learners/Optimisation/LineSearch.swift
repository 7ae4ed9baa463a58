internal import LinearAlgebra

/// A search along a direction for a step that meets the strong Wolfe conditions.
///
/// Where the objective changes by less than its noise, the condition on its decrease is replaced by
/// the one on slopes of Hager and Zhang (SIAM J. Optim. 16, 2005, equation 4.1).
struct LineSearch {
  private let start: Point
  private let direction: [Double]
  private let slope: Double
  private let noise: Double
  private(set) var evaluations = 0

  private static let decrease = 1e-4
  private static let curvature = 0.9
  private static let maximumEvaluations = 30

  init(start: Point, direction: [Double], noise: Double) {
    self.start = start
    self.direction = direction
    self.noise = noise
    slope = inner(start.gradient, direction)
  }

  /// One tried step.
  private struct Trial {
    var step: Double
    var slope: Double
    var point: Point
    var value: Double { point.value }
  }

  /// Finds a step, first trying `guess`; nil when the direction leads nowhere.
  mutating func run<E: Error>(
    from guess: Double, _ objective: LBFGS.Objective<E>
  ) throws(E) -> Point? {
    guard slope < 0 else { return nil }
    var last = Trial(step: 0, slope: slope, point: start)
    var step = guess
    while evaluations < Self.maximumEvaluations {
      let trial = try evaluate(step, objective)
      guard trial.point.isFinite else {
        step = (last.step + step) / 2
        continue
      }
      if isAcceptable(trial) { return trial.point }
      if !decreases(trial) || (last.step > 0 && trial.value >= last.value) {
        return try zoom(low: last, high: trial, objective)
      }
      if trial.slope >= 0 { return try zoom(low: trial, high: last, objective) }
      last = trial
      step *= 4
    }
    return last.step > 0 ? last.point : nil
  }

  /// Narrows an interval that holds an acceptable step (algorithm 3.6).
  private mutating func zoom<E: Error>(
    low: Trial, high: Trial, _ objective: LBFGS.Objective<E>
  ) throws(E) -> Point? {
    var (low, high) = (low, high)
    while evaluations < Self.maximumEvaluations {
      let trial = try evaluate(Self.interpolate(low, high), objective)
      if trial.point.isFinite, isAcceptable(trial) { return trial.point }
      if !trial.point.isFinite || !decreases(trial) || trial.value >= low.value {
        high = trial
      } else {
        if trial.slope * (high.step - low.step) >= 0 { high = low }
        low = trial
      }
      if abs(high.step - low.step) <= 1e-12 * max(high.step, low.step) { break }
    }
    return low.step > 0 && low.value < start.value ? low.point : nil
  }

  private mutating func evaluate<E: Error>(
    _ step: Double, _ objective: LBFGS.Objective<E>
  ) throws(E) -> Trial {
    evaluations += 1
    var point = Point(parameters: start.parameters)
    Double.rawAXPY(direction.count, step, direction, &point.parameters)
    try point.evaluate(objective)
    return Trial(step: step, slope: inner(point.gradient, direction), point: point)
  }

  private func decreases(_ trial: Trial) -> Bool {
    trial.value <= start.value + Self.decrease * trial.step * slope
  }

  private func isAcceptable(_ trial: Trial) -> Bool {
    if decreases(trial) { return abs(trial.slope) <= -Self.curvature * slope }
    let isLevel = trial.value <= start.value + noise * abs(start.value)
    return isLevel && trial.slope >= Self.curvature * slope
      && trial.slope <= (2 * Self.decrease - 1) * slope
  }

  /// The minimum of the cubic through two trials, kept away from the ends (equation 3.59).
  private static func interpolate(_ a: Trial, _ b: Trial) -> Double {
    let width = b.step - a.step
    let middle = a.step + width / 2
    let first = a.slope + b.slope - 3 * (b.value - a.value) / width
    let radicand = first * first - a.slope * b.slope
    guard radicand.isFinite, radicand >= 0 else { return middle }
    let root = (width < 0 ? -1 : 1) * radicand.squareRoot()
    let step = b.step - width * (b.slope + root - first) / (b.slope - a.slope + 2 * root)
    let (left, right) = (a.step + 0.1 * width, b.step - 0.1 * width)
    guard step.isFinite else { return middle }
    return min(max(step, min(left, right)), max(left, right))
  }
}
