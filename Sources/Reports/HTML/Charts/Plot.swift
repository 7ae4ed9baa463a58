import Metrics

/// An axis of a plot: where its values lie and what they are called.
struct Axis {
  var scale: Scale
  var title = ""
  /// Names in place of numbers, one for each tick.
  var names: [String]?

  /// A numeric axis that holds the values and their intervals; shares stay between 0 and 1.
  static func numbers(
    covering estimates: [(value: Double, interval: Interval?)], title: String, tickCount: Int = 4
  ) -> Axis {
    let values = estimates.flatMap { value, interval in
      [value] + (interval.map { [$0.lower, $0.upper] } ?? [])
    }
    let isShare = values.allSatisfy { (0...1).contains($0) }
    return Axis(
      scale: .linear(covering: values, tickCount: tickCount, within: isShare ? 0...1 : nil),
      title: title)
  }

  /// An axis with one place for each name, the first at its start.
  static func names(_ names: [String]) -> Axis {
    let last = Double(max(names.count, 1)) - 0.5
    return Axis(
      scale: Scale(
        kind: .linear, domain: -0.5...last, ticks: names.indices.map(Double.init)),
      names: names)
  }

  /// From 0 to 1.
  static func share(_ title: String) -> Axis {
    Axis(scale: Scale(kind: .linear, domain: 0...1, ticks: [0, 0.5, 1]), title: title)
  }

  fileprivate var labels: [String] {
    names
      ?? scale.ticks.map {
        scale.kind == .log2 ? Number.short($0) : Number.fixed($0, scale.tickDecimals)
      }
  }
}

/// A chart: two axes with lines, marks and labels at the right edge.
///
/// Dot plots have names down, curves have numbers on both axes, calibration and ROC curves lie in
/// the unit square.
struct Plot {
  struct Mark {
    /// Nil for one of the background.
    var series: Series?
    var x: Double
    var y: Double
    var xBounds: Interval?
    var yBounds: Interval?
    /// Pixels to the right and down, for marks that would hide one another.
    var shift = (x: 0.0, y: 0.0)
    /// What to say when someone points at it.
    var title = ""
  }

  struct Line {
    /// Nil for a line of the background.
    var series: Series?
    var points: [(x: Double, y: Double)]
    var shift = 0.0
  }

  /// A text at the right edge, beside the value that it belongs to.
  struct Label {
    var text: String
    var y: Double
    var series: Series?
  }

  var description: String
  var across: Axis
  var down: Axis
  var lines: [Line] = []
  var marks: [Mark] = []
  var labels: [Label] = []
  var hasDiagonal = false
  /// The height of each named row in pixels.
  var rowHeight = 19.0

  static let width = 264.0
  static let wide = 344.0

  /// The chart at a size in pixels; with names down its rows make the height.
  func markup(width: Double = Plot.wide, height: Double = 220) -> Markup {
    let height = down.names.map { Double($0.count) * rowHeight + 4 + bottomMargin } ?? height
    let frame = frame(width, height)
    let x = across.scale.between(frame.left, frame.right)
    let hasNames = down.names != nil
    let y = down.scale.between(
      hasNames ? frame.top : frame.bottom, hasNames ? frame.bottom : frame.top)
    var content: Markup = "\(bottom(x, frame))\(left(y, frame))"
    if hasDiagonal { content += SVG.line(x(0), y(0), x(1), y(1), "leader") }
    for line in lines.filter({ $0.series == nil }) + lines.filter({ $0.series != nil }) {
      content += SVG.polyline(
        line.points.map { (x($0.x) + line.shift, y($0.y)) },
        "line \(line.series?.colour ?? "faint")", dash: line.series?.dash ?? .empty)
    }
    for mark in marks {
      let place = (x: x(mark.x) + mark.shift.x, y: y(mark.y) + mark.shift.y)
      let colour = mark.series?.colour ?? "faint"
      if let bounds = mark.xBounds {
        content += SVG.line(x(bounds.lower), place.y, x(bounds.upper), place.y, "bar \(colour)")
      }
      if let bounds = mark.yBounds {
        content += SVG.line(place.x, y(bounds.lower), place.x, y(bounds.upper), "bar \(colour)")
      }
      content +=
        mark.series?.mark(place.x, place.y, title: mark.title)
        ?? SVG.dot(place.x, place.y, "mark faint")
    }
    content += ends(y, frame, room: width - frame.right - 8)
    return SVG.image(width: width, height: height, description: description, content)
  }

  /// Adds a curve through marks with its name at the right edge.
  mutating func add(curve: [Mark], of series: Series, name: String, shift: Double = 0) {
    lines.append(Line(series: series, points: curve.map { ($0.x, $0.y) }, shift: shift))
    marks += curve.map { mark in
      var mark = mark
      mark.series = series
      mark.shift.x = shift
      return mark
    }
    labels.append(Label(text: name, y: curve.last?.y ?? 0, series: series))
  }

  /// A dot for each method in each of several named rows, with its interval.
  static func dots(
    _ description: String, of metric: MetricEntry, in names: [String],
    _ methods: [(label: String, series: Series)],
    value: (_ row: Int, _ label: String) -> (value: Double, interval: Interval?)?
  ) -> Plot {
    let track = methods.count > 3 ? 6.0 : 8
    var plot = Plot(
      description: description, across: Axis(scale: .linear(covering: [])), down: .names(names))
    for (row, name) in names.enumerated() {
      for (place, (label, series)) in methods.enumerated() {
        guard let found = value(row, label) else { continue }
        plot.marks.append(
          Mark(
            series: series, x: found.value, y: Double(row), xBounds: found.interval,
            shift: (0, (Double(place) - Double(methods.count - 1) / 2) * track),
            title: "\(label), \(name): \(Number.estimate(found.value, found.interval))"))
      }
    }
    plot.across = .numbers(
      covering: plot.marks.map { ($0.x, $0.xBounds) },
      title: "\(metric.title), \(metric.directionText)")
    plot.rowHeight = Double(methods.count) * track + 8
    return plot
  }

  private struct Frame {
    var left, top, right, bottom: Double
  }

  private var bottomMargin: Double { across.title.isEmpty ? 20 : 34 }

  private func frame(_ width: Double, _ height: Double) -> Frame {
    func widest(_ texts: [String]) -> Double { texts.map(SVG.width(of:)).max() ?? 0 }
    let right = labels.isEmpty ? 10 : min(widest(labels.map(\.text)) + 14, width * 0.42)
    return Frame(
      left: min(widest(down.labels) + 9, width * 0.42), top: down.title.isEmpty ? 4 : 22,
      right: width - right, bottom: height - bottomMargin)
  }

  /// The axis below; crowded labels are left out, the first and the last stay.
  private func bottom(_ scale: Scale, _ frame: Frame) -> Markup {
    var result = SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis")
    var free = -Double.infinity
    let texts = across.labels
    let last = scale.ticks.last.map { scale($0) } ?? 0
    let lastHalf = SVG.width(of: texts.last ?? "") / 2
    for (index, (tick, text)) in zip(scale.ticks, texts).enumerated() {
      let x = scale(tick)
      result += SVG.line(x, frame.top, x, frame.bottom, "grid")
      let half = SVG.width(of: text) / 2
      let isLast = index == texts.count - 1
      guard x - half > free, isLast || x + half + 5 < last - lastHalf else { continue }
      result += SVG.text(text, x, frame.bottom + 14, "tick mid")
      free = x + half + 5
    }
    if !across.title.isEmpty {
      result += SVG.text(
        across.title, (frame.left + frame.right) / 2, frame.bottom + 29, "tick mid")
    }
    return result
  }

  /// The axis at the left; its title stands above, where it reads without turning.
  private func left(_ scale: Scale, _ frame: Frame) -> Markup {
    var result = Markup.empty
    let nameWidth = frame.left - 8
    for (tick, text) in zip(scale.ticks, down.labels) {
      let y = scale(tick)
      result += SVG.line(frame.left, y, frame.right, y, "grid")
      result += SVG.text(
        SVG.cut(text, to: nameWidth), frame.left - 7, y + 4,
        down.names == nil ? "tick end" : "end")
    }
    if !down.title.isEmpty { result += SVG.text(down.title, 0, 11, "tick") }
    return result
  }

  private func ends(_ scale: Scale, _ frame: Frame, room: Double) -> Markup {
    let wanted = labels.map { scale($0.y) }
    let places = spread(wanted, distance: 13, within: frame.top...max(frame.top, frame.bottom))
    var result = Markup.empty
    for (label, (own, place)) in zip(labels, zip(wanted, places)) {
      if abs(own - place) > 3 {
        result += SVG.line(frame.right, own, frame.right + 7, place, "leader")
      }
      result += SVG.text(
        SVG.cut(label.text, to: room), frame.right + 9, place + 4,
        label.series?.colour ?? "")
    }
    return result
  }
}

/// Places labels near where they belong without one on the other: those that would touch are moved
/// apart around their middle.
///
/// - Returns: positions in the order given, at least `distance` apart and, where there is room,
///   between the bounds.
func spread(_ wanted: [Double], distance: Double, within bounds: ClosedRange<Double>) -> [Double] {
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  // Runs of labels that touch, each with the place of its first.
  var runs: [(start: Double, count: Int)] = []
  for index in order {
    var run = (start: wanted[index], count: 1)
    while let last = runs.last, last.start + Double(last.count) * distance > run.start {
      let count = last.count + run.count
      let shifted = run.start - Double(last.count) * distance
      run.start = (last.start * Double(last.count) + shifted * Double(run.count)) / Double(count)
      run.count = count
      runs.removeLast()
    }
    runs.append(run)
  }
  var placed = runs.flatMap { run in (0..<run.count).map { run.start + Double($0) * distance } }
  var lower = bounds.lowerBound
  for index in placed.indices {
    placed[index] = max(placed[index], lower)
    lower = placed[index] + distance
  }
  var upper = bounds.upperBound
  for index in placed.indices.reversed() {
    placed[index] = min(placed[index], upper)
    upper = placed[index] - distance
  }
  var result = wanted
  for (place, index) in order.enumerated() { result[index] = placed[place] }
  return result
}
