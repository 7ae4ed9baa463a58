import Evaluation
import Metrics
import Statistics

/// Receiver operating characteristics of tasks whose outcomes are scores of two kinds of rows.
struct ROCSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    guard let store = model.samples else { return nil }
    let columns = SampleColumns(store)
    let panels = model.blocks.flatMap(\.panels).filter { panel in
      panel.leaders(model).contains { $0.measured.contains(where: hasColumns) }
    }
    let shown = panels.prefix(model.limits.charts)
    let figures = shown.compactMap { figure($0, columns) }
    guard !figures.isEmpty else { return nil }
    return Section(
      "roc", "Receiver operating characteristic",
      """
      <p>At the largest setting: the mean over seeds of the true positive rate at each false \
      positive rate. Positive are the rows that the task looks for, such as those out of \
      distribution, or the second of two classes. The dotted line is chance.\
      \(leftOut(panels.count - shown.count, "chart"))</p>
      <div class="figures">\(figures)</div>

      """, isOpen: false)
  }

  private func hasColumns(_ trial: TrialRecord) -> Bool {
    guard let names = Task.named(trial.task)?.characteristic else { return false }
    return trial.samples[names.score] != nil && trial.samples[names.positive] != nil
  }

  private func figure(_ panel: Panel, _ columns: SampleColumns) -> Markup? {
    let rows = panel.leaders(model).filter { $0.measured.contains(where: hasColumns) }
    var plot = Plot(
      description: "ROC curves, \(panel.nameAtLargest).",
      across: .share("False positive rate"), down: .share("True positive rate"),
      hasDiagonal: true)
    var seeds = 0
    for row in rows.prefix(model.limits.series) {
      let curves = row.measured.compactMap { trial -> ROCCurve? in
        guard let names = Task.named(trial.task)?.characteristic,
          let scores = columns.numbers(names.score, of: trial),
          let positives = columns.numbers(names.positive, of: trial)
        else { return nil }
        return ROCCurve(scores: scores, positives: positives.map { $0 != 0 })
      }
      guard let area = mean(curves.map(\.area)) else { continue }
      let points = ROCCurve.mean(of: curves)
      let series = model.series(row.label)
      let text = Number.fixed(area, 3)
      plot.lines.append(Plot.Line(series: series, points: points))
      plot.labels.append(
        Plot.Label(text: "\(row.label) \(text)", y: points[60].y, series: series))
      plot.description += " \(row.label): AUROC \(text)."
      seeds = max(seeds, curves.count)
    }
    guard !plot.lines.isEmpty else { return nil }
    return """
      <figure><figcaption><strong>\(panel.nameAtLargest)</strong> AUROC behind each name, \
      \(Number.of(seeds, "seed")).\(leftOut(rows.count - plot.lines.count, "method"))</figcaption>
      \(plot.markup(height: 250))</figure>

      """
  }
}
