public import Learners

/// The learning rate of each step, counted from 0.
///
/// A warm-up of w steps rises linearly, `rate · (step + 1) / (w + 1)`, as in `CosineSchedule`.
public enum Schedule: Sendable {
  /// One rate after the warm-up.
  case constant(rate: Double, warmup: Int = 0)
  /// A linear fall from `rate` to `floor` over the steps after the warm-up.
  case linear(rate: Double, steps: Int, warmup: Int = 0, floor: Double = 0)
  /// A fall along half a cosine.
  case cosine(CosineSchedule)

  /// The rate of a step.
  public func rate(at step: Int) -> Double {
    switch self {
    case .constant(let rate, let warmup):
      return step < warmup ? rate * Double(step + 1) / Double(warmup + 1) : rate
    case .linear(let rate, let steps, let warmup, let floor):
      if step < warmup { return rate * Double(step + 1) / Double(warmup + 1) }
      guard step < steps else { return floor }
      return floor + (rate - floor) * Double(steps - step) / Double(steps - warmup)
    case .cosine(let schedule):
      return schedule.rate(at: step)
    }
  }
}
