import Documents
import Evaluation
import Metrics

/// The groups of each suite and dataset: classes, attributes and their intersections, shifts.
struct GroupsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let all = model.blocks.flatMap(\.panels).flatMap { GroupSummary.summaries(of: $0, model) }
      .filter { !$0.groups.isEmpty && !$0.isGrid }
    guard !all.isEmpty else { return nil }
    let shown = all.prefix(model.limits.charts)
    return Section(
      "groups", "Groups",
      """
      <p>The same metric in each part of the test rows, at the largest setting: means over seeds, \
      with the mean of the seeds' interval bounds. Each method's worst group is marked; groups \
      marked small are measured but not held against the others.\
      \(leftOut(all.count - shown.count, "plot"))</p>
      \(shown.enumerated().map(block))
      """)
  }

  private func block(_ index: Int, _ summary: GroupSummary) -> Markup {
    let labels = Array(summary.labels.prefix(model.limits.series))
    let worst = Dictionary(
      uniqueKeysWithValues: labels.map { ($0, summary.worst(of: $0)?.key) })
    let title: Markup = "\(summary.panel.nameAtLargest), by \(summary.by)"
    let content: Markup = """
      <div class="beside">
      \(figure(summary, labels, worst))\(worstTable(summary, labels))\
      \(disparityTable(summary, labels))</div>
      \(details("All \(Number.of(summary.groups.count, "group")) in numbers", table(summary, labels)))
      """
    return index < model.limits.openBlocks
      ? "<h3>\(title)</h3>\n\(content)" : details(title, content)
  }

  private func figure(
    _ summary: GroupSummary, _ labels: [String], _ worst: [String: String?]
  ) -> Markup {
    let isWhole = summary.groups.count <= model.limits.groups
    let groups =
      isWhole
      ? summary.groups : Array(summary.worstFirst(labels).prefix(model.limits.groups))
    let rows = groups.map { group in
      DotPlot.Row(
        name: group.isSmall ? "\(group.key) (small)" : group.key,
        dots: labels.compactMap { label in
          guard let value = group.values[label] else { return nil }
          let bounds = value.interval.map { " \(Number.bounds($0, 3))" } ?? ""
          return DotPlot.Dot(
            series: model.series(label), value: value.mean, interval: value.interval,
            isWorst: worst[label] == group.key,
            title: "\(label), \(group.key): \(Number.fixed(value.mean, 3))\(bounds)")
        })
    }
    let readings = labels.compactMap { label in
      summary.worst(of: label).map { "\(label) is worst in \($0.key)." }
    }
    let plot = DotPlot(
      description: """
        \(summary.metric.title) by \(summary.by), \(summary.panel.nameAtLargest). \
        \(readings.joined(separator: " "))
        """,
      xTitle: summary.metric.title, rows: rows)
    let legend = Legend(entries: labels.map { (model.series($0), $0) })
    let rest: Markup =
      isWhole
      ? ""
      : " The \(groups.count) of \(summary.groups.count) groups where the methods do worst, worst first."
    let others = leftOut(summary.labels.count - labels.count, "method", ", which do worse overall")
    return """
      <figure><figcaption>\(summary.metric.title) by \(summary.by); \
      \(summary.metric.directionText).\(rest)\(others)</figcaption>
      \(legend.markup)\(plot.markup(width: 560, classes: "wide"))\
      \(plot.markup(width: 344, classes: "narrow"))</figure>

      """
  }

  private func worstTable(_ summary: GroupSummary, _ labels: [String]) -> Markup {
    let decimals = Number.decimals(
      for: summary.groups.flatMap { $0.values.values.compactMap(\.interval) })
    func cell(_ value: GroupValue?) -> Markup {
      guard let value else { return "<span class=\"none\">none</span>" }
      let bounds: Markup =
        value.interval.map { "<span class=\"interval\">\(Number.bounds($0, decimals))</span>" }
        ?? .empty
      return "\(Number.fixed(value.mean, decimals))\(bounds)"
    }
    let hasGaps = !summary.gaps.isEmpty
    let rows = labels.compactMap { label -> [Markup]? in
      guard let group = summary.worst(of: label), let value = group.values[label] else {
        return nil
      }
      return ["\(label)", "\(group.key)", cell(value), "\(Number.count(group.n))"]
        + (hasGaps ? [cell(summary.gaps[label])] : [])
    }
    return Table(
      name: "Worst group by \(summary.by)",
      columns: [.text("Method"), .text("Worst group"), .number("Value"), .number("Rows")]
        + (hasGaps ? [.number("Gap")] : []),
      rows: rows, classes: "matrix"
    ).markup
  }

  /// How unequal the decisions are between the groups; nothing without decisions.
  private func disparityTable(_ summary: GroupSummary, _ labels: [String]) -> Markup {
    guard !summary.disparities.isEmpty else { return .empty }
    let rows = summary.disparities.map { disparity -> [Markup] in
      ["\(disparity.metric.title)"]
        + labels.map { label -> Markup in
          guard let value = disparity.values[label] else {
            return "<span class=\"none\">none</span>"
          }
          let bounds: Markup =
            value.interval.map { "<span class=\"interval\">\(Number.bounds($0, 3))</span>" }
            ?? .empty
          return "\(Number.fixed(value.mean, 3))\(bounds)"
        }
    }
    return Table(
      name: "Disparities of decisions by \(summary.by)",
      columns: [.text("Disparity")] + labels.map { .number("\($0)") }, rows: rows,
      classes: "matrix"
    ).markup
  }

  private func table(_ summary: GroupSummary, _ labels: [String]) -> Markup {
    let groups = summary.groups.prefix(model.limits.closedRows)
    let decimals = Number.decimals(
      for: summary.groups.flatMap { $0.values.values.compactMap(\.interval) })
    let rows = groups.map { group -> [Markup] in
      ["\(group.key)\(group.isSmall ? " (small)" : "")", "\(Number.count(group.n))"]
        + labels.map { label -> Markup in
          guard let value = group.values[label] else { return "<span class=\"none\">none</span>" }
          let bounds: Markup =
            value.interval.map { "<span class=\"interval\">\(Number.bounds($0, decimals))</span>" }
            ?? .empty
          return "\(Number.fixed(value.mean, decimals))\(bounds)"
        }
    }
    return Table(
      name: "\(summary.metric.title) by \(summary.by), \(summary.panel.nameAtLargest)",
      note: """
        \(leftOut(summary.groups.count - groups.count, "group"))\
        \(leftOut(summary.labels.count - labels.count, "method"))
        """,
      columns: [.text("Group"), .number("Rows")] + labels.map { .number("\($0)") }, rows: rows,
      classes: "sortable matrix"
    ).markup
  }
}
