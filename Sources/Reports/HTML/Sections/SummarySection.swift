import Documents
import Evaluation
import Metrics
internal import PluginHost

/// Methods by settings for each suite and dataset: the first metric open, the others closed.
struct SummarySection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    guard !model.blocks.isEmpty else { return nil }
    let blocks = model.blocks.map { block -> Markup in
      "<h3>\(block.name)</h3>\n\(content(of: block))"
    }
    return Section("results", "Results in numbers", "\(blocks)", isOpen: false)
  }

  private func content(of block: Block) -> Markup {
    guard let headline = block.headline else {
      return "<p>No metric was computed here; see <a href=\"#failures\">the failures</a>.</p>\n"
    }
    var result = matrix(block, metric: headline)
    if block.metrics.count > 1 {
      result += details(
        "\(Number.of(block.metrics.count - 1, "more metric")) of \(block.name)",
        allMetrics(block))
    }
    return result
  }

  private func matrix(_ block: Block, metric: String) -> Markup {
    let entry = model.metric(metric)
    let decimals = Number.decimals(
      for: block.rows.compactMap { $0.aggregates[metric]?.interval })
    let best = block.settings.map { setting in
      bestLabels(block.rows(in: setting), entry)
    }
    let areSettingsColumns = block.settings.count <= 8
    let across = areSettingsColumns ? block.settings.count : block.labels.count
    let shown = min(across, model.limits.columns)
    var rows: [[Markup]] = []
    if areSettingsColumns {
      for label in block.labels {
        let cells = block.settings.enumerated().map { index, setting in
          SummaryCell(block.row(label, in: setting), metric, decimals, best[index]).markup
        }
        rows.append(["\(label)"] + cells)
      }
    } else {
      for (index, setting) in block.settings.enumerated() {
        let cells = block.labels.prefix(shown).map { label in
          SummaryCell(block.row(label, in: setting), metric, decimals, best[index]).markup
        }
        rows.append(["\(settingText(setting))"] + cells)
      }
    }
    let heads: [Table.Column] =
      areSettingsColumns
      ? block.settings.map { .number("\($0.isEmpty ? entry.title : settingText($0))") }
      : block.labels.prefix(shown).map { .number("\($0)") }
    let open = rows.prefix(model.limits.rows)
    return Table(
      name: "\(entry.title), \(block.name)",
      note: """
        \(entry.directionSentence) Mean over seeds, sampling interval, sd between seeds.\
        \(leftOut(across - shown, "column"))\(leftOut(rows.count - open.count, "row"))
        """,
      columns: [.text(areSettingsColumns ? "Method" : "Setting")] + heads, rows: Array(open),
      classes: "sortable matrix"
    ).markup
  }

  /// One row for each method and setting, one column for each metric.
  private func allMetrics(_ block: Block) -> Markup {
    let metrics = Array(block.metrics.prefix(model.limits.columns)).map(model.metric)
    let decimals = metrics.map { metric in
      Number.decimals(for: block.rows.compactMap { $0.aggregates[metric.key]?.interval })
    }
    let shown = block.rows.prefix(model.limits.rows)
    let arrows: [MetricInfo.Direction: String] = [.higher: " \u{2191}", .lower: " \u{2193}"]
    return Table(
      name: "All metrics, \(block.name)",
      note: """
        Means over seeds with sampling intervals; \u{2191} higher is better, \u{2193} lower is \
        better.\(leftOut(block.rows.count - shown.count, "row"))\
        \(leftOut(block.metrics.count - metrics.count, "metric"))
        """,
      columns: [.text("Setting"), .text("Method")]
        + metrics.map { .number("\($0.title)\(arrows[$0.direction] ?? "")") },
      heads: 2,
      rows: shown.map { row in
        ["\(settingText(row.setting))", "\(row.label)"]
          + zip(metrics, decimals).map { SummaryCell(row, $0.key, $1, []).markup }
      }, classes: "sortable matrix"
    ).markup
  }
}

/// The labels with the best complete mean that was not tuned on the test rows, if they have rivals.
func bestLabels(_ rows: [Row], _ entry: MetricEntry) -> Set<String> {
  let values = rows.compactMap { row -> (String, Double)? in
    guard let aggregate = row.aggregates[entry.key], aggregate.isComplete, !row.isOracle,
      let mean = aggregate.mean
    else { return nil }
    return (row.label, mean)
  }
  let means = values.map(\.1)
  guard values.count > 1, let best = entry.higherIsBetter ? means.max() : means.min() else {
    return []
  }
  return Set(values.filter { $0.1 == best }.map(\.0))
}

/// A value with its two spreads, or why there is none.
struct SummaryCell {
  private let row: Row?
  private let metric: String
  private let decimals: Int
  private let best: Set<String>

  init(_ row: Row?, _ metric: String, _ decimals: Int, _ best: Set<String>) {
    self.row = row
    self.metric = metric
    self.decimals = decimals
    self.best = best
  }

  var markup: Markup {
    guard let row else { return "<span class=\"none\">not run</span>" }
    if row.isUnsupported { return "<span class=\"none\">unsupported</span>" }
    guard let aggregate = row.aggregates[metric], let mean = aggregate.mean else {
      return missing(row)
    }
    var result: Markup = "\(Number.fixed(mean, decimals))"
    if best.contains(row.label) { result = "<b>\(result)</b> <span class=\"tag\">best</span>" }
    if row.isOracle { result += " <span class=\"tag oracle\">oracle</span>" }
    if let interval = aggregate.interval {
      result += "<span class=\"interval\">\(Number.bounds(interval, decimals))</span>"
    }
    if let spread = aggregate.sdSeeds {
      result += """
        <span class="spread">sd \(Number.fixed(spread, max(decimals, 3))), \
        \(Number.of(aggregate.nSeeds, "seed"))</span>
        """
    }
    if !aggregate.isComplete {
      result += """
        <span class="incomplete">\(aggregate.failed) of \
        \(Number.of(aggregate.nSeeds + aggregate.failed, "seed")) missing</span>
        """
    }
    return result
  }

  private func missing(_ row: Row) -> Markup {
    let failed = row.trials.filter { $0.status != .ok && $0.status != .unsupported }
    let kinds = TrialStatus.allCases.filter { kind in failed.contains { $0.status == kind } }
    let failure: Markup =
      failed.isEmpty
      ? ""
      : """
      <span class="incomplete">\(failed.count) of \(Number.of(row.trials.count, "seed")): \
      \(kinds.map(\.rawValue).joined(separator: ", "))</span>
      """
    if row.measured.isEmpty { return "<span class=\"failed\">failed</span>\(failure)" }
    let reason = row.measured.compactMap { $0.metrics[metric]?.reason }.first ?? "not computed"
    return """
      <span class="none">undefined</span><span class="incomplete">\(reason)</span>\(failure)
      """
  }
}
