import Estimates
import Random
import Tensors
import Testing

@testable import Metrics

private let counts = (0..<40).map { UInt8(7 * $0 % 4) }
private let once = [UInt8](repeating: 1, count: 40)

@Suite("Calibration of every class, of two classes, and at a temperature")
struct CalibrationTests {
  private func sample(classes: Int) throws -> ClassificationOutcomes {
    let sample = ReferenceSample()
    let scores = (0..<40).flatMap { row in sample.scores[(row * 7)..<(row * 7 + classes)] }
    return try ClassificationOutcomes(
      logits: Tensor(scores, shape: [40, classes]),
      labels: classes == 2 ? sample.labels.map { $0 % 2 } : sample.labels, keepingClasses: true)
  }

  /// Values of row i once, and repeated (7 i mod 4) times.
  ///
  /// Origin: torchmetrics' definition of the calibration error (15 bins, norm l1) on each column of
  /// softmax(scores) against y == c, and the mean over the columns, in NumPy 2.4.6; the binary Brier
  /// score by `brier_score_loss` of scikit-learn 1.9.1 on the first two columns and y mod 2.
  @Test(
    "values agree with torchmetrics' definition and scikit-learn",
    arguments: [
      ("classwise_ece15", 7, 0.13290928019309042, 0.1520903838302737),
      ("classwise_ece15", 2, 0.33268446631506376, 0.41681176948373444),
      ("brier_binary", 2, 0.32294544082851045, 0.357837463802209),
    ])
  func reference(key: String, classes: Int, plain: Double, weighted: Double) throws {
    let table = try sample(classes: classes)
    let again = try ClassificationOutcomes(columns: table.columns)
    for table in [table, again, again.selecting(rows: Array(0..<40))] {
      let metric = try #require(table.evaluator(for: key))
      #expect(abs(try #require(metric.value(counts: once)) - plain) < 1e-6)
      #expect(abs(try #require(metric.value(counts: counts)) - weighted) < 1e-6)
    }
  }

  @Test(
    "classes told with certainty have no error if right, 4/9 if one of three is always the label")
  func closedForm() throws {
    let sure: [Float] = [200, 0, 0, 0, 200, 0, 0, 0, 200]
    let scores = Tensor(sure, shape: [3, 3])
    let right = try ClassificationOutcomes(
      logits: scores, labels: [0, 1, 2], keepingClasses: true)
    #expect(abs(try #require(value("classwise_ece15", of: right))) < 1e-6)
    // Columns 0 and 2 have one sure row of three that is wrong; column 1 two rows at 0 that are right.
    let one = try ClassificationOutcomes(logits: scores, labels: [1, 1, 1], keepingClasses: true)
    #expect(abs(try #require(value("classwise_ece15", of: one)) - 4.0 / 9) < 1e-6)
  }

  @Test("the debiased error is 0 on average of a calibrated model, and counts no bin of one row")
  func debiased() throws {
    // Two rows of a bin with one hit: (1/2 - conf)^2 - 1/4; a bin of one row adds nothing.
    let table = twoClass(confidence: [0.75, 0.75, 0.99], correct: [true, false, false])
    #expect(
      abs(try #require(value("ce15_l2_debiased", of: table)) - 2.0 / 3 * (0.0625 - 0.25)) < 1e-12)
    #expect(value("ce15_l2_debiased", of: twoClass(confidence: [], correct: [])) == nil)
    var random = Philox(key: 7, stream: 0)
    let values = try (0..<400).map { _ in
      let confidence = (0..<60).map { _ in Float(0.5 + 0.5 * random.uniform()) }
      let correct = confidence.map { random.uniform() < Double($0) }
      return try #require(
        value("ce15_l2_debiased", of: twoClass(confidence: confidence, correct: correct)))
    }
    let plain = values.reduce(0, +) / Double(values.count)
    #expect(abs(plain) < 0.003, "\(plain)")
  }

  @Test("the order of rows and a constant added to a row's scores change nothing")
  func invariance() throws {
    let sample = ReferenceSample()
    let moved = sample.scores.enumerated().map { $1 + Float($0 / 7 % 3) }
    let tables = try [sample.scores, moved].map {
      try ClassificationOutcomes(
        logits: Tensor($0, shape: [40, 7]), labels: sample.labels, keepingClasses: true)
    }
    let plain = try #require(value("classwise_ece15", of: tables[0]))
    let turned = tables[1].selecting(rows: (0..<40).reversed())
    #expect(abs(try #require(value("classwise_ece15", of: turned)) - plain) < 1e-6)
    let two = try self.sample(classes: 2)
    #expect(value("brier_binary", of: two) == value("brier", of: two).map { $0 / 2 })
  }

  @Test("other than two classes have no binary Brier score; scores not kept have no classwise ECE")
  func undefined() throws {
    let table = try ReferenceSample().outcomes()
    let found = measure(
      ["brier_binary", "classwise_ece15"], on: table, bootstrap: Bootstrap(key: 1))
    #expect(found["brier_binary"]?.value == nil)
    #expect(found["brier_binary"]?.reason?.contains("it takes two classes") == true)
    #expect(found["classwise_ece15"]?.reason == "the scores of the classes were not kept")
  }

  /// Origin: SciPy 1.17.1, `minimize_scalar` of the mean NLL of softmax(scores / T); the errors at
  /// that T = 1.9771619839579886 by torchmetrics' definition and by `array_split` in NumPy 2.4.6.
  @Test("the errors at the fitted temperature agree with SciPy and NumPy")
  func scaled() throws {
    let sample = ReferenceSample()
    let logits = Tensor(sample.scores, shape: [40, 7])
    let scaling = try TemperatureScaling(logits: logits, labels: sample.labels)
    #expect(abs(scaling.temperature - 1.9771619839579886) < 1e-6)
    let table = try sample.outcomes().scaling(logits: logits, by: scaling)
    for (key, plain, weighted) in [
      ("ece15_width_scaled", 0.13581933858732953, 0.1400353100245902),
      ("ece15_mass_scaled", 0.2872979995621598, 0.29575456293854036),
    ] {
      let metric = try #require(table.evaluator(for: key))
      #expect(abs(try #require(metric.value(counts: once)) - plain) < 1e-6, "\(key)")
      #expect(abs(try #require(metric.value(counts: counts)) - weighted) < 1e-6, "\(key)")
    }
    let nll = try #require(value("nll_scaled", of: table))
    #expect(abs(nll - 1.620197412065989) < 1e-6)
    #expect(try sample.outcomes().evaluator(for: "ece15_width_scaled") == nil)
  }

  @Test("equal confidences across an edge between bins of equal count are told")
  func ties() {
    // 30 rows, bins of two: edges stand before rows 2, 4, ... of the ascending confidences.
    let distinct = (0..<30).map { Double($0) / 30 }
    #expect(MassCalibration.tiesAtEdges(distinct) == 0)
    #expect(MassCalibration.tiesAtEdges([Double](repeating: 0.5, count: 30)) == 14)
    var one = distinct
    (one[5], one[6], one[7]) = (0.2, 0.2, 0.2)
    #expect(MassCalibration.tiesAtEdges(one) == 1)
    #expect(MassCalibration.tiesAtEdges([0.5, 0.5]) == 1)
    #expect(MassCalibration.tiesAtEdges([]) == 0)
  }

  @Test("a value says of ties at edges, and of fewer rows than bins")
  func notes() throws {
    let bootstrap = Bootstrap(resamples: 50, key: 1)
    func note(_ key: String, _ table: ClassificationOutcomes) -> String? {
      measure([key], on: table, bootstrap: bootstrap)[key]?.reason
    }
    let tied = twoClass(
      confidence: [Float](repeating: 0.75, count: 40), correct: (0..<40).map { $0 % 4 != 0 })
    #expect(note("ece15_mass", tied)?.hasPrefix("ties_at_edges: 14;") == true)
    #expect(note("ece15_width", tied) == nil)
    let few = twoClass(confidence: [0.5, 0.6, 0.7], correct: [true, false, true])
    #expect(note("ece15_width", few) == "there are fewer rows (3) than bins")
    #expect(note("ece15_mass", few) == "there are fewer rows (3) than bins")
    #expect(note("accuracy", few) == nil)
    #expect(note("ece15_mass", try ReferenceSample().outcomes()) == nil)
  }
}

@Suite("Means over classes that do not all occur")
struct AbsentClassTests {
  /// The scores of ``ReferenceSample`` and an eighth class that no row is like.
  private func padded() throws -> ClassificationOutcomes {
    let sample = ReferenceSample()
    let scores = (0..<40).flatMap { sample.scores[($0 * 7)..<($0 * 7 + 7)] + [-9] }
    return try ClassificationOutcomes(
      logits: Tensor(scores, shape: [40, 8]), labels: sample.labels)
  }

  /// Origin: scikit-learn 1.9.1, `f1_score(labels=range(8), average="macro", zero_division=0)`, plain
  /// and with row i repeated (7 i mod 4) times.
  @Test("F1 over all classes counts one that never occurs as 0, as scikit-learn does")
  func reference() throws {
    let table = try padded()
    let again = try ClassificationOutcomes(columns: table.columns)
    for table in [table, again] {
      let metric = try #require(table.evaluator(for: "macro_f1_all"))
      #expect(abs(try #require(metric.value(counts: once)) - 0.3585664335664336) < 1e-6)
      #expect(abs(try #require(metric.value(counts: counts)) - 0.3906746031746032) < 1e-6)
    }
  }

  @Test("where every class occurs it is the plain one; half right in two of four classes is 1/6")
  func closedForm() throws {
    let all = try ReferenceSample().outcomes()
    #expect(value("macro_f1_all", of: all) == value("macro_f1", of: all))
    let four = try outcomes([[1, 0, 0, 0], [1, 0, 0, 0]], [0, 1])
    // F1 of class 0 is 2/3, of class 1 it is 0, and the others do not occur.
    #expect(abs(try #require(value("macro_f1_all", of: four)) - 1.0 / 6) < 1e-12)
    #expect(abs(try #require(value("macro_f1", of: four)) - 1.0 / 3) < 1e-12)
  }

  @Test("no rows, or a number of classes that was not kept, give no value")
  func undefinedOverAll() throws {
    let table = twoClass(confidence: [0.5], correct: [true])
    let found = measure(["macro_f1_all"], on: table, bootstrap: Bootstrap(key: 1))["macro_f1_all"]
    #expect(found?.value == nil && found?.reason == "the number of classes was not kept")
    let none = try padded().selecting(rows: [])
    #expect(value("macro_f1_all", of: none) == nil)
  }

  @Test("renaming the classes changes nothing")
  func invariance() throws {
    let sample = ReferenceSample()
    let turned = (0..<40).flatMap { row in (0..<7).map { sample.scores[row * 7 + 6 - $0] } }
    let table = try ClassificationOutcomes(
      logits: Tensor(turned, shape: [40, 7]), labels: sample.labels.map { 6 - $0 })
    let plain = try #require(value("macro_f1_all", of: try sample.outcomes()))
    #expect(abs(try #require(value("macro_f1_all", of: table)) - plain) < 1e-12)
  }

  @Test("a mean over the classes that have rows says how many have none")
  func note() throws {
    let found = measure(
      ["mean_per_class_accuracy", "accuracy"], on: try padded(),
      bootstrap: Bootstrap(resamples: 50, key: 1))
    #expect(found["mean_per_class_accuracy"]?.reason == "2 of 8 classes have no row")
    #expect(found["accuracy"]?.reason == nil)
  }
}
