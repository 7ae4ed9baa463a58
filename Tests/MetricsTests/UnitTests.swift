import Estimates
import Random
import Tensors
import Testing

@testable import Metrics

@Suite("Rows that share a unit")
struct UnitTests {
  private let bootstrap = Bootstrap(resamples: 2000, key: 3)

  /// 40 patients with ten images each, all of them alike: rows say no more than patients do.
  private func clustered(units: Bool) throws -> ClassificationOutcomes {
    var random = Philox(key: 9)
    var (margins, positives) = ([Float](), [Bool]())
    for patient in 0..<40 {
      let margin = Float(random.normal()) + (patient % 2 == 0 ? 0.8 : -0.2)
      for _ in 0..<10 {
        margins.append(margin)
        positives.append(patient % 2 == 0)
      }
    }
    var table = try ClassificationOutcomes(
      margins: margins, isPositive: positives, threshold: 0)
    if units { table.units = (0..<400).map { $0 / 10 } }
    return table
  }

  private func width(_ value: MetricValue?) throws -> Double {
    let interval = try #require(value?.interval)
    return interval.upper - interval.lower
  }

  @Test(
    "ten alike rows a unit widen the interval by the root of ten",
    arguments: ["auroc", "accuracy", "tpr", "nll", "adjusted_auprc", "ece15_width"])
  func wider(key: String) throws {
    let rows = measure([key], on: try clustered(units: false), bootstrap: bootstrap)
    let units = measure([key], on: try clustered(units: true), bootstrap: bootstrap)
    #expect(rows[key]?.value == units[key]?.value)
    let ratio = try width(units[key]) / width(rows[key])
    #expect(ratio > 2 && ratio < 4.5, "\(ratio)")
    // A share of rows that are not independent is one of fewer trials.
    #expect(units[key]?.interval?.method != "wilson")
  }

  @Test("units of one row each give what rows give, but for Wilson's interval")
  func reduction() throws {
    var table = try clustered(units: false)
    let rows = measure(["auroc"], on: table, bootstrap: bootstrap)
    table.units = Array(0..<400)
    #expect(measure(["auroc"], on: table, bootstrap: bootstrap) == rows)
  }

  @Test("n and support count units, each once")
  func counts() throws {
    let table = try clustered(units: true)
    #expect(measure(["auroc"], on: table, bootstrap: bootstrap)["auroc"]?.n == 40)
    #expect(table.unitCount == 40)
    #expect(table.prepared("auroc")?.support == 20 && table.prepared("nll")?.support == 40)
    #expect(table.prepared("tpr")?.support == 20)
    #expect(try clustered(units: false).prepared("tpr")?.support == 200)
    // A patient with rows of both classes supports both.
    var mixed = try ClassificationOutcomes(
      margins: [1, 2, 3], isPositive: [true, false, true], threshold: 0)
    mixed.units = [7, 7, 8]
    #expect(mixed.prepared("auroc")?.support == 1)
    #expect(mixed.unitCount(of: mixed.labels.indices.filter { mixed.labels[$0] == 1 }) == 2)
  }

  @Test("gaps between groups and disparities are resampled by units too")
  func groups() throws {
    func gaps(_ table: ClassificationOutcomes) throws -> [MetricValue] {
      let groups = Grouping(
        by: "half", keys: ["a", "b"], codes: (0..<400).map { $0 < 200 ? 0 : 1 })
      let found = try measureGroups("accuracy", on: table, by: groups, bootstrap: bootstrap)
      let fairness = try measureFairness(of: table, by: groups, bootstrap: bootstrap)
      return [
        found.gap, found.groups[0].value, try #require(fairness.values["equalised_odds_gap"]),
      ]
    }
    for (rows, units) in zip(
      try gaps(clustered(units: false)), try gaps(clustered(units: true)))
    {
      #expect(rows.value == units.value)
      #expect(try width(units) > 1.5 * width(rows))
    }
  }

  @Test("columns hold the units, selections and readers keep them")
  func columns() throws {
    let table = try clustered(units: true)
    #expect(table.givenColumns == ["label", "unit"])
    let read = try ClassificationOutcomes(columns: table.columns)
    #expect(read.units == table.units)
    #expect(table.selecting(rows: [399, 0]).units == [39, 0])
    #expect(try clustered(units: false).columns["unit"] == nil)
  }
}

@Suite("Centroids of groups")
struct CentroidTests {
  @Test("the dimensions are sorted by the absolute difference, the lowest of equal ones first")
  func order() {
    // Centroids (1, 0, 5, 0) and (0, 2, 2, 1).
    let points: [Double] = [0, 0, 5, 0, 2, 0, 5, 0, 0, 2, 2, 1]
    #expect(
      centroidDimensions(of: points, width: 4, between: [0, 1], and: [2], count: 4) == [2, 1, 0, 3])
    #expect(
      centroidDimensions(of: points, width: 4, between: [2], and: [0, 1], count: 2) == [2, 1])
  }

  @Test("a group without rows has no centroid")
  func empty() {
    #expect(centroidDimensions(of: [1, 2], width: 2, between: [0], and: [], count: 3) == [])
  }
}
