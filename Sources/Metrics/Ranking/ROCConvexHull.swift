/// A classifier with one decision rule, as a point of ROC space.
package struct OperatingPoint: Equatable, Sendable {
  package var falsePositiveRate: Double
  package var truePositiveRate: Double

  package init(falsePositiveRate: Double, truePositiveRate: Double) {
    self.falsePositiveRate = falsePositiveRate
    self.truePositiveRate = truePositiveRate
  }
}

/// The area under straight lines between operating points, in order of their false positive rate.
///
/// The point (1, 1) ends the line. It starts at the leftmost point, as in Chawla et al., JAIR 2002,
/// or with `fromOrigin` at (0, 0); without the origin, areas compare within one dataset only. NaN
/// without points.
package func areaUnder(_ points: [OperatingPoint], fromOrigin: Bool) -> Double {
  guard !points.isEmpty, points.allSatisfy(\.isDefined) else { return .nan }
  let ends = [OperatingPoint(falsePositiveRate: 1, truePositiveRate: 1)]
  let start = fromOrigin ? [OperatingPoint(falsePositiveRate: 0, truePositiveRate: 0)] : []
  let sorted = (start + points + ends).sorted {
    ($0.falsePositiveRate, $0.truePositiveRate) < ($1.falsePositiveRate, $1.truePositiveRate)
  }
  return zip(sorted, sorted.dropFirst()).reduce(0) { area, ends in
    area + (ends.1.falsePositiveRate - ends.0.falsePositiveRate)
      * (ends.0.truePositiveRate + ends.1.truePositiveRate) / 2
  }
}

/// The upper convex hull of operating points, from (0, 0) to (1, 1).
///
/// A classifier is the best one for some class ratio and some costs exactly when its point lies on
/// the hull. Source: Provost and Fawcett, "Robust classification for imprecise environments",
/// Machine Learning 42, 2001; the hull by Andrew's monotone chain.
///
/// ```swift
/// let hull = ROCConvexHull(points)
/// let best = hull.optimum(slope: costOfFalsePositive * negatives / (costOfMiss * positives))
/// ```
package struct ROCConvexHull: Sendable {
  /// A corner of the hull.
  package struct Vertex: Equatable, Sendable {
    package let point: OperatingPoint
    /// The given point that lies there, of equal ones the first; nil at a corner that nobody gave.
    package let source: Int?
  }

  /// From (0, 0) to (1, 1), each corner once; points on a straight piece are no corners.
  package let vertices: [Vertex]

  /// Spans the hull of points whose rates are numbers.
  package init(_ points: [OperatingPoint]) {
    precondition(points.allSatisfy(\.isDefined), "a rate without rows has no place in ROC space")
    let ends = [(0.0, 0.0), (1, 1)].map {
      Vertex(point: OperatingPoint(falsePositiveRate: $0, truePositiveRate: $1), source: nil)
    }
    let given = points.enumerated().map { Vertex(point: $1, source: $0) }
    let order = (given + ends).enumerated().sorted { first, second in
      let (left, right) = (first.element.point, second.element.point)
      return (left.falsePositiveRate, left.truePositiveRate, first.offset)
        < (right.falsePositiveRate, right.truePositiveRate, second.offset)
    }
    var hull: [Vertex] = []
    for vertex in order.map(\.element) where vertex.point != hull.last?.point {
      while hull.count > 1,
        !turnsRight(hull[hull.count - 2].point, hull[hull.count - 1].point, vertex.point)
      {
        hull.removeLast()
      }
      hull.append(vertex)
    }
    vertices = hull
  }

  /// The area under the hull.
  package var area: Double {
    zip(vertices, vertices.dropFirst()).reduce(0) { area, ends in
      let (left, right) = (ends.0.point, ends.1.point)
      return area + (right.falsePositiveRate - left.falsePositiveRate)
        * (left.truePositiveRate + right.truePositiveRate) / 2
    }
  }

  /// The corner with the greatest `TPR - slope * FPR`, of equal ones that with the lowest FPR.
  ///
  /// The slope is `c(FP) P(negative) / (c(FN) P(positive))`.
  package func optimum(slope: Double) -> Vertex {
    func gain(_ vertex: Vertex) -> Double {
      vertex.point.truePositiveRate - slope * vertex.point.falsePositiveRate
    }
    return vertices.dropFirst().reduce(vertices[0]) { gain($1) > gain($0) ? $1 : $0 }
  }
}

extension OperatingPoint {
  fileprivate var isDefined: Bool { falsePositiveRate.isFinite && truePositiveRate.isFinite }
}

private func turnsRight(_ a: OperatingPoint, _ b: OperatingPoint, _ c: OperatingPoint) -> Bool {
  (b.truePositiveRate - a.truePositiveRate) * (c.falsePositiveRate - b.falsePositiveRate)
    > (c.truePositiveRate - b.truePositiveRate) * (b.falsePositiveRate - a.falsePositiveRate)
}

// MARK: Of a ranking

/// The convex hull of the operating points of one ranking, in counts of rows.
struct RankingHull: CurveLane {
  private(set) var corners: [(negatives: Int, positives: Int)] = [(0, 0)]

  /// The hull in each lane.
  static func lanes(of ranking: BinaryRanking, under weights: WeightBlock) -> [RankingHull] {
    var lanes = [RankingHull](repeating: RankingHull(), count: WeightBlock.lanes)
    ranking.walk(&lanes, under: weights)
    return lanes
  }

  mutating func pass(positives: Int, negatives: Int) {
    // The last point passed is always a corner.
    let last = corners[corners.count - 1]
    let next = (negatives: last.negatives + negatives, positives: last.positives + positives)
    while corners.count > 1 {
      let (a, b) = (corners[corners.count - 2], corners[corners.count - 1])
      let before = (b.positives - a.positives) * (next.negatives - b.negatives)
      let after = (next.positives - b.positives) * (b.negatives - a.negatives)
      if before > after { break }
      corners.removeLast()
    }
    corners.append(next)
  }
}

/// The area under the convex hull of the ROC curve: AUROC after isotonic regression of the scores.
struct HullAUROC: WeightedMetric {
  private let ranking: BinaryRanking
  init(_ ranking: BinaryRanking) { self.ranking = ranking }

  func values(under weights: WeightBlock) -> [Double] {
    RankingHull.lanes(of: ranking, under: weights).map { hull in
      let end = hull.corners[hull.corners.count - 1]
      guard end.negatives > 0, end.positives > 0 else { return .nan }
      let doubled = zip(hull.corners, hull.corners.dropFirst()).reduce(0) { area, ends in
        area + (ends.1.negatives - ends.0.negatives) * (ends.0.positives + ends.1.positives)
      }
      return Double(doubled) / 2 / (Double(end.negatives) * Double(end.positives))
    }
  }

  var undefinedReason: String { "only one class is present" }
}
