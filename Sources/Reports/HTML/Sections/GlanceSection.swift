import Documents
import Evaluation
import Metrics

/// The first screen: a panel for each suite and dataset, and beside them where methods do worse.
struct GlanceSection {
  private let model: PageModel
  private let findings: Findings
  private let worse: WorseSection
  private var limits: PageLimits { model.limits }

  init(_ model: PageModel, _ findings: Findings, _ worse: WorseSection) {
    self.model = model
    self.findings = findings
    self.worse = worse
  }

  var section: Section? {
    guard !findings.all.isEmpty else { return nil }
    let drawn = findings.all.prefix(limits.charts).map(card)
    let open = Array(drawn.prefix(limits.panels))
    let rest = Array(drawn.dropFirst(limits.panels))
    let more: Markup =
      rest.isEmpty
      ? .empty
      : details(
        """
        \(Number.of(rest.count, "further panel"))\
        \(leftOut(findings.all.count - drawn.count, "panel"))
        """,
        "<div class=\"panels\">\(rest)</div>\n")
    let aside: Markup =
      worse.glance.isEmpty
      ? .empty
      : """
      <div class="worse"><h3>Where it is worse</h3>
      \(worse.glance)</div>

      """
    let look: Markup = isSmall ? "panels few" : "panels"
    let which: Markup = """
      <div class="which"><h3>Which method, and how sure</h3>
      <div class="\(look)">\(open)</div>
      \(more)</div>

      """
    return Section(
      "glance", "At a glance",
      """
      \(findings.sentence)\(worse.weakest(findings.leader))\(model.legend.markup)\
      <div class="\(worse.glance.isEmpty ? "glance whole" : "glance")">\(which)\(aside)</div>

      """, hasHead: false)
  }

  /// Whether the few panels have room to be drawn larger.
  private var isSmall: Bool { findings.all.count <= 2 }
  private var width: Double { isSmall ? Plot.wide : Plot.width }

  private func card(_ finding: Finding) -> Markup {
    let panel = finding.panel
    let isCurve = panel.axis != nil && panel.settings.count > 1 && !panel.isOverPrompts
    let place = isCurve ? settingText(panel.fixed) : finding.setting
    let setting: Markup = place.isEmpty || place == "single" ? .empty : " <span>\(place)</span>"
    return """
      <figure><figcaption><strong>\(panel.block.name)</strong>\(setting)\
      <span class="said">\(finding.sentence)\(lacking(finding))</span></figcaption>
      \(isCurve ? curves(finding) : dots(finding))</figure>

      """
  }

  /// The methods that were run here and came to nothing, which no picture shows.
  private func lacking(_ finding: Finding) -> Markup {
    let panel = finding.panel
    let measured = Set(finding.standings.map(\.label))
    let names = panel.block.rows(in: panel.largest)
      .filter { !$0.isUnsupported && !measured.contains($0.label) }.map(\.label)
    guard !names.isEmpty else { return .empty }
    let shown = names.prefix(limits.series).joined(separator: ", ")
    let rest = names.count > limits.series ? " and \(names.count - limits.series) more" : ""
    return " <span class=\"failed\">Without a value: \(shown)\(rest).</span>"
  }

  // MARK: Dots

  private func dots(_ finding: Finding) -> Markup {
    let shown = finding.standings.prefix(limits.series)
    let rest = finding.standings.dropFirst(shown.count)
    var names = shown.map { $0.isFair ? $0.label : "\($0.label) *" }
    if !rest.isEmpty { names.append("\(Number.count(rest.count)) more") }
    var plot = Plot(
      description: "\(finding.metric.title), \(finding.panel.nameAtLargest).",
      across: .numbers(
        covering: finding.standings.map { ($0.value, $0.interval) },
        title: "\(finding.metric.title), \(finding.metric.directionText)", tickCount: 3),
      down: .names(names))
    for (row, standing) in shown.enumerated() {
      let unfair = standing.isFair ? "" : ", incomplete or oracle"
      let text = "\(standing.label): \(Number.estimate(standing.value, standing.interval))\(unfair)"
      plot.marks.append(
        Plot.Mark(
          series: model.series(standing.label), x: standing.value, y: Double(row),
          xBounds: standing.interval, title: text))
      plot.labels.append(Plot.Label(text: Number.fixed(standing.value, 3), y: Double(row)))
      plot.description += " \(text)."
    }
    plot.marks += rest.map { Plot.Mark(x: $0.value, y: Double(shown.count)) }
    return plot.markup(width: width)
  }

  // MARK: Curves

  private func curves(_ finding: Finding) -> Markup {
    let panel = finding.panel
    guard let axis = panel.axis, let headline = panel.block.headline else { return .empty }
    let leading = finding.standings.map(\.label)
    let labels = leading + panel.block.labels.filter { !leading.contains($0) }
    let named = Set(labels.prefix(limits.series))
    let all = labels.map { (label: $0, points: points($0, panel, axis, headline)) }
      .filter { !$0.points.isEmpty }
    var plot = Plot(
      description: "\(finding.metric.title) against \(axis), \(panel.name).",
      across: xAxis(all.flatMap { $0.points.map(\.x) }, axis),
      down: .numbers(
        covering: all.flatMap(\.points).map { ($0.y, $0.yBounds) },
        title: "\(finding.metric.title), \(finding.metric.directionText)"))
    for (place, (label, points)) in all.enumerated() {
      guard named.contains(label) else {
        plot.lines.append(Plot.Line(points: points.map { ($0.x, $0.y) }))
        continue
      }
      let shift = (Double(place) - Double(named.count - 1) / 2) * 2
      plot.add(curve: points, of: model.series(label), name: label, shift: shift)
      guard let first = points.first, let last = points.last else { continue }
      plot.description += """
         \(label): \(Number.fixed(first.y, 3)) at \(Number.short(first.x)), \
        \(Number.fixed(last.y, 3)) at \(Number.short(last.x)).
        """
    }
    return plot.markup(width: width, height: isSmall ? 220 : 176)
  }

  private func points(
    _ label: String, _ panel: Panel, _ axis: String, _ metric: String
  ) -> [Plot.Mark] {
    panel.settings.compactMap { setting in
      guard let x = setting[axis]?.double, let row = panel.block.row(label, in: setting),
        let aggregate = row.aggregates[metric], let y = aggregate.mean, y.isFinite
      else { return nil }
      let lacking = aggregate.isComplete ? "" : ", \(aggregate.failed) seeds missing"
      return Plot.Mark(
        x: x, y: y, yBounds: aggregate.interval,
        title: """
          \(label), \(axis) \(Number.short(x)): \
          \(Number.estimate(y, aggregate.interval))\(lacking)
          """)
    }
  }

  private func xAxis(_ values: [Double], _ key: String) -> Axis {
    let positive = values.filter { $0 > 0 }
    let isWide = (positive.max() ?? 1) / (positive.min() ?? 1) >= 4
    let name = key == "shots" ? "Shots per class" : key
    guard isWide, values.allSatisfy({ $0 >= 0 }) else {
      return Axis(scale: .linear(covering: values), title: name)
    }
    return Axis(scale: .log2(at: values), title: "\(name) (log scale)")
  }
}
