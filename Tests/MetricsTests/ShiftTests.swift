import Estimates
import Glibc
import Random
import Tensors
import Testing

@testable import Metrics

@Suite("Corruption errors")
struct CorruptionErrorTests {
  private let model = [[0.2, 0.4], [0.3, 0.5]]
  private let baseline = [[0.4, 0.8], [0.5, 0.5]]

  @Test("mCE and relative mCE follow their definitions")
  func closedForm() throws {
    let errors = try CorruptionErrors(
      model: model, cleanModel: 0.1, baseline: baseline, cleanBaseline: 0.4)
    #expect(abs(try #require(errors.mean.value) - 65) < 1e-9)
    // (0.1 + 0.3) / (0 + 0.4) and (0.2 + 0.4) / (0.1 + 0.1)
    #expect(abs(try #require(errors.relativeMean.value) - 200) < 1e-9)
    #expect(errors.mean.n == 2)
  }

  @Test("each severity has its own clean error, where the rows behind it differ")
  func cleanErrorsOfSeverities() throws {
    let errors = try CorruptionErrors(
      model: model, cleanModel: [[0.1, 0.2], [0.1, 0.3]], baseline: baseline,
      cleanBaseline: [[0.3, 0.4], [0.4, 0.4]])
    // (0.1 + 0.2) / (0.1 + 0.4) and (0.2 + 0.2) / (0.1 + 0.1)
    #expect(abs(try #require(errors.relativeMean.value) - 130) < 1e-9)
    #expect(abs(try #require(errors.mean.value) - 65) < 1e-9)
    #expect(throws: MetricsError.self) {
      try CorruptionErrors(
        model: model, cleanModel: [[0.1], [0.1]], baseline: baseline, cleanBaseline: [[0.3], [0.4]])
    }
  }

  @Test("the baseline against itself is 100 %")
  func itself() throws {
    let errors = try CorruptionErrors(
      model: baseline, cleanModel: 0.3, baseline: baseline, cleanBaseline: 0.3)
    #expect(errors.mean.value == 100)
    #expect(errors.relativeMean.value == 100)
  }

  @Test("a baseline that gets no worse, or makes no error, leaves the mean undefined")
  func undefined() throws {
    let errors = try CorruptionErrors(
      model: model, cleanModel: 0.1, baseline: [[0.4, 0.8], [0.0, 0.0]], cleanBaseline: 0.4)
    #expect(errors.corruptionErrors[1] == nil)
    #expect(errors.relativeCorruptionErrors[1] == nil)
    #expect(errors.mean == .undefined(n: 2, "the baseline makes no error under 1 corruptions"))
    #expect(
      errors.relativeMean == .undefined(n: 2, "the baseline gets no worse under 1 corruptions"))
    #expect(throws: MetricsError.self) {
      try CorruptionErrors(model: model, cleanModel: 0, baseline: [[0.1]], cleanBaseline: 0)
    }
  }

  @Test("mean corruption accuracy averages over corruptions and severities")
  func accuracy() {
    #expect(abs((meanCorruptionAccuracy(model).value ?? 0) - 0.35) < 1e-12)
    #expect(meanCorruptionAccuracy([]).value == nil)
  }
}

@Suite("Effective robustness")
struct EffectiveRobustnessTests {
  private let reference = [0.55, 0.63, 0.70, 0.76, 0.81]
  private let shifted = [0.40, 0.51, 0.55, 0.66, 0.70]

  /// Origin: SciPy 1.17.1, `linregress` of the logits.
  @Test("the line agrees with SciPy's least squares")
  func line() throws {
    let line = try EffectiveRobustness(
      reference: reference, shifted: shifted, rows: 10_000, shiftedRows: 10_000)
    #expect(abs(line.slope - 1.0040041849714365) < 1e-6)
    #expect(abs(line.intercept + 0.5707642121417371) < 1e-6)
    #expect(abs(try #require(line.rSquared) - 0.9792911219208861) < 1e-6)
    #expect(abs(line(reference: 0.72, shifted: 0.64) - 0.04673502799987195) < 1e-6)
  }

  @Test("models on a line have no effective robustness, whatever their order")
  func onLine() throws {
    let points = [-1.0, 0, 0.5, 2].map { x in (1 / (1 + exp(-x)), 1 / (1 + exp(-(0.8 * x - 0.3)))) }
    let line = try EffectiveRobustness(
      reference: points.map(\.0).reversed(), shifted: points.map(\.1).reversed(),
      rows: 1_000_000, shiftedRows: 1_000_000)
    #expect(abs(line.slope - 0.8) < 1e-12)
    for point in points { #expect(abs(line(reference: point.0, shifted: point.1)) < 1e-12) }
  }

  @Test("accuracies of 0 and 1 are clipped to half a row")
  func clipping() throws {
    let line = try EffectiveRobustness(
      reference: [0, 0.5, 1], shifted: [0, 0.5, 1], rows: 50, shiftedRows: 50)
    #expect(abs(line.slope - 1) < 1e-12)
    #expect(abs(line.predicted(reference: 1) - 0.99) < 1e-12)
  }

  @Test("fewer than three models, or equal ones, have no line")
  func refusals() {
    #expect(throws: MetricsError.self) {
      try EffectiveRobustness(
        reference: [0.5, 0.6], shifted: [0.4, 0.5], rows: 10, shiftedRows: 10)
    }
    #expect(throws: MetricsError.self) {
      try EffectiveRobustness(
        reference: [0.5, 0.5, 0.5], shifted: [0.4, 0.5, 0.3], rows: 10, shiftedRows: 10)
    }
  }

  @Test(
    "equal models have no line, though the mean of their logits is rounded",
    arguments: [0.6029, 0.75, (0.1 + 0.2) * 2])
  func equalModels(_ accuracy: Double) throws {
    let message = "All reference models have the same accuracy, so no line can be fitted."
    #expect(throws: MetricsError(.undefined, message)) {
      try EffectiveRobustness(
        reference: [accuracy, accuracy, accuracy.nextUp], shifted: [0.4, 0.5, 0.3],
        rows: 10_000, shiftedRows: 10_000)
    }
    let flat = try EffectiveRobustness(
      reference: [0.4, 0.5, 0.7], shifted: [accuracy, accuracy, accuracy], rows: 10_000,
      shiftedRows: 10_000)
    #expect(flat.rSquared == nil)
  }
}

@Suite("Correlations")
struct CorrelationTests {
  /// Origin: SciPy 1.17.1, `kendalltau`, `spearmanr`, `pearsonr`.
  @Test(
    "tau-b, Spearman and Pearson agree with SciPy",
    arguments: [
      ([1.0, 2, 2, 3], [1.0, 3, 2, 3], 0.8, 0.8333333333333335, 0.8528028654224417),
      (
        [3.1, 1, 4, 1, 5, 9, 2, 6, 5, 3], [2.0, 7, 1, 8, 2, 8, 1, 8, 2, 8], 0.10310785244529341,
        0.10552236409952809, 0.10140177416386228
      ),
    ])
  func reference(x: [Double], y: [Double], tau: Double, rho: Double, r: Double) throws {
    #expect(abs(try #require(kendallTauB(x, y).value) - tau) < 1e-12)
    #expect(abs(try #require(spearman(x, y).value) - rho) < 1e-12)
    #expect(abs(try #require(pearson(x, y).value) - r) < 1e-12)
    #expect(kendallTauB(y, x).value == kendallTauB(x, y).value)
  }

  @Test("increasing maps keep the rank correlations, and reversal turns the sign")
  func invariance() throws {
    let x = [3.0, 1, 4, 1.5, 5, 9]
    let y = [2.0, 7, 1, 8, 2.5, 8.5]
    let mapped = x.map { $0 * $0 * $0 }
    #expect(spearman(mapped, y).value == spearman(x, y).value)
    #expect(kendallTauB(mapped, y).value == kendallTauB(x, y).value)
    let tau = try #require(kendallTauB(x, y).value)
    #expect(abs(try #require(kendallTauB(x.map { -$0 }, y).value) + tau) < 1e-12)
    #expect(kendallTauB(x, mapped).value == 1)
  }

  @Test("constant sides, single pairs and unequal counts have no correlation")
  func undefined() {
    for correlation in [pearson, spearman, kendallTauB] {
      #expect(correlation([1, 1, 1], [1, 2, 3]) == .undefined(n: 3, "one side is constant"))
      #expect(correlation([1], [2]) == .undefined(n: 1, "there are fewer than two pairs"))
      #expect(correlation([1, 2], [2]).value == nil)
      #expect(correlation([1, .nan], [1, 2]).value == nil)
    }
  }
}

@Suite("Temperature scaling")
struct TemperatureScalingTests {
  private func fit(_ scale: Float) throws -> TemperatureScaling {
    let sample = ReferenceSample()
    return try TemperatureScaling(
      logits: Tensor(sample.scores.map { $0 * scale }, shape: [40, 7]), labels: sample.labels)
  }

  /// Origin: SciPy 1.17.1, `minimize_scalar(method="bounded")` of the mean NLL of ReferenceSample.
  @Test("the temperature agrees with SciPy's minimiser")
  func reference() throws {
    let found = try fit(1)
    #expect(abs(found.temperature - 1.9771620087977892) < 1e-6)
    #expect(abs(found.nllAfter - 1.620197412065989) < 1e-9)
    #expect(abs(found.nllBefore - 1.8314097982290654) < 1e-6)
    #expect(!found.isAtBound)
  }

  @Test(
    "logits times a factor give a temperature times it and the same NLL", arguments: [0.01, 3, 20])
  func scaled(factor: Float) throws {
    let (plain, scaled) = (try fit(1), try fit(factor))
    #expect(abs(scaled.temperature / plain.temperature / Double(factor) - 1) < 1e-5)
    #expect(abs(scaled.nllAfter - plain.nllAfter) < 1e-6)
  }

  @Test("rows that are all right, or all wrong, drive it to a bound")
  func bounds() throws {
    let logits = Tensor([4, 0, 0, 4] as [Float], shape: [2, 2])
    let right = try TemperatureScaling(logits: logits, labels: [0, 1])
    #expect(right.isAtBound && abs(right.temperature - 0.01) < 1e-9)
    let wrong = try TemperatureScaling(logits: logits, labels: [1, 0])
    #expect(wrong.isAtBound && abs(wrong.temperature - 100) < 1e-6)
    #expect(wrong.nllAfter < wrong.nllBefore)
  }

  @Test("equal logits leave the temperature at 1")
  func flat() throws {
    let found = try TemperatureScaling(
      logits: Tensor([Float](repeating: 2, count: 6), shape: [2, 3]), labels: [0, 2])
    #expect(found.temperature == 1)
    #expect(abs(found.nllAfter - 1.0986122886681098) < 1e-12)
  }

  @Test("no rows, foreign labels and NaN are refused")
  func refusals() {
    let one = Tensor([1, .nan] as [Float], shape: [1, 2])
    #expect(throws: MetricsError.self) { try TemperatureScaling(logits: one, labels: []) }
    #expect(throws: MetricsError.self) { try TemperatureScaling(logits: one, labels: [2]) }
    #expect(throws: MetricsError.self) { try TemperatureScaling(logits: one, labels: [0]) }
  }
}

@Suite("Shape bias and top-k")
struct ShapeBiasTests {
  private let shape: [Int32] = [0, 1, 2, 3, 4]
  private let texture: [Int32] = [1, 2, 3, 0, 4]

  private func deciding(_ predicted: [Int32]) throws -> ClassificationOutcomes {
    var scores = [Float](repeating: 0, count: predicted.count * 10)
    for (row, predicted) in predicted.enumerated() { scores[row * 10 + Int(predicted)] = 1 }
    var table = try ClassificationOutcomes(
      logits: Tensor(scores, shape: [predicted.count, 10]),
      labels: Array(shape.prefix(predicted.count)))
    table.conflicts = Array(texture.prefix(predicted.count))
    return table
  }

  private func measured(_ predicted: [Int32]) throws -> [String: MetricValue] {
    measure(
      ["shape_bias", "cue_coverage"], on: try deciding(predicted), bootstrap: Bootstrap(key: 1))
  }

  @Test("classifiers by shape alone and by texture alone have bias 1 and 0")
  func planted() throws {
    #expect(try measured(shape)["shape_bias"]?.value == 1)
    #expect(try measured(texture)["shape_bias"]?.value == 0)
  }

  @Test("other predictions lower the coverage, and agreeing cues are left out")
  func coverage() throws {
    let found = try measured([0, 2, 9, 3, 4])
    #expect(abs(try #require(found["shape_bias"]?.value) - 2.0 / 3) < 1e-12)
    #expect(found["cue_coverage"]?.value == 0.75)
    #expect(found["cue_coverage"]?.n == 4)
    #expect(
      try measured([9])["shape_bias"] == .undefined(n: 0, "no prediction agrees with either cue"))
  }

  @Test("without a second cue there is no shape bias")
  func oneCue() throws {
    var table = try deciding(shape)
    table.conflicts = nil
    let found = measure(["shape_bias"], on: table, bootstrap: Bootstrap(key: 1))
    #expect(found["shape_bias"]?.value == nil)
  }

  @Test("the second cue stays with the rows that are chosen and stored")
  func storedConflicts() throws {
    let table = try deciding([0, 2, 9, 3, 4])
    let read = try ClassificationOutcomes(columns: table.columns).selecting(rows: [1, 3])
    #expect(read.conflicts == [2, 0])
  }

  @Test("top-k in one pass is that of the outcome table", arguments: [3, 16, 37])
  func topK(classes: Int) throws {
    let table = try noisy(n: 200, classes: classes, signal: 1, key: "topk")
    var random = Philox(key: Philox.key("topk"))
    let labels = (0..<200).map { _ in Int32(random.below(classes)) }
    var scores = (0..<(200 * classes)).map { _ in Float(random.normal()) }
    for row in 0..<200 { scores[row * classes + Int(labels[row])] += 1 }
    let logits = Tensor(scores, shape: [200, classes])
    #expect(table.labels == labels)
    for (k, key) in [(1, "accuracy"), (5, "top5_accuracy")] {
      #expect(try topKAccuracy(logits: logits, labels: labels, k: k) == value(key, of: table))
    }
  }

  @Test("a tie across the k-th place counts in part, and bad scores are counted")
  func topKEdges() throws {
    let tied = Tensor([Float](repeating: 1, count: 40), shape: [2, 20])
    #expect(try topKAccuracy(logits: tied, labels: [4, 5], k: 5) == 0.25)
    var scores = [Float](repeating: 0, count: 40)
    scores[3] = .nan
    scores[38] = -.infinity
    #expect(
      throws: MetricsError(
        .invalidInput, "The logits hold 2 values that are NaN or infinite.")
    ) { try topKAccuracy(logits: Tensor(scores, shape: [2, 20]), labels: [0, 1], k: 5) }
  }
}
