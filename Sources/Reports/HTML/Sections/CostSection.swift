import Documents
import Evaluation
import Statistics

/// What the methods cost: medians over the trials of a suite and dataset, and the worst case.
struct CostSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let rows = model.blocks.flatMap(rows)
    guard !rows.isEmpty else { return nil }
    let shown = rows.prefix(model.limits.rows)
    let jobs = Number.of(model.report.run.jobs, "trial")
    return Section(
      "cost", "Cost",
      """
      <p>Over the trials that have a result. \(jobs) ran at a time; times compare only between runs \
      with the same number.</p>
      \(table(Array(shown), leftOut(rows.count - shown.count, "row")))
      """, isOpen: false)
  }

  private func table(_ rows: [[Markup]], _ note: Markup) -> Markup {
    Table(
      name: "Time and memory", note: note,
      columns: [
        .text("Suite and dataset"), .text("Method"), .number("Trials"),
        .number("Fit, median (s)"), .number("Fit, longest (s)"), .number("Predict, median (s)"),
        .number("Predict, longest (s)"), .number("Processor, all (s)"),
        .number("Peak memory (MiB)"),
      ], heads: 2, rows: rows, classes: "sortable"
    ).markup
  }

  private func rows(_ block: Block) -> [[Markup]] {
    block.labels.compactMap { label in
      let costs = block.rows.filter { $0.label == label }.flatMap(\.measured).map(\.cost)
        .filter { $0 != TrialCost() }
      guard !costs.isEmpty else { return nil }
      let fit = costs.map(\.fitSeconds).sorted()
      let predict = costs.map(\.predictSeconds).sorted()
      let memory = costs.map(\.peakResidentBytes).max() ?? 0
      let cells = [
        median(fit), fit.last ?? 0, median(predict), predict.last ?? 0,
      ].map { Number.fixed($0, 3) }
      return ["\(block.name)", "\(label)", "\(Number.count(costs.count))"]
        + cells.map { "\($0)" }
        + [
          "\(Number.fixed(costs.reduce(0) { $0 + $1.cpuSeconds }, 2))",
          "\(Number.fixed(Double(memory) / 1_048_576, 1))",
        ]
    }
  }

  private func median(_ sorted: [Double]) -> Double { quantile(0.5, ofSorted: sorted) ?? 0 }
}
