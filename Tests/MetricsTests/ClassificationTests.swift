import Estimates
import Random
import Tensors
import Testing

@testable import Metrics

@Suite("Classification metrics")
struct ClassificationTests {
  private func values(_ table: ClassificationOutcomes) -> [String: Double] {
    measure(allClassification, on: table, bootstrap: Bootstrap(resamples: 0, key: 0))
      .compactMapValues(\.value)
  }

  @Test("ties go to the lowest class, for the prediction and for the rank")
  func ties() throws {
    let table = try outcomes([[1, 1, 0], [1, 1, 0], [0, 1, 1], [2, 2, 2]], [0, 1, 2, 2])
    #expect(table.predicted == [0, 0, 1, 0])
    #expect(table.ranks == [0, 1, 1, 2])
    #expect(values(table)["accuracy"] == 0.25)
  }

  @Test("a constant predictor has macro F1 2 / (K (K + 1)) on balanced labels")
  func constantPredictor() throws {
    for classes in [2, 5, 10] {
      let row = (0..<classes).map { Float($0 == 0 ? 1 : 0) }
      let labels = (0..<(3 * classes)).map { Int32($0 % classes) }
      let found = values(try outcomes(labels.map { _ in row }, labels))
      let k = Double(classes)
      #expect(abs(try #require(found["macro_f1"]) - 2 / (k * (k + 1))) < 1e-12)
      #expect(abs(try #require(found["mean_per_class_accuracy"]) - 1 / k) < 1e-12)
    }
  }

  @Test("equal scores give ln K nats, a Brier score of 1 - 1/K and a confidence of 1/K")
  func uniformScores() throws {
    let table = try outcomes([[0, 0, 0, 0, 0], [7, 7, 7, 7, 7]], [0, 3])
    let found = values(table)
    #expect(abs(try #require(found["nll"]) - 1.6094379124341003) < 1e-6)
    #expect(abs(try #require(found["brier"]) - 0.8) < 1e-6)
    #expect(abs(try #require(found["ece15_width"]) - 0.3) < 1e-6)
    #expect(found["top5_accuracy"] == 1)
  }

  @Test("top-5 counts rank five as a miss")
  func topFive() throws {
    let row: [Float] = [6, 5, 4, 3, 2, 1]
    #expect(values(try outcomes([row, row], [4, 5]))["top5_accuracy"] == 0.5)
  }

  @Test("far scores neither overflow nor underflow")
  func extremeScores() throws {
    let table = try outcomes([[3e38, -3e38], [3e38, -3e38], [0, -40]], [0, 1, 0])
    #expect(table.nll[0] == 0)
    #expect(table.nll[1] == .greatestFiniteMagnitude)
    #expect(abs(table.nll[2] / 4.248354e-18 - 1) < 1e-5)
    #expect(table.brier[1] == 2)
    #expect(table.confidence == [1, 1, 1])
  }

  @Test("confidences on a bin's upper edge belong to that bin")
  func binEdges() throws {
    // 3/15 closes bin 2 and 0.21 lies in bin 3: apart their gaps are .2 and .79, together less.
    let table = twoClass(confidence: [0.2, 0.21], correct: [false, true])
    #expect(abs(try #require(values(table)["ece15_width"]) - 0.495) < 1e-6)
    #expect(abs(try #require(values(table)["mce15_width"]) - 0.79) < 1e-6)
    let ends = twoClass(confidence: [0, 1], correct: [false, true])
    #expect(values(ends)["ece15_width"] == 0)
  }

  @Test("equal-count bins take the larger sizes first, as array_split does")
  func massBins() throws {
    // 16 rows: the two least confident share a bin, where right and wrong cancel out.
    let confidence = (0..<16).map { 0.5 + Float($0) / 64 }
    let table = twoClass(confidence: confidence, correct: (0..<16).map { $0 != 0 })
    let first = abs(0.5 - Double(confidence[0] + confidence[1]) / 2) * 2 / 16
    let rest = confidence[2...].reduce(0) { $0 + (1 - Double($1)) } / 16
    #expect(abs(try #require(values(table)["ece15_mass"]) - (first + rest)) < 1e-9)
  }

  @Test("the area under the risk-coverage curve averages ties")
  func riskCoverage() throws {
    let apart = twoClass(confidence: [0.9, 0.8, 0.7], correct: [true, false, true])
    // Risks 0, 1/2, 1/3; in the best order 0, 0, 1/3.
    #expect(abs(try #require(values(apart)["aurc"]) - 5.0 / 18) < 1e-12)
    #expect(abs(try #require(values(apart)["eaurc"]) - 1.0 / 6) < 1e-12)
    let tied = twoClass(confidence: [0.9, 0.9, 0.9], correct: [true, false, true])
    #expect(abs(try #require(values(tied)["aurc"]) - 1.0 / 3) < 1e-12)
    let best = twoClass(confidence: [0.9, 0.8, 0.7], correct: [true, true, false])
    #expect(abs(try #require(values(best)["eaurc"])) < 1e-12)
  }

  @Test("without rows every metric is undefined and says why")
  func noRows() throws {
    let table = try ClassificationOutcomes(logits: Tensor([Float](), shape: [0, 3]), labels: [])
    let found = measure(allClassification, on: table, bootstrap: Bootstrap(key: 1))
    #expect(found.count == allClassification.count)
    for value in found.values {
      #expect(value == .undefined(n: 0, "there are no rows"))
    }
  }

  @Test("one row is enough for every metric, but not for resampling")
  func oneRow() throws {
    let found = measure(
      allClassification, on: try outcomes([[0, 4]], [1]), bootstrap: Bootstrap(key: 1))
    #expect(found.values.allSatisfy { $0.value != nil && $0.n == 1 })
    #expect(found["accuracy"]?.interval?.method == "wilson")
    #expect(found["nll"]?.interval == nil)
    #expect(found["macro_f1"]?.value == 1)
  }

  @Test("the order of the rows does not matter")
  func permutation() throws {
    let table = try ReferenceSample().outcomes()
    var order = Array(0..<table.n)
    var random = Philox(key: 3)
    random.shuffle(&order)
    let shuffled = values(table.selecting(rows: order))
    for (key, value) in values(table) {
      #expect(abs(try #require(shuffled[key]) - value) < 1e-12, "\(key)")
    }
  }

  @Test("adding a constant to a row's scores changes nothing")
  func shift() throws {
    var sample = ReferenceSample()
    let plain = values(try sample.outcomes())
    sample.scores = sample.scores.map { $0 + 16 }
    for (key, value) in values(try sample.outcomes()) {
      #expect(abs(try #require(plain[key]) - value) < 1e-6, "\(key)")
    }
  }

  @Test("weights mean the same as rows that stand there so often", arguments: allClassification)
  func weightsAreRepetitions(key: String) throws {
    let table = try noisy(n: 700, classes: 5, signal: 1, key: "repetitions")
    var random = Philox(key: 11)
    let counts = (0..<table.n).map { _ in UInt8(random.below(5)) }
    let rows = counts.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
    let weighted = try #require(table.evaluator(for: key)?.value(counts: counts))
    let repeated = try #require(values(table.selecting(rows: rows))[key])
    #expect(abs(weighted - repeated) < 1e-10)
  }

  @Test("columns are enough to compute every metric again")
  func columnsRoundTrip() throws {
    let table = try ReferenceSample().outcomes()
    let again = try outcomeTable(task: "classify", columns: table.columns)
    let bootstrap = Bootstrap(resamples: 200, key: 4)
    #expect(
      measure(allClassification, on: again, bootstrap: bootstrap)
        == measure(allClassification, on: table, bootstrap: bootstrap))
  }

  @Test("every metric of the table is registered, with a range that holds its value")
  func registry() throws {
    let found = values(try ReferenceSample().outcomes())
    for (key, value) in found {
      #expect(try #require(MetricInfo.named(key)).range.contains(value), "\(key)")
    }
    #expect(MetricInfo.named("acuracy") == nil)
    #expect(Set(MetricInfo.all.map(\.key)).count == MetricInfo.all.count)
  }
}
