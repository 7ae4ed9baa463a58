import Estimates
import Random
import Statistics
import Tensors
import Testing

@testable import Metrics

@Suite("Groupings")
struct GroupingTests {
  @Test("codes without a name are named with their row")
  func codes() {
    #expect(
      throws: MetricsError(
        .invalidInput, "Row 1 has code 3 of 'sex', which names only 2 groups.")
    ) { try Grouping(by: "sex", keys: ["f", "m"], codes: [0, 3]).require(rows: 2) }
  }
}

@Suite("Metrics per group")
struct GroupTests {
  private let bootstrap = Bootstrap(resamples: 2000, key: 12)

  private func grouping(_ codes: [Int32], _ count: Int) throws -> Grouping {
    Grouping(by: "group", keys: (0..<count).map { "g\($0)" }, codes: codes)
  }

  @Test("accuracy per group, worst group and gap agree with fairlearn")
  func accuracy() throws {
    // Origin: fairlearn 0.15.0, `MetricFrame(metrics=accuracy_score)` on RankingSample at 0.5.
    let sample = RankingSample()
    let found = try measureGroups(
      "accuracy", on: sample.binary(), by: sample.grouping(), bootstrap: bootstrap)
    let wanted = [0.75, 2.0 / 3, 6.0 / 11]
    for (group, wanted) in zip(found.groups, wanted) {
      #expect(abs(try #require(group.value.value) - wanted) < 1e-12)
      #expect(group.value.interval?.method == "wilson")
    }
    #expect(found.groups.map(\.support) == [20, 18, 22])
    #expect(found.worstGroup == "c")
    #expect(abs(try #require(found.worst.value) - 6.0 / 11) < 1e-12)
    #expect(abs(try #require(found.gap.value) - (0.75 - 6.0 / 11)) < 1e-12)
    #expect(found.gap.interval?.resamples == 2000)
  }

  /// Origin: scikit-learn 1.9.1, `roc_auc_score` of RankingSample and of each group of it.
  @Test("AUROC: gap, worst group and each group less all rows")
  func auroc() throws {
    let sample = RankingSample()
    let found = try measureGroups(
      "auroc", on: sample.binary(), by: sample.grouping(), bootstrap: bootstrap)
    #expect(
      abs(try #require(found.gap.value) - (0.888888888888889 - 0.7692307692307693)) < 1e-9)
    for (group, wanted) in zip(found.groups, [0.82, 0.888888888888889, 0.7692307692307693]) {
      #expect(abs(try #require(group.value.value) - wanted) < 1e-9)
      let difference = try #require(group.difference.value)
      #expect(abs(difference - (wanted - 0.8057142857142857)) < 1e-9)
      let interval = try #require(group.difference.interval)
      #expect(interval.lower < difference && difference < interval.upper)
    }
  }

  @Test("a share of all rows counts those that belong to no group")
  func difference() throws {
    let table = try outcomes([[1, 0], [1, 0], [1, 0], [1, 0]], [0, 1, 0, 0])
    let found = try measureGroups(
      "accuracy", on: table, by: grouping([0, 0, -1, -1], 1), bootstrap: bootstrap)
    #expect(found.groups[0].difference.value == 0.5 - 0.75)
    #expect(found.groups[0].difference.interval?.method == "newcombe")
  }

  @Test("groups that are to be left out are measured and take no part")
  func leftOut() throws {
    let table = try RankingSample().binary()
    var options = GroupOptions()
    options.leftOut = [2]
    let found = try measureGroups(
      "accuracy", on: table, by: RankingSample().grouping(), options: options, bootstrap: bootstrap)
    #expect(found.skippedGroups == ["c"] && found.groups[2].value.value != nil)
    #expect(abs(try #require(found.worst.value) - 2.0 / 3) < 1e-12)
    let fairness = try measureFairness(
      of: table, by: RankingSample().grouping(), options: options, bootstrap: bootstrap)
    #expect(fairness.skippedGroups["equalised_odds_gap"] == ["c"])
  }

  @Test("groups that are alike have a gap of 0 within their band, and one of chance")
  func alike() throws {
    let table = try binarySample(n: 1000, signal: 1, levels: 1e6, key: "alike")
    var random = Philox(key: Philox.key("groups that are alike"))
    let groups = try grouping((0..<1000).map { _ in Int32(random.below(5)) }, 5)
    for key in ["accuracy", "auroc", "nll"] {
      let found = try measureGroups(key, on: table, by: groups, bootstrap: bootstrap)
      let interval = try #require(found.gap.interval)
      let gap = try #require(found.gap.value)
      #expect(interval.lower == 0 && interval.upper > gap, "\(key)")
      #expect(try #require(found.gap.p) > 0.05)
      #expect(try #require(found.gap.expected) > gap / 3)
    }
  }

  @Test("a group far from the others has a gap that excludes 0, whose p is the smallest there is")
  func apart() throws {
    let table = try outcomes(
      (0..<400).map { $0 < 200 || $0 % 4 == 0 ? [1, 0] : [0, 1] }, (0..<400).map { _ in 0 })
    let groups = try grouping((0..<400).map { $0 / 200 }, 2)
    let found = try measureGroups("accuracy", on: table, by: groups, bootstrap: bootstrap)
    let interval = try #require(found.gap.interval)
    #expect(found.gap.value == 0.75 && interval.lower > 0.6 && interval.upper < 0.9)
    #expect(found.gap.p == 1.0 / 2001)
    #expect(found.worst.interval.map { $0.lower < 0.25 && $0.upper > 0.25 } == true)
  }

  @Test("two groups without an error have a gap of 0 that may yet be more")
  func perfect() throws {
    let table = try outcomes((0..<20).map { _ in [1, 0] }, (0..<20).map { _ in 0 })
    let groups = try grouping((0..<20).map { $0 / 10 }, 2)
    let found = try measureGroups("accuracy", on: table, by: groups, bootstrap: bootstrap)
    #expect(found.gap.value == 0 && found.worst.value == 1)
    #expect(try #require(found.worst.interval).lower < 0.9)
    let gap = try #require(found.gap.interval)
    #expect(gap.lower == 0 && gap.upper > 0.1)
  }

  @Test("drawing cell counts and drawing rows give the same rates")
  func routes() throws {
    let cells = CellTable(cellOfRow: (0..<4000).map { $0 % 5 < 2 ? 0 : 1 }, count: 2)
    let drawn = bootstrap.cellCounts(of: cells, over: RowUnits(rowCount: 4000))
    let rows = bootstrap.cellCounts(
      of: cells, over: RowUnits(rowCount: 4000, units: Array(0..<4000)))
    for counts in [drawn, rows] {
      #expect(counts.count == 2000 && counts.allSatisfy { $0[0] + $0[1] == 4000 })
      let values = counts.map { Double($0[0]) }
      #expect(abs(try #require(mean(values)) - 1600) < 3)
      // sqrt(4000 * 0.4 * 0.6); a deviation of 2000 draws is known to 1.6 %.
      #expect(abs(try #require(standardDeviation(values)) / 960.0.squareRoot() - 1) < 0.06)
    }
    #expect(drawn != rows)
  }

  @Test("groups without a value or of too little support are left out and named")
  func skipped() throws {
    let table = try ClassificationOutcomes(
      margins: [1, 2, 3, 4, 5, 6, 7], isPositive: [false, true, false, true, true, false, true],
      threshold: 3)
    let groups = try grouping([0, 0, 0, 0, 1, 2, 2], 4)
    let found = try measureGroups("auroc", on: table, by: groups, bootstrap: bootstrap)
    #expect(found.skippedGroups == ["g1", "g3"])
    #expect(found.groups[1].value.reason == "only one class is present")
    #expect(found.groups[3].value.n == 0)
    #expect(found.gap.value == 0.25)
    let strict = try measureGroups(
      "auroc", on: table, by: groups, options: GroupOptions(minimumSupport: 2),
      bootstrap: bootstrap)
    #expect(strict.skippedGroups == ["g1", "g2", "g3"])
    #expect(strict.gap == .undefined(n: 4, "only one group has a value"))
    #expect(strict.worst.value == 0.75)
  }

  @Test("lower is better: the worst group is the one with the greatest value")
  func lowerIsBetter() throws {
    let table = try noisy(n: 90, classes: 3, signal: 1, key: "lower")
    let groups = try grouping((0..<90).map { Int32($0 % 3) }, 3)
    let found = try measureGroups("nll", on: table, by: groups, bootstrap: bootstrap)
    let values = found.groups.compactMap(\.value.value)
    #expect(found.worst.value == values.max())
    #expect(found.groups[0].value.interval?.method == "bca")
  }

  @Test("rows that share units count as units")
  func units() throws {
    let images = (0..<40).map { Int32($0 % 20) }
    let table = RetrievalOutcomes(
      directions: images.map { _ in .imageToText }, images: images,
      relevant: images.map { _ in 1 }, values: [.hit1: images.map { Double(1 - $0 % 2) }])
    let groups = try grouping(images.map { $0 / 10 }, 2)
    let found = try measureGroups("i2t_r1", on: table, by: groups, bootstrap: bootstrap)
    #expect(found.groups[0].value.n == 10)
    #expect(found.groups[0].value.interval?.method == "wilson-effective")
  }

  @Test("unknown metrics and groupings of other rows are refused")
  func refusals() throws {
    let table = try RankingSample().binary()
    let groups = try grouping([0, 1], 2)
    #expect(throws: MetricsError.self) {
      try measureGroups("auroc", on: table, by: groups, bootstrap: bootstrap)
    }
    let right = try RankingSample().grouping()
    #expect(throws: MetricsError.self) {
      try measureGroups("aurroc", on: table, by: right, bootstrap: bootstrap)
    }
  }
}

@Suite("Fairness")
struct FairnessTests {
  private let bootstrap = Bootstrap(resamples: 1000, key: 5)

  /// Origin: fairlearn 0.15.0, `demographic_parity_difference` and so on of RankingSample at 0.5.
  @Test("gaps and ratios agree with fairlearn")
  func reference() throws {
    let sample = RankingSample()
    let report = try measureFairness(
      of: sample.binary(), by: sample.grouping(), bootstrap: bootstrap)
    for (key, wanted) in [
      ("demographic_parity_gap", 0.30808080808080807),
      ("demographic_parity_ratio", 0.6432748538011697),
      ("equal_opportunity_gap", 0.16666666666666663),
      ("equalised_odds_gap", 0.36923076923076925),
      ("equalised_odds_gap_mean", 0.26794871794871794), ("equalised_odds_ratio", 0.52),
      ("equal_opportunity_ratio", 0.8333333333333334),
      ("equalised_odds_ratio_mean", 0.6766666666666667),
    ] {
      let found = try #require(report.values[key])
      #expect(abs(try #require(found.value) - wanted) < 1e-6, "\(key)")
      let interval = try #require(found.interval)
      #expect(interval.lower < interval.upper)
      #expect((interval.lower...interval.upper).contains(wanted), "\(key)")
      #expect(MetricInfo.named(key) != nil)
      #expect(report.skippedGroups[key] == [])
    }
  }

  /// Origin: the definitions written out in NumPy 2.4.6 on ReferenceSample, group = row mod 3;
  /// one class has positives in too few groups.
  @Test("multiclass gaps are those of each class against the rest")
  func multiclass() throws {
    let table = try ReferenceSample().outcomes()
    let groups = Grouping(by: "row", keys: ["0", "1", "2"], codes: (0..<40).map { Int32($0 % 3) })
    let report = try measureFairness(of: table, by: groups, bootstrap: bootstrap)
    for (key, mean, greatest) in [
      ("demographic_parity_gap", 0.10832025117739405, 0.20879120879120877),
      ("equal_opportunity_gap", 0.7638888888888888, 1),
      ("equalised_odds_gap", 0.7638888888888888, 1),
      ("equalised_odds_gap_mean", 0.4490870240870241, 0.5909090909090909),
    ] {
      let found = [report.values["\(key)_class_mean"], report.values["\(key)_class_max"]]
      #expect(abs(try #require(found[0]?.value) - mean) < 1e-6, "\(key)")
      #expect(abs(try #require(found[1]?.value) - greatest) < 1e-6, "\(key)")
      #expect(MetricInfo.named("\(key)_class_max") != nil)
    }
  }

  @Test("a group without positives is left out of the TPR gap, not counted as 0")
  func skippedGroup() throws {
    let table = try ClassificationOutcomes(
      margins: [1, 0, 1, 0, 1, 1], isPositive: [true, true, false, true, false, false],
      threshold: 0.5)
    let groups = Grouping(by: "g", keys: ["a", "b", "c"], codes: [0, 0, 1, 1, 2, 2])
    let report = try measureFairness(of: table, by: groups, bootstrap: bootstrap)
    #expect(report.values["equal_opportunity_gap"]?.value == 0.5)
    #expect(report.skippedGroups["equal_opportunity_gap"] == ["c"])
    #expect(report.skippedGroups["demographic_parity_gap"] == [])
    let one = Grouping(by: "g", keys: ["a"], codes: [0, 0, 0, 0, -1, -1])
    let alone = try measureFairness(of: table, by: one, bootstrap: bootstrap)
    #expect(
      alone.values["demographic_parity_gap"]
        == .undefined(n: 6, "fewer than two groups have a value"))
  }

  @Test("equal treatment has no gap, and renaming the groups changes nothing")
  func invariance() throws {
    let sample = RankingSample()
    let table = try sample.binary()
    let swapped = Grouping(by: "group", keys: ["c", "b", "a"], codes: sample.groups.map { 2 - $0 })
    let first = try measureFairness(
      of: table, by: sample.grouping(), bootstrap: Bootstrap(resamples: 0, key: 0))
    let second = try measureFairness(
      of: table, by: swapped, bootstrap: Bootstrap(resamples: 0, key: 0))
    #expect(first.values == second.values)
    let twice = table.selecting(rows: Array(0..<60) + Array(0..<60))
    let halves = Grouping(
      by: "half", keys: ["first", "second"], codes: (0..<120).map { Int32($0 / 60) })
    let equal = try measureFairness(of: twice, by: halves, bootstrap: bootstrap)
    #expect(equal.values["equalised_odds_gap"]?.value == 0)
    #expect(equal.values["demographic_parity_ratio"]?.value == 1)
  }

  @Test("without a selected row the parity ratio is undefined")
  func nothingSelected() throws {
    let sample = RankingSample()
    let table = try ClassificationOutcomes(
      margins: sample.scores, isPositive: sample.labels, threshold: 100)
    let report = try measureFairness(of: table, by: sample.grouping(), bootstrap: bootstrap)
    #expect(report.values["demographic_parity_ratio"]?.value == nil)
    #expect(report.values["demographic_parity_gap"]?.value == 0)
  }

  @Test("two-class logits are decided by their margin")
  func logits() throws {
    let table = try outcomes([[0, 2], [0, 0.5], [3, 0]], [1, 0, 0])
    #expect(table.margins == [2, 0.5, -3])
    #expect(table.predicted == [1, 1, 0])
    let strict = table.deciding(at: 0.847)
    #expect(strict.predicted == [1, 0, 0])
    let again = try ClassificationOutcomes(columns: strict.columns)
    #expect(again.predicted == strict.predicted && again.margins == strict.margins)
  }
}

@Suite("Multinomial draws")
struct MultinomialTests {
  @Test(
    "binomial draws have the mean, the variance and the range of their law",
    arguments: [(1, 1, 2), (10, 1, 3), (1000, 1, 1000), (50_000, 3, 7), (50_000, 6, 7)])
  func moments(trials: Int, weight: Int, total: Int) {
    var random = Philox(key: 4)
    let draws = 20_000
    let values = (0..<draws).map { _ in
      random.binomial(trials: trials, weight: weight, of: total)
    }
    let p = Double(weight) / Double(total)
    let variance = Double(trials) * p * (1 - p)
    let mean = Double(values.reduce(0, +)) / Double(draws)
    #expect(abs(mean - Double(trials) * p) < 4 * (variance / Double(draws)).squareRoot())
    let spread = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    #expect(abs(spread / Double(draws) / variance - 1) < 0.06)
    #expect(values.allSatisfy { (0...trials).contains($0) })
  }

  @Test("the probabilities of a small binomial are met")
  func probabilities() {
    var random = Philox(key: 8)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<40_000 { counts[random.binomial(trials: 4, weight: 1, of: 4)] += 1 }
    for (count, wanted) in zip(counts, [0.31640625, 0.421875, 0.2109375, 0.046875, 0.00390625]) {
      let error = (wanted * (1 - wanted) / 40_000).squareRoot()
      #expect(abs(Double(count) / 40_000 - wanted) < 4 * error)
    }
  }

  @Test("cells share all trials, and cells without rows get none")
  func multinomial() {
    var random = Philox(key: 2)
    for _ in 0..<100 {
      let counts = random.multinomial(trials: 70, weights: [0, 10, 0, 59, 1, 0])
      #expect(counts.reduce(0, +) == 70)
      #expect(counts[0] == 0 && counts[2] == 0 && counts[5] == 0)
    }
    #expect(random.multinomial(trials: 0, weights: []) == [])
  }
}
