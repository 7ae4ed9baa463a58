import Estimates
import Glibc
import Metrics
import Statistics
import Tensors
import Testing

/// A classifier's outcomes in which the rows are right or not.
func decisions(_ hits: [Bool], units: [Int]? = nil) throws -> ClassificationOutcomes {
  var table = try ClassificationOutcomes(
    logits: Tensor(hits.flatMap { [$0 ? Float(1) : -1, 0] }, shape: [hits.count, 2]),
    labels: [Int32](repeating: 0, count: hits.count))
  table.units = units
  return table
}

private func interval(_ key: String, of table: any OutcomeTable) throws -> Interval {
  try #require(measure([key], of: Outcomes(table))[key]?.interval)
}

@Suite("Intervals of proportions")
struct ProportionTests {
  @Test("a proportion of independent rows takes Wilson's interval")
  func wilson() throws {
    let found = try interval("accuracy", of: decisions((0..<24).map { $0 < 18 }))
    let expected = wilsonInterval(successes: 18, trials: 24)
    #expect(found.lower == expected.lowerBound && found.upper == expected.upperBound)
    #expect(found.method == "wilson")
  }

  @Test("units of rows that are all alike are as many trials as there are units")
  func alikeUnits() throws {
    let rows = (0..<400).map { $0 / 10 % 4 != 0 }
    let found = try interval("accuracy", of: decisions(rows, units: (0..<400).map { $0 / 10 }))
    // p (1 - p) over the variance of 40 units is 39, with Student's for the normal quantile.
    let ratio = 1.959963984540054 / studentQuantile(0.975, degreesOfFreedom: 39)
    let expected = wilsonInterval(rate: 0.75, trials: 39 * ratio * ratio)
    #expect(abs(found.lower - expected.lowerBound) < 1e-9)
    #expect(abs(found.upper - expected.upperBound) < 1e-9)
  }

  @Test("a perfect score is one of the units, not of the rows")
  func perfect() throws {
    let table = try decisions([Bool](repeating: true, count: 60), units: (0..<60).map { $0 / 5 })
    let found = try interval("accuracy", of: table)
    #expect(found.upper == 1)
    #expect(found.lower == wilsonInterval(successes: 12, trials: 12).lowerBound)
  }

  @Test("seeds that share their rows are no more than these, and one seed thrice is that seed")
  func seeds() throws {
    func mean(_ tables: [ClassificationOutcomes]) throws -> MetricValue {
      Estimator().estimate(
        .mean(tables.map { .reading(Reading("accuracy", of: Outcomes($0))) }))
    }
    let one = try decisions((0..<100).map { $0 % 5 != 0 })
    let shifted = try (0..<5).map { seed in try decisions((0..<100).map { ($0 + seed) % 5 != 0 }) }
    let (same, spread) = (try mean([one, one, one]), try mean(shifted))
    let single = try interval("accuracy", of: one)
    for found in [same, spread] {
      let ends = try #require(found.interval)
      #expect(abs(try #require(found.value) - 0.8) < 1e-12)
      // But for the degrees of freedom of 100 rows.
      #expect(abs((ends.upper - ends.lower) / (single.upper - single.lower) - 1) < 0.03)
    }
  }

  @Test("one unit says nothing of the spread")
  func oneUnit() throws {
    let table = try decisions([true, false, true], units: [0, 0, 0])
    let found = measure(["accuracy"], of: Outcomes(table))["accuracy"]
    #expect(found?.value != nil && found?.interval == nil)
  }
}

@Suite("Intervals of AUROC")
struct AreaTests {
  /// Origin: DeLong's and Hanley and McNeil's variances written out in NumPy 2.4.6, weighted 4 to
  /// 3, on labels and scores with ties; the variances are 0.026042 and 0.026836.
  @Test("the interval is that of the logit with both variances")
  func reference() throws {
    let table = try ClassificationOutcomes(
      margins: [0.9, 0.5, 0.5, 0.2, 0.5, 0.1, 0.7, 0.8],
      isPositive: [true, true, false, false, true, false, false, true], threshold: 0)
    let found = try interval("auroc", of: table)
    #expect(abs(found.lower - 0.34902178484676794) < 1e-9)
    #expect(abs(found.upper - 0.9722402543097393) < 1e-9)
  }

  @Test("an area of 1 is that of as many pairs as the rarer class has rows")
  func perfect() throws {
    let table = try ClassificationOutcomes(
      margins: (0..<30).map { Float($0) }, isPositive: (0..<30).map { $0 >= 20 }, threshold: 0)
    let found = try interval("auroc", of: table)
    #expect(found.upper == 1)
    #expect(found.lower == wilsonInterval(successes: 10, trials: 10).lowerBound)
  }

  @Test("turning the scores round turns the interval round")
  func symmetry() throws {
    let scores = (0..<40).map { Float(($0 * 17) % 41) }
    func table(_ sign: Float) throws -> ClassificationOutcomes {
      try ClassificationOutcomes(
        margins: scores.map { sign * $0 }, isPositive: (0..<40).map { $0 % 3 == 0 }, threshold: 0)
    }
    let (there, back) = (
      try interval("auroc", of: table(1)), try interval("auroc", of: table(-1))
    )
    #expect(abs(there.lower - (1 - back.upper)) < 1e-12)
    #expect(abs(there.upper - (1 - back.lower)) < 1e-12)
  }

  @Test("units of one row each change nothing, and of many alike rows count as one each")
  func clusters() throws {
    let scores = (0..<40).map { Float(($0 * 17) % 41) }
    func table(copies: Int, units: Bool) throws -> ClassificationOutcomes {
      var table = try ClassificationOutcomes(
        margins: scores.flatMap { [Float](repeating: $0, count: copies) },
        isPositive: (0..<40 * copies).map { $0 / copies % 3 == 0 }, threshold: 0)
      if units { table.units = (0..<40 * copies).map { $0 / copies } }
      return table
    }
    let plain = try interval("auroc", of: table(copies: 1, units: false))
    for copies in [1, 6] {
      let found = try interval("auroc", of: table(copies: copies, units: true))
      #expect(abs(found.lower - plain.lower) < 1e-3 && abs(found.upper - plain.upper) < 1e-3)
    }
  }
}

@Suite("Intervals of smooth functions")
struct BiasCorrectedTests {
  /// Origin: scipy 1.17.1, `bootstrap(method="BCa", n_resamples=99999)` on the quantiles of an
  /// exponential at (i + 1/2) / n, at the level 2 Phi(t sqrt(n / (n - 1))) - 1 of the widening.
  @Test(
    "the mean of skewed rows has scipy's interval",
    arguments: [
      (12, 0.5241667432929312, 1.7735354838294572), (30, 0.6931411731943636, 1.4378022889969337),
      (200, 0.8722013644965684, 1.1515765353461105),
    ])
  func reference(n: Int, lower: Double, upper: Double) throws {
    let values = (0..<n).map { -log(1 - (Double($0) + 0.5) / Double(n)) }
    let found = measure(
      ["m": MeanMetric(values)], over: RowUnits(rowCount: n),
      bootstrap: Bootstrap(resamples: 20_000, key: 3))["m"]
    let ends = try #require(found?.interval)
    #expect(abs(ends.lower - lower) < 0.03 * (upper - lower))
    #expect(abs(ends.upper - upper) < 0.03 * (upper - lower))
  }

  @Test("with two units the interval is wider than all that was seen, with one there is none")
  func fewUnits() throws {
    func found(_ values: [Double]) -> MetricValue? {
      measure(
        ["m": MeanMetric(values)], over: RowUnits(rowCount: values.count),
        bootstrap: Bootstrap(key: 1))["m"]
    }
    let two = try #require(found([1, 2])?.interval)
    #expect(two.lower < 0 && two.upper > 3)
    #expect(found([1.5])?.interval == nil && found([1.5])?.value == 1.5)
  }

  @Test("a perfect macro F1 is not sure to be one")
  func constant() throws {
    let found = try interval(
      "macro_f1", of: decisions([Bool](repeating: true, count: 30)))
    #expect(found.upper == 1)
    #expect(abs(found.lower - wilsonInterval(successes: 30, trials: 30).lowerBound) < 1e-12)
  }

  @Test("a number against itself has no spread, two that are equal have one")
  func differences() throws {
    let table = try decisions((0..<40).map { $0 % 4 != 0 })
    let (one, other) = (Outcomes(table), Outcomes(table))
    func difference(_ first: Outcomes, _ second: Outcomes) -> Interval? {
      Estimator().estimate(
        .difference(
          .reading(Reading("accuracy", of: first)), .reading(Reading("accuracy", of: second)))
      ).interval
    }
    let itself = try #require(difference(one, one))
    #expect(itself.lower == 0 && itself.upper == 0)
    let equal = try #require(difference(one, other))
    #expect(equal.lower < -0.05 && equal.upper > 0.05)
  }

  @Test("methods on the same rows are drawn alike, on other rows apart")
  func pairing() throws {
    let rows = (0..<200).map { $0 % 3 != 0 }
    let one = try decisions(rows)
    let other = try decisions(rows.enumerated().map { $0.offset < 6 ? true : $0.element })
    func width(_ first: Outcomes, _ second: Outcomes) throws -> Double {
      let ends = try #require(
        Estimator().estimate(
          .difference(
            .reading(Reading("accuracy", of: first)), .reading(Reading("accuracy", of: second)))
        ).interval)
      return ends.upper - ends.lower
    }
    let paired = try width(Outcomes(one), Outcomes(other))
    let apart = try width(
      Outcomes(one), Outcomes(other, bootstrap: Bootstrap(key: 99)))
    #expect(paired < 0.4 * apart)
  }
}

@Suite("Intervals of calibration errors")
struct CalibrationIntervalTests {
  /// Origin: 2,000,000 binomial draws in NumPy 2.4.6 of a bin of (rows, confidence).
  @Test("a calibrated model's error is that of the rows' chance")
  func expected() throws {
    // One row of confidence 0.9: off by 0.1 with probability 0.9, by 0.9 with 0.1.
    let table = try ClassificationOutcomes(
      margins: [Float(log(9.0))], isPositive: [true], threshold: 0)
    let distance = table.evaluator(for: "ece15_width") as? any CalibrationDistance
    #expect(abs(try #require(distance?.expectedOfCalibrated) - 0.18) < 1e-6)
    let many = try ClassificationOutcomes(
      margins: [Float](repeating: Float(log(0.65 / 0.35)), count: 200),
      isPositive: (0..<200).map { $0 % 3 != 0 }, threshold: 0)
    let bin = many.evaluator(for: "ece15_width") as? any CalibrationDistance
    #expect(abs(try #require(bin?.expectedOfCalibrated) - 5.3717045 / 200) < 1e-4)
  }

  @Test("a calibrated model may be calibrated, one that is far off may not")
  func decides() throws {
    func found(_ accuracy: Double) throws -> MetricValue {
      let table = try ClassificationOutcomes(
        margins: [Float](repeating: Float(log(0.8 / 0.2)), count: 500),
        isPositive: (0..<500).map { Double($0) < accuracy * 500 }, threshold: 0)
      return try #require(measure(["ece15_width"], of: Outcomes(table))["ece15_width"])
    }
    #expect(try found(0.79).interval?.lower == 0)
    let off = try found(0.6)
    #expect(abs(try #require(off.value) - 0.2) < 1e-6)
    #expect(try #require(off.interval).lower > 0.1)
    #expect(try #require(off.expected) < 0.02)
  }
}

@Suite("Test sets")
struct TestSetTests {
  @Test("the key is decided by what is given, not by what a method made of it")
  func key() throws {
    let labels: [Int32] = [0, 1, 1, 0]
    func table(_ scores: [Float], _ labels: [Int32]) throws -> ClassificationOutcomes {
      try ClassificationOutcomes(logits: Tensor(scores, shape: [4, 2]), labels: labels)
    }
    let one = try table([1, 0, 1, 0, 1, 0, 1, 0], labels)
    let other = try table([0, 1, 1, 0, 1, 0, 0, 3], labels)
    #expect(testSetKey(of: one) == testSetKey(of: other))
    #expect(
      testSetKey(of: one) != testSetKey(of: try table([1, 0, 1, 0, 1, 0, 1, 0], [0, 1, 1, 1])))
    let stored = try outcomeTable(task: "classify", columns: one.columns)
    #expect(testSetKey(of: stored) == testSetKey(of: one))
  }
}
