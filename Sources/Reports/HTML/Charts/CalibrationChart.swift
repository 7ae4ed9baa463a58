import Metrics

/// Calibration curves on one square: the share of positive rows against their probability.
struct CalibrationChart {
  struct Line {
    var name: String
    var series: Series
    var curve: CalibrationCurve
  }

  var description: String
  var lines: [Line]

  func markup() -> Markup {
    let frame = Frame(left: 38, top: 30, right: 262, bottom: 254)
    let x = Scale(
      kind: .linear, domain: 0...1, start: frame.left, end: frame.right, ticks: [0, 0.5, 1])
    let y = Scale(
      kind: .linear, domain: 0...1, start: frame.bottom, end: frame.top, ticks: [0, 0.5, 1])
    var content = Axis(scale: y, title: "Share positive").left(of: frame)
    content += Axis(scale: x, title: "Probability").bottom(of: frame)
    content += SVG.line(x(0), y(0), x(1), y(1), "leader")
    for line in lines {
      content += SVG.polyline(
        line.curve.bins.map { (x($0.probability), y($0.share)) },
        "line \(line.series.colour)", dash: line.series.dash)
      for bin in line.curve.bins {
        content += line.series.mark(
          x(bin.probability), y(bin.share),
          title: """
            \(line.name): probability \(Number.fixed(bin.probability, 3)), positive \
            \(Number.fixed(bin.share, 3)), \(Number.of(bin.n, "row"))
            """)
      }
    }
    return SVG.image(width: 272, height: 296, description: description, content)
  }
}
