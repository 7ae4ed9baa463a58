/// The receiver operating characteristic of scores that are high for positives.
struct ROCCurve {
  /// Rates of false and true positives from (0, 0) to (1, 1); equal scores are one step.
  let points: [(x: Double, y: Double)]
  /// The area under the curve: the share of pairs in the right order, ties counted half.
  let area: Double

  /// Nil unless both kinds of rows are there and every score is a number.
  init?(scores: [Double], positives: [Bool]) {
    let positiveCount = positives.count { $0 }
    let negativeCount = positives.count - positiveCount
    guard scores.count == positives.count, positiveCount > 0, negativeCount > 0,
      !scores.contains(where: \.isNaN)
    else { return nil }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var points = [(x: 0.0, y: 0.0)]
    var area = 0.0
    var (hits, alarms) = (0, 0)
    for (place, row) in order.enumerated() {
      if positives[row] { hits += 1 } else { alarms += 1 }
      let isTied = place + 1 < order.count && scores[order[place + 1]] == scores[row]
      if isTied { continue }
      let point = (
        x: Double(alarms) / Double(negativeCount), y: Double(hits) / Double(positiveCount)
      )
      let last = points[points.count - 1]
      area += (point.x - last.x) * (point.y + last.y) / 2
      points.append(point)
    }
    self.points = points
    self.area = area
  }

  /// The true positive rate at a false positive rate, by straight lines between the points.
  func rate(at x: Double) -> Double {
    var low = 0
    var high = points.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].x <= x { low = middle } else { high = middle }
    }
    let (a, b) = (points[low], points[high])
    guard b.x > a.x else { return max(a.y, b.y) }
    return a.y + (b.y - a.y) * min(max((x - a.x) / (b.x - a.x), 0), 1)
  }

  /// The mean of curves at 101 equally spaced false positive rates (vertical averaging; Fawcett,
  /// "An introduction to ROC analysis", 2006, section 9.1).
  static func mean(of curves: [ROCCurve]) -> [(x: Double, y: Double)] {
    guard !curves.isEmpty else { return [] }
    return [(0, 0)]
      + (0...100).map { step in
        let x = Double(step) / 100
        return (x, curves.reduce(0) { $0 + $1.rate(at: x) } / Double(curves.count))
      }
  }
}
