import Metrics

/// The best method of each suite and dataset, for people who read one table only.
struct OverviewSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let panels = model.blocks.flatMap(\.panels)
    let decimals = Number.decimals(
      for: panels.flatMap { panel in
        panel.leaders(model).compactMap { $0.aggregates[panel.block.headline ?? ""]?.interval }
      })
    let rows = panels.compactMap { row($0, decimals) }
    guard !rows.isEmpty else { return nil }
    let shown = Array(rows.prefix(model.limits.openRows))
    let table = Table(
      name: "The best method of each part of the run",
      note: """
        At the largest setting, by the first metric. Only complete values without oracle selection \
        compete.\(leftOut(rows.count - shown.count, "row", " of \(rows.count)"))
        """,
      columns: [
        .text("Suite and dataset"), .text("Setting"), .text("Metric"), .text("Best"),
        .number("Value, interval"), .text("Next"), .number("Value"),
        .text("The intervals"),
      ], rows: shown, classes: "sortable matrix")
    return Section("overview", "At a glance", table.markup)
  }

  private func row(_ panel: Panel, _ decimals: Int) -> [Markup]? {
    guard let headline = panel.block.headline else { return nil }
    let entry = model.metric(headline)
    let rivals = panel.leaders(model).compactMap { row in
      row.aggregates[headline].flatMap { aggregate -> (row: Row, value: Aggregate, mean: Double)? in
        guard aggregate.isComplete, !row.isOracle, let mean = aggregate.mean else { return nil }
        return (row, aggregate, mean)
      }
    }
    var cells: [Markup] = [
      "\(panel.block.name)", "\(settingText(panel.largest))", "\(entry.title)",
    ]
    guard let first = rivals.first else {
      return cells + ["<span class=\"none\">none is complete</span>", "", "", "", ""]
    }
    let bounds: Markup =
      first.value.interval.map {
        " <span class=\"interval\">\(Number.bounds($0, decimals))</span>"
      } ?? .empty
    cells += ["\(first.row.label)", "\(Number.fixed(first.mean, decimals))\(bounds)"]
    guard rivals.count > 1 else { return cells + ["<span class=\"none\">none</span>", "", ""] }
    let next = rivals[1]
    cells += ["\(next.row.label)", "\(Number.fixed(next.mean, decimals))"]
    if let a = first.value.interval, let b = next.value.interval {
      cells.append(a.lower <= b.upper && b.lower <= a.upper ? "overlap" : "are apart")
    } else {
      cells.append("<span class=\"none\">not known</span>")
    }
    return cells
  }
}
