import Estimates
import Tensors
import Testing

@testable import Metrics

/// Similarities of 6 images and 12 texts, from the generator of ``ReferenceSample`` started at 7;
/// text t describes image t mod 6.
///
/// In 32 steps there are ties, which go to the lower index unless they are to be left.
private func sample(keepingTies: Bool = false) throws -> RetrievalOutcomes {
  var state: UInt64 = 7
  var scores: [Float] = (0..<72).map { _ in
    state = (state * 1_103_515_245 + 12345) % (1 << 31)
    return Float((Double(state) / Double(1 << 31) * 32).rounded(.down) / 32)
  }
  let images = (0..<12).map { Int32($0 % 6) }
  for text in 0..<12 { scores[Int(images[text]) * 12 + text] += 0.25 }
  if !keepingTies { for place in scores.indices { scores[place] -= Float(place) * 1e-5 } }
  return try RetrievalOutcomes(similarity: Tensor(scores, shape: [6, 12]), imageOfText: images)
}

@Suite("Retrieval")
struct RetrievalTests {
  /// Origin: NumPy 2.4.6, `argsort(-scores, kind="stable")` and the definitions written out.
  @Test("ranks and metrics agree with a stable sort")
  func reference() throws {
    let table = try sample()
    let ranks = try #require(table.values[.rank])
    #expect(Array(ranks.prefix(6)) == [1, 1, 1, 1, 7, 2])
    #expect(Array(ranks.dropFirst(6)) == [2, 1, 1, 1, 5, 2, 1, 4, 1, 1, 4, 1])
    let reference: [(String, Double)] = [
      ("i2t_r1", 0.6666666666666666), ("i2t_r5", 0.8333333333333334), ("i2t_r10", 1),
      ("t2i_r1", 0.5833333333333334),
      ("t2i_r5", 1), ("i2t_map", 0.6634920634920635), ("i2t_mrr", 0.7738095238095238),
      ("t2i_mrr", 0.725), ("t2i_map", 0.725), ("i2t_median_rank", 1), ("t2i_median_rank", 1),
      ("t2i_r10", 1), ("i2t_recall1", 0.3333333333333333), ("i2t_recall5", 0.75),
      ("i2t_recall10", 1),
      ("t2i_recall1", 0.5833333333333334), ("t2i_recall5", 1), ("t2i_recall10", 1),
      ("i2t_map1", 0.6666666666666666),
      ("i2t_map5", 0.611111111111111), ("i2t_map10", 0.6634920634920635),
      ("t2i_map1", 0.5833333333333334),
      ("t2i_map5", 0.725), ("t2i_map10", 0.725),
    ]
    for (key, wanted) in reference {
      #expect(abs(try #require(value(key, of: table)) - wanted) < 1e-6, "\(key)")
    }
  }

  @Test("a perfect similarity finds every match first, one that is constant what chance finds")
  func closedForm() throws {
    let perfect = try RetrievalOutcomes(
      similarity: Tensor([1, 0, 0, 1] as [Float], shape: [2, 2]), imageOfText: [0, 1])
    #expect(perfect.values[.rank] == [1, 1, 1, 1])
    let tied = try RetrievalOutcomes(
      similarity: Tensor([Float](repeating: 0, count: 9), shape: [3, 3]), imageOfText: [0, 1, 2])
    #expect(tied.values[.rank] == [2, 2, 2, 2, 2, 2])
    #expect(value("i2t_median_rank", of: tied) == 2)
    for direction in ["i2t", "t2i"] {
      let third = try #require(value("\(direction)_r1", of: tied))
      #expect(abs(third - 1.0 / 3) < 1e-15)
      #expect(value("\(direction)_r5", of: tied) == 1)
      let reciprocal = try #require(value("\(direction)_mrr", of: tied))
      #expect(abs(reciprocal - (1 + 1.0 / 2 + 1.0 / 3) / 3) < 1e-15)
    }
  }

  @Test("recall counts every match where R@k asks for one; a cut at k divides by min(k, matches)")
  func depths() throws {
    // Image 0 has texts 0 to 11; of its first ten, ranks 1 and 3 to 10 are its own, then 11 and 12.
    let scores: [Float] = (0..<13).map { 20 - Float($0) } + [Float](repeating: 0, count: 13)
    var images = [Int32](repeating: 0, count: 13)
    images[1] = 1
    let table = try RetrievalOutcomes(
      similarity: Tensor(scores, shape: [2, 13]), imageOfText: images)
    let first = table.selecting(rows: [0])
    #expect(first.relevant == [12])
    #expect(value("i2t_r1", of: first) == 1 && value("i2t_recall1", of: first) == 1.0 / 12)
    #expect(value("i2t_recall5", of: first) == 4.0 / 12)
    #expect(value("i2t_recall10", of: first) == 9.0 / 12)
    #expect(value("i2t_map1", of: first) == 1)
    let precisions = 1 + 2.0 / 3 + 3.0 / 4 + 4.0 / 5
    #expect(abs(try #require(value("i2t_map5", of: first)) - precisions / 5) < 1e-12)
  }

  /// The case: a candidate's place in the file must not decide.
  @Test("the order of images and of texts changes nothing, also where similarities tie")
  func order() throws {
    let plain = try sample(keepingTies: true)
    var scores = [Float](repeating: 0, count: 72)
    var state: UInt64 = 7
    for place in 0..<72 {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      let value = Float((Double(state) / Double(1 << 31) * 32).rounded(.down) / 32)
      let (image, text) = (place / 12, place % 12)
      scores[(5 - image) * 12 + (11 - text)] = value + (text % 6 == image ? 0.25 : 0)
    }
    let turned = try RetrievalOutcomes(
      similarity: Tensor(scores, shape: [6, 12]),
      imageOfText: (0..<12).map { 5 - Int32((11 - $0) % 6) })
    for info in Task.retrieve.metrics {
      let (one, other) = (value(info.key, of: plain), value(info.key, of: turned))
      #expect(abs(try #require(one) - (try #require(other))) < 1e-12, "\(info.key)")
    }
  }

  @Test("images without texts are excluded from every metric and counted")
  func excluded() throws {
    let table = try RetrievalOutcomes(
      similarity: Tensor([0, 1, 9, 1, 0, 9] as [Float], shape: [3, 2]), imageOfText: [0, 0])
    #expect(table.excludedCount == 2)
    #expect(value("i2t_r1", of: table) == 1)
    #expect(value("i2t_map", of: table) == 1)
    #expect(value("i2t_recall5", of: table) == 1 && value("i2t_map5", of: table) == 1)
    // Of text 0, image 1 stands above and image 2 beyond; of text 1, image 2 above.
    #expect(try #require(table.values[.rank]).prefix(3) == [1, 0, 0])
    let found = measure(["i2t_r1", "i2t_mrr", "t2i_r1"], on: table, bootstrap: Bootstrap(key: 1))
    #expect(found["i2t_r1"]?.n == 1 && found["i2t_mrr"]?.n == 1 && found["t2i_r1"]?.n == 1)
    #expect(
      found["i2t_r1"]?.reason == "nothing is relevant to 2 of 3 images, which do not count")
    #expect(found["t2i_r1"]?.reason == nil)
    // One unit that counts says nothing of its spread.
    #expect(found["i2t_r1"]?.interval == nil)
    let none = try RetrievalOutcomes(
      similarity: Tensor([Float](), shape: [2, 0]), imageOfText: [])
    #expect(
      measure(["i2t_r1"], on: none, bootstrap: Bootstrap(key: 1))["i2t_r1"]?.reason
        == "no query of this direction has a relevant candidate")
  }

  @Test("an image and its texts are resampled together")
  func units() throws {
    let found = measure(["t2i_r1"], on: try sample(), bootstrap: Bootstrap(key: 1))["t2i_r1"]
    #expect(found?.n == 6)
    #expect(found?.interval?.method == "wilson-effective")
  }

  @Test("weights mean the same as rows that stand there so often", arguments: Task.retrieve.metrics)
  func weights(info: MetricInfo) throws {
    let table = try sample()
    let counts = (0..<18).map { UInt8(7 * $0 % 4) }
    let rows = counts.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
    let weighted = try #require(table.evaluator(for: info.key)?.value(counts: counts))
    let repeated = try #require(value(info.key, of: table.selecting(rows: rows)))
    #expect(abs(weighted - repeated) < 1e-12)
    #expect(info.range.contains(weighted))
  }

  @Test("columns are enough to compute every metric again")
  func columns() throws {
    let table = try sample()
    let again = try outcomeTable(task: "retrieve", columns: table.columns)
    let keys = Task.retrieve.metrics.map(\.key)
    let bootstrap = Bootstrap(resamples: 50, key: 1)
    #expect(
      measure(keys, on: again, bootstrap: bootstrap)
        == measure(keys, on: table, bootstrap: bootstrap))
  }

  @Test("adding a constant, or scaling, changes no rank")
  func invariance() throws {
    let images: [Int32] = [0, 1, 1, 2]
    let scores: [Float] = [3, 1, 2, 0, 5, 2, 8, 1, 0, 1, 0, 2]
    let plain = try RetrievalOutcomes(
      similarity: Tensor(scores, shape: [3, 4]), imageOfText: images)
    let moved = try RetrievalOutcomes(
      similarity: Tensor(scores.map { 4 * $0 - 16 }, shape: [3, 4]), imageOfText: images)
    #expect(plain.values == moved.values)
  }

  @Test("similarities of the wrong form, foreign images and NaN are refused")
  func refusals() {
    let square = Tensor([Float](repeating: .nan, count: 4), shape: [2, 2])
    #expect(throws: MetricsError.self) {
      try RetrievalOutcomes(similarity: square, imageOfText: [0, 1, 1])
    }
    #expect(
      throws: MetricsError(
        .invalidInput, "Text 1 describes image 2, but the similarity has 2 images.")
    ) { try RetrievalOutcomes(similarity: square, imageOfText: [0, 2]) }
    #expect(
      throws: MetricsError(
        .invalidInput, "The similarity holds 4 values that are NaN or infinite.")
    ) { try RetrievalOutcomes(similarity: square, imageOfText: [0, 1]) }
  }
}
