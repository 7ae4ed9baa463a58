import Documents

/// A map from values to positions on the page.
struct Scale {
  enum Kind: Equatable {
    case linear
    /// Equal ratios are equal distances; zero has a place of its own, one doubling below the rest.
    case log2
  }

  let kind: Kind
  /// Where the values lie, at both ends.
  let domain: ClosedRange<Double>
  private(set) var start = 0.0
  private(set) var end = 1.0
  let ticks: [Double]
  private let smallestPositive: Double

  /// A linear scale with round ticks that cover the values.
  static func linear(
    covering values: [Double], tickCount: Int = 4, within limits: ClosedRange<Double>? = nil
  ) -> Scale {
    // Beyond this the width of the range, or a power of ten, is no number any more.
    let finite = values.filter { abs($0) < 1e300 }
    var lower = finite.min() ?? 0
    var upper = finite.max() ?? 1
    if upper - lower < 1e-9 * max(abs(upper), 1e-3) {
      let margin = max(abs(upper) * 0.1, 1e-3)
      lower -= margin
      upper += margin
    }
    let step = niceStep((upper - lower) / Double(tickCount))
    var low = (lower / step).rounded(.down) * step
    var high = (upper / step).rounded(.up) * step
    if let limits {
      low = max(low, limits.lowerBound)
      high = min(high, limits.upperBound)
    }
    let first = (low / step - 1e-6).rounded(.up)
    let count = min(max(0, Int(saturating: (high / step + 1e-6).rounded(.down) - first)), 1000)
    let ticks = (0...count).map { (first + Double($0)) * step }
    return Scale(kind: .linear, domain: low...max(high, low), ticks: ticks)
  }

  /// A scale with doublings at equal distances and a tick at each value.
  static func log2(at values: [Double]) -> Scale {
    let sorted = Set(values.filter { $0 >= 0 && $0.isFinite }).sorted()
    let ticks = sorted.isEmpty ? [1] : sorted
    return Scale(kind: .log2, domain: ticks[0]...ticks[ticks.count - 1], ticks: ticks)
  }

  init(kind: Kind, domain: ClosedRange<Double>, ticks: [Double]) {
    self.kind = kind
    self.domain = domain
    self.ticks = ticks
    smallestPositive = ticks.first { $0 > 0 } ?? 1
  }

  /// The same scale from one position to another.
  func between(_ start: Double, _ end: Double) -> Scale {
    var scale = self
    scale.start = start
    scale.end = end
    return scale
  }

  /// The position of a value; values outside of the domain stay at its end.
  func callAsFunction(_ value: Double) -> Double {
    let bounded = min(max(value, domain.lowerBound), domain.upperBound)
    let low = place(domain.lowerBound)
    let high = place(domain.upperBound)
    guard high > low else { return (start + end) / 2 }
    return start + (place(bounded) - low) / (high - low) * (end - start)
  }

  private func place(_ value: Double) -> Double {
    guard kind == .log2 else { return value }
    return logarithm2(value > 0 ? value : smallestPositive / 2)
  }

  /// The decimals that tell the ticks apart.
  var tickDecimals: Int {
    guard ticks.count > 1 else { return 2 }
    let step = abs(ticks[1] - ticks[0])
    return (0...6).first { decimals in
      let scaled = step * power10(decimals)
      return abs(scaled - scaled.rounded()) < 1e-6
    } ?? 6
  }

  /// 1, 2, 2.5 or 5 times a power of ten, at least `size`.
  private static func niceStep(_ size: Double) -> Double {
    guard size > 0, size.isFinite else { return 1 }
    var power = 1.0
    while power > size { power /= 10 }
    while power * 10 <= size { power *= 10 }
    return [1, 2, 2.5, 5].map { $0 * power }.first { $0 >= size * 0.999 } ?? 10 * power
  }
}
