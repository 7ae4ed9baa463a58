internal import Glibc
package import Metrics
internal import Statistics

/// An area under the ROC curve, or a mean of such areas on one test set.
///
/// The variance is DeLong's, with clusters that of Obuchowski (Biometrics 53, 1997), and the
/// interval that of the logit. Areas near 1 on few rows of a class would seem too sure, so that the
/// variance is at least the mean of DeLong's and of Hanley and McNeil's model, the model counting
/// as three rows of the rarer class. An area of 0 or 1 takes the interval of a proportion on as
/// many trials as the rarer class has units.
struct Area {
  private let area: Double
  let variance: Double
  /// The units of the rarer class.
  private let units: Int

  /// How many rows of the rarer class the model counts as; found by simulation (`make coverage`).
  private static let modelWeight = 3.0

  /// Nil unless every reading is an area with a value.
  init?(_ parts: [(reading: Reading, weight: Double)]) {
    guard let rows = parts.first?.reading.outcomes.units else { return nil }
    var area = 0.0
    var model = 0.0
    var (positive, negative) = (
      [Double](repeating: 0, count: rows.unitCount), [Double](repeating: 0, count: rows.unitCount)
    )
    var (ofPositive, ofNegative) = (Set<Int>(), Set<Int>())
    var rarest = Int.max
    for (reading, weight) in parts {
      guard let prepared = reading.prepared, let metric = prepared.metric as? any AreaMetric,
        let found = metric.influence()
      else { return nil }
      area += weight * prepared.value
      model += weight * found.modelVariance
      for row in found.positive.indices {
        let unit = rows.unit(of: prepared.place(of: row))
        positive[unit] += weight * found.positive[row]
        negative[unit] += weight * found.negative[row]
      }
      func units(_ rowsOfClass: [Int]) -> Set<Int> {
        Set(rowsOfClass.map { rows.unit(of: prepared.place(of: $0)) })
      }
      let (one, other) = (units(found.classRows.positive), units(found.classRows.negative))
      rarest = min(rarest, one.count, other.count)
      ofPositive.formUnion(one)
      ofNegative.formUnion(other)
    }
    func factor(_ count: Int) -> Double {
      count > 1 ? Double(count) / Double(count - 1) : 1
    }
    var sums = (positive: 0.0, negative: 0.0, shared: 0.0)
    for unit in positive.indices {
      sums.positive += positive[unit] * positive[unit]
      sums.negative += negative[unit] * negative[unit]
      sums.shared += positive[unit] * negative[unit]
    }
    let sampled =
      factor(ofPositive.count) * sums.positive + factor(ofNegative.count) * sums.negative
      + 2 * factor(ofPositive.union(ofNegative).count) * sums.shared
    let weight = Area.modelWeight / (Double(rarest) + Area.modelWeight)
    self.area = area
    variance = max(sampled, (1 - weight) * sampled + weight * model)
    units = rarest
  }

  /// Nil where one unit of a class says nothing of its spread.
  func interval(level: Double) -> Interval? {
    guard units > 1 else { return nil }
    guard area > 0, area < 1, variance > 0 else {
      let bounds = wilsonInterval(rate: area, trials: Double(units), level: level)
      return Interval(bounds, level: level, method: "wilson-pairs")
    }
    let centre = log(area / (1 - area))
    let reach =
      normalQuantile(0.5 + level / 2) * variance.squareRoot() / (area * (1 - area))
    func share(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    return Interval(
      lower: share(centre - reach), upper: share(centre + reach), level: level,
      method: "delong-logit")
  }
}
