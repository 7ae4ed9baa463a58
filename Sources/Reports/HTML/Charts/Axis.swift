/// The plotting area of a chart, inside its margins.
struct Frame {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
}

/// The axes of a chart: few light grid lines, tick labels, and a title with the unit.
struct Axis {
  let scale: Scale
  let title: String

  /// The horizontal axis below the frame; crowded labels are left out, first and last stay.
  func bottom(of frame: Frame, hasGrid: Bool = false) -> Markup {
    var result = SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis")
    var free = -Double.infinity
    let last = scale.ticks.last.map { scale($0) } ?? 0
    for (index, tick) in scale.ticks.enumerated() {
      let x = scale(tick)
      if hasGrid { result += SVG.line(x, frame.top, x, frame.bottom, "grid") }
      result += SVG.line(x, frame.bottom, x, frame.bottom + 4, "axis")
      let label = label(tick)
      let half = SVG.width(of: label) / 2
      let isLast = index == scale.ticks.count - 1
      guard x - half > free, isLast || x + half + 6 < last - half else { continue }
      result += SVG.text(label, x, frame.bottom + 17, "tick mid")
      free = x + half + 6
    }
    if !title.isEmpty {
      result += SVG.text(
        title, (frame.left + frame.right) / 2, frame.bottom + 35, "title mid")
    }
    return result
  }

  /// The vertical axis left of the frame: its title stands above, where it reads without turning.
  func left(of frame: Frame) -> Markup {
    var result = Markup.empty
    for tick in scale.ticks {
      let y = scale(tick)
      result += SVG.line(frame.left, y, frame.right, y, "grid")
      result += SVG.text(label(tick), frame.left - 7, y + 4, "tick end")
    }
    if !title.isEmpty { result += SVG.text(title, 0, frame.top - 11, "title") }
    return result
  }

  private func label(_ tick: Double) -> String {
    scale.kind == .log2 ? Number.short(tick) : Number.fixed(tick, scale.tickDecimals)
  }
}
