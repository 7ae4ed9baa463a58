/// Receiver operating characteristic curves on one square.
struct ROCChart {
  struct Curve {
    var series: Series
    /// Rates of false and true positives, rising.
    var points: [(x: Double, y: Double)]
  }

  var description: String
  var curves: [Curve]

  func markup() -> Markup {
    let frame = Frame(left: 38, top: 30, right: 350, bottom: 342)
    let ticks = [0, 0.25, 0.5, 0.75, 1]
    let x = Scale(
      kind: .linear, domain: 0...1, start: frame.left, end: frame.right, ticks: ticks)
    let y = Scale(
      kind: .linear, domain: 0...1, start: frame.bottom, end: frame.top, ticks: ticks)
    var content = Axis(scale: y, title: "True positive rate").left(of: frame)
    content += Axis(scale: x, title: "False positive rate").bottom(of: frame)
    content += SVG.line(x(0), y(0), x(1), y(1), "leader")
    for curve in curves {
      content += SVG.polyline(
        curve.points.map { (x($0.x), y($0.y)) }, "line \(curve.series.colour)",
        dash: curve.series.dash)
    }
    return SVG.image(width: 362, height: 384, description: description, content)
  }
}
