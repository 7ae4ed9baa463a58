package import Documents
internal import Metrics

extension Quantity {
  /// Methods as points of ROC space, each at its false and its true positive rate.
  ///
  /// A family of configs, such as resampling at many percentages, gives a curve; each rate is a
  /// mean over trials, such as folds, before the curve is drawn.
  package struct OperatingPoints: Equatable, Sendable {
    package let functional: Functional
    package let methods: [String]
    /// Further points that span the hull; of equal points these count.
    package let others: [String]
    package let dataset: String?
    package let setting: [String: JSON]

    package enum Functional: String, CaseIterable, Sendable {
      /// The area under straight lines from the leftmost point to (1, 1).
      case area
      /// The area under the convex hull with (0, 0) and (1, 1).
      case hullArea = "hull_area"
      /// The share of the hull's vertices between (0, 0) and (1, 1) that are the methods', not the
      /// others'.
      case hullShare = "hull_share"
    }

    /// The rates of the methods, then those of the others: false, true, false, true ...
    package var measurements: [Measurement] {
      (methods + others).flatMap { method in
        ["fpr", "tpr"].map { rate in
          Measurement(.metric(rate), method: method, dataset: dataset, setting: setting)
        }
      }
    }

    var rateCount: Int { 2 * (methods.count + others.count) }

    /// The number, from the rates in order; NaN where one is undefined.
    func value(of rates: [Double]) -> Double {
      guard rates.count == rateCount, !rates.contains(where: \.isNaN) else { return .nan }
      let points = stride(from: 0, to: rates.count, by: 2).map {
        OperatingPoint(falsePositiveRate: rates[$0], truePositiveRate: rates[$0 + 1])
      }
      switch functional {
      case .area: return areaUnder(points, fromOrigin: false)
      case .hullArea: return ROCConvexHull(points).area
      case .hullShare:
        // Of equal points the hull names the first, and a tie is no merit of the methods.
        let own = methods.count
        let hull = ROCConvexHull(Array(points[own...] + points[..<own]))
        let inner = hull.vertices.filter { !$0.point.isCorner }.compactMap(\.source)
        return inner.isEmpty
          ? .nan : Double(inner.count { $0 >= others.count }) / Double(inner.count)
      }
    }
  }
}

extension OperatingPoint {
  fileprivate var isCorner: Bool {
    falsePositiveRate == truePositiveRate && [0, 1].contains(falsePositiveRate)
  }
}
