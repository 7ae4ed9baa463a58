import Documents
import Evaluation
import Metrics
internal import PluginHost

/// A report arranged as the page shows it: by suite and dataset, methods with fixed looks.
struct PageModel {
  let report: Report
  let samples: TrialStore?
  let limits: PageLimits
  let blocks: [Block]
  private var seriesOfLabel: [String: Series]
  /// The methods that some chart names.
  private var named: Set<String> = []
  private let derivedOfRow: [RowKey: [String: DerivedValue]]

  init(report: Report, samples: TrialStore?, limits: PageLimits = PageLimits()) {
    self.report = report
    self.samples = samples
    self.limits = limits
    var aggregates: [RowKey: [String: Aggregate]] = [:]
    for aggregate in report.aggregates {
      aggregates[RowKey(aggregate), default: [:]][aggregate.metric] = aggregate
    }
    var derived: [RowKey: [String: DerivedValue]] = [:]
    for value in report.derived where value.key == nil {
      derived[value.row, default: [:]][value.metric] = value
    }
    derivedOfRow = derived
    let rows = grouped(report.trials, by: RowKey.init).map { key, trials in
      Row(key: key, trials: trials, aggregates: aggregates[key] ?? [:])
    }
    var order: [String] = []
    var members: [String: [Row]] = [:]
    for row in rows {
      let name = "\(row.key.suite)\u{0}\(row.key.dataset)"
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(row)
    }
    blocks = order.enumerated().map { index, name in
      Block(index: index, rows: members[name] ?? [], metrics: report.metrics)
    }
    seriesOfLabel = [:]
    // Those that charts name come first, so that their looks differ most.
    let labels = unique(blocks.flatMap(\.labels)).sorted { TrialOrder.natural($0, $1) < 0 }
    let panels = blocks.flatMap(\.panels)
    named = Set(panels.flatMap { $0.leaders(self).prefix(limits.series).map(\.label) })
    let ordered = labels.filter(named.contains) + labels.filter { !named.contains($0) }
    seriesOfLabel = Dictionary(
      uniqueKeysWithValues: ordered.enumerated().map { ($1, Series(index: $0)) })
  }

  /// The methods of the page that charts name, with their looks.
  var legend: Legend {
    let shown = seriesOfLabel.filter { isInLegend($0.key) }.sorted {
      $0.value.index < $1.value.index
    }
    return Legend(
      entries: shown.map { ($0.value, $0.key) }, others: seriesOfLabel.count - shown.count)
  }

  /// The legend of a chart whose methods the page's legend does not hold; nothing if it does.
  func ownLegend(_ labels: [String]) -> Markup {
    labels.allSatisfy(isInLegend)
      ? .empty : Legend(entries: labels.map { (series($0), $0) }).markup
  }

  private func isInLegend(_ label: String) -> Bool {
    named.contains(label) && series(label).index < limits.groups
  }

  /// The look of a method.
  func series(_ label: String) -> Series { seriesOfLabel[label] ?? Series(index: 0) }

  /// A derived value of a whole row.
  func derived(_ metric: String, of row: RowKey) -> DerivedValue? { derivedOfRow[row]?[metric] }

  /// What is known of a metric, from the report or else from this build.
  func metric(_ key: String) -> MetricEntry {
    report.metric(key)
      ?? MetricInfo.named(key).map {
        MetricEntry(
          key: key, title: $0.title, version: $0.version, higherIsBetter: $0.higherIsBetter)
      } ?? MetricEntry(key: key, title: key, version: 1, higherIsBetter: true)
  }
}

/// One method in one setting: its trials, one for each seed, and what they amount to.
struct Row {
  let key: RowKey
  let trials: [TrialRecord]
  let aggregates: [String: Aggregate]

  var label: String { key.label }
  var setting: [String: JSON] { key.setting }
  /// Whether any seed tuned on the test rows.
  var isOracle: Bool { trials.contains { $0.selection == .oracle } }
  var isUnsupported: Bool { trials.allSatisfy { $0.status == .unsupported } }
  var measured: [TrialRecord] { trials.filter { $0.status == .ok } }
}

/// A suite on a dataset.
struct Block {
  let index: Int
  let suite: String
  let dataset: String
  let rows: [Row]
  /// In the order of the report.
  let settings: [[String: JSON]]
  let labels: [String]
  /// The metrics that some row has, headline first.
  let metrics: [String]
  private let rowOf: [RowKey: Row]

  init(index: Int, rows: [Row], metrics entries: [MetricEntry]) {
    self.index = index
    self.rows = rows
    suite = rows.first?.key.suite ?? ""
    dataset = rows.first?.key.dataset ?? ""
    settings = Set(rows.map(\.setting)).sorted { TrialOrder.settings($0, $1) < 0 }
    labels = Set(rows.map(\.label)).sorted { TrialOrder.natural($0, $1) < 0 }
    let present = rows.reduce(into: Set<String>()) { $0.formUnion($1.aggregates.keys) }
    let known = entries.map(\.key).filter(present.contains)
    metrics = known + present.subtracting(known).sorted()
    rowOf = Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var name: String { "\(suite) on \(dataset)" }
  var headline: String? { metrics.first }

  /// The parts of the block where only one number varies, if any does.
  var panels: [Panel] { Panel.panels(of: self) }

  /// The row of a method in a setting, if it was run there.
  func row(_ label: String, in setting: [String: JSON]) -> Row? {
    guard var key = rows.first?.key else { return nil }
    key.label = label
    key.setting = setting
    return rowOf[key]
  }

  /// The rows of a setting in the order of the labels.
  func rows(in setting: [String: JSON]) -> [Row] { labels.compactMap { row($0, in: setting) } }
}

/// A setting as people say it, such as `shots 4, shift blur`.
func settingText(_ setting: [String: JSON]) -> String {
  guard !setting.isEmpty else { return "single" }
  return setting.keys.sorted { TrialOrder.natural($0, $1) < 0 }.map { key in
    "\(key) \(setting[key]?.string ?? setting[key]?.canonicalText ?? "")"
  }.joined(separator: ", ")
}
