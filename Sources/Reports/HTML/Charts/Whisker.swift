import Metrics

/// Differences with their intervals as dots and whiskers, one drawing for each row of a table, all on
/// one scale around 0.
struct WhiskerScale {
  private let scale: Scale
  private static let width = 220.0
  private static let height = 26.0

  /// A scale that holds 0 and all of the values and bounds.
  init(_ comparisons: [Comparison]) {
    let values = comparisons.flatMap { comparison in
      [comparison.delta, comparison.interval?.lower, comparison.interval?.upper].compactMap(\.self)
    }
    scale = .linear(covering: values + [0], from: 10, to: Self.width - 10, tickCount: 2)
  }

  /// The ends of the scale and 0, for the head of the column.
  var axis: Markup {
    let ticks = [scale.domain.lowerBound, 0, scale.domain.upperBound]
    var content = Markup.empty
    var free = -Double.infinity
    for (index, tick) in ticks.enumerated() where index == 1 || tick != 0 {
      let text = index == 1 ? "0" : Number.short(tick)
      let half = SVG.width(of: text) / 2
      let x = min(max(scale(tick), half), Self.width - half)
      guard x - half > free else { continue }
      content += SVG.text(text, x, 12, "tick mid")
      free = x + half + 4
    }
    return SVG.image(width: Self.width, height: 16, description: "Scale of differences", content)
  }

  /// The drawing of one difference; empty without one.
  func markup(_ comparison: Comparison) -> Markup {
    guard let delta = comparison.delta else { return .empty }
    let middle = Self.height / 2
    let series = look(comparison.verdict)
    var content = SVG.line(scale(0), 0, scale(0), Self.height, "axis")
    if let interval = comparison.interval {
      content += SVG.line(scale(interval.lower), middle, scale(interval.upper), middle, "bar")
      for end in [interval.lower, interval.upper] {
        content += SVG.line(scale(end), middle - 4, scale(end), middle + 4, "bar")
      }
    }
    content += series.mark(scale(delta), middle)
    return SVG.image(
      width: Self.width, height: Self.height, description: comparison.text,
      classes: classes(comparison.verdict), content)
  }

  /// A mark of its own for better and for worse, so that nobody has to tell the colours apart.
  private func look(_ verdict: Verdict) -> Series {
    switch verdict {
    case .regressed: Series(index: 4)
    case .improved: Series(index: 2)
    default: Series(index: 0)
    }
  }

  private func classes(_ verdict: Verdict) -> Markup {
    switch verdict {
    case .regressed: "whisker worse"
    case .improved: "whisker better"
    default: "whisker"
    }
  }
}
