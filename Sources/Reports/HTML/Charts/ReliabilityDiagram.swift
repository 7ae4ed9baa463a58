import Metrics

/// How often a method is right against how sure it is, in bins of confidence, with the rows of each
/// bin below.
struct ReliabilityDiagram {
  let bins: ReliabilityBins
  let series: Series
  let description: String

  func markup() -> Markup {
    let frame = Frame(left: 38, top: 30, right: 262, bottom: 254)
    let x = Scale(
      kind: .linear, domain: 0...1, start: frame.left, end: frame.right, ticks: [0, 0.5, 1])
    let y = Scale(
      kind: .linear, domain: 0...1, start: frame.bottom, end: frame.top, ticks: [0, 0.5, 1])
    var content = Axis(scale: y, title: "Share right").left(of: frame)
    content += SVG.line(x(0), y(0), x(1), y(1), "leader")
    for bin in bins.bins where bin.count > 0 {
      let place = x(bin.confidence)
      content += SVG.line(
        place, y(bin.confidence), place, y(bin.accuracy), "gap")
      content += SVG.line(
        place, y(bin.lower), place, y(bin.upper), "bar \(series.colour)")
      content += series.mark(
        place, y(bin.accuracy),
        title: """
          confidence \(Number.fixed(bin.confidence, 3)), right \(Number.fixed(bin.accuracy, 3)), \
          \(Number.of(bin.count, "row"))
          """)
    }
    content += counts(x, frame)
    return SVG.image(width: 272, height: 370, description: description, content)
  }

  /// The rows of each bin as bars.
  private func counts(_ x: Scale, _ frame: Frame) -> Markup {
    let strip = Frame(left: frame.left, top: 284, right: frame.right, bottom: 328)
    let most = bins.bins.map(\.count).max() ?? 0
    var result = SVG.text("Rows per bin; the tallest has \(Number.count(most))", 0, 276, "title")
    let width = strip.width / Double(bins.bins.count)
    for (index, bin) in bins.bins.enumerated() where bin.count > 0 {
      let height = max(strip.height * Double(bin.count) / Double(max(most, 1)), 1)
      result += SVG.rectangle(
        x: strip.left + Double(index) * width + 1, y: strip.bottom - height, width: width - 2,
        height: height, "count")
    }
    result += Axis(scale: x, title: "Confidence").bottom(of: strip)
    return result
  }
}
