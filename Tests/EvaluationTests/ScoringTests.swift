import Contracts
import Datasets
import Documents
import Estimates
import Foundation
import Metrics
import Tensors
import Testing

@testable import Evaluation
@testable import Suites

private let root = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

private func setting(_ suite: String) throws -> PlannedSetting {
  let path = root.appending(path: "suites/\(suite).json").path
  return try #require(try Suite.read(path).plan(seeds: [1]).settings.first)
}

private func query(
  _ labels: [Int32], name: String = "test", part: Part = .test,
  groupings: [Grouping] = []
) -> CaseQuery {
  CaseQuery(name: name, part: part, inputs: [], labels: labels, groupings: groupings)
}

private func tensor(_ rows: [[Float]]) -> Tensor {
  Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
}

@Suite("Scores of a trial")
struct ScoringTests {
  private func score(
    _ outputs: [[String: Tensor]], _ queries: [CaseQuery], suite: String
  ) throws -> Score {
    try Evaluation.score(
      outputs, of: EvaluationCase(fit: [], queries: queries, rows: [:]), in: setting(suite))
  }

  @Test("the own query gives the metrics and columns, every part a group of its own")
  func parts() throws {
    let logits = tensor([[1, 0], [1, 0], [0, 1], [0, 1]])
    var blur = query([1, 1, 0, 0], name: "blur", part: .shift(ShiftID("blur")))
    blur.reference = "clean"
    let found = try score(
      [["logits": logits], ["logits": logits], ["logits": logits]],
      [
        query([0, 0, 1, 0]),
        query([0, 1, 0, 1], name: "clean", part: .clean(Part.Clean("clean", behind: ["blur"]))),
        blur,
      ],
      suite: "robustness")
    #expect(found.metrics["accuracy"]?.value == 0.75)
    #expect(found.columns["label"]?.shape == [4])
    #expect(found.groups.map(\.by) == ["shift", "shift"])
    #expect(found.groups.map(\.key) == ["clean", "blur"])
    #expect(found.groups.map(\.reference) == [nil, "clean"])
    #expect(found.groups.map { $0.metrics["accuracy"]?.value } == [0.5, 0])
    #expect(found.groups.map(\.n) == [4, 4])
  }

  @Test(
    "which group each row is in is kept beside the groups, shared rows under a number of their own")
  func membership() throws {
    let logits = tensor([[1, 0], [1, 0], [0, 1], [0, 1]])
    var asked = query(
      [0, 0, 1, 0],
      groupings: [Grouping(by: "age", keys: ["young", "old"], codes: [1, 0, -1, 1])])
    asked.contrasts = [
      RowContrast(
        by: "device", sets: [(key: "with", rows: [0, 2, 3]), (key: "without", rows: [1, 2])])
    ]
    let found = try score([["logits": logits]], [asked], suite: "few-shot")
    #expect(try found.groupColumns["age"]?.int32Values() == [1, 0, -1, 1])
    #expect(try found.groupColumns["device"]?.int32Values() == [0, 1, 2, 0])
  }

  @Test("a temperature is fitted on the calibration rows alone and applied to every part")
  func calibration() throws {
    // Half of the calibration rows are wrong at log-odds of 4: the best temperature is infinite.
    let sure = tensor([[4, 0], [4, 0], [0, 4], [0, 4]])
    let outputs = ["logits": sure]
    let found = try score(
      [outputs, outputs, outputs],
      [
        query([0, 0, 1, 1]), query([0, 0, 1, 0], name: "blur", part: .shift(ShiftID("blur"))),
        query([0, 0, 0, 1], name: "in-distribution", part: .calibration),
      ], suite: "robustness")
    let temperature = try #require(
      found.groups.first { $0.by == "calibration" }?.metrics["temperature"]?.value)
    // 3 of 4 right: sigmoid(4 / T) = 3 / 4, so that T = 4 / ln 3.
    #expect(abs(temperature - 4 / 1.0986122886681098) < 1e-6)
    let blur = try #require(found.groups.first { $0.key == "blur" })
    #expect(abs((blur.metrics["nll_scaled"]?.value ?? 0) - 0.5623351446188083) < 1e-6)
    #expect((blur.metrics["nll"]?.value ?? 0) > 1)
    #expect(blur.metrics["accuracy"]?.value == 0.75)
  }

  @Test("base and new classes have a harmonic mean, and an interval of the whole of it")
  func harmonicMean() throws {
    let logits = tensor([[1, 0], [1, 0], [1, 0], [1, 0]])
    let outputs = ["logits": logits]
    let found = try score(
      [outputs, outputs],
      [query([0, 0, 1, 1], name: "new"), query([0, 0, 0, 1], name: "base", part: .base)],
      suite: "base-to-new")
    #expect(found.metrics["accuracy"]?.value == 0.5)
    #expect(found.groups.map(\.key) == ["base", "harmonic mean"])
    #expect(found.groups.map(\.by) == ["classes", "classes"] && found.groups[1].n == 8)
    let mean = try #require(found.groups[1].metrics["accuracy"])
    #expect(abs((mean.value ?? 0) - 2 * 0.5 * 0.75 / 1.25) < 1e-12)
    #expect(mean.interval?.method != "wilson" && mean.interval != nil)
    #expect(found.groups[1].metrics["nll"] == nil)
    let failed = try score(
      [outputs, outputs],
      [query([1, 1, 1, 1], name: "new"), query([0, 0, 0, 1], name: "base", part: .base)],
      suite: "base-to-new")
    #expect(failed.groups[1].metrics["accuracy"]?.value == 0)
  }

  @Test("rows of one unit are drawn together in every number, and their units are kept")
  func units() throws {
    // Twelve patients with five images each, all of a patient's images scored alike.
    let labels = (0..<60).map { Int32($0 / 5 % 2) }
    let logits = tensor(
      labels.indices.map { row in
        let sign: Float = labels[row] == 1 ? 0.5 : -0.5
        return [0, Float((row / 5 * 7) % 11) / 4 - 1.25 + sign]
      })
    func found(_ units: [Int32]?) throws -> Score {
      let halves = Grouping(
        by: "half", keys: ["a", "b"], codes: (0..<60).map { Int32($0 / 30) }, isAttribute: true)
      var test = query(labels, groupings: [halves])
      test.contrasts = [
        RowContrast(by: "cue", sets: [("with", Array(0..<40)), ("without", Array(20..<60))])
      ]
      test.units = units
      return try score(
        [["logits": logits], ["logits": logits]],
        [test, query(labels, name: "val", part: .decision)], suite: "fairness")
    }
    let (rows, clusters) = try (found(nil), found((0..<60).map { $0 / 5 }))
    func width(_ value: MetricValue?) -> Double {
      value?.interval.map { $0.upper - $0.lower } ?? .nan
    }
    #expect(clusters.metrics["auroc"]?.value == rows.metrics["auroc"]?.value)
    #expect(clusters.metrics["auroc"]?.n == 12 && rows.metrics["auroc"]?.n == 60)
    #expect(width(clusters.metrics["auroc"]) > 1.5 * width(rows.metrics["auroc"]))
    #expect(rows.metrics["tpr"]?.interval?.method == "wilson")
    #expect(clusters.metrics["tpr"]?.interval?.method == "wilson-effective")
    func gap(_ score: Score, _ by: String) -> MetricValue? {
      score.groups.first { $0.by == by && $0.role == .gap }?.metrics["auroc"]
    }
    #expect(gap(clusters, "cue")?.value == gap(rows, "cue")?.value)
    #expect(width(gap(clusters, "cue")) > 1.5 * width(gap(rows, "cue")))
    // 15 positive images are enough, three patients are not.
    func roles(_ score: Score) -> [GroupRecord.Role] {
      score.groups.filter { ["a", "b"].contains($0.key) }.map(\.role)
    }
    #expect(roles(rows) == [.rows, .rows] && roles(clusters) == [.small, .small])
    #expect(
      try clusters.columns["unit"]?.int32Values() == (0..<60).map { $0 / 5 })
    // Validation rows without units are units of their own, under numbers that are free.
    #expect(try clusters.partColumns["unit"]?.int32Values() == (12..<72).map { $0 })
    #expect(rows.columns["unit"] == nil && rows.partColumns["unit"] == nil)
  }

  @Test(
    "two classes have calibration curves of all rows, of either side of a cue and of each group")
  func curves() throws {
    let labels: [Int32] = [0, 0, 1, 1, 0, 1]
    let logits = tensor([[0, -2], [0, -2], [0, 2], [0, 2], [0, 2], [0, -2]])
    var test = query(
      labels,
      groupings: [
        Grouping(
          by: "sex", keys: ["f", "m", "other"], codes: [0, 0, 0, 1, 1, 1], isAttribute: true),
        Grouping(by: "class", keys: ["no", "yes"], codes: labels),
      ])
    test.contrasts = [
      RowContrast(by: "cue", sets: [("with", [0, 1, 2, 4]), ("without", [0, 1, 3, 4, 5])])
    ]
    let found = try score([["logits": logits]], [test], suite: "fairness").calibration
    #expect(found.map(\.by) == ["all", "cue", "cue", "sex", "sex"])
    #expect(found.map(\.key) == ["all", "with", "without", "f", "m"])
    #expect(found[0].curve.bins.map(\.n) == [3, 3] && found[0].curve.bins.map(\.place) == [1, 8])
    #expect(found[1].curve.bins.map(\.share) == [0, 0.5])
    #expect(found[2].curve.bins.map(\.n) == [3, 2])
    #expect(try score([["logits": logits]], [query(labels)], suite: "fairness").calibration.isEmpty)
  }

  @Test("a measurement of two sets of rows is the difference of their means")
  func measuredDifference() throws {
    var test = query([0, 0, 1, 1])
    test.measurements = [
      RowMeasurement(
        by: "centroids", key: "b less a, dimension 3", metric: "centroid_difference",
        values: [1, 2, 5, 8], difference: (of: [2, 3], less: [0, 1]))
    ]
    let logits = tensor([[1, 0], [1, 0], [0, 1], [0, 1]])
    let found = try score([["logits": logits]], [test], suite: "fairness").groups
    let value = try #require(found.first?.metrics["centroid_difference"])
    #expect(found.map(\.key) == ["b less a, dimension 3"] && value.value == 5)
    #expect(value.interval?.method == "bca")
  }

  @Test("a group without rows has no value, and says so")
  func emptyGroup() throws {
    let grouping = Grouping(
      by: "frequency", keys: ["many", "medium", "few"], codes: [0, 0, 2, 2])
    let found = try score(
      [["logits": tensor([[1, 0], [0, 1], [0, 1], [0, 1]])]],
      [query([0, 0, 1, 1], groupings: [grouping])], suite: "imbalanced")
    #expect(found.groups.map(\.n) == [2, 0, 2])
    let values = found.groups.map { $0.metrics["mean_per_class_accuracy"] }
    #expect(values.map { $0?.value } == [0.5, nil, 1])
    #expect(values[1]?.reason != nil)
  }

  @Test("rows labelled -1 are OOD, and the accuracy leaves them out")
  func detection() throws {
    let outputs = [
      "ood_score": Tensor([0.1, 0.9, 0.2, 0.8] as [Float], shape: [4]),
      "logits": tensor([[1, 0], [1, 0], [1, 0], [1, 0]]),
      "is_ood": Tensor([0, 1, 1, 1] as [Int32], shape: [4]),
    ]
    let labels: [Int32] = [0, -1, 1, -1]
    let found = try score([outputs], [query(labels, name: "digits")], suite: "ood-detection")
    #expect(found.metrics["auroc"]?.value == 1)
    #expect(found.metrics["fpr95_ood_pos"]?.value == 0)
    #expect(found.metrics["id_accuracy"]?.value == 0.5 && found.metrics["id_accuracy"]?.n == 2)
    #expect(found.metrics["decision_balanced_accuracy"]?.value == 0.75)
    #expect(found.groups.isEmpty && found.columns["is_ood"] != nil)
  }

  @Test("a group of a detector's rows is its in-distribution rows against all OOD rows")
  func detectionGroups() throws {
    // Twelve rows of each group and twelve OOD rows; the old are held for OOD as much as OOD rows.
    let scores = [Float](repeating: 0.1, count: 12) + [Float](repeating: 0.9, count: 24)
    let labels = [Int32](repeating: 0, count: 24) + [Int32](repeating: -1, count: 12)
    let codes = (0..<36).map { Int32($0 / 12) }
    let asked = query(
      labels, name: "digits",
      groupings: [
        Grouping(by: "age", keys: ["young", "old"], codes: codes, isAttribute: true)
      ])
    let found = try score(
      [
        [
          "ood_score": Tensor(scores, shape: [36]),
          "logits": tensor((0..<36).map { $0 < 6 ? [0, 1] : [1, 0] }),
        ]
      ], [asked], suite: "ood-detection")
    let groups = Dictionary(uniqueKeysWithValues: found.groups.map { ($0.key, $0) })
    #expect(groups["young"]?.metrics["auroc"]?.value == 1)
    #expect(groups["old"]?.metrics["auroc"]?.value == 0.5)
    #expect(groups["worst group"]?.metrics["auroc"]?.value == 0.5)
    #expect(groups["young"]?.metrics["id_accuracy"]?.value == 0.5)
    #expect(groups["young"]?.n == 12)
    #expect(try found.groupColumns["age"]?.int32Values() == codes)
  }

  @Test("a detector that gives no logits has no accuracy, and all else")
  func detectionWithoutLogits() throws {
    let outputs = ["ood_score": Tensor([0.5, 0.5] as [Float], shape: [2])]
    let found = try score([outputs], [query([0, -1])], suite: "ood-detection")
    #expect(found.metrics["auroc"]?.value == 0.5)
    let accuracy = try #require(found.metrics["id_accuracy"])
    #expect(accuracy.value == nil && accuracy.reason != nil)
  }

  /// Two classes, 24 rows in groups of 12, 8 and 4.
  private func grouped(
    minimumRows: Int?, metrics: [String]
  ) throws -> [GroupRecord] {
    let labels = (0..<24).map { Int32($0 % 2) }
    let margins = (0..<24).map { Float($0 % 5) - 2 }
    let table = try ClassificationOutcomes(
      margins: margins, isPositive: labels.map { $0 == 1 }, threshold: 0)
    var grouping = Grouping(
      by: "age", keys: ["young", "middle", "old"],
      codes: (0..<24).map { $0 < 12 ? 0 : $0 < 20 ? 1 : 2 }, isAttribute: true)
    if let minimumRows { grouping.minimumRows = minimumRows }
    return try attributeGroups(
      of: Outcomes(table, bootstrap: Bootstrap(resamples: 50, key: 1)), by: grouping,
      metrics: metrics)
  }

  @Test("a suite says how many rows a group must have to be compared; ten without it")
  func minimumGroup() throws {
    func small(_ minimum: Int?) throws -> [String] {
      try grouped(minimumRows: minimum, metrics: ["accuracy"]).filter { $0.role == .small }.map(
        \.key)
    }
    #expect(try small(nil) == ["middle", "old"])
    #expect(try small(6) == ["old"])
    #expect(try small(4) == [])
  }

  @Test("what a metric counts of a group decides whether the group takes part in that metric")
  func ownDenominator() throws {
    // Half of the rows of each group are positive.
    let found = try grouped(minimumRows: 4, metrics: ["accuracy", "auroc", "tpr"])
    func leftOut(_ metric: String) -> [String] {
      found.filter { $0.metrics[metric]?.isLeftOut == true }.map(\.key)
    }
    #expect(leftOut("accuracy") == [])
    #expect(leftOut("auroc") == ["old"] && leftOut("tpr") == ["old"])
    let gap = try #require(found.first { $0.role == .gap })
    #expect(gap.metrics["accuracy"]?.reason == nil)
    #expect(gap.metrics["auroc"]?.reason?.contains("old") == true)
    #expect(gap.metrics["equal_opportunity_gap"]?.reason?.contains("old") == true)
    #expect(gap.metrics["demographic_parity_gap"]?.reason == nil)
  }

  @Test("worst group, gap and disparities name the groups that they leave out")
  func skippedGroups() throws {
    func find(_ role: GroupRecord.Role, _ minimum: Int) throws -> [String: MetricValue] {
      let found = try grouped(minimumRows: minimum, metrics: ["accuracy", "selection_rate"])
      return try #require(found.first { $0.role == role }).metrics
    }
    for value in [
      try find(.worst, 5)["accuracy"], try find(.gap, 5)["accuracy"],
      try find(.gap, 3)["equal_opportunity_gap"], try find(.gap, 3)["equal_opportunity_ratio"],
    ] {
      // Before it may stand what the interval leaves out: the groups are small.
      #expect(value?.value != nil && value?.reason?.hasSuffix("skipped_groups: old") == true)
    }
    let all = try grouped(minimumRows: 2, metrics: ["accuracy"])
    #expect(all.first { $0.role == .gap }?.metrics["accuracy"]?.reason == nil)
  }

  @Test("what is better neither way has a gap between groups and no worst group")
  func neutral() throws {
    let found = try grouped(minimumRows: 2, metrics: ["accuracy", "selection_rate"])
    let worst = try #require(found.first { $0.role == .worst })
    #expect(worst.metrics["selection_rate"] == nil && worst.metrics["accuracy"] != nil)
    #expect(found.first { $0.role == .gap }?.metrics["selection_rate"]?.value != nil)
  }

  @Test("the validation rows settle the threshold at a false positive rate, and test rows do not")
  func falsePositiveRate() throws {
    // Validation margins of negatives 4, 3, 2, 1 and of positives 5, 2.5.
    let margins: [Float] = [4, 3, 2, 1, 5, 2.5]
    let validation = tensor(margins.map { [0, $0] })
    var asked = query([0, 0, 0, 0, 1, 1], name: "val", part: .decision)
    asked.decision = .falsePositiveRate(0.5)
    let test = tensor([[0, 2.6], [0, 2.4], [0, 9]])
    let found = try score(
      [["logits": test], ["logits": validation]], [query([1, 1, 0]), asked], suite: "few-shot")
    // Two of four negatives may be called positive: the lowest margin above 2 is 2.5.
    let threshold = found.groups.first { $0.id == .part(.decision) }?.metrics[
      "decision_threshold"]
    #expect(abs((threshold?.value ?? 0) - 1 / (1 + exp(-2.5))) < 1e-12)
    #expect(try found.columns["predicted"]?.int32Values() == [1, 0, 1])
  }
}
