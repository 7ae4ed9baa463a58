import Metrics

/// One row for each group, one dot with its interval for each method.
struct DotPlot {
  struct Dot {
    var series: Series
    var value: Double
    var interval: Interval?
    /// Whether the group is this method's worst.
    var isWorst: Bool
    var title: String
  }

  struct Row {
    var name: String
    var dots: [Dot]
  }

  var description: String
  var xTitle: String
  var rows: [Row]

  /// The plot at a width in pixels.
  func markup(width: Double, classes: Markup) -> Markup {
    let longest = rows.map { SVG.width(of: $0.name) }.max() ?? 0
    let margin = min(longest + 10, width * 0.34)
    let tracks = max(rows.map(\.dots.count).max() ?? 1, 1)
    let rowHeight = Double(max(22, tracks * 11 + 8))
    let frame = Frame(
      left: margin, top: 8, right: width - 40, bottom: 8 + rowHeight * Double(rows.count))
    let values = rows.flatMap(\.dots).flatMap { dot in
      [dot.value] + (dot.interval.map { [$0.lower, $0.upper] } ?? [])
    }
    let isShare = values.allSatisfy { (0...1).contains($0) }
    let x = Scale.linear(
      covering: values, from: frame.left + 8, to: frame.right, within: isShare ? 0...1 : nil)
    var content = Axis(scale: x, title: xTitle).bottom(of: frame, hasGrid: true)
    for (index, row) in rows.enumerated() {
      let top = frame.top + Double(index) * rowHeight
      if index > 0 { content += SVG.line(0, top, frame.right, top, "grid") }
      content += SVG.text(
        SVG.cut(row.name, to: margin - 8), margin - 8, top + rowHeight / 2 + 4, "tick end")
      for (track, dot) in row.dots.enumerated() {
        let offset = (Double(track) - Double(row.dots.count - 1) / 2) * 11
        content += drawing(dot, x, top + rowHeight / 2 + offset)
      }
    }
    return SVG.image(
      width: width, height: frame.bottom + 44, description: description, classes: classes, content)
  }

  private func drawing(_ dot: Dot, _ x: Scale, _ y: Double) -> Markup {
    var result = Markup.empty
    if let interval = dot.interval {
      result += SVG.line(x(interval.lower), y, x(interval.upper), y, "bar \(dot.series.colour)")
    }
    result += dot.series.mark(x(dot.value), y, title: dot.title)
    if dot.isWorst {
      let end = max(x(dot.interval?.upper ?? dot.value), x(dot.value) + 4)
      result += SVG.text("worst", end + 5, y + 3.5, "note \(dot.series.colour)")
    }
    return result
  }
}
