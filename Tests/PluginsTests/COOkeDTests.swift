import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("cooked")
struct COOkeDTests {
  /// The data of `cooked` in OODReference.py.
  static let query = [
    "query.features": Tensor(rows: uniformRows(12, 8, seed: 1)),
    "query.aux": Tensor(rows: uniformRows(12, 6, seed: 2)),
    "query.logits": Tensor(rows: uniformRows(12, 5, seed: 6).map { $0.map { 4 * $0 } }),
  ]
  static let given = [
    "class.count": Tensor(scalar: 5), "text.class": Tensor(rows: uniformRows(5, 8, seed: 3)),
    "probe.weights": Tensor(rows: uniformRows(5, 8, seed: 4)),
    "probe.bias": Tensor(uniformRows(1, 5, seed: 5)[0], shape: [5]),
  ]
  static let trained = [
    "class.count": Tensor(scalar: 5), "text.class": Tensor(rows: uniformRows(5, 8, seed: 3)),
    "train.features": Tensor(rows: uniformRows(40, 8, seed: 7)),
    "train.aux": Tensor(rows: uniformRows(40, 6, seed: 8)),
    "train.labels": Tensor(labels: (0..<40).map { $0 % 5 }),
  ]
  static let short: [String: JSON] = ["epochs": 3, "batch": 16]

  func detect(
    _ config: [String: JSON] = [:], fit: [String: Tensor] = given,
    query: [String: Tensor] = query, seed: UInt64 = 7, classCount: Int = 5
  ) throws -> Detection {
    // The rows of these tests are stored as a suite stores CLIP's: without their length.
    try Detection(
      "cooked", ["norm": 10].merging(config) { $1 }, seed: seed, fit: fit, query: query,
      classCount: classCount)
  }

  func expectEqual(_ found: [Float], _ wanted: [Double], within tolerance: Double = 2e-5) {
    #expect(found.count == wanted.count)
    for (one, other) in zip(found, wanted) {
      #expect(
        abs(Double(one) - other) <= tolerance * max(abs(other), 1e-3), "\(found) \(wanted)")
    }
  }

  @Test("the entropy of the mean, its maximum and its logarithm are those of SciPy")
  func golden() throws {
    let found = try detect()
    expectEqual(found.scores, COOkeDReference.entropy)
    expectEqual(found.logits.flatMap { $0 }, COOkeDReference.logarithms)
    expectEqual(
      try detect(["score": "msp"]).scores, COOkeDReference.greatest.map { -log($0) })
    #expect(found.notes.isEmpty)
  }

  @Test("averages the probabilities of the card's example, not the logits")
  func example() throws {
    let probabilities: [[Float]] = [[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.2, 0.6, 0.2]]
    let fit = [
      "class.count": Tensor(scalar: 3), "text.class": Tensor(rows: [[1, 0], [0, 1], [0, 0]]),
      "probe.weights": Tensor(rows: [[0, 0], [0, 0], [0, 0]]),
      "probe.bias": Tensor(probabilities[1].map { logf($0) }, shape: [3]),
    ]
    // Two cosines and a zero row make the three logits of the text member, up to a constant.
    let (first, second) = (log(7.0), log(2.0))
    let length = (first * first + second * second).squareRoot()
    let query = [
      "query.features": Tensor(rows: [[Float(first), Float(second)]]),
      "query.logits": Tensor(rows: [probabilities[2].map { logf($0) }]),
    ]
    let entropy = try detect(
      ["scale": JSON(length)], fit: fit, query: query, classCount: 3)
    #expect(abs(entropy.scores[0] - 0.990835) < 1e-6)
    let greatest = try detect(
      ["scale": JSON(length), "score": "msp"], fit: fit, query: query, classCount: 3)
    #expect(abs(exp(-greatest.scores[0]) - 0.466667) < 1e-6)
  }

  @Test("one member alone scores its own entropy", arguments: [0, 1, 2])
  func members(member: Int) throws {
    let config: [String: JSON] = [
      "clip": .bool(member == 0), "probe": .bool(member == 1), "classifier": .bool(member == 2),
    ]
    expectEqual(try detect(config).scores, COOkeDReference.members[member], within: 1e-4)
  }

  @Test("the text member alone is msp of ood-scores")
  func reduction() throws {
    let alone = try detect(["probe": false, "classifier": false, "score": "msp"]).scores
    let msp = try Detection(
      "ood-scores", fit: Self.given,
      query: ["query.features": try #require(Self.query["query.features"])], classCount: 5
    ).scores
    expectEqual(alone, msp.map { Double($0) }, within: 1e-5)
  }

  @Test("trains both heads as NumPy does from the same draws")
  func training() throws {
    var query = Self.query
    query["query.logits"] = nil
    let found = try detect(Self.short, fit: Self.trained, query: query)
    expectEqual(found.scores, COOkeDReference.trained, within: 1e-4)
  }

  @Test("a network's logits go before a head on aux features, and a given probe before training")
  func precedence() throws {
    let both = Self.given.merging(Self.trained) { first, _ in first }
    #expect(try detect(Self.short, fit: both).scores == (try detect()).scores)
  }

  @Test("the same seed gives the same scores, another seed others")
  func determinism() throws {
    let first = try detect(Self.short, fit: Self.trained).scores
    #expect(try detect(Self.short, fit: Self.trained).scores == first)
    #expect(try detect(Self.short, fit: Self.trained, seed: 8).scores != first)
  }

  @Test("norm 0 takes rows as they are, another norm does not see their length")
  func norm() throws {
    func scaled(_ factor: Float) -> [String: Tensor] {
      [
        "query.features": Tensor(
          rows: uniformRows(12, 8, seed: 1).map { $0.map { factor * $0 } })
      ]
    }
    let config: [String: JSON] = ["clip": false, "classifier": false]
    let raw = config.merging(["norm": 0]) { $1 }
    #expect(try detect(raw, query: scaled(1)).scores != detect(raw, query: scaled(2)).scores)
    expectEqual(
      try detect(config, query: scaled(1)).scores,
      try detect(config, query: scaled(2)).scores.map { Double($0) }, within: 1e-5)
  }

  @Test("takes rows as they are where nothing is said, and says that unit rows leave a head unfit")
  func defaults() throws {
    let plain = try Detection(
      "cooked", Self.short, fit: Self.trained, query: Self.query, classCount: 5)
    let raw = try detect(Self.short.merging(["norm": 0]) { $1 }, fit: Self.trained)
    #expect(plain.scores == raw.scores && plain.notes.isEmpty)
    var unit = Self.trained
    unit["train.features"] = Tensor(
      rows: uniformRows(40, 8, seed: 7).map { row in
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
      })
    let short = try Detection("cooked", Self.short, fit: unit, query: Self.query, classCount: 5)
    #expect(short.notes.count == 1 && short.notes[0].contains("'train.features' are of unit"))
    let brought = try detect(Self.short, fit: unit)
    #expect(brought.notes.isEmpty)
  }

  @Test("warns where one member is left of several, not where one alone was asked for")
  func single() throws {
    let query = ["query.features": try #require(Self.query["query.features"])]
    let text = Self.given.filter { $0.key == "class.count" || $0.key == "text.class" }
    let found = try detect(fit: text, query: query)
    #expect(found.warnings == ["of the members only one is left, so that nothing is averaged"])
    let alone = try detect(["probe": false, "classifier": false], fit: text, query: query)
    #expect(alone.warnings.isEmpty && alone.scores == found.scores)
  }

  @Test("rows keep their order where the probability rounds to 1")
  func saturation() throws {
    let query = [
      "query.features": Tensor(rows: [[1, 0], [1, 0]]),
      "query.logits": Tensor(rows: [[50, 0], [60, 0]]),
    ]
    let fit = ["class.count": Tensor(scalar: 2)]
    for score in ["entropy", "msp"] as [JSON] {
      let scores = try detect(["score": score], fit: fit, query: query, classCount: 2).scores
      #expect(scores[0] > scores[1] && scores[1] > 0)
    }
  }

  @Test("what the setting lacks is left out and said; without any member there is no answer")
  func missing() throws {
    let query = ["query.features": try #require(Self.query["query.features"])]
    let text = Self.given.filter { $0.key == "class.count" || $0.key == "text.class" }
    let found = try detect(fit: text, query: query)
    expectEqual(found.scores, COOkeDReference.members[0], within: 1e-4)
    #expect(
      found.notes.map { $0.prefix(24) } == ["the member 'probe' is le", "the member 'classifier' "])
    #expect {
      try detect(["clip": false], fit: text, query: query)
    } throws: { "\($0)".contains("no member is left") }
  }

  @Test("no query rows are an answer of no rows")
  func noRows() throws {
    let query = [
      "query.features": Tensor([Float](), shape: [0, 8]),
      "query.logits": Tensor([Float](), shape: [0, 5]),
    ]
    #expect(try detect(query: query).scores.isEmpty)
  }

  @Test("beats each of its members on rows that are strange in one space only")
  func planted() throws {
    let planted = (0..<2).map { Planted(classCount: 6, width: 16, spread: 0.5, seed: 31 + $0) }
    let other = Planted(classCount: 60, width: 16, spread: 0.5, seed: 40)
    let known = planted.map { $0.rows(120, seed: 50, unit: true) }
    let strange = other.rows(120, seed: 51, unit: true)
    // Half of the OOD rows look known to the features, half to the aux features.
    let unknown = [
      Array(planted[0].rows(120, seed: 52, unit: true)[..<60] + strange[..<60]),
      Array(strange[60...] + planted[1].rows(120, seed: 53, unit: true)[60...]),
    ]
    let fit = [
      "class.count": Tensor(scalar: 6),
      "text.class": Tensor(rows: planted[0].centres.map { $0.map { Float($0) } }),
      "train.features": Tensor(rows: planted[0].rows(120, seed: 54, unit: true)),
      "train.aux": Tensor(rows: planted[1].rows(120, seed: 55, unit: true)),
      "train.labels": Tensor(labels: planted[0].labels(120)),
    ]
    let query = [
      "query.features": Tensor(rows: known[0] + unknown[0]),
      "query.aux": Tensor(rows: known[1] + unknown[1]),
    ]
    func value(_ config: [String: JSON] = [:]) throws -> Double {
      let scores = try detect(config, fit: fit, query: query, classCount: 6).scores
      return auroc(known: Array(scores[..<120]), unknown: Array(scores[120...]))
    }
    let ensemble = try value()
    for keys in [["probe", "classifier"], ["clip", "classifier"], ["clip", "probe"]] {
      let alone = try value(Dictionary(uniqueKeysWithValues: keys.map { ($0, false) }))
      #expect(ensemble > alone + 0.02, "\(ensemble) \(alone) without \(keys)")
    }
  }
}
