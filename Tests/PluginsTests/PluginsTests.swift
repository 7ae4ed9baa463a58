import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// Every plugin of task `classify`, with a config key and a value that its schema forbids.
let classifiers: [(name: String, key: String, forbidden: JSON)] = [
  ("zero-shot", "scale", 0), ("nearest-mean", "scale", -1), ("nearest-mean-c", "scale", 1e5),
  ("linear-probe", "c", 0), ("tip-adapter", "beta", -0.5),
  ("tip-adapter-f", "epochs", -1), ("knn", "k", 0), ("gda", "alphas", []),
  ("smote", "k", 0), ("mlp-probe", "alpha", -1), ("amu-tuning", "lambda", 1.5),
  ("caps-adapter", "delta", -0.1),
]

/// What a `classify` setting offers, from planted classes that overlap a little.
struct Setting {
  let planted = Planted(classCount: 5, width: 16, spread: 1.0, seed: 1)
  let query: Tensor
  let queryLabels: [Int32]
  var fit: [String: Tensor]

  init(shots: Int = 8, validation: Int = 50) {
    let rows = planted.rows(5 * shots, seed: 2, unit: true)
    // Text features point only roughly at the classes: half centre, half noise.
    var random = SplitMix64(3)
    let text = planted.centres.map { $0.map { Float($0 + 3 * (random.uniform() - 0.5)) } }
    fit = [
      "train.features": Tensor(rows: rows),
      "train.labels": Tensor(labels: planted.labels(rows.count)),
      "text.class": Tensor(rows: text), "class.count": Tensor(scalar: 5),
    ]
    if validation > 0 {
      fit["val.features"] = Tensor(rows: planted.rows(validation, seed: 4, unit: true))
      fit["val.labels"] = Tensor(labels: planted.labels(validation))
    }
    query = Tensor(rows: planted.rows(300, seed: 5, unit: true))
    queryLabels = planted.labels(300)
  }

  /// The same with a second feature space and a caption of each training row, for every method.
  static func complete(shots: Int = 8, validation: Int = 50) -> Setting {
    var setting = Setting(shots: shots, validation: validation)
    let captions = Planted(classCount: 5, width: 16, spread: 1.2, seed: 1)
    setting.fit["train.captions"] = Tensor(rows: captions.rows(5 * shots, seed: 9, unit: true))
    setting.fit["train.aux"] = Tensor(rows: auxiliary.rows(5 * shots, seed: 22, unit: true))
    setting.aux = auxiliary.rows(300, seed: 25, unit: true)
    if validation > 0 {
      setting.fit["val.aux"] = Tensor(rows: auxiliary.rows(validation, seed: 24, unit: true))
    }
    return setting
  }

  private static let auxiliary = Planted(classCount: 5, width: 8, spread: 0.8, seed: 21)

  /// The query rows in the second feature space.
  var aux: [[Float]]?

  /// Keeps some of the training rows, in all that is offered of them.
  mutating func keepTraining(_ kept: [Int]) {
    for name in ["train.features", "train.aux", "train.captions"] {
      guard let rows = fit[name] else { continue }
      let width = rows.shape[1]
      fit[name] = rows.withElements(of: Float.self) { numbers in
        Tensor(rows: kept.map { Array(numbers[$0 * width..<($0 + 1) * width]) })
      }
    }
    fit["train.labels"] = Tensor(labels: kept.map { Int32($0 % 5) })
  }

  /// The accuracy of a plugin on the query rows.
  func accuracy(of name: String, _ config: [String: JSON] = [:]) throws -> Double {
    try logits(of: name, config).accuracy(queryLabels)
  }

  func logits(of name: String, _ config: [String: JSON] = [:]) throws -> [[Float]] {
    try Plugin(named: name).instance(config).logits(
      fit: fit, query: query, aux: aux.map { Tensor(rows: $0) }, classCount: 5)
  }
}

@Suite("Every plugin of task classify")
struct EveryClassifierTests {
  @Test("answers ASSAY_E_CONTRACT where the class count is missing", arguments: classifiers)
  func contract(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting.complete()
    setting.fit["class.count"] = nil
    let instance = try Plugin(named: name).instance()
    #expect(instance.fit(setting.fit) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("class.count"))
  }

  @Test("gives the same bytes twice", arguments: classifiers)
  func determinism(name: String, key: String, forbidden: JSON) throws {
    #expect(try Setting.complete().logits(of: name) == Setting.complete().logits(of: name))
  }

  @Test("does far better than chance on planted classes", arguments: classifiers)
  func planted(name: String, key: String, forbidden: JSON) throws {
    #expect(try Setting.complete().accuracy(of: name) > 0.5)
  }

  @Test(
    "stays finite with one training row, no validation and four classes absent",
    arguments: classifiers)
  func oneRow(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting.complete(validation: 0)
    setting.keepTraining([0])
    let logits = try setting.logits(of: name)
    #expect(logits.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test("stays finite and still ranks the others when a class is absent", arguments: classifiers)
  func absentClass(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting.complete()
    setting.keepTraining((0..<40).filter { $0 % 5 != 2 })
    let logits = try setting.logits(of: name)
    #expect(logits.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(logits.accuracy(setting.queryLabels) > 0.4)
  }

  /// `caps-adapter` does not say so of itself: it compares the rows of a call.
  @Test(
    "answers each row as it would alone, where it says so",
    arguments: classifiers.filter { $0.name != "caps-adapter" })
  func rowIndependence(name: String, key: String, forbidden: JSON) throws {
    let setting = Setting.complete()
    let plugin = try Plugin(named: name)
    #expect(try plugin.method().flags & UInt32(ASSAY_METHOD_ROW_INDEPENDENT) != 0)
    let all = try setting.logits(of: name)
    let rows = setting.planted.rows(300, seed: 5, unit: true)
    let single = try plugin.instance().logits(
      fit: setting.fit, query: Tensor(rows: [rows[17]]),
      aux: setting.aux.map { Tensor(rows: [$0[17]]) }, classCount: 5)
    for (one, other) in zip(single[0], all[17]) { #expect(abs(one - other) < 1e-4 * 100) }
  }

  @Test("takes no query rows as an answer of no rows", arguments: classifiers)
  func noQuery(name: String, key: String, forbidden: JSON) throws {
    let logits = try Plugin(named: name).instance().logits(
      fit: Setting.complete().fit, query: Tensor([Float](), shape: [0, 16]),
      aux: Tensor([Float](), shape: [0, 8]), classCount: 5)
    #expect(logits.isEmpty)
  }
}
