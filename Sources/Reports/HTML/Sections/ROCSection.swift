import Evaluation
import Numerics

/// Receiver operating characteristics of tasks whose outcomes are scores of two kinds of rows.
struct ROCSection {
  private let model: PageModel
  /// By task, the columns of scores and of what is not 0 for positives: the OOD rows of a detector, the
  /// second class of a classifier of two.
  private static let columns = [
    "detect-ood": (score: "ood_score", positive: "is_ood"),
    "classify": (score: "margin", positive: "label"),
  ]

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
      distribution, or the second of two classes. The dotted line is chance.\(leftOut(panels.count - shown.count, "chart"))</p>
      <div class="figures">\(figures)</div>

      """)
  }

  private func hasColumns(_ trial: TrialRecord) -> Bool {
    guard let names = Self.columns[trial.task] else { return false }
    return trial.samples[names.score] != nil && trial.samples[names.positive] != nil
  }

  private func figure(_ panel: Panel, _ columns: SampleColumns) -> Markup? {
    let rows = panel.leaders(model).filter { $0.measured.contains(where: hasColumns) }
    let drawn = rows.prefix(model.limits.series).compactMap { row -> Drawn? in
      let curves = row.measured.compactMap { trial -> ROCCurve? in
        guard let names = Self.columns[trial.task],
          let scores = columns.numbers(names.score, of: trial),
          let positives = columns.numbers(names.positive, of: trial)
        else { return nil }
        return ROCCurve(scores: scores, positives: positives.map { $0 != 0 })
      }
      guard let area = mean(curves.map(\.area)) else { return nil }
      return Drawn(
        label: row.label, area: area, seeds: curves.count, points: ROCCurve.mean(of: curves))
    }
    guard !drawn.isEmpty else { return nil }
    let legend = Legend(
      entries: drawn.map { curve in
        (
          model.series(curve.label),
          "\(curve.label): AUROC \(Number.fixed(curve.area, 3))"
        )
      })
    let areas = drawn.map { "\($0.label): AUROC \(Number.fixed($0.area, 3))." }
    let chart = ROCChart(
      description: "ROC curves, \(panel.nameAtLargest). \(areas.joined(separator: " "))",
      curves: drawn.map { .init(series: model.series($0.label), points: $0.points) })
    return """
      <figure class="square"><figcaption><strong>\(panel.nameAtLargest)</strong> \
      \(Number.of(drawn.map(\.seeds).max() ?? 0, "seed")).\
      \(leftOut(rows.count - drawn.count, "method"))</figcaption>
      \(legend.markup)\(chart.markup())</figure>

      """
  }

  private struct Drawn {
    var label: String
    /// The mean over seeds.
    var area: Double
    var seeds: Int
    var points: [(x: Double, y: Double)]
  }
}
