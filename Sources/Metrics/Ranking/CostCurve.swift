/// The least expected cost of a set of operating points, for every class ratio and misclassification
/// cost.
///
/// The probability cost `PC = P(+) c(FN) / (P(+) c(FN) + P(-) c(FP))` joins ratio and costs in one
/// number of 0...1. A point costs `FNR PC + FPR (1 - PC)`, normalised so that being wrong always
/// costs 1: a straight line. The curve is the lower envelope of the lines, with those of answering
/// always one class; its corners are the pieces between two vertices of the ROC convex hull. Source:
/// Drummond and Holte, "Cost curves: an improved method for visualizing classifier performance",
/// Machine Learning 65, 2006.
package struct CostCurve: Sendable {
  package struct Corner: Equatable, Sendable {
    package let probabilityCost: Double
    /// The normalised expected cost.
    package let cost: Double
  }

  /// From PC = 0 to PC = 1.
  package let corners: [Corner]

  /// Follows the hull's vertices.
  package init(_ hull: ROCConvexHull) { self.init(vertices: hull.vertices.map(\.point)) }

  /// Follows the vertices of a hull from (0, 0) to (1, 1).
  init(vertices points: [OperatingPoint]) {
    var corners = [Corner(probabilityCost: 0, cost: 0)]
    for (left, right) in zip(points, points.dropFirst()) {
      let (run, rise) = (
        right.falsePositiveRate - left.falsePositiveRate,
        right.truePositiveRate - left.truePositiveRate
      )
      let place = run / (run + rise)
      let cost = (1 - left.truePositiveRate) * place + left.falsePositiveRate * (1 - place)
      corners.append(Corner(probabilityCost: place, cost: cost))
    }
    corners.append(Corner(probabilityCost: 1, cost: 0))
    // A hull that touches an axis has a corner there already.
    self.corners = corners.enumerated().filter { index, corner in
      index == 0 || corner != corners[index - 1]
    }.map(\.element)
  }

  /// The cost at a place in 0...1.
  package func cost(at probabilityCost: Double) -> Double {
    precondition((0...1).contains(probabilityCost), "a probability cost lies in 0...1")
    guard
      let end = corners.firstIndex(where: { $0.probabilityCost >= probabilityCost }), end > 0
    else { return corners[0].cost }
    let (left, right) = (corners[end - 1], corners[end])
    let width = right.probabilityCost - left.probabilityCost
    let share = width > 0 ? (probabilityCost - left.probabilityCost) / width : 0
    return left.cost + share * (right.cost - left.cost)
  }

  /// The expected cost when every probability cost is equally likely: 0 if perfect, 1/4 if no point
  /// is better than chance.
  package var area: Double {
    zip(corners, corners.dropFirst()).reduce(0) { area, ends in
      area + (ends.1.probabilityCost - ends.0.probabilityCost) * (ends.0.cost + ends.1.cost) / 2
    }
  }
}

/// The area under the cost curve of a ranking, every threshold being an operating point.
struct CostCurveArea: WeightedMetric {
  private let ranking: BinaryRanking
  init(_ ranking: BinaryRanking) { self.ranking = ranking }

  func values(under weights: WeightBlock) -> [Double] {
    RankingHull.lanes(of: ranking, under: weights).map { hull in
      let end = hull.corners[hull.corners.count - 1]
      guard end.negatives > 0, end.positives > 0 else { return .nan }
      let points = hull.corners.map {
        OperatingPoint(
          falsePositiveRate: Double($0.negatives) / Double(end.negatives),
          truePositiveRate: Double($0.positives) / Double(end.positives))
      }
      return CostCurve(vertices: points).area
    }
  }

  var undefinedReason: String { "only one class is present" }
}
