import Glibc
import LinearAlgebra
import Tensors
import Testing

@testable import Metrics

@Suite("Curation metrics")
struct CurationTests {
  private typealias Row = CurationOutcomes.Row

  private func value(_ key: String, _ rows: [CurationOutcomes.Row]) throws -> Double? {
    let metric = try #require(CurationOutcomes(rows: rows).evaluator(for: key))
    return metric.value(counts: [UInt8](repeating: 1, count: rows.count))
  }

  private let texts: [CurationOutcomes.Row] = [
    .text(kept: true, probability: 1, tail: true), .text(kept: true, probability: 0.5, tail: false),
    .text(kept: false, probability: 0.5, tail: false),
    .text(kept: true, probability: 0.2, tail: false),
    .text(kept: false, probability: 0, tail: false),
  ]

  @Test("shares of texts have the closed form, and only the tail counts for the tail")
  func shares() throws {
    #expect(try value("kept_share", texts) == 0.6)
    #expect(abs(try #require(try value("expected_share", texts)) - 0.44) < 1e-15)
    #expect(try value("tail_kept", texts) == 1)
    #expect(abs(try #require(try value("kept_ratio", texts)) - 3 / 2.2) < 1e-12)
  }

  @Test("entropy and Gini of equal and of single entries have the closed form")
  func spread() throws {
    let equal = (0..<8).map { _ in Row.entry(count: 5, after: 2) }
    #expect(abs(try #require(try value("entry_entropy", equal)) - log(8)) < 1e-12)
    #expect(abs(try #require(try value("entry_gini", equal))) < 1e-12)
    // One entry with everything: 1 - 1/n.
    let single = [Row.entry(count: 9, after: 9)] + (0..<3).map { _ in .entry(count: 1, after: 0) }
    #expect(try value("entry_entropy", single) == 0)
    #expect(abs(try #require(try value("entry_gini", single)) - 0.75) < 1e-12)
    // By hand: counts 1, 1, 1, 9; Σ (2i - 5) x = -3 - 1 + 1 + 27 = 24; over 4 * 12.
    #expect(abs(try #require(try value("entry_gini_before", single)) - 0.5) < 1e-12)
    #expect(try value("concepts_kept", single) == 0.25)
  }

  @Test("entries without a match in the pool say nothing about its balance")
  func unmatched() throws {
    let some = [Row.entry(count: 4, after: 4), .entry(count: 2, after: 1)]
    let more = some + [.entry(count: 0, after: 0), .entry(count: 0, after: 0)]
    for key in ["entry_entropy", "entry_gini", "entry_gini_before", "concepts_kept"] {
      #expect(try value(key, some) == (try value(key, more)), "\(key)")
    }
  }

  @Test("a weight of c counts as c rows", arguments: ["entry_gini", "entry_entropy", "head_lift"])
  func weights(key: String) throws {
    let rows: [CurationOutcomes.Row] = [
      .entry(count: 9, after: 4, alone: 0.5), .entry(count: 3, after: 3, alone: 1),
      .entry(count: 20, after: 5, alone: 0.2),
    ]
    let metric = try #require(CurationOutcomes(rows: rows).evaluator(for: key))
    let repeated = [rows[0], rows[0], rows[2], rows[2], rows[2]]
    let (weighted, plain) = (metric.value(counts: [2, 0, 3]), try value(key, repeated))
    #expect(abs(try #require(weighted) - #require(plain)) < 1e-12)
  }

  @Test("head lift compares thinned entries with what each would keep alone")
  func lift() throws {
    let rows: [CurationOutcomes.Row] = [
      .entry(count: 100, after: 15, alone: 0.1), .entry(count: 40, after: 13, alone: 0.25),
      .entry(count: 10, after: 10, alone: 1),
    ]
    #expect(try value("head_lift", rows) == 28 / 20)
    #expect(try value("head_lift", [rows[2]]) == nil)
  }

  @Test("matches agree as far as each entry's number goes")
  func agreement() throws {
    let rows: [CurationOutcomes.Row] = [
      .entry(count: 10, after: 0, reported: 8), .entry(count: 0, after: 0, reported: 2),
      .entry(count: 5, after: 0, reported: 5),
    ]
    #expect(try value("match_precision", rows) == 13 / 15)
    #expect(try value("match_recall", rows) == 13 / 15)
    #expect(try value("match_recall", [.entry(count: 10, after: 0)]) == nil)
  }

  @Test("recall of the probe is averaged over classes, and over rare ones alone")
  func probe() throws {
    let rows: [CurationOutcomes.Row] =
      (0..<8).map { .test(label: 0, predicted: $0 < 6 ? 0 : 1, few: false) } + [
        .test(label: 1, predicted: 0, few: true), .test(label: 1, predicted: 1, few: true),
        .test(label: 2, predicted: 0, few: true),
      ]
    #expect(try value("probe_accuracy", rows) == 7 / 11)
    #expect(abs(try #require(try value("probe_balanced_accuracy", rows)) - 1.25 / 3) < 1e-12)
    #expect(try value("probe_few_accuracy", rows) == 0.25)
    #expect(try value("probe_few_accuracy", Array(rows[..<8])) == nil)
  }

  @Test("metrics without their rows are undefined and say why")
  func undefined() throws {
    for key in Task.curate.metrics.map(\.key) {
      let metric = try #require(CurationOutcomes(rows: []).evaluator(for: key))
      #expect(metric.value(counts: []) == nil)
      #expect(!metric.undefinedReason.isEmpty)
    }
    #expect(try value("kept_ratio", [.text(kept: false, probability: 0, tail: false)]) == nil)
  }

  @Test("columns give the table back")
  func columns() throws {
    let rows =
      texts + [
        .entry(count: 3, after: 2, reported: 3, alone: 0.5), .entry(count: 1, after: 1),
        .test(label: 4, predicted: 2, few: true),
      ]
    let table = CurationOutcomes(rows: rows)
    let again = try outcomeTable(task: "curate", columns: table.columns)
    #expect((again as? CurationOutcomes)?.rows == rows)
    var broken = table.columns
    broken["kind"] = Tensor([Int32](repeating: 3, count: rows.count), shape: [rows.count])
    #expect(throws: MetricsError.self) { try outcomeTable(task: "curate", columns: broken) }
  }

  // MARK: From outputs

  @Test("counts come from the true matches, whatever the method reports")
  func outputs() throws {
    // Entry 0 has texts 0 to 8, entry 1 text 9 alone, entry 2 none: the tail is entry 1.
    var pairs: [Int32] = []
    for text: Int32 in 0..<9 { pairs += [0, text] }
    pairs += [1, 9]
    let table = try CurationOutcomes(
      kept: bytes([1, 1, 1, 0, 0, 0, 0, 0, 0, 1]), keepProbability: doubles([0.5], 10),
      entryCount: offsets([9, 2, 1]), entryProbability: doubles([0.5, 1, 1], 3),
      truth: CurationTruth(entryCount: 3, matches: Tensor(pairs, shape: [10, 2])))
    let tail = table.rows.filter(\.isTail)
    #expect(tail == [.text(kept: true, probability: 0.5, tail: true)])
    let entries: [CurationOutcomes.Row] = [
      .entry(count: 9, after: 3, reported: 9, alone: 0.5),
      .entry(count: 1, after: 1, reported: 2, alone: 1),
      .entry(count: 0, after: 0, reported: 1, alone: 1),
    ]
    #expect(Array(table.rows[10...]) == entries)
  }

  @Test("truth without features has no probe, and without a budget one as large as the pool")
  func truth() throws {
    var truth = [
      "entries": Tensor([3] as [Int32], shape: []),
      "match": Tensor([2, 0] as [Int32], shape: [1, 2]),
    ]
    #expect(try CurationTruth(truth).entryCount == 3)
    #expect(try CurationTruth(truth).probe == nil)
    truth["pool.features"] = Tensor([1, 2] as [Float], shape: [2, 1])
    truth["pool.labels"] = Tensor([0, -1] as [Int32], shape: [2])
    truth["test.features"] = Tensor([1] as [Float], shape: [1, 1])
    truth["test.labels"] = Tensor([0] as [Int32], shape: [1])
    #expect(try CurationTruth(truth).probe?.draws == 2)
    truth["probe.draws"] = Tensor([9] as [Int32], shape: [])
    #expect(try CurationTruth(truth).probe?.draws == 9)
    truth["match"] = nil
    #expect(throws: MetricsError.self) { try CurationTruth(truth) }
  }

  @Test("the tail ends at the count nearest to a tenth of the matches")
  func tail() {
    #expect(CurationOutcomes.tailBound([50, 0, 1, 3, 2, 30, 4, 10]) == 4)
    #expect(CurationOutcomes.tailBound([7]) == 7)
    #expect(CurationOutcomes.tailBound([0, 0]) == 0)
  }

  @Test("the probe learns separated classes and favours those that were kept more often")
  func regression() throws {
    // Two classes on a line that overlap between -1 and 1; class 0 is kept nine times as often.
    let places = (0..<200).map { Float($0 % 100) / 25 - 2 }
    let labels: [Int32] = (0..<200).map { $0 < 100 ? 0 : 1 }
    let features = zip(places, labels).map { $0 + ($1 == 0 ? -1 : 1) }
    let test: [Float] = [-3, -1, 1, 3, -0.4, 0.4]
    func answers(_ kept: [Bool]) throws -> [Int32] {
      let setup = CurationTruth.Probe(
        features: Tensor(features, shape: [200, 1]), labels: labels,
        testFeatures: Tensor(test, shape: [6, 1]), testLabels: [0, 0, 1, 1, 0, 1], draws: 400)
      return try #require(CurationProbe(setup, kept: kept)).answers(setup.testFeatures)
    }
    #expect(try answers([Bool](repeating: true, count: 200)) == [0, 0, 1, 1, 0, 1])
    let headHeavy = (0..<200).map { $0 < 100 || $0 % 9 == 0 }
    #expect(try answers(headHeavy)[5] == 0)
  }

  @Test("there is no probe where nothing with a class is kept")
  func noProbe() throws {
    let setup = CurationTruth.Probe(
      features: Tensor([1, 2, 3] as [Float], shape: [3, 1]), labels: [0, 1, -1],
      testFeatures: Tensor([1] as [Float], shape: [1, 1]), testLabels: [0], draws: 50)
    #expect(CurationProbe(setup, kept: [false, false, false]) == nil)
    #expect(CurationProbe(setup, kept: [false, false, true]) == nil)
    #expect(CurationProbe(setup, kept: [true, false, true]) != nil)
  }

  // scikit-learn 1.9.1, LogisticRegression(C=1, tol=1e-10), each row 3 times by sample_weight.
  @Test("the probe agrees with scikit-learn where every row is drawn as often")
  func reference() throws {
    let setup = CurationTruth.Probe(
      features: Tensor(CurationReference.features, shape: [12, 2]),
      labels: CurationReference.labels,
      testFeatures: Tensor(CurationReference.test, shape: [6, 2]),
      testLabels: [Int32](repeating: 0, count: 6), draws: 36)
    let probe = CurationProbe(setup, times: [Int](repeating: 3, count: 12))
    let logits = try #require(probe).logits(setup.testFeatures)
    for (found, wanted) in zip(logits.numbers, CurationReference.logits) {
      #expect(abs(Double(found) - wanted) < 2e-3)
    }
  }

  private func bytes(_ values: [UInt8]) -> Tensor {
    Tensor(dtype: .u8, shape: [values.count]) { $0.copyBytes(from: values) }
  }
  private func doubles(_ values: [Double], _ count: Int) -> Tensor {
    let all = values.count == count ? values : [Double](repeating: values[0], count: count)
    return Tensor(dtype: .f64, shape: [count]) { bytes in
      all.withUnsafeBytes(bytes.copyMemory)
    }
  }
  private func offsets(_ values: [Int64]) -> Tensor {
    Tensor(dtype: .i64, shape: [values.count]) { bytes in
      values.withUnsafeBytes(bytes.copyMemory)
    }
  }
}
