import Evaluation

/// Reliability diagrams of the methods at the largest setting, all seeds together.
struct ReliabilitySection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    guard let store = model.samples else { return nil }
    let columns = SampleColumns(store)
    var figures: [(panel: Panel, drawings: [Markup])] = []
    var left = model.limits.charts
    var skipped = 0
    for panel in model.blocks.flatMap(\.panels) {
      let rows = panel.leaders(model).filter { $0.measured.contains(where: hasColumns) }
      let wanted = rows.prefix(min(left, model.limits.series))
      skipped += rows.count - wanted.count
      let drawings = wanted.compactMap { figure($0, columns) }
      left -= drawings.count
      if !drawings.isEmpty { figures.append((panel, drawings)) }
    }
    guard !figures.isEmpty else { return nil }
    let blocks = figures.map { panel, drawings -> Markup in
      "<h3>\(panel.nameAtLargest)</h3>\n<div class=\"small-multiples\">\(drawings)</div>\n"
    }
    return Section(
      "calibration", "Calibration",
      """
      <p>How often a method is right against how sure it is, in \(ReliabilityBins.binCount) bins of \
      equal width, all seeds together. On the dotted line the two agree; below it the method is too \
      sure, by the grey bar. Bars are Wilson intervals of the distinct test rows. ECE is the mean gap, weighted by \
      rows, of the rows of all seeds; the mean of the seeds' own ECE in the tables is never \
      smaller.\(leftOut(skipped, "diagram"))</p>
      \(blocks)
      """)
  }

  private func hasColumns(_ trial: TrialRecord) -> Bool {
    trial.samples["confidence"] != nil && trial.samples["rank"] != nil
  }

  private func figure(_ row: Row, _ columns: SampleColumns) -> Markup? {
    var confidence: [Float] = []
    var correct: [Bool] = []
    var repeats = 0
    for trial in row.measured {
      guard let sure = columns.numbers("confidence", of: trial),
        let rank = columns.numbers("rank", of: trial), sure.count == rank.count
      else { continue }
      confidence += sure.map { Float($0) }
      correct += rank.map { $0 == 0 }
      repeats += 1
    }
    let bins = ReliabilityBins(confidence: confidence, correct: correct, repeats: repeats)
    guard let error = bins.error else { return nil }
    let ece = Number.fixed(error, 3)
    let summary = """
      ECE \(ece); \(Number.of(bins.count, "row")) of \(Number.of(repeats, "seed"))
      """
    let diagram = ReliabilityDiagram(
      bins: bins, series: model.series(row.label),
      description: "Reliability diagram of \(row.label). \(summary).")
    return """
      <figure><figcaption><strong>\(row.label)</strong> \(summary)</figcaption>
      \(diagram.markup())\(details("In numbers", table(bins, row.label)))</figure>

      """
  }

  private func table(_ bins: ReliabilityBins, _ label: String) -> Markup {
    let rows = bins.bins.enumerated().filter { $0.element.count > 0 }.map { index, bin in
      [
        "up to \(Number.fixed(Double(index + 1) / Double(ReliabilityBins.binCount), 3))",
        "\(Number.count(bin.count))", "\(Number.fixed(bin.confidence, 3))",
        "\(Number.fixed(bin.accuracy, 3))",
      ] as [Markup]
    }
    return Table(
      name: "Bins of \(label)",
      columns: [.text("Bin"), .number("Rows"), .number("Confidence"), .number("Share right")],
      rows: rows
    ).markup
  }
}
