import Metrics

/// Values against a number that varies, one line for each method, with interval bars.
struct LineChart {
  struct Point {
    var x: Double
    var y: Double
    var interval: Interval?
    /// What to say when someone points at it.
    var title: String
  }

  struct Line {
    var name: String
    /// Nil for a line of the background, which has neither marks nor bars.
    var series: Series?
    var points: [Point]
  }

  var description: String
  var xTitle: String
  var yTitle: String
  var lines: [Line]
  /// Whether the labels stand at the lines' ends, where there is room.
  var hasDirectLabels = true

  /// Whether every method can have its label at its line's end at this width.
  static func hasRoom(for names: [String], width: Double) -> Bool {
    names.count <= 8 && (names.map(SVG.width(of:)).max() ?? 0) <= width * 0.27
  }

  /// The chart at a width in pixels.
  func markup(width: Double, classes: Markup) -> Markup {
    let named = lines.filter { $0.series != nil }
    let margin =
      hasDirectLabels ? 24 + (named.map { SVG.width(of: $0.name) }.max() ?? 0) : 12
    let height = width < 450 ? 270.0 : 320
    let frame = Frame(left: 48, top: 30, right: width - margin, bottom: height - 42)
    let all = lines.flatMap(\.points)
    let ys =
      all.map(\.y) + all.flatMap { [$0.interval?.lower, $0.interval?.upper] }.compactMap(\.self)
    let isShare = ys.allSatisfy { (0...1).contains($0) }
    let y = Scale.linear(
      covering: ys, from: frame.bottom, to: frame.top, within: isShare ? 0...1 : nil)
    let x = xScale(all.map(\.x), frame)
    var content = Axis(scale: y, title: yTitle).left(of: frame)
    content += Axis(scale: x, title: xTitle).bottom(of: frame)
    for line in lines where line.series == nil {
      content += SVG.polyline(line.points.map { (x($0.x), y($0.y)) }, "line faint")
    }
    for (index, line) in named.enumerated() {
      let shift = (Double(index) - Double(named.count - 1) / 2) * (named.count > 5 ? 2 : 3)
      content += drawing(line, x, y, shift)
    }
    if hasDirectLabels { content += labels(named, x, y, frame) }
    return SVG.image(
      width: width, height: height, description: description, classes: classes, content)
  }

  private func xScale(_ values: [Double], _ frame: Frame) -> Scale {
    let positive = values.filter { $0 > 0 }
    let inset = 14.0
    let spans = (positive.max() ?? 1) / (positive.min() ?? 1) >= 4
    guard spans, values.allSatisfy({ $0 >= 0 }) else {
      return .linear(covering: values, from: frame.left + inset, to: frame.right - inset)
    }
    return .log2(at: values, from: frame.left + inset, to: frame.right - inset)
  }

  private func drawing(_ line: Line, _ x: Scale, _ y: Scale, _ shift: Double) -> Markup {
    guard let series = line.series else { return .empty }
    var result = SVG.polyline(
      line.points.map { (x($0.x) + shift, y($0.y)) }, "line \(series.colour)", dash: series.dash)
    for point in line.points {
      let place = x(point.x) + shift
      if let interval = point.interval {
        result += SVG.line(
          place, y(interval.lower), place, y(interval.upper), "bar \(series.colour)")
      }
      result += series.mark(place, y(point.y), title: point.title)
    }
    return result
  }

  private func labels(_ lines: [Line], _ x: Scale, _ y: Scale, _ frame: Frame) -> Markup {
    let ends = lines.map { line in y(line.points.last?.y ?? 0) }
    let places = spread(ends, distance: 14, within: frame.top...frame.bottom)
    var result = Markup.empty
    for (line, (end, place)) in zip(lines, zip(ends, places)) {
      guard let series = line.series, let last = line.points.last else { continue }
      if abs(end - place) > 3 || x(last.x) < frame.right - 20 {
        result += SVG.line(
          max(x(last.x) + 9, frame.right - 7), end, frame.right + 9, place, "leader")
      }
      result += SVG.text(line.name, frame.right + 13, place + 4, "label \(series.colour)")
    }
    return result
  }
}
