import Datasets
import Documents
import Evaluation
import Metrics

/// Where methods do worse: shifts as a heat map, groups as dots, and how far to trust confidences.
struct WorseSection {
  private let model: PageModel
  private let all: [GroupSummary]
  private let maps: [GroupSummary]
  /// Those where at least two groups can be held against each other.
  private let plots: [GroupSummary]
  private let calibration: CalibrationSection
  private var limits: PageLimits { model.limits }

  init(_ model: PageModel, _ calibration: CalibrationSection) {
    self.model = model
    self.calibration = calibration
    all = model.blocks.flatMap(\.panels).flatMap { GroupSummary.summaries(of: $0, model) }
      .filter { !$0.groups.isEmpty }
    maps = all.filter(\.isGrid)
    plots = all.filter { summary in
      !summary.isGrid && summary.groups.count { !$0.values.isEmpty } > 1
    }
  }

  /// One picture of each kind, for the first screen.
  var glance: [Markup] {
    let dots = plots.max { left, right in spread(left) < spread(right) }
    return [
      maps.max { $0.groups.count < $1.groups.count }.map { map($0, isWhole: false) },
      dots.map(figure), calibration.miniature,
    ].compactMap(\.self)
  }

  /// Where a method falls farthest behind its own best group, by one group of each kind.
  func weakest(_ label: String?) -> Markup {
    guard let label else { return .empty }
    var falls: [String: (fall: Double, text: Markup)] = [:]
    for summary in maps + plots where !summary.by.contains("*") {
      guard let worst = summary.worst(of: label), let low = worst.values[label]?.mean else {
        continue
      }
      let fall =
        summary.groups.compactMap { $0.values[label]?.mean }.map { abs($0 - low) }.max() ?? 0
      guard fall > falls[summary.by]?.fall ?? 0 else { continue }
      falls[summary.by] = (
        fall,
        "\(summary.by) <b>\(worst.key)</b>, \(Number.fixed(low, 2)) (\(summary.panel.block.suite))"
      )
    }
    guard !falls.isEmpty else { return .empty }
    let spots = falls.sorted { ($0.value.fall, $1.key) > ($1.value.fall, $0.key) }.prefix(3)
    return """
      <p class="finding">\(label) does worst in \(spots.map(\.value.text).joined("; ")).</p>

      """
  }

  /// Every map and plot.
  var section: Section? {
    let drawn =
      maps.prefix(limits.charts).map { map($0, isWhole: true) }
      + plots.prefix(limits.charts).map(figure)
    guard !all.isEmpty else { return nil }
    let open = Array(drawn.prefix(limits.openCharts))
    let rest = Array(drawn.dropFirst(open.count))
    let more: Markup =
      rest.isEmpty
      ? .empty
      : details(
        "\(Number.of(rest.count, "further chart"))", "<div class=\"figures\">\(rest)</div>\n")
    let tables = all.prefix(limits.charts).map(numbers)
    let derived = DerivedTable.tables(of: model.report).filter { !$0.isOverPrompts }.map { table in
      table.markup(
        name: "Over all shifts, \(table.suite) on \(table.dataset)",
        note: """
          Means over seeds with sampling intervals of the whole quantity. Effective robustness is \
          the accuracy under a shift above the line of the family's accuracies on logit axes.
          """, limits: limits)
    }
    return Section(
      "groups", "Shifts and groups",
      """
      <p>The same metric in each part of the test rows, at the largest setting: means over seeds, \
      with the mean of the seeds' bounds. Groups marked small are not held against the others.\
      \(leftOut(maps.count + plots.count - drawn.count, "chart"))</p>
      <div class="figures">\(open)</div>
      \(more)\(details("Groups and shifts in numbers", "\(derived)\(tables)"))
      """)
  }

  // MARK: Heat maps

  /// Shifts down, methods across: each severity, or the mean over them.
  private func map(_ summary: GroupSummary, isWhole: Bool) -> Markup {
    let labels = Array(summary.labels.prefix(limits.series))
    let grid = summary.grid
    let cells = Set(grid.map(\.key))
    let plain = summary.groups.filter { group in
      !cells.contains(group.key) && !group.isReference
    }
    func row(_ name: String, _ groups: [GroupSummary.Group]) -> (String, [Double?]) {
      (
        name,
        labels.map { label in
          let values = groups.compactMap { $0.values[label]?.mean }
          return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
      )
    }
    let corruptions = unique(grid.compactMap(\.shift?.corruption))
    var rows = plain.map { row($0.key, [$0]) }
    for name in corruptions {
      let members = grid.filter { $0.shift?.corruption == name }
      if isWhole {
        rows += members.map { row("\(name) \($0.shift?.severity ?? 0)", [$0]) }
      } else {
        rows.append(row(name, members))
      }
    }
    let all = rows.flatMap { $0.1.compactMap(\.self) }
    let (lower, upper) = (all.min() ?? 0, all.max() ?? 1)
    let isHigherBetter = summary.metric.higherIsBetter
    return HeatMap(
      name: summary.panel.nameAtLargest,
      note: """
        \(summary.metric.title)\(isWhole ? "" : ", mean over severities"); darker is worse.\
        \(leftOut(summary.labels.count - labels.count, "method"))
        """,
      corner: summary.by, columns: labels.map { "<span>\($0)</span>\(model.series($0).swatch)" },
      rows: rows, worst: isHigherBetter ? lower : upper, best: isHigherBetter ? upper : lower
    ).markup
  }

  // MARK: Dots by group

  /// The largest distance between groups of one method; 0 for classes and intersections, which are
  /// many and small.
  private func spread(_ summary: GroupSummary) -> Double {
    guard summary.by != "class", !summary.by.contains("*") else { return 0 }
    return summary.labels.map { label in
      let values = summary.groups.filter { !$0.isSmall }.compactMap { $0.values[label]?.mean }
      return (values.max() ?? 0) - (values.min() ?? 0)
    }.max() ?? 0
  }

  private func figure(_ summary: GroupSummary) -> Markup {
    let labels = Array(summary.labels.prefix(limits.series))
    let measured = summary.groups.filter { !$0.values.isEmpty }
    let isCut = measured.count > limits.groups
    let groups = isCut ? Array(summary.worstFirst(labels).prefix(limits.groups)) : measured
    let readings = labels.compactMap { label in
      summary.worst(of: label).map { "\(label) is worst in \($0.key)." }
    }
    let plot = Plot.dots(
      """
      \(summary.metric.title) by \(summary.by), \(summary.panel.nameAtLargest). \
      \(readings.joined(separator: " "))
      """, of: summary.metric, in: groups.map { $0.isSmall ? "\($0.key) (small)" : $0.key },
      labels.map { ($0, model.series($0)) }
    ) { row, label in groups[row].values[label].map { ($0.mean, $0.interval) } }
    let cut: Markup =
      isCut ? " The worst \(groups.count) of \(summary.groups.count), worst first." : ""
    return """
      <figure><figcaption><strong>\(summary.panel.nameAtLargest), by \(summary.by)</strong>\
      \(cut)\(leftOut(summary.labels.count - labels.count, "method"))\
      <span class="said">\(reading(summary, labels))</span></figcaption>
      \(model.ownLegend(labels))\(plot.markup())</figure>

      """
  }

  /// Where the first method is worst, and how far apart its groups are.
  private func reading(_ summary: GroupSummary, _ labels: [String]) -> Markup {
    guard let label = labels.first, let worst = summary.worst(of: label),
      let value = worst.values[label]
    else { return .empty }
    let gap: Markup =
      summary.gaps[label].map { "; the gap is \(Number.estimate($0.mean, $0.interval))" } ?? .empty
    return """
      <strong>\(label)</strong> is worst in \(worst.key), \(Number.fixed(value.mean, 3))\(gap).
      """
  }

  // MARK: Numbers

  private func numbers(_ summary: GroupSummary) -> Markup {
    let labels = Array(summary.labels.prefix(limits.series))
    let groups = summary.groups.prefix(limits.rows)
    let decimals = Number.decimals(
      for: summary.groups.flatMap { $0.values.values.compactMap(\.interval) })
    func row(_ name: String, _ n: Int?, _ values: [String: GroupValue]) -> [Markup] {
      ["\(name)", n.map { "\(Number.count($0))" } ?? .empty]
        + labels.map { label in
          ValueCell.markup(values[label]?.mean, values[label]?.interval, decimals: decimals)
        }
    }
    var rows = groups.map { row($0.isSmall ? "\($0.key) (small)" : $0.key, $0.n, $0.values) }
    if !summary.worst.isEmpty { rows.append(row("worst group", nil, summary.worst)) }
    if !summary.gaps.isEmpty { rows.append(row("gap", nil, summary.gaps)) }
    rows += summary.disparities.map { row($0.metric.title, nil, $0.values) }
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
