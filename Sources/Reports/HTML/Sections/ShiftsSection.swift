import Documents
import Evaluation
import Metrics

/// Corruption by severity for each method, as shaded tables.
struct ShiftsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let grids = model.blocks.flatMap(\.panels).flatMap { GroupSummary.summaries(of: $0, model) }
      .filter(\.isGrid)
    let tables = DerivedTable.tables(of: model.report).filter { !$0.isOverPrompts }
    guard !grids.isEmpty || !tables.isEmpty else { return nil }
    let wanted = grids.flatMap { grid in grid.labels.map { (grid, $0) } }
    var left = model.limits.charts
    var blocks: [Markup] = []
    for grid in grids where left > 0 {
      let labels = grid.labels.prefix(min(left, model.limits.series))
      left -= labels.count
      let maps = labels.map { map(grid, $0) }
      blocks.append(
        """
        <h3>\(grid.panel.nameAtLargest), by \(grid.by)</h3>
        <div class="figures">\(maps)</div>

        """)
    }
    let shown = model.limits.charts - left
    return Section(
      "shifts", "Corruption and severity",
      """
      <p>Means over seeds at the largest setting. Within a dataset all methods share one scale of \
      shades, stronger where the method does worse; the sampling intervals stand in the report's \
      JSON.\(leftOut(wanted.count - shown, "table"))</p>
      \(tables.map(markup))\(blocks)
      """)
  }

  private func markup(_ table: DerivedTable) -> Markup {
    table.markup(
      name: "Over all shifts, \(table.suite) on \(table.dataset)",
      note: """
        Means over seeds with sampling intervals of the whole quantity. Effective robustness is the \
        accuracy under a shift above the line of the family's accuracies on logit axes.
        """, limits: model.limits)
  }

  private func map(_ grid: GroupSummary, _ label: String) -> Markup {
    let keyed = grid.grid
    let severities = Set(keyed.map(\.key.severity)).sorted()
    let corruptions = Set(keyed.map(\.key.corruption)).sorted { TrialOrder.natural($0, $1) < 0 }
    var values: [String: [Int: Double]] = [:]
    for (key, group) in keyed {
      values[key.corruption, default: [:]][key.severity] = group.values[label]?.mean
    }
    let all = keyed.flatMap { $0.group.values.values.map(\.mean) }
    let lower = all.min() ?? 0
    let upper = all.max() ?? 1
    let cells = Set(keyed.map(\.group.key))
    let plain = grid.groups.filter { !cells.contains($0.key) }.compactMap { group in
      group.values[label].map { "\(group.key) \(Number.fixed($0.mean, 3))" }
    }
    let rest = plain.isEmpty ? "" : "; \(plain.joined(separator: ", "))"
    return HeatMap(
      name: label, note: "\(grid.metric.title) by severity\(rest).",
      corner: grid.by, columns: severities.map(String.init),
      rows: corruptions.map { name in (name, severities.map { values[name]?[$0] }) },
      worst: grid.metric.higherIsBetter ? lower : upper,
      best: grid.metric.higherIsBetter ? upper : lower
    ).markup
  }
}
