import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("ood-scores")
struct OODScoresTests {
  /// The methods by their places in the library.
  static let methods: [(index: UInt32, id: String)] = [
    (0, "msp"), (1, "max-logit"), (2, "energy"), (3, "mcm"), (4, "entropy"), (5, "variance"),
  ]

  /// Cosines 0.6 and 0.8, 1 and 0, -0.28 and 0.96.
  static let query = Tensor(rows: [[3, 4], [2, 0], [-0.7, 2.4]])
  static let text = [
    "text.class": Tensor(rows: [[2, 0], [0, 0.5]]), "class.count": Tensor(scalar: 2),
  ]
  static let cosines = [[0.6, 0.8], [1, 0], [-0.28, 0.96]]

  struct Answer {
    var scores: [Float]
    var logits: [Float]
  }

  func answer(
    _ index: UInt32, _ config: [String: JSON] = [:], fit: [String: Tensor] = text,
    query: Tensor = query, wantsLogits: Bool = true
  ) throws -> Answer {
    let instance = try Plugin(named: "ood-scores").instance(config, method: index)
    guard instance.fit(fit) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let rows = query.shape[0]
    var outputs = ["ood_score": Tensor([Float](repeating: .nan, count: rows), shape: [rows])]
    if wantsLogits {
      outputs["logits"] = Tensor([Float](repeating: .nan, count: rows * 2), shape: [rows, 2])
    }
    guard instance.predict(["query.features": query], outputs: outputs) == ASSAY_OK else {
      throw HarnessError(instance.host.sentence)
    }
    func values(_ name: String) -> [Float] {
      outputs[name]?.withElements(of: Float.self) { Array($0) } ?? []
    }
    return Answer(scores: values("ood_score"), logits: values("logits"))
  }

  func expectEqual(_ found: [Float], _ wanted: [Double]) {
    #expect(found.count == wanted.count)
    for (one, other) in zip(found, wanted) {
      #expect(abs(Double(one) - other) < 1e-5 * max(1, abs(other)), "\(found) \(wanted)")
    }
  }

  @Test("the library holds the six methods, each of which claims detect-ood")
  func library() throws {
    let plugin = try Plugin(named: "ood-scores")
    #expect(plugin.library.pointee.method_count == 6)
    for (index, id) in Self.methods {
      let method = try plugin.method(index)
      #expect(String(cABI: method.id) == id)
      let claim = try #require(method.claims)
      #expect(method.claim_count == 3 && String(cABI: claim.pointee.task) == "detect-ood")
    }
  }

  @Test("the scores are those of the formulas, higher for OOD")
  func formulas() throws {
    func logSum(_ logits: [Double]) -> Double { log(logits.reduce(0) { $0 + exp($1) }) }
    let scaled = Self.cosines.map { $0.map { 4 * $0 } }
    expectEqual(
      try answer(0, ["scale": 4]).scores, scaled.map { logSum($0) - ($0.max() ?? 0) })
    expectEqual(try answer(1, ["scale": 4]).scores, scaled.map { -($0.max() ?? 0) })
    expectEqual(
      try answer(2, ["scale": 4, "temperature": 2]).scores,
      scaled.map { -2 * logSum($0.map { $0 / 2 }) })
    expectEqual(
      try answer(3, ["temperature": 0.5]).scores,
      Self.cosines.map { row in logSum(row.map { 2 * $0 }) - 2 * (row.max() ?? 0) })
  }

  /// Origin: SciPy 1.17.1, `scipy.special.softmax` and `scipy.stats.entropy`, and `numpy.var`, of 4
  /// and of 2 times the cosines.
  @Test("entropy and variance are SciPy's")
  func reference() throws {
    expectEqual(
      try answer(4, ["scale": 4]).scores,
      [0.6191210810456877, 0.09009476776617596, 0.041530333942536975])
    expectEqual(
      try answer(5, ["temperature": 0.5]).scores,
      [-0.009739254258470862, -0.14500641459649344, -0.17869879108638895])
  }

  @Test("the entropy of a nearly certain row is not rounded away")
  func certainty() throws {
    // A margin of 74.4 logits: p log p of the other class, 75.4 exp(-74.4) with the rest.
    let score = try answer(4, ["scale": 60]).scores[2]
    #expect(abs(Double(score) / (75.4 * exp(-74.4)) - 1) < 1e-4)
  }

  @Test("equal cosines have the entropy log K and no variance")
  func uniform() throws {
    let query = Tensor(rows: [[1, 1]])
    expectEqual(try answer(4, query: query).scores, [log(2)])
    #expect(abs(try answer(5, query: query).scores[0]) < 1e-12)
  }

  @Test("the logits are the cosine times the scale, and 1 / temperature for mcm")
  func logits() throws {
    for index in 0..<UInt32(3) {
      expectEqual(try answer(index).logits, Self.cosines.joined().map { 100 * $0 })
    }
    expectEqual(try answer(3, ["temperature": 0.25]).logits, Self.cosines.joined().map { 4 * $0 })
  }

  @Test("the scores are the same whether logits are wanted or not", arguments: methods)
  func withoutLogits(index: UInt32, id: String) throws {
    #expect(try answer(index).scores == answer(index, wantsLogits: false).scores)
  }

  @Test("mcm is msp with one over the temperature as its scale")
  func reduction() throws {
    let mcm = try answer(3, ["temperature": 0.125]).scores
    #expect(try answer(0, ["scale": 8]).scores == mcm)
  }

  @Test("energy tends to the largest logit as its temperature falls, and never overflows")
  func coldEnergy() throws {
    let cold = try answer(2, ["scale": 1e4, "temperature": 1e-3]).scores
    expectEqual(cold, try answer(1, ["scale": 1e4]).scores.map { Double($0) })
  }

  @Test("rows whose probability rounds to 1 keep their order")
  func saturation() throws {
    let scores = try answer(0, ["scale": 60]).scores
    // Margins of 60 and 74.4 logits: both probabilities are 1 in f32, and in f64.
    #expect(scores[2] < scores[1] && scores[1] < scores[0] && scores[2] > 0)
  }

  @Test("class means score the cosine to the unit mean of unit rows, without text")
  func means() throws {
    let fit = [
      "train.features": Tensor(rows: [[5, 0], [0, 2], [0, 1]]),
      "train.labels": Tensor(labels: [0, 0, 1]), "class.count": Tensor(scalar: 2),
    ]
    let found = try answer(
      1, ["classes": "means", "scale": 1], fit: fit, query: Tensor(rows: [[3, 4]]))
    expectEqual(found.logits, [1.4 / 2.0.squareRoot(), 0.8])
    expectEqual(found.scores, [-1.4 / 2.0.squareRoot()])
  }

  @Test("a class without training rows never wins")
  func absentClass() throws {
    let fit = [
      "train.features": Tensor(rows: [[-1, 0]]), "train.labels": Tensor(labels: [0]),
      "class.count": Tensor(scalar: 2),
    ]
    let found = try answer(
      1, ["classes": "means", "scale": 10], fit: fit, query: Tensor(rows: [[3, 4]]))
    expectEqual(found.logits, [-6, -10])
  }

  @Test("what the class vectors need is asked for by name", arguments: methods)
  func unsupported(index: UInt32, id: String) throws {
    let library = try Plugin(named: "ood-scores")
    let text = try library.instance(method: index)
    #expect(text.fit(["class.count": Tensor(scalar: 2)]) == ASSAY_E_CONTRACT)
    #expect(text.host.sentence.contains("'text.class' nor 'text.prompts'"))
    let means = try library.instance(["classes": "means"], method: index)
    #expect(means.fit(Self.text) == ASSAY_E_UNSUPPORTED)
    #expect(means.host.sentence.contains("'train.features'"))
  }

  @Test(
    "a config out of range is refused by a sentence that names the key",
    arguments: [
      (0, "scale", 0), (1, "classes", "txt"), (2, "temperature", -1), (3, "temperature", 0),
    ] as [(UInt32, String, JSON)])
  func config(index: UInt32, key: String, value: JSON) throws {
    let instance = try Plugin(named: "ood-scores").instance([key: value], method: index)
    #expect(instance.created == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.hasPrefix("config key '\(key)'"))
  }

  @Test("no query rows are an answer of no rows", arguments: methods)
  func noRows(index: UInt32, id: String) throws {
    #expect(try answer(index, query: Tensor([Float](), shape: [0, 2])).scores.isEmpty)
  }
}
