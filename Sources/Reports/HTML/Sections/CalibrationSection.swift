import Evaluation
import Metrics

/// How far to trust confidences: the share of right rows against how sure a method is, and of two
/// classes the share of positives against their probability in each group of rows.
struct CalibrationSection {
  private let model: PageModel
  private let reliabilities: [(panel: Panel, rows: [(label: String, bins: ReliabilityBins)])]
  private var limits: PageLimits { model.limits }

  init(_ model: PageModel) {
    self.model = model
    guard let store = model.samples else {
      reliabilities = []
      return
    }
    let columns = SampleColumns(store)
    var left = model.limits.charts
    var found: [(panel: Panel, rows: [(label: String, bins: ReliabilityBins)])] = []
    for panel in model.blocks.flatMap(\.panels) where left > 0 {
      let rows = panel.leaders(model).prefix(model.limits.series).compactMap { row in
        ReliabilityBins(of: row, columns).map { (row.label, $0) }
      }
      guard !rows.isEmpty else { continue }
      left -= 1
      found.append((panel, rows))
    }
    reliabilities = found
  }

  /// The curves of the panel with the most rows, for the first screen.
  var miniature: Markup? {
    let rows = { (found: [(label: String, bins: ReliabilityBins)]) in
      found.reduce(0) { $0 + $1.bins.count }
    }
    return reliabilities.max { rows($0.rows) < rows($1.rows) }.map {
      figure($0.panel, $0.rows, height: 170, hasBounds: false)
    }
  }

  var section: Section? {
    let overall = reliabilities.map { figure($0.panel, $0.rows, height: 250) }
    let grouped = model.blocks.flatMap(\.panels).flatMap(groupFigures)
    guard !overall.isEmpty || !grouped.isEmpty else { return nil }
    let drawn = grouped.prefix(limits.charts)
    let byGroup: Markup =
      grouped.isEmpty
      ? .empty
      : """
      <h3>By group</h3>
      <p>How many rows are positive against how probable a method called that, in \
      \(CalibrationCurve.binCount) bins without the empty ones, all seeds together. Below the \
      dotted line probabilities are too high.\(leftOut(grouped.count - drawn.count, "diagram"))</p>
      <div class="figures">\(Array(drawn))</div>

      """
    let whole: Markup =
      overall.isEmpty
      ? .empty
      : """
      <p>How often a method is right against how sure it is, in \(ReliabilityBins.binCount) bins \
      of equal width, all seeds together. On the dotted line the two agree; below it the method is \
      too sure. ECE is the mean gap, weighted by rows, of the rows of all seeds; the mean of the seeds' \
      own ECE in the tables is never smaller.</p>
      <div class="figures">\(overall)</div>
      \(details("Bins in numbers", "\(reliabilities.map(table))"))
      """
    return Section("calibration", "Calibration", "\(whole)\(byGroup)", isOpen: false)
  }

  // MARK: Confidence

  private func figure(
    _ panel: Panel, _ rows: [(label: String, bins: ReliabilityBins)], height: Double,
    hasBounds: Bool = true
  ) -> Markup {
    var plot = Plot(
      description: "Calibration, \(panel.nameAtLargest).", across: .share("Confidence"),
      down: .share("Share right"), hasDiagonal: true)
    for (label, bins) in rows {
      let error = Number.fixed(bins.error ?? 0, 3)
      let curve = bins.bins.filter { $0.count > 0 }.map { bin in
        Plot.Mark(
          x: bin.confidence, y: bin.accuracy,
          yBounds: hasBounds
            ? Interval(lower: bin.lower, upper: bin.upper, method: "wilson") : nil,
          title: """
            \(label): confidence \(Number.fixed(bin.confidence, 3)), right \
            \(Number.fixed(bin.accuracy, 3)), \(Number.of(bin.count, "row"))
            """)
      }
      plot.add(curve: curve, of: model.series(label), name: "\(label) \(error)")
      plot.description += " \(label): ECE \(error)."
    }
    let best = rows.min { ($0.bins.error ?? 1, $0.label) < ($1.bins.error ?? 1, $1.label) }
    let said: Markup =
      best.map { best -> Markup in
        """
        <span class="said">ECE is least for <strong>\(best.label)</strong>, \
        \(Number.fixed(best.bins.error ?? 0, 3)); it stands behind each name.</span>
        """
      } ?? .empty
    return """
      <figure><figcaption><strong>Calibration, \(panel.nameAtLargest)</strong>\(said)</figcaption>
      \(plot.markup(height: height))</figure>

      """
  }

  private func table(
    _ panel: Panel, _ methods: [(label: String, bins: ReliabilityBins)]
  ) -> Markup {
    let rows = methods.flatMap { label, bins in
      bins.bins.enumerated().filter { $0.element.count > 0 }.map { index, bin in
        [
          "\(label)",
          "up to \(Number.fixed(Double(index + 1) / Double(ReliabilityBins.binCount), 3))",
          "\(Number.count(bin.count))", "\(Number.fixed(bin.confidence, 3))",
          "\(Number.fixed(bin.accuracy, 3))",
        ] as [Markup]
      }
    }
    return Table(
      name: "Bins, \(panel.nameAtLargest)",
      columns: [
        .text("Method"), .text("Bin"), .number("Rows"), .number("Confidence"),
        .number("Share right"),
      ], heads: 2, rows: rows
    ).markup
  }

  // MARK: By group

  private func groupFigures(_ panel: Panel) -> [Markup] {
    let rows = panel.leaders(model).prefix(limits.series)
    var kinds: [String] = []
    for record in rows.flatMap(\.measured).flatMap(\.calibration)
    where record.by != "all" && !kinds.contains(record.by) { kinds.append(record.by) }
    return kinds.flatMap { by in rows.compactMap { figure($0, by, panel) } }
  }

  private func figure(_ row: Row, _ by: String, _ panel: Panel) -> Markup? {
    var order: [String] = []
    var curves: [String: [CalibrationCurve]] = [:]
    for record in row.measured.flatMap(\.calibration) where record.by == by || record.by == "all" {
      let name = record.by == "all" ? "all rows" : record.key
      if curves[name] == nil { order.append(name) }
      curves[name, default: []].append(record.curve)
    }
    guard order.count > 1 else { return nil }
    let shown = order.prefix(limits.series)
    let own = model.series(row.label)
    var plot = Plot(
      description:
        "Calibration curves of \(row.label) by \(by): \(shown.joined(separator: ", ")).",
      across: .share("Probability"), down: .share("Share positive"), hasDiagonal: true)
    for (place, name) in shown.enumerated() {
      let curve = CalibrationCurve(pooling: curves[name] ?? []).bins.map { bin in
        Plot.Mark(
          x: bin.probability, y: bin.share,
          title: """
            \(name): probability \(Number.fixed(bin.probability, 3)), positive \
            \(Number.fixed(bin.share, 3)), \(Number.of(bin.n, "row"))
            """)
      }
      plot.add(curve: curve, of: Series(index: place, of: own), name: name)
    }
    return """
      <figure><figcaption><strong>\(row.label)</strong> by \(by), \(panel.nameAtLargest)\
      \(leftOut(order.count - shown.count, "group"))</figcaption>
      \(plot.markup())</figure>

      """
  }
}

extension ReliabilityBins {
  /// The bins of all seeds of a row together; nil without confidences.
  fileprivate init?(of row: Row, _ columns: SampleColumns) {
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
    self.init(confidence: confidence, correct: correct, repeats: repeats)
    if error == nil { return nil }
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
