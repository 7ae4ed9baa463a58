import Estimates
import Metrics
import Random

/// A way in which test sets come about, with the number that an interval is to cover.
struct Design {
  let kind: String
  let name: String
  let truth: Double
  /// Estimates the number on one test set, drawn from a generator of its own.
  let estimate: (inout Philox, Bootstrap) throws -> MetricValue?
}

/// What many test sets of one design came to.
struct Coverage {
  var covered = 0
  var below = 0
  var above = 0
  var missing = 0
  var width = 0.0

  mutating func add(_ value: MetricValue?, truth: Double) {
    guard let interval = value?.interval else {
      missing += 1
      return
    }
    width += interval.upper - interval.lower
    // Rounding at an end that is exact, such as 0, is no miss.
    if truth < interval.lower - 1e-12 {
      above += 1
    } else if truth > interval.upper + 1e-12 {
      below += 1
    } else {
      covered += 1
    }
  }

  var count: Int { covered + below + above }
  var share: Double { count == 0 ? .nan : Double(covered) / Double(count) }
}

extension Design {
  /// Draws test sets, each with resamples of its own.
  func simulate(sets: Int, resamples: Int) throws -> Coverage {
    var result = Coverage()
    for set in 0..<sets {
      var random = Philox(key: Philox.key(kind, name), stream: UInt64(set))
      let bootstrap = Bootstrap(resamples: resamples, key: Philox.key(kind, name, "\(set)"))
      result.add(try estimate(&random, bootstrap), truth: truth)
    }
    return result
  }
}
