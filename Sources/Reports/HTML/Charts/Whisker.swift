import Metrics
import Suites

/// A value with its interval in one line of a table, against what it is held to.
enum Whisker {
  private static let width = 200.0
  private static let height = 22.0

  /// A scale that holds the values.
  static func scale(covering values: [Double]) -> Scale {
    Scale.linear(covering: values, tickCount: 2).between(12, width - 12)
  }

  /// The ends of a scale and 0, for the head of a column.
  static func axis(_ scale: Scale) -> Markup {
    var content = Markup.empty
    var free = -Double.infinity
    for tick in Set([scale.domain.lowerBound, 0, scale.domain.upperBound]).sorted()
    where scale.domain.contains(tick) {
      let text = tick == 0 ? "0" : Number.short(tick)
      let half = SVG.width(of: text) / 2
      let x = min(max(scale(tick), half), width - half)
      guard x - half > free else { continue }
      content += SVG.text(text, x, 12, "tick mid")
      free = x + half + 4
    }
    return SVG.image(
      width: width, height: 16, description: "Scale of differences", classes: "whisker", content)
  }

  /// A difference around 0: a triangle down is worse, one up is better, a dot is neither.
  static func markup(_ comparison: Comparison, _ scale: Scale) -> Markup {
    guard let delta = comparison.delta else { return .empty }
    let (series, look): (Series, Markup) =
      switch comparison.verdict {
      case .regressed: (Series(index: 4), "whisker worse")
      case .improved: (Series(index: 2), "whisker better")
      default: (Series(index: 0), "whisker")
      }
    return drawing(
      delta, comparison.interval, scale, series, look, comparison.text,
      SVG.line(scale(0), 0, scale(0), height, "axis"))
  }

  /// The value of a claim with the range where it holds shaded.
  static func markup(_ record: ClaimRecord) -> Markup {
    guard let value = record.value, value.isFinite else { return .empty }
    let bound = record.asserted.claim.bound
    let interval = record.interval
    let scale = scale(
      covering: [value, interval?.lower ?? value, interval?.upper ?? value] + bound.ends)
    let from = bound.lowest.map { scale($0) } ?? 0
    let to = bound.highest.map { scale($0) } ?? width
    var back = SVG.rectangle(x: from, y: 0, width: max(to - from, 1), height: height, "holds")
    for end in bound.ends { back += SVG.line(scale(end), 0, scale(end), height, "axis") }
    return drawing(
      value, interval, scale, Series(index: 0), "whisker \(record.verdict.look)",
      "\(record.valueText) \(record.intervalText), expected \(bound.text)", back)
  }

  private static func drawing(
    _ value: Double, _ interval: Interval?, _ scale: Scale, _ series: Series, _ look: Markup,
    _ text: String, _ back: Markup
  ) -> Markup {
    let middle = height / 2
    var content = back
    if let interval {
      let (lower, upper) = (scale(interval.lower), scale(interval.upper))
      content += SVG.line(lower, middle, upper, middle, "bar")
      for end in [lower, upper] { content += SVG.line(end, middle - 4, end, middle + 4, "bar") }
    }
    content += series.mark(scale(value), middle)
    return SVG.image(
      width: width, height: height, description: text, classes: look, content)
  }
}

extension PublishedClaim.Bound {
  fileprivate var lowest: Double? {
    switch self {
    case .atLeast(let bound), .above(let bound): bound
    case .within(let range): range.lowerBound
    case .atMost, .below: nil
    }
  }

  fileprivate var highest: Double? {
    switch self {
    case .atMost(let bound), .below(let bound): bound
    case .within(let range): range.upperBound
    case .atLeast, .above: nil
    }
  }

  fileprivate var ends: [Double] { [lowest, highest].compactMap(\.self) }
}
