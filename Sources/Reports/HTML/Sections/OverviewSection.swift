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

  /// A method's value, complete and without oracle selection.
  private struct Rival {
    var label: String
    var mean: Double
    var interval: Interval?
  }

  private func row(_ panel: Panel, _ decimals: Int) -> [Markup]? {
    guard let headline = panel.block.headline else { return nil }
    let entry = model.metric(headline)
    let overPrompts = rivalsOverPrompts(panel)
    let rivals = overPrompts ?? rivalsAtLargest(panel, headline)
    let fixed = panel.fixed.isEmpty ? "" : "\(settingText(panel.fixed)), "
    let setting =
      overPrompts == nil
      ? settingText(panel.largest) : "\(fixed)mean over \(panel.settings.count) prompts"
    var cells: [Markup] = ["\(panel.block.name)", "\(setting)", "\(entry.title)"]
    guard let first = rivals.first else {
      return cells + ["<span class=\"none\">none is complete</span>", "", "", "", ""]
    }
    let bounds: Markup =
      first.interval.map { " <span class=\"interval\">\(Number.bounds($0, decimals))</span>" }
      ?? .empty
    cells += ["\(first.label)", "\(Number.fixed(first.mean, decimals))\(bounds)"]
    guard rivals.count > 1 else { return cells + ["<span class=\"none\">none</span>", "", ""] }
    let next = rivals[1]
    cells += ["\(next.label)", "\(Number.fixed(next.mean, decimals))"]
    if let a = first.interval, let b = next.interval {
      cells.append(a.lower <= b.upper && b.lower <= a.upper ? "overlap" : "are apart")
    } else {
      cells.append("<span class=\"none\">not known</span>")
    }
    return cells
  }

  private func rivalsAtLargest(_ panel: Panel, _ headline: String) -> [Rival] {
    panel.leaders(model).compactMap { row in
      guard let aggregate = row.aggregates[headline], aggregate.isComplete, !row.isOracle,
        let mean = aggregate.mean
      else { return nil }
      return Rival(label: row.label, mean: mean, interval: aggregate.interval)
    }
  }

  /// The means over the prompts, best first; nil where accuracy with several prompts is not what the
  /// part of the run is about.
  private func rivalsOverPrompts(_ panel: Panel) -> [Rival]? {
    guard panel.isOverPrompts, panel.block.headline == "accuracy" else { return nil }
    let rivals = panel.leaders(model).compactMap { row -> Rival? in
      var key = row.key
      key.setting = panel.fixed
      guard let found = model.derived("prompt_mean", of: key), let mean = found.value,
        !row.isOracle
      else { return nil }
      return Rival(label: row.label, mean: mean, interval: found.interval)
    }
    return rivals.isEmpty ? nil : rivals.sorted { $0.mean > $1.mean }
  }
}
