import Evaluation
import Metrics

/// Calibration curves of two classes by what divides the rows, such as a shortcut, at the largest
/// setting, all seeds together.
struct GroupCalibrationSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    var blocks: [Markup] = []
    var left = model.limits.charts
    var skipped = 0
    for panel in model.blocks.flatMap(\.panels) {
      let rows = panel.leaders(model)
      for by in kinds(of: rows) {
        let wanted = rows.prefix(min(left, model.limits.series))
        skipped += rows.count - wanted.count
        left -= wanted.count
        let figures = wanted.compactMap { figure($0, by) }
        guard !figures.isEmpty else { continue }
        let title: Markup = "\(panel.nameAtLargest), by \(by)"
        let content: Markup = "<div class=\"small-multiples\">\(figures)</div>\n"
        blocks.append(
          blocks.count < model.limits.openBlocks
            ? "<h3>\(title)</h3>\n\(content)" : details(title, content))
      }
    }
    guard !blocks.isEmpty else { return nil }
    return Section(
      "group-calibration", "Calibration by group",
      """
      <p>How many rows are positive against how probable a method called that, in \
      \(CalibrationCurve.binCount) bins of equal width without the empty ones, all seeds together. On \
      the dotted line the two agree; below it probabilities are too high.\
      \(leftOut(skipped, "diagram"))</p>
      \(blocks)
      """)
  }

  /// What the rows are divided by, in the order of the trials: the shortcut first.
  private func kinds(of rows: [Row]) -> [String] {
    var found: [String] = []
    for record in rows.flatMap(\.measured).flatMap(\.calibration)
    where record.by != "all" && !found.contains(record.by) { found.append(record.by) }
    return found
  }

  private func figure(_ row: Row, _ by: String) -> Markup? {
    var order: [String] = []
    var curves: [String: [CalibrationCurve]] = [:]
    for record in row.measured.flatMap(\.calibration) where record.by == by || record.by == "all" {
      let name = record.by == "all" ? "all rows" : record.key
      if curves[name] == nil { order.append(name) }
      curves[name, default: []].append(record.curve)
    }
    guard order.count > 1 else { return nil }
    let lines = order.prefix(model.limits.series).enumerated().map { place, name in
      CalibrationChart.Line(
        name: name, series: Series(index: place),
        curve: CalibrationCurve(pooling: curves[name] ?? []))
    }
    let names = lines.map(\.name).joined(separator: ", ")
    let chart = CalibrationChart(
      description: "Calibration curves of \(row.label) by \(by): \(names).", lines: lines)
    let legend = Legend(entries: lines.map { ($0.series, $0.name) })
    return """
      <figure><figcaption><strong>\(row.label)</strong>\
      \(leftOut(order.count - lines.count, "group"))</figcaption>
      \(legend.markup)\(chart.markup())\(details("In numbers", table(lines, row.label)))</figure>

      """
  }

  private func table(_ lines: [CalibrationChart.Line], _ label: String) -> Markup {
    let rows = lines.flatMap { line in
      line.curve.bins.map { bin in
        [
          "\(line.name)",
          "up to \(Number.fixed(Double(bin.place + 1) / Double(CalibrationCurve.binCount), 1))",
          "\(Number.count(bin.n))", "\(Number.fixed(bin.probability, 3))",
          "\(Number.fixed(bin.share, 3))",
        ] as [Markup]
      }
    }
    return Table(
      name: "Bins of \(label)",
      columns: [
        .text("Rows of"), .text("Bin"), .number("Rows"), .number("Probability"),
        .number("Share positive"),
      ], heads: 2, rows: rows
    ).markup
  }
}

extension CalibrationCurve {
  /// The curve of the rows of several curves together.
  init(pooling curves: [CalibrationCurve]) {
    let places = Set(curves.flatMap { $0.bins.map(\.place) }).sorted()
    self.init(
      bins: places.map { place in
        let bins = curves.flatMap(\.bins).filter { $0.place == place }
        let n = bins.reduce(0) { $0 + $1.n }
        func mean(_ value: (Bin) -> Double) -> Double {
          bins.reduce(0) { $0 + value($1) * Double($1.n) } / Double(n)
        }
        return Bin(place: place, probability: mean(\.probability), share: mean(\.share), n: n)
      })
  }
}
