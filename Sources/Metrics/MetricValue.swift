/// A sampling interval of a metric value.
package struct Interval: Equatable, Sendable {
  package var lower: Double
  package var upper: Double
  /// The confidence level, 0.95 unless said otherwise.
  package var level: Double
  /// How it was made, such as `wilson` or `bca`.
  package var method: String
  /// The number of resamples, for a bootstrap.
  package var resamples: Int?

  package init(
    lower: Double, upper: Double, level: Double = 0.95, method: String, resamples: Int? = nil
  ) {
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
    self.resamples = resamples
  }
}

/// A measured value with its uncertainty; an undefined one has no value but a reason.
package struct MetricValue: Equatable, Sendable {
  package var value: Double?
  /// The number of units (samples, pairs, users) behind it.
  package var n: Int
  package var interval: Interval?
  /// Why `value` is nil, as a clause such as "only one class is present"; or what to know of a value
  /// that is there: what it leaves out, and what the interval does, when the metric was undefined in
  /// more than 5 % of the resamples.
  package var reason: String?
  /// The value that chance alone gives on so many rows, where that is not 0: a gap between groups
  /// that are all alike, the calibration error of a calibrated model.
  package var expected: Double?
  /// Of what is made of groups, the probability of so great a gap if all of them were alike.
  package var p: Double?
  /// Whether a group's value rests on too little to take part in worst group and gap.
  package var isLeftOut = false

  package init(value: Double?, n: Int, interval: Interval? = nil, reason: String? = nil) {
    self.value = value
    self.n = n
    self.interval = interval
    self.reason = reason
  }

  /// Says something more of the value, a clause.
  package mutating func add(note: String?) {
    guard let note else { return }
    reason = reason.map { "\($0); \(note)" } ?? note
  }

  package static func undefined(n: Int, _ reason: String) -> MetricValue {
    MetricValue(value: nil, n: n, reason: reason)
  }
}
