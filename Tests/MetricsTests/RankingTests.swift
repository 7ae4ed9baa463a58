import Estimates
import Random
import Tensors
import Testing

@testable import Metrics

private let curveKeys = ["auroc", "ap", "aupr_trapz", "adjusted_auprc"]
private let detectionKeys = [
  "auroc", "fpr95_ood_pos", "fpr95_id_pos", "fpr95_nearest", "fpr95_interp", "aupr_in",
  "aupr_out",
]

@Suite("Ranking curves")
struct RankingTests {
  private func binary(_ scores: [Float], _ labels: [Int]) throws -> ClassificationOutcomes {
    try ClassificationOutcomes(margins: scores, isPositive: labels.map { $0 == 1 }, threshold: 0.5)
  }

  private func detection(id: [Float], ood: [Float]) throws -> DetectionOutcomes {
    try DetectionOutcomes(
      scores: Tensor((id + ood).map { -$0 }, shape: [id.count + ood.count]),
      isOOD: id.map { _ in false } + ood.map { _ in true },
      labels: id.map { _ in 0 } + ood.map { _ in -1 })
  }

  /// Origin: scikit-learn 1.9.1, `roc_auc_score`, `average_precision_score`, and
  /// `auc(recall, precision)` of `precision_recall_curve`.
  @Test(
    "six rows with ties across classes",
    arguments: [("auroc", 0.8888889), ("ap", 0.8333333), ("aupr_trapz", 0.9166667)])
  func sixRows(key: String, wanted: Double) throws {
    let table = try binary([0.9, 0.5, 0.5, 0.2, 0.5, 0.1], [1, 1, 0, 0, 1, 0])
    #expect(abs(try #require(value(key, of: table)) - wanted) < 1e-6)
  }

  @Test("the two conventions of FPR95 differ")
  func falsePositiveRates() throws {
    let table = try detection(id: [0.9, 0.8, 0.7, 0.4], ood: [0.55, 0.3, 0.2])
    #expect(value("fpr95_ood_pos", of: table) == 0.25)
    #expect(abs(try #require(value("fpr95_id_pos", of: table)) - 1.0 / 3) < 1e-12)
  }

  /// Origin: scikit-learn 1.9.1 and SciPy 1.17.1, `interp1d(tpr, fpr)(0.95)`, for the last one.
  @Test(
    "fourteen rows with ties within and across classes",
    arguments: [
      ("auroc", 0.85), ("fpr95_id_pos", 0.75), ("fpr95_nearest", 0.75), ("fpr95_interp", 0.6875),
    ])
  func fourteenRows(key: String, wanted: Double) throws {
    let table = try detection(
      id: [0.9, 0.8, 0.7, 0.2, 0.9, 0.8, 0.7, 0.2, 0.85, 0.6], ood: [0.65, 0.25, 0.2, 0.1])
    #expect(abs(try #require(value(key, of: table)) - wanted) < 1e-12)
  }

  @Test("the interpolated rate of exactly 95 % is that of the last point that has it")
  func interpolatedExactly() throws {
    // 19 of 20 ID rows, then two of five OOD rows, the last ID row, the other OOD rows.
    let id = (0..<19).map { 30 - Float($0) } + [5]
    let table = try detection(id: id, ood: [9, 8, 3, 2, 1])
    #expect(value("fpr95_interp", of: table) == 0.4)
    #expect(value("fpr95_nearest", of: table) == 0.4)
    #expect(value("fpr95_id_pos", of: table) == 0)
  }

  @Test("the nearest rate is of the point nearest to 95 %, above or below")
  func nearestPoint() throws {
    // With 9 ID rows 8/9 lies 0.061 and 1 lies 0.05 from 0.95; with 12 it is 11/12 at 0.033.
    let few = try detection(id: (0..<8).map { 30 - Float($0) } + [5], ood: [9, 8, 3, 2])
    #expect(value("fpr95_nearest", of: few) == 0.5)
    let more = try detection(id: (0..<11).map { 30 - Float($0) } + [5], ood: [25.5, 5, 5, 1])
    #expect(value("fpr95_nearest", of: more) == 0.25)
    #expect(value("fpr95_id_pos", of: more) == 0.75)
  }

  @Test("OOD rows below every ID row do not count, and one class alone has no nearest rate")
  func nearestEnds() throws {
    #expect(value("fpr95_nearest", of: try detection(id: [4, 3, 2], ood: [1, 0])) == 0)
    #expect(value("fpr95_nearest", of: try detection(id: [2], ood: [2, 2, 1])) == 2.0 / 3)
    #expect(value("fpr95_nearest", of: try detection(id: [2, 1], ood: [])) == nil)
    #expect(value("fpr95_nearest", of: try detection(id: [], ood: [2, 1])) == nil)
  }

  @Test("exactly 95 % of the positives are enough")
  func exactly() throws {
    // 19 of 20 OOD rows lie above every ID row, the last one below half of them.
    let ood = (0..<19).map { -1 - Float($0) } + [2.5]
    let table = try detection(id: [1, 2, 3, 4], ood: ood)
    #expect(value("fpr95_ood_pos", of: table) == 0)
  }

  /// Origin: scikit-learn 1.9.1 on ``RankingSample``, plain and with row i repeated (7 i mod 4)
  /// times; FPR95 by `roc_curve(drop_intermediate=False)` at the first point with TPR >= 0.95,
  /// interpolated by SciPy 1.17.1, `interp1d(tpr, fpr)(0.95)`; nearest by NumPy 2.4.6 from the rates
  /// at every distinct score, from the highest threshold of full recall down its first `argmin`.
  @Test(
    "values agree with scikit-learn, plain and weighted",
    arguments: [
      ("auroc", 0.8057142857142857, 0.8490909090909091),
      ("ap", 0.7556160093410603, 0.7878192734774161),
      ("aupr_trapz", 0.7753147245301913, 0.8061427392273525),
      ("adjusted_auprc", 0.6799178039883202, 0.7474894039364604),
      ("aupr_out", 0.7753147245301913, 0.8061427392273525),
      ("aupr_in", 0.8686926824276213, 0.9051452564136733),
      ("fpr95_ood_pos", 0.5714285714285714, 0.5454545454545454),
      ("fpr95_id_pos", 0.6, 0.6857142857142857),
      ("fpr95_nearest", 0.6, 0.5714285714285714),
      ("fpr95_interp", 0.585, 0.5809523809523809),
    ])
  func reference(key: String, plain: Double, weighted: Double) throws {
    let sample = RankingSample()
    let metric = try #require(
      try sample.binary().evaluator(for: key) ?? sample.detection().evaluator(for: key))
    let counts = (0..<60).map { UInt8(7 * $0 % 4) }
    #expect(abs(try #require(metric.value(counts: .init(repeating: 1, count: 60))) - plain) < 1e-6)
    #expect(abs(try #require(metric.value(counts: counts)) - weighted) < 1e-6)
  }

  @Test(
    "every lane of resampled weights is the value of the rows repeated", arguments: curveKeys,
    [4.0, 1e6])
  func lanes(key: String, levels: Double) throws {
    let table = try binarySample(n: 900, signal: 1, levels: levels, key: "lanes")
    let weights = Resamples.draw(0, key: 5, n: table.n)
    let found = try #require(table.evaluator(for: key)).values(under: weights)
    for lane in [0, 1, 37, 63] {
      let counts = weights.withLines { lines in (0..<table.n).map { lines[64 * $0 + lane] } }
      let rows = counts.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
      let repeated = try #require(value(key, of: table.selecting(rows: rows)))
      #expect(abs(found[lane] - repeated) < 1e-12)
    }
  }

  @Test("AUROC survives the greatest weights, in u16 sums")
  func greatestWeights() throws {
    let table = try binary((0..<400).map(Float.init), (0..<400).map { $0 % 2 })
    let metric = try #require(table.evaluator(for: "auroc"))
    let once = try #require(value("auroc", of: table))
    let heavy = try #require(metric.value(counts: .init(repeating: 255, count: 400)))
    #expect(abs(once - heavy) < 1e-12)
    #expect(abs(once - 100.5 / 200) < 1e-12)
  }

  @Test("perfect, reversed and constant scores give 1, 0 and 1/2")
  func extremes() throws {
    let labels = [0, 1, 0, 1, 1]
    #expect(value("auroc", of: try binary(labels.map(Float.init), labels)) == 1)
    #expect(value("auroc", of: try binary(labels.map { -Float($0) }, labels)) == 0)
    let constant = try binary([0, -0.0, 0, 0, 0], labels)
    #expect(value("auroc", of: constant) == 0.5)
    #expect(value("ap", of: constant) == 0.6)
    #expect(abs(try #require(value("adjusted_auprc", of: constant))) < 1e-12)
    #expect(value("adjusted_auprc", of: try binary(labels.map(Float.init), labels)) == 1)
  }

  @Test("one class alone leaves curves undefined, with the reason", arguments: [0, 1])
  func oneClass(label: Int) throws {
    let table = try binary([1, 2, 3], [label, label, label])
    let found = measure(curveKeys, on: table, bootstrap: Bootstrap(key: 1))
    #expect(found["auroc"] == .undefined(n: 3, "only one class is present"))
    #expect(found["adjusted_auprc"] == .undefined(n: 3, "only one class is present"))
    #expect((found["ap"]?.value == nil) == (label == 0))
  }

  @Test("no rows are undefined, not a crash", arguments: curveKeys)
  func noRows(key: String) throws {
    let found = measure([key], on: try binary([], []), bootstrap: Bootstrap(key: 1))[key]
    #expect(found?.value == nil)
    #expect(found?.reason != nil)
  }

  @Test("the order of the rows and increasing maps of the scores change nothing")
  func invariance() throws {
    let sample = RankingSample()
    let table = try sample.binary()
    var order = Array(0..<60)
    var random = Philox(key: 3)
    random.shuffle(&order)
    let mapped = try ClassificationOutcomes(
      margins: sample.scores.map { $0 * $0 * $0 * 1e20 - 7 }, isPositive: sample.labels,
      threshold: 0.5)
    for key in curveKeys {
      let plain = try #require(value(key, of: table))
      #expect(abs(try #require(value(key, of: table.selecting(rows: order))) - plain) < 1e-12)
      #expect(value(key, of: mapped) == plain)
    }
  }

  @Test("rows are sorted by score whatever its sign and size, ties with positives first")
  func order() {
    let scores: [Float] = [0, -1, .leastNonzeroMagnitude, 3e38, -0.0, -3e38, 3e38]
    let first = [false, true, false, false, true, false, true]
    let groups = RowGroups(descending: scores, first: first)
    #expect(groups.rows == [6, 3, 2, 4, 0, 1, 5])
    #expect(groups.starts == [0, 2, 3, 5, 6, 7])
  }

  @Test("the ROC curve has the area of AUROC and leaves out points that repeat a step")
  func curve() throws {
    let sample = RankingSample()
    let points = try ROCCurve(scores: sample.scores.map(Double.init), isPositive: sample.labels)
      .points
    let area = zip(points, points.dropFirst()).reduce(0.0) { sum, pair in
      sum + (pair.1.falsePositiveRate - pair.0.falsePositiveRate)
        * (pair.1.truePositiveRate + pair.0.truePositiveRate) / 2
    }
    #expect(abs(area - 0.8057142857142857) < 1e-12)
    // Origin: scikit-learn 1.9.1, `roc_curve`.
    #expect(points.count == 18)
    #expect(points.prefix(5).map(\.threshold) == [.infinity, 1.3125, 1.25, 1.1875, 1])
    #expect(points.last?.falsePositiveRate == 1 && points.last?.truePositiveRate == 1)
    #expect(throws: MetricsError.self) { try ROCCurve(scores: [1], isPositive: [true]) }
  }

  @Test("AUROC's interval is that of normal theory on many rows")
  func interval() throws {
    let table = try binarySample(n: 3000, signal: 1, levels: 1e6, key: "interval")
    let found = measure(["auroc"], on: table, bootstrap: Bootstrap(resamples: 1000, key: 9))
    let area = try #require(found["auroc"]?.value)
    // Hanley and McNeil, Radiology 143 (1982).
    let positives = Double(table.labels.count { $0 == 1 })
    let negatives = 3000 - positives
    let q1 = area / (2 - area) - area * area
    let q2 = 2 * area * area / (1 + area) - area * area
    let variance =
      (area * (1 - area) + (positives - 1) * q1 + (negatives - 1) * q2) / (positives * negatives)
    let interval = try #require(found["auroc"]?.interval)
    #expect(abs((interval.upper - interval.lower) / (3.92 * variance.squareRoot()) - 1) < 0.1)
  }
}

@Suite("Detection outcomes")
struct DetectionTests {
  @Test("ID accuracy ignores OOD rows and rows without labels")
  func accuracy() throws {
    let table = try DetectionOutcomes(
      scores: Tensor([0, 1, 2, 3] as [Float], shape: [4]), isOOD: [false, false, false, true],
      labels: [1, 0, -1, -1],
      logits: Tensor([0, 1, 0, 1, 1, 1, 1, 0] as [Float], shape: [4, 2]))
    #expect(table.predicted == [1, 1, 0, 0])
    let found = measure(["id_accuracy"], on: table, bootstrap: Bootstrap(key: 1))["id_accuracy"]
    #expect(found?.value == 0.5)
    #expect(found?.n == 2)
    #expect(found?.interval?.method == "wilson")
  }

  @Test("without logits there is no ID accuracy, and columns round-trip either way")
  func columns() throws {
    let sample = RankingSample()
    let table = try sample.detection()
    #expect(table.evaluator(for: "id_accuracy") == nil)
    let again = try outcomeTable(task: "detect-ood", columns: table.columns)
    let bootstrap = Bootstrap(resamples: 100, key: 4)
    #expect(
      measure(detectionKeys, on: again, bootstrap: bootstrap)
        == measure(detectionKeys, on: table, bootstrap: bootstrap))
  }

  @Test("the decision is judged by the mean of ID rows kept and OOD rows found")
  func decision() throws {
    // Three of four ID rows are kept, one of two OOD rows is found.
    let table = try DetectionOutcomes(
      scores: Tensor([Float](repeating: 0, count: 6), shape: [6]),
      isOOD: [false, false, false, false, true, true], labels: [0, 0, 0, 0, -1, -1],
      decisions: Tensor([0, 1, 0, 0, 1, 0] as [Int32], shape: [6]))
    #expect(value("decision_balanced_accuracy", of: table) == 0.625)
    let again = try outcomeTable(task: "detect-ood", columns: table.columns)
    #expect(
      again.evaluator(for: "decision_balanced_accuracy")?.value(
        counts: .init(
          repeating: 1, count: 6)) == 0.625)
    // Two OOD rows more that are found: 3/4 and 3/4.
    let counts: [UInt8] = [1, 1, 1, 1, 3, 1]
    let metric = try #require(table.evaluator(for: "decision_balanced_accuracy"))
    #expect(metric.value(counts: counts) == 0.75)
    #expect(metric.value(counts: [1, 1, 1, 1, 0, 0]) == nil)
    #expect(value("decision_balanced_accuracy", of: table.selecting(rows: [1, 5])) == 0)
  }

  @Test("a method that decides nothing has no balanced accuracy, and is told why")
  func withoutDecision() throws {
    let table = try RankingSample().detection()
    let key = "decision_balanced_accuracy"
    let found = measure([key], on: table, bootstrap: Bootstrap(resamples: 100, key: 4))[key]
    #expect(found?.value == nil)
    #expect(found?.reason == "the method makes no decision of its own")
    #expect(table.columns["decision"] == nil)
  }

  @Test("decisions other than 0 and 1 are refused")
  func badDecision() {
    #expect(throws: MetricsError.self) {
      try DetectionOutcomes(
        scores: Tensor([0, 1] as [Float], shape: [2]), isOOD: [true, false], labels: [-1, 0],
        decisions: Tensor([0, 2] as [Int32], shape: [2]))
    }
  }

  @Test("AUROC is the same with ID as the positive class")
  func symmetric() throws {
    let sample = RankingSample()
    let flipped = try DetectionOutcomes(
      scores: Tensor(sample.scores.map { -$0 }, shape: [60]), isOOD: sample.labels.map { !$0 },
      labels: sample.labels.map { _ in -1 })
    let table = try sample.detection()
    #expect(
      abs(try #require(value("auroc", of: flipped)) - (try #require(value("auroc", of: table))))
        < 1e-12)
    #expect(value("aupr_in", of: flipped) == value("aupr_out", of: table))
    #expect(value("fpr95_id_pos", of: flipped) == value("fpr95_ood_pos", of: table))
  }

  @Test("scores that are not finite are counted and refused")
  func notFinite() {
    #expect(
      throws: MetricsError(
        .invalidInput, "The OOD scores hold 2 values that are NaN or infinite.")
    ) {
      try DetectionOutcomes(
        scores: Tensor([.nan, 1, .infinity] as [Float], shape: [3]), isOOD: [true, false, false],
        labels: [-1, 0, 0])
    }
  }

  @Test("the metrics of the table are registered")
  func registry() throws {
    for key in detectionKeys + curveKeys { #expect(MetricInfo.named(key) != nil, "\(key)") }
  }
}
