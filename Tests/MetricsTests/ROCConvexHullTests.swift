import Testing

@testable import Metrics

private func points(_ pairs: [(Double, Double)]) -> [OperatingPoint] {
  pairs.map { OperatingPoint(falsePositiveRate: $0, truePositiveRate: $1) }
}

@Suite("ROC convex hull and cost curve")
struct ROCConvexHullTests {
  private let line = points([(0.3, 0.7), (0.05, 0.4), (0.5, 0.72), (0.1, 0.55)])

  /// Origin: by hand; scikit-learn 1.9.1, `auc` on the sorted points, gives the same.
  @Test("the area under four points starts at the leftmost or at the origin")
  func areas() {
    #expect(abs(areaUnder(line, fromOrigin: false) - 0.72075) < 1e-12)
    #expect(abs(areaUnder(line, fromOrigin: true) - 0.73075) < 1e-12)
    #expect(areaUnder([], fromOrigin: true).isNaN)
    #expect(areaUnder(points([(0.2, .nan)]), fromOrigin: true).isNaN)
  }

  @Test("the hull leaves out points under a segment and on it, and names the others")
  func vertices() {
    let hull = ROCConvexHull(points([(0.5, 0.5), (0.2, 0.8), (0.1, 0.4), (0.6, 0.95), (0.2, 0.7)]))
    #expect(hull.vertices.map(\.source) == [nil, 1, 3, nil])
    #expect(abs(hull.area - (0.08 + 0.35 + 0.39)) < 1e-12)
  }

  @Test("of equal points the first is named, and a given corner is a vertex of its own")
  func equalPoints() {
    let hull = ROCConvexHull(points([(0.1, 0.9), (0.1, 0.9), (1, 1), (0, 0)]))
    #expect(hull.vertices.map(\.source) == [3, 0, 2])
  }

  @Test("without a point above chance the hull is the diagonal")
  func chance() {
    for given in [[], points([(0.5, 0.5)]), points([(0.7, 0.2), (0.3, 0.3)])] {
      let hull = ROCConvexHull(given)
      #expect(hull.vertices.count == 2 && hull.area == 0.5)
      #expect(CostCurve(hull).area == 0.25)
      #expect(CostCurve(hull).corners.map(\.cost) == [0, 0.5, 0])
    }
  }

  @Test("a perfect point leaves nothing above the hull and costs nothing")
  func perfect() {
    let hull = ROCConvexHull(points([(0, 1), (0.2, 0.3)]))
    #expect(hull.area == 1)
    #expect(CostCurve(hull).area == 0)
    #expect(CostCurve(hull).cost(at: 0.3) == 0)
  }

  @Test("the optimum is the vertex that a line of the slope touches")
  func optimum() {
    let hull = ROCConvexHull(line)
    #expect(hull.optimum(slope: 20).point == points([(0, 0)])[0])
    #expect(hull.optimum(slope: 4).source == 1)
    #expect(hull.optimum(slope: 2).source == 3)
    #expect(hull.optimum(slope: 0).point == points([(1, 1)])[0])
  }

  @Test("the cost curve is the least of the lines of all points, everywhere")
  func envelope() {
    let curve = CostCurve(ROCConvexHull(line))
    let all = line + points([(0, 0), (1, 1)])
    for place in stride(from: 0, through: 1, by: 1.0 / 64) {
      let least = all.map {
        (1 - $0.truePositiveRate) * place + $0.falsePositiveRate * (1 - place)
      }.min()
      #expect(abs(curve.cost(at: place) - (least ?? .nan)) < 1e-12)
    }
  }

  /// Origin: scipy 1.17.1, `ConvexHull(points).volume` of the points of scikit-learn 1.9.1's
  /// `roc_curve` and (1, 0); plain and with row i repeated (7 i mod 4) times.
  @Test("the hull's area agrees with scipy's convex hull")
  func reference() throws {
    let metric = try #require(try RankingSample().binary().evaluator(for: "auroc_hull"))
    let once = try #require(metric.value(counts: .init(repeating: 1, count: 60)))
    #expect(abs(once - 0.8365714285714285) < 1e-12)
    let weighted = try #require(metric.value(counts: (0..<60).map { UInt8(7 * $0 % 4) }))
    #expect(abs(weighted - 0.8732467532467532) < 1e-12)
  }

  /// Origin: NumPy 2.4.6, the mean over 2,000,001 evenly spaced probability costs (trapezoids) of
  /// the least line of the points of scikit-learn 1.9.1's `roc_curve`.
  @Test("the cost curve's area agrees with a fine grid")
  func costReference() throws {
    let metric = try #require(try RankingSample().binary().evaluator(for: "cost_curve_area"))
    let once = try #require(metric.value(counts: .init(repeating: 1, count: 60)))
    #expect(abs(once - 0.15373611895347714) < 1e-9)
  }

  @Test("the metrics of a ranking are those of its curve, and of a single class there are none")
  func ranking() throws {
    let sample = try binarySample(n: 200, signal: 1, levels: 8, key: "hull")
    let curve = try ROCCurve(
      scores: try #require(sample.margins), isPositive: sample.labels.map { $0 == 1 })
    let hull = ROCConvexHull(
      curve.points.map {
        OperatingPoint(
          falsePositiveRate: $0.falsePositiveRate, truePositiveRate: $0.truePositiveRate)
      })
    #expect(abs(try #require(value("auroc_hull", of: sample)) - hull.area) < 1e-12)
    #expect(
      abs(try #require(value("cost_curve_area", of: sample)) - CostCurve(hull).area) < 1e-12)
    #expect(try #require(value("auroc", of: sample)) <= hull.area)
    let single = try ClassificationOutcomes(
      margins: [1, 2], isPositive: [true, true], threshold: 0)
    #expect(value("auroc_hull", of: single) == nil)
    #expect(value("cost_curve_area", of: single) == nil)
  }

  @Test("rising functions of the scores change neither metric")
  func invariance() throws {
    let sample = RankingSample()
    let other = try ClassificationOutcomes(
      margins: sample.scores.map { $0 * $0 * $0 }, isPositive: sample.labels, threshold: 0)
    for key in ["auroc_hull", "cost_curve_area"] {
      #expect(try value(key, of: sample.binary()) == value(key, of: other))
    }
  }
}
