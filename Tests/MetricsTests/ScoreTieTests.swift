import Estimates
import Glibc
import Tensors
import Testing

@testable import Metrics

@Suite("Equal scores, and scores that rounding makes equal")
struct ScoreTieTests {
  @Test(
    "a tie across the fifth place counts in part, whichever class the label is", arguments: 0..<8)
  func topFive(label: Int) throws {
    let table = try outcomes([[Float](repeating: 1, count: 8)], [Int32(label)])
    #expect(abs(try #require(value("top5_accuracy", of: table)) - 5.0 / 8) < 1e-7)
    let logits = Tensor([Float](repeating: 1, count: 40), shape: [2, 20])
    #expect(try topKAccuracy(logits: logits, labels: [Int32(label), 19], k: 5) == 0.25)
    // Two classes stand above, three of the other six get a place.
    let some = try outcomes([[9, 9, 1, 1, 1, 1, 1, 1]], [Int32(label)])
    let wanted = label < 2 ? 1 : 0.5
    #expect(value("top5_accuracy", of: some) == wanted)
    #expect(some.evaluator(for: "top5_accuracy")?.rowMean?.isProportion == (label < 2))
  }

  @Test("partial hits have Wilson's interval, and survive storing and selecting")
  func partialHits() throws {
    let rows = [[Float](repeating: 1, count: 10), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
    let table = try outcomes(rows, [3, 0])
    let again = try ClassificationOutcomes(columns: table.columns).selecting(rows: [1, 0])
    for table in [table, again] {
      let found = measure(["top5_accuracy"], on: table, bootstrap: Bootstrap(key: 1))
      #expect(found["top5_accuracy"]?.value == 0.75)
      #expect(found["top5_accuracy"]?.interval?.method == "wilson")
    }
  }

  @Test("a margin that f32 rounds away still ranks the rows")
  func margins() throws {
    // z1 - z0 is 1 - 1e-8 and 1, which are one number in f32.
    let table = try outcomes([[1e-8, 1], [0, 1], [0, 0.5]], [0, 1, 0])
    #expect(value("auroc", of: table) == 1 && value("auroc_ovr", of: table) == 1)
    let again = try ClassificationOutcomes(columns: table.columns)
    #expect(value("auroc", of: again) == 1)
  }

  @Test("scores in f64 are ranked as they are: equal ones together, close ones apart")
  func levels() {
    let scores = [1, 1 - 1e-9, 1, 2, 1 - 2e-9, -1, 1 - 1e-9]
    let ranking = BinaryRanking(
      scores: scores, isPositive: [false, true, true, false, true, true, false])
    #expect(ranking.levels.rows == [3, 2, 0, 1, 6, 4, 5])
    #expect(ranking.levels.starts == [0, 1, 3, 5, 6, 7])
    #expect(ranking.negativeStarts == [0, 2, 4, 6, 7])
  }

  @Test("confidences that are 1 to the last digit keep their order")
  func certainty() throws {
    // From a margin of 17 on the confidence is 1 in f32, from 37 on in f64, and from 746 on the
    // other term is 0.
    let margins: [Float] = [20, 30, 40, 60, 800, 900]
    let table = try outcomes(margins.map { [$0, 0] }, [1, 0, 0, 0, 0, 0])
    #expect(Set(table.confidence) == [1])
    // The one error is the least confident row: risk 0, ..., 0, 1/6.
    let again = try ClassificationOutcomes(columns: table.columns)
    for table in [table, again, again.selecting(rows: [5, 4, 3, 2, 1, 0])] {
      #expect(abs(try #require(value("aurc", of: table)) - 1.0 / 36) < 1e-12)
      #expect(abs(try #require(value("eaurc", of: table))) < 1e-12)
    }
  }

  @Test("bins of equal count do not see the order of rows", arguments: 0..<5)
  func massBins(turn: Int) throws {
    let confidence = (0..<50).map { Float([0.5, 0.7, 0.7, 0.7, 0.9][$0 % 5]) }
    let correct = (0..<50).map { $0 % 3 != 0 || $0 % 10 == 7 }
    let table = twoClass(confidence: confidence, correct: correct)
    let rows = (0..<50).map { ($0 * 17 + 11 * turn) % 50 }
    let counts = (0..<50).map { UInt8(7 * $0 % 4) }
    let turned = table.selecting(rows: rows)
    let one = try #require(value("ece15_mass", of: table))
    #expect(abs(one - (try #require(value("ece15_mass", of: turned)))) < 1e-12)
    let weighted = table.evaluator(for: "ece15_mass")?.value(counts: counts)
    let other = turned.evaluator(for: "ece15_mass")?.value(counts: rows.map { counts[$0] })
    #expect(abs(try #require(weighted) - (try #require(other))) < 1e-12)
  }

  @Test("where all confidences are equal, every bin has the gap of all rows")
  func oneConfidence() throws {
    let table = twoClass(
      confidence: [Float](repeating: 0.75, count: 40), correct: (0..<40).map { $0 < 10 })
    #expect(abs(try #require(value("ece15_mass", of: table)) - 0.5) < 1e-12)
  }

  @Test("neighbours at equal distance share the last places, wherever they lie")
  func purity() throws {
    let zeros = Tensor([Float](repeating: 0, count: 16), shape: [8, 2])
    // Each of 8 rows has 3 of the other 7 on its side.
    for labels in [[0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]] as [[Int32]] {
      let found = try #require(neighbourPurity(of: zeros, labels: labels, neighbours: 5))
      #expect(abs(found - 3.0 / 7) < 1e-12)
    }
    // One nearer row of the same label takes a place of its own.
    let line = Tensor([0, 1, -2, 2, -2] as [Float], shape: [5, 1])
    let first = try #require(neighbourPurity(of: line, labels: [0, 0, 0, 1, 1], neighbours: 2))
    // Row 0: row 1, then one of rows 2, 3, 4 of which one is alike. Row 1: rows 0 and 3. Rows 2 and
    // 4: each other, then row 0. Row 3: rows 1 and 0.
    #expect(abs(first - (2.0 / 3 + 0.5 + 0.5 + 0 + 0) / 5) < 1e-12)
    #expect(
      neighbourPurity(of: Tensor([1] as [Float], shape: [1, 1]), labels: [0], neighbours: 5) == nil)
  }

  @Test("the mean over classes says which have no row")
  func absent() throws {
    let table = try ClassificationOutcomes(
      logits: Tensor([1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0] as [Float], shape: [3, 4]),
      labels: [0, 1, 2], keepingClasses: true)
    let keys = [
      "auroc_ovr", "mean_per_class_accuracy", "geometric_mean", "macro_f1", "macro_f1_all",
    ]
    let found = measure(keys, on: table, bootstrap: Bootstrap(key: 1))
    for key in keys { #expect(found[key]?.reason?.contains("1 of 4 classes") == true, "\(key)") }
  }
}
