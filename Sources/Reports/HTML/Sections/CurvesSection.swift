import Documents
import Evaluation
import Metrics

/// The first metric against the number that varies: accuracy against shots.
struct CurvesSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let panels = model.blocks.flatMap(\.panels).filter {
      $0.axis != nil && $0.settings.count > 1 && !$0.isOverPrompts
    }
    let shown = panels.prefix(model.limits.charts)
    let figures = shown.compactMap(figure)
    guard !figures.isEmpty else { return nil }
    let axes = Set(shown.compactMap(\.axis)).sorted().joined(separator: ", ")
    return Section(
      "curves", "Against what varies",
      """
      <p>Means over seeds against \(axes), with sampling intervals. Marks are drawn side by side so \
      that bars do not hide one another; the numbers stand in <a href="#results">the results</a>.\
      \(leftOut(panels.count - shown.count, "chart"))</p>
      <div class="figures">\(figures)</div>

      """)
  }

  private func figure(_ panel: Panel) -> Markup? {
    guard let headline = panel.block.headline, let axis = panel.axis else { return nil }
    let entry = model.metric(headline)
    let leading = panel.leaders(model).map(\.label)
    let ordered = leading + panel.block.labels.filter { !leading.contains($0) }
    var lines = ordered.enumerated().compactMap { place, label in
      line(label, panel, axis, headline, isNamed: place < model.limits.series)
    }
    guard !lines.isEmpty else { return nil }
    let named = lines.filter { $0.series != nil }
    let others = lines.count - named.count
    // The background first, so that nothing covers the named lines.
    lines = lines.filter { $0.series == nil } + named
    let chart = LineChart(
      description: "\(entry.title) against \(axis), \(panel.name). \(reading(named))",
      xTitle: axisTitle(panel, axis), yTitle: entry.title, lines: lines)
    var bare = chart
    bare.hasDirectLabels = false
    let names = named.map(\.name)
    let drawings = [(560.0, "wide" as Markup), (344.0, "narrow")].map { width, classes -> Markup in
      if LineChart.hasRoom(for: names, width: width) {
        return chart.markup(width: width, classes: classes)
      }
      let legend = Legend(
        entries: named.compactMap { line in line.series.map { ($0, line.name) } })
      return """
        <div class="\(classes)">\(legend.markup)\(bare.markup(width: width, classes: ""))</div>

        """
    }
    let rest: Markup =
      others > 0
      ? """
       Named are the best \(named.count) at the largest \(axis); \(others) more are thin grey lines.
      """ : .empty
    return """
      <figure><figcaption><strong>\(panel.name)</strong> \
      \(entry.directionSentence)\(rest)</figcaption>
      \(drawings)</figure>

      """
  }

  private func line(
    _ label: String, _ panel: Panel, _ axis: String, _ metric: String, isNamed: Bool
  ) -> LineChart.Line? {
    let points = panel.settings.compactMap { setting -> LineChart.Point? in
      guard let x = setting[axis]?.double,
        let row = panel.block.row(label, in: setting),
        let aggregate = row.aggregates[metric], let y = aggregate.mean, y.isFinite
      else { return nil }
      let bounds = aggregate.interval.map { " \(Number.bounds($0, 3))" } ?? ""
      let lacking = aggregate.isComplete ? "" : ", \(aggregate.failed) seeds missing"
      return LineChart.Point(
        x: x, y: y, interval: aggregate.interval,
        title: "\(label), \(axis) \(Number.short(x)): \(Number.fixed(y, 3))\(bounds)\(lacking)")
    }
    guard !points.isEmpty else { return nil }
    let isOracle = panel.block.rows.contains { $0.label == label && $0.isOracle }
    return LineChart.Line(
      name: isOracle ? "\(label) (oracle)" : label, series: isNamed ? model.series(label) : nil,
      points: points)
  }

  private func axisTitle(_ panel: Panel, _ axis: String) -> String {
    let values = panel.settings.compactMap { $0[axis]?.double }
    let positive = values.filter { $0 > 0 }
    let isLog = (positive.max() ?? 1) / (positive.min() ?? 1) >= 4 && values.allSatisfy { $0 >= 0 }
    let unit = axis == "shots" ? "Shots per class" : axis
    return isLog ? "\(unit) (log scale)" : unit
  }

  /// The first and last value of each line, in words.
  private func reading(_ lines: [LineChart.Line]) -> String {
    lines.compactMap { line in
      guard let first = line.points.first, let last = line.points.last else { return nil }
      return """
        \(line.name): \(Number.fixed(first.y, 3)) at \(Number.short(first.x)) to \
        \(Number.fixed(last.y, 3)) at \(Number.short(last.x)).
        """
    }.joined(separator: " ")
  }
}
