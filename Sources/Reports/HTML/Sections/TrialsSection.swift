import Documents
import Evaluation
import Metrics
internal import PluginHost

/// Every trial in one line, closed from the start and cut when there are very many.
struct TrialsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let trials = model.report.trials
    guard !trials.isEmpty else { return nil }
    let shown = trials.prefix(model.limits.trials)
    var headlines: [String: String] = [:]
    for block in model.blocks { headlines[block.name] = block.headline }
    let rows = shown.map { trial -> [Markup] in
      let headline = headlines["\(trial.suite) on \(trial.dataset)"]
      let value = headline.flatMap { trial.metrics[$0]?.value }
      return [
        "<code>\(trial.id.short)</code>", "\(trial.suite)", "\(trial.dataset)",
        "\(settingText(trial.setting))", "\(trial.label)", "\(trial.seed)", status(trial),
        "\(trial.selection.rawValue)", headline.map { "\(model.metric($0).title)" } ?? .empty,
        value.map { "\(Number.fixed($0, 4))" } ?? "<span class=\"none\">none</span>",
      ]
    }
    let rest = leftOut(
      trials.count - shown.count, "trial", "; <code>assay show</code> and the JSON have them all")
    let table = Table(
      name: "\(Number.count(shown.count)) of \(Number.of(trials.count, "trial"))", note: rest,
      columns: [
        .text("Id"), .text("Suite"), .text("Dataset"), .text("Setting"), .text("Method"),
        .number("Seed"), .text("Status"), .text("Selection"), .text("Metric"), .number("Value"),
      ], rows: Array(rows), classes: "sortable")
    return Section("trials", "Trials", table.markup, isOpen: false)
  }

  private func status(_ trial: TrialRecord) -> Markup {
    trial.status == .ok || trial.status == .unsupported
      ? "\(trial.status.rawValue)" : "<span class=\"failed\">\(trial.status.rawValue)</span>"
  }
}
