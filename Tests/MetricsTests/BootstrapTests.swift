import Estimates
import Random
import Statistics
import Testing

@testable import Metrics

@Suite("Bootstrap intervals")
struct BootstrapTests {
  private func interval(
    _ metric: any WeightedMetric, _ rows: RowUnits, resamples: Int = 2000, key: UInt64 = 1
  ) throws -> Interval {
    let bootstrap = Bootstrap(resamples: resamples, key: key)
    let value = measure(["m": metric], over: rows, bootstrap: bootstrap)["m"]
    return try #require(value?.interval)
  }

  @Test("95 % intervals of a mean cover the true mean in about 95 % of samples")
  func coverage() throws {
    var random = Philox(key: Philox.key("coverage"))
    var covered = 0
    for sample in 0..<200 {
      let values = (0..<80).map { _ in 3 + random.normal() }
      let found = try interval(
        MeanMetric(values), RowUnits(rowCount: 80), resamples: 320, key: UInt64(sample))
      if found.lower <= 3 && 3 <= found.upper { covered += 1 }
    }
    // Three standard errors of a 95 % rate over 200 samples.
    #expect((181...199).contains(covered))
  }

  @Test("the interval of a mean is as wide as normal theory says")
  func width() throws {
    var random = Philox(key: Philox.key("width"))
    let values = (0..<2000).map { _ in random.normal() }
    let found = try interval(MeanMetric(values), RowUnits(rowCount: 2000))
    let sd = try #require(standardDeviation(values))
    let expected = 2 * 1.96 * sd / 2000.0.squareRoot()
    #expect(abs((found.upper - found.lower) / expected - 1) < 0.06)
    #expect(found.method == "bca")
    #expect(found.resamples == 2000)
  }

  @Test("each kind of metric has its interval, which holds its value")
  func methods() throws {
    let table = try noisy(n: 300, classes: 10, signal: 1, key: "methods")
    let found = measure(allClassification, on: table, bootstrap: Bootstrap(key: 2))
    for (key, value) in found {
      let isShare = key == "accuracy" || key == "top5_accuracy"
      let isDistance = key.contains("ece15") || key.contains("mce15")
      let interval = try #require(value.interval)
      #expect(interval.method == (isShare ? "wilson" : isDistance ? "debiased" : "bca"), "\(key)")
      #expect(interval.lower < interval.upper)
      #expect((interval.lower...interval.upper).contains(try #require(value.value)), "\(key)")
      #expect((value.expected != nil) == isDistance)
    }
    let wilson = wilsonInterval(
      successes: 300 * (try #require(found["accuracy"]?.value)), trials: 300)
    #expect(found["accuracy"]?.interval?.lower == wilson.lowerBound)
  }

  @Test("without resamples only Wilson's intervals are left")
  func noResamples() throws {
    let table = try ReferenceSample().outcomes()
    let found = measure(
      ["accuracy", "nll"], on: table, bootstrap: Bootstrap(resamples: 0, key: 2))
    #expect(found["accuracy"]?.interval != nil)
    #expect(found["nll"]?.value != nil)
    #expect(found["nll"]?.interval == nil)
  }

  @Test("a key that the table does not have is undefined and says so")
  func unknownKey() throws {
    let found = measure(
      ["acuracy"], on: try ReferenceSample().outcomes(), bootstrap: Bootstrap(key: 0))
    #expect(
      found == ["acuracy": .undefined(n: 40, "'acuracy' is not a metric of these outcomes")])
  }

  @Test("fewer resamples are a prefix of more, and another key gives others")
  func prefix() throws {
    let metric = MeanMetric((0..<50).map(Double.init))
    let rows = RowUnits(rowCount: 50)
    let many = Bootstrap(resamples: 150, key: 8).distributions(of: [metric], over: rows)[0]
    let few = Bootstrap(resamples: 100, key: 8).distributions(of: [metric], over: rows)[0]
    let other = Bootstrap(resamples: 100, key: 9).distributions(of: [metric], over: rows)[0]
    #expect(many.count == 150)
    #expect(Array(many.prefix(100)) == few)
    #expect(few != other)
  }

  @Test("rows of one unit are drawn together, which widens the interval")
  func clusters() throws {
    // 40 units of 25 equal rows carry no more than 40 rows do.
    var random = Philox(key: Philox.key("clusters"))
    let unitValues = (0..<40).map { _ in random.normal() }
    let rows = (0..<1000).map { $0 % 40 }
    let metric = MeanMetric(rows.map { unitValues[$0] })
    let clustered = try interval(metric, RowUnits(rowCount: 1000, units: rows.map { 7 - $0 }))
    let single = try interval(MeanMetric(unitValues), RowUnits(rowCount: 40))
    #expect(abs(clustered.lower - single.lower) < 1e-12)
    #expect(abs(clustered.upper - single.upper) < 1e-12)
    let naive = try interval(metric, RowUnits(rowCount: 1000))
    #expect(naive.upper - naive.lower < 0.3 * (clustered.upper - clustered.lower))
  }

  @Test(
    "a proportion of rows that share units takes the number of rows that would vary as much")
  func clusteredProportion() throws {
    let share = ShareMetric(rows: 60) { $0 % 3 == 0 }
    let rows = RowUnits(rowCount: 60, units: (0..<60).map { $0 % 20 })
    let found = measure(["accuracy": share], over: rows, bootstrap: Bootstrap(key: 1))["accuracy"]
    #expect(found?.interval?.method == "wilson-effective")
    #expect(found?.n == 20)
    let independent = measure(
      ["accuracy": share], over: RowUnits(rowCount: 60), bootstrap: Bootstrap(key: 1))["accuracy"]
    #expect(independent?.interval?.method == "wilson")
  }

  @Test("a worst group is bootstrapped as a whole, on rows of the whole table")
  func composite() throws {
    let table = try noisy(n: 400, classes: 4, signal: 1, key: "composite")
    let groups = [Array(0..<100), Array(100..<400)]
    let parts = groups.map { rows in
      (
        rows: rows,
        metric: MeanMetric(rows.map { table.labels[$0] == table.predicted[$0] ? 1 : 0 })
          as any WeightedMetric
      )
    }
    let worst = CompositeMetric(parts: parts, reason: "a group is empty") { $0.min() ?? .nan }
    let bootstrap = Bootstrap(resamples: 100, key: 3)
    let found = bootstrap.distributions(of: [worst], over: RowUnits(rowCount: 400))[0]
    let counts = Resamples.draw(1, key: 3, n: 400)
    let lane = counts.withLines { lines in (0..<400).map { Int(lines[64 * $0 + 7]) } }
    let accuracies = groups.map { rows in
      let hits = rows.filter { table.labels[$0] == table.predicted[$0] }
      return Double(hits.reduce(0) { $0 + lane[$1] }) / Double(rows.reduce(0) { $0 + lane[$1] })
    }
    #expect(found[64 + 7] == accuracies.min())
  }

  @Test("resamples without a value are left out, and many of them are flagged")
  func skipped() throws {
    let first = CompositeMetric(
      parts: [(rows: [0], metric: MeanMetric([2]))], reason: "row 0 is absent"
    ) { $0[0] }
    let found = measure(
      ["m": first], over: RowUnits(rowCount: 5), bootstrap: Bootstrap(resamples: 2000, key: 1))
    let value = try #require(found["m"])
    #expect(value.value == 2)
    // Every resample that has the row gives 2.
    #expect(value.interval == nil && value.reason != nil)
    let either = CompositeMetric(
      parts: [(rows: [0, 1], metric: MeanMetric([2, 3]))], reason: "both rows are absent"
    ) { $0[0] }
    let other = try #require(
      measure(["m": either], over: RowUnits(rowCount: 5), bootstrap: Bootstrap(key: 1))["m"])
    // Two rows of 5 are absent from a resample with probability (3/5)^5 = 7.8 %.
    let percent = try #require(other.reason?.split(separator: " ").dropFirst(2).first)
    #expect(abs(try #require(Double(percent)) - 7.8) < 2.5)
  }
}
