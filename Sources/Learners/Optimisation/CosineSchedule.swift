internal import Glibc

/// A learning rate that rises linearly for some steps, then falls along half a cosine.
///
/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
/// equation 5, without restarts.
///
///     let schedule = CosineSchedule(rate: 1e-3, steps: 400, warmup: 10)
///     optimiser.step(weights, gradient, rate: schedule.rate(at: 0))
public struct CosineSchedule: Sendable {
  /// The greatest rate, that of the first step after the warm-up.
  public let rate: Double
  /// All steps, those of the warm-up among them.
  public let steps: Int
  /// The steps of the linear rise.
  public let warmup: Int
  /// The rate that the fall would reach one step after the last.
  public let floor: Double

  /// Sets the fall from `rate` to `floor` over the steps after the warm-up.
  public init(rate: Double, steps: Int, warmup: Int = 0, floor: Double = 0) {
    precondition(0...steps ~= warmup, "the warm-up is a part of the steps")
    self.rate = rate
    self.steps = steps
    self.warmup = warmup
    self.floor = floor
  }

  /// The rate of a step, counted from 0; the floor from `steps` on.
  public func rate(at step: Int) -> Double {
    if step < warmup { return rate * Double(step + 1) / Double(warmup + 1) }
    guard step < steps else { return floor }
    let share = Double(step - warmup) / Double(steps - warmup)
    return floor + (rate - floor) * (1 + cos(.pi * share)) / 2
  }
}
