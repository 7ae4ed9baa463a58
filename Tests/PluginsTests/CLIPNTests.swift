import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("clipn")
struct CLIPNTests {
  /// The data of `clipn` in OODReference.py.
  static let query = ["query.features": Tensor(rows: uniformRows(12, 8, seed: 1))]
  static let given = [
    "class.count": Tensor(scalar: 5), "text.class": Tensor(rows: uniformRows(5, 8, seed: 2)),
    "text.no": Tensor(rows: uniformRows(5, 8, seed: 3)),
  ]
  static let pairs: [String: Tensor] = {
    var texts = uniformRows(30, 8, seed: 5)
    texts.replaceSubrange(20..., with: texts[..<10])
    return [
      "class.count": Tensor(scalar: 5), "text.class": Tensor(rows: uniformRows(5, 8, seed: 2)),
      "pairs.image": Tensor(rows: uniformRows(30, 8, seed: 4)), "pairs.text": Tensor(rows: texts),
    ]
  }()
  static let taken: [String: JSON] = ["realisation": "given", "scale": 10]
  static let short: [String: JSON] = [
    "scale": 10, "prompts": 2, "hidden": 2, "epochs": 4, "batch": 8, "rate": 0.01,
    "loss_weights": [0.5, 0.4, 0.3], "mask_duplicate_captions": true,
  ]

  func detect(
    _ config: [String: JSON], fit: [String: Tensor] = given, query: [String: Tensor] = query,
    seed: UInt64 = 7, classCount: Int = 5, wantsDecisions: Bool = false
  ) throws -> Detection {
    try Detection(
      "clipn", config, seed: seed, fit: fit, query: query, classCount: classCount,
      wantsDecisions: wantsDecisions)
  }

  /// The paper's score, the probability that the row is of a class, from its log-odds.
  func kept(_ score: Float) -> Double { 1 / (1 + exp(Double(score))) }

  @Test(
    "both rules are those of NumPy to 1e-6",
    arguments: [("atd", CLIPNReference.agreeing), ("ctw", CLIPNReference.competing)])
  func golden(rule: String, wanted: [Double]) throws {
    let found = try detect(Self.taken.merging(["score": .string(rule)]) { $1 })
    for (score, wanted) in zip(found.scores, wanted) { #expect(abs(kept(score) - wanted) < 1e-6) }
  }

  @Test(
    "both rules decide without a threshold as NumPy does, and say how far each class is denied",
    arguments: [
      ("atd", CLIPNReference.agreeingDecisions), ("ctw", CLIPNReference.competingDecisions),
    ])
  func decisions(rule: String, wanted: [Int32]) throws {
    let found = try Detection(
      "clipn", Self.taken.merging(["score": .string(rule)]) { $1 }, fit: Self.given,
      query: Self.query, classCount: 5, wantsDecisions: true)
    #expect(found.decisions == wanted)
    for (one, other) in zip(found.denials.prefix(2).joined(), CLIPNReference.denials) {
      #expect(abs(Double(one) - other) < 1e-6)
    }
    #expect(
      found.scores == (try detect(Self.taken.merging(["score": .string(rule)]) { $1 }).scores))
  }

  @Test("both rules give the card's example", arguments: [("atd", 0.652583), ("ctw", 0.731059)])
  func example(rule: String, wanted: Double) throws {
    // z = (3, 1, 0) and 2 for every denying text, as cosines times 5.
    func text(_ cosine: Double) -> [Float] {
      [Float(cosine), Float((1 - cosine * cosine).squareRoot())]
    }
    let fit = [
      "class.count": Tensor(scalar: 3), "text.class": Tensor(rows: [0.6, 0.2, 0].map(text)),
      "text.no": Tensor(rows: [0.4, 0.4, 0.4].map(text)),
    ]
    let found = try detect(
      ["realisation": "given", "scale": 5, "score": .string(rule)], fit: fit,
      query: ["query.features": Tensor(rows: [[2, 0]])], classCount: 3, wantsDecisions: true)
    #expect(abs(kept(found.scores[0]) - wanted) < 1e-6)
    #expect(found.logits.answers == [0])
    // 0.347417 < 0.616863, and 0.268941 < 1/2: a row of a class by either rule.
    #expect(found.decisions == [0])
    for (one, other) in zip(found.denials[0], [0.268941, 0.731059, 0.880797]) {
      #expect(abs(Double(one) - other) < 1e-6)
    }
  }

  @Test("the logits are those of zero-shot, whatever is denied")
  func logits() throws {
    let plain = try Detection(
      "ood-scores", ["scale": 10], fit: Self.given, query: Self.query, classCount: 5)
    for config in [Self.taken, Self.short] {
      let found = try detect(config, fit: Self.given.merging(Self.pairs) { $1 })
      for (one, other) in zip(found.logits.joined(), plain.logits.joined()) {
        #expect(abs(one - other) < 1e-5)
      }
    }
  }

  @Test("learns as NumPy does from the same draws")
  func training() throws {
    let found = try detect(Self.short, fit: Self.pairs)
    let names = ["loss_yes", "loss_no", "loss_distance"]
    for (name, wanted) in zip(names, CLIPNReference.losses) {
      #expect(abs(try #require(found.metrics[name]) - wanted) < 1e-4, "\(name)")
    }
    for (score, wanted) in zip(found.scores, CLIPNReference.learned) {
      #expect(abs(kept(score) - wanted) < 1e-3)
    }
  }

  @Test("untrained, every text denies as much as it says: all scores are even odds")
  func untrained() throws {
    let found = try detect(Self.short.merging(["epochs": 0]) { $1 }, fit: Self.pairs)
    #expect(found.scores.allSatisfy { abs($0) < 1e-4 })
  }

  @Test("texts that deny all classes alike score as the energy and the greatest logit do")
  func reduction() throws {
    // z̄ is one constant c: ctw is c - max z; atd tends to c - log Σ exp z as it grows.
    let query = Tensor(rows: uniformRows(12, 8, seed: 1).map { [0] + $0 })
    let fit = [
      "class.count": Tensor(scalar: 5),
      "text.class": Tensor(rows: uniformRows(5, 8, seed: 2).map { [0] + $0 }),
      "text.no": Tensor(
        rows: [[Float]](repeating: [1] + [Float](repeating: 0, count: 8), count: 5)),
    ]
    let found = try detect(
      Self.taken.merging(["score": "ctw"]) { $1 }, fit: fit, query: ["query.features": query])
    let plain = try Detection(
      "ood-scores", ["scale": 10], method: 1, fit: fit, query: ["query.features": query],
      classCount: 5)
    for (one, other) in zip(found.scores, plain.scores) { #expect(abs(one - other) < 1e-4) }
  }

  @Test("rows keep their order where the sigmoid rounds to 1", arguments: ["atd", "ctw"])
  func saturation(rule: String) throws {
    let fit = [
      "class.count": Tensor(scalar: 2), "text.class": Tensor(rows: [[1, 0, 0], [0, 1, 0]]),
      "text.no": Tensor(rows: [[-1, 0, 0], [0, -1, 0]]),
    ]
    let query = Tensor(rows: [[1, 0, 0], [0.98, 0, 0.2], [0.95, 0, 0.3]])
    let scores = try detect(
      ["realisation": "given", "score": .string(rule)], fit: fit,
      query: ["query.features": query], classCount: 2
    ).scores
    #expect(scores[0] < scores[1] && scores[1] < scores[2])
  }

  @Test(
    "each prompt of a class is encoded before they are summed, beside a class text or without",
    arguments: [false, true])
  func prompts(besideText: Bool) throws {
    var fit = Self.pairs
    if !besideText { fit["text.class"] = nil }
    // Lengths differ, and count for nothing.
    fit["text.prompts"] = Tensor(
      uniformRows(10, 8, seed: 6).enumerated().flatMap { place, row in
        row.map { Float(1 + place % 2) * $0 }
      }, shape: [5, 2, 8])
    let found = try detect(Self.short, fit: fit).scores.map(kept)
    for (score, wanted) in zip(found, CLIPNReference.prompts) {
      #expect(abs(score - wanted) < 1e-3)
    }
    let farthest = zip(found, CLIPNReference.sumsFirst).map { abs($0 - $1) }.max() ?? 0
    #expect(farthest > 0.01)
  }

  @Test("given denials leave the class text as it is, whatever prompts are offered")
  func givenBesidePrompts() throws {
    var fit = Self.given
    fit["text.prompts"] = Tensor(uniformRows(10, 8, seed: 6).flatMap { $0 }, shape: [5, 2, 8])
    #expect(try detect(Self.taken, fit: fit).scores == detect(Self.taken).scores)
  }

  @Test("the same seed gives the same scores, another seed others")
  func determinism() throws {
    let first = try detect(Self.short, fit: Self.pairs).scores
    #expect(try detect(Self.short, fit: Self.pairs).scores == first)
    #expect(try detect(Self.short, fit: Self.pairs, seed: 8).scores != first)
  }

  @Test("what a realisation needs is asked for by name")
  func unsupported() throws {
    let plugin = try Plugin(named: "clipn")
    let given = try plugin.instance(["realisation": "given"])
    #expect(given.fit(Self.pairs) == ASSAY_E_UNSUPPORTED)
    #expect(given.host.sentence.contains("'text.no'"))
    // Given texts alone leave nothing to learn: they are taken, which a note says.
    let learned = try plugin.instance()
    #expect(learned.fit(Self.given) == ASSAY_OK)
    #expect(learned.host.notes.contains { $0.contains("'text.no'") })
    var single = Self.pairs
    single["pairs.image"] = Tensor(rows: uniformRows(1, 8, seed: 4))
    single["pairs.text"] = Tensor(rows: uniformRows(1, 8, seed: 5))
    #expect(learned.fit(single) == ASSAY_E_CONTRACT)
    #expect(learned.host.sentence.contains("at least 2 pairs"))
  }

  @Test("no query rows are an answer of no rows")
  func noRows() throws {
    let query = ["query.features": Tensor([Float](), shape: [0, 8])]
    #expect(try detect(Self.taken, query: query).scores.isEmpty)
  }

  @Test("learns from pairs which texts are close to every image, and beats mcm by it")
  func planted() throws {
    let world = Hubs()
    let mcm = try Detection(
      "ood-scores", method: 3, fit: world.fit, query: world.query, classCount: 6)
    let clipn = try detect(
      ["epochs": 40, "batch": 64, "prompts": 2], fit: world.fit, query: world.query,
      classCount: 6)
    let (base, found) = (world.auroc(mcm), world.auroc(clipn))
    #expect(found > base + 0.05, "\(found) \(base)")
  }
}

/// Texts of which half point along a direction that all images share.
private struct Hubs {
  var fit: [String: Tensor] = ["class.count": Tensor(scalar: 6)]
  var query: [String: Tensor] = [:]
  private var random = SplitMix64(11)
  private let common: [Float]

  init() {
    common = Hubs.unit(uniformRows(1, 32, seed: 12)[0])
    let concepts = uniformRows(1026, 32, seed: 13).map(Hubs.unit)
    let (spoken, own) = (concepts[..<1000], concepts[1000..<1006])
    let unseen = concepts[1006...]
    fit["pairs.image"] = Tensor(rows: spoken.map { image($0) })
    fit["pairs.text"] = Tensor(rows: spoken.enumerated().map { text($1, isHub: $0 % 2 == 0) })
    fit["text.class"] = Tensor(rows: own.enumerated().map { text($1, isHub: $0 % 2 == 0) })
    query["query.features"] = Tensor(
      rows: (0..<180).map { image(own[1000 + $0 % 6]) }
        + (0..<180).map { image(unseen[1006 + $0 % 20]) })
  }

  func auroc(_ found: Detection) -> Double {
    PluginsTests.auroc(
      known: Array(found.scores[..<180]), unknown: Array(found.scores[180...]))
  }

  private static func unit(_ row: [Float]) -> [Float] {
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return row.map { $0 / length }
  }

  private mutating func noise() -> [Float] {
    Hubs.unit((0..<32).map { _ in Float(2 * random.uniform() - 1) })
  }

  private mutating func image(_ concept: [Float]) -> [Float] {
    let noise = noise()
    return Hubs.unit(concept.indices.map { concept[$0] + common[$0] + 0.7 * noise[$0] })
  }

  private mutating func text(_ concept: [Float], isHub: Bool) -> [Float] {
    let (noise, level): ([Float], Float) = (noise(), isHub ? 2 : 0.1)
    return Hubs.unit(concept.indices.map { concept[$0] + level * common[$0] + 0.15 * noise[$0] })
  }
}
