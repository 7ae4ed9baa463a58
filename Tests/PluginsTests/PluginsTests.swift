import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// Every plugin, with a config key and a value that its schema forbids.
let plugins: [(name: String, key: String, forbidden: JSON)] = [
  ("zero-shot", "scale", 0), ("nearest-mean", "scale", -1), ("nearest-mean-c", "scale", 1e5),
  ("linear-probe", "c", 0), ("tip-adapter", "beta", -0.5),
  ("tip-adapter-f", "epochs", -1), ("knn", "k", 0), ("gda", "alphas", []),
  ("smote", "k", 0), ("mlp-probe", "alpha", -1),
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

  /// The accuracy of a plugin on the query rows.
  func accuracy(of name: String, _ config: [String: JSON] = [:]) throws -> Double {
    try logits(of: name, config).accuracy(queryLabels)
  }

  func logits(of name: String, _ config: [String: JSON] = [:]) throws -> [[Float]] {
    try Plugin(named: name).instance(config).logits(fit: fit, query: query, classCount: 5)
  }
}

@Suite("Every plugin")
struct EveryPluginTests {
  @Test("holds one method of its own name, and always returns the same table", arguments: plugins)
  func library(name: String, key: String, forbidden: JSON) throws {
    let plugin = try Plugin(named: name)
    #expect(plugin.library.pointee.method_count == 1)
    #expect(String(cABI: try plugin.method().id) == name)
    let entry = try #require(plugin.entry)
    #expect(entry(1, 0) == plugin.library)
    #expect(entry(2, 0) == nil)
    #expect(plugin.library.pointee.method_at(1) == nil)
  }

  @Test("has a schema with a default and a description for each property", arguments: plugins)
  func schema(name: String, key: String, forbidden: JSON) throws {
    let properties = try #require(try Plugin(named: name).schema()["properties"]?.object)
    for (_, property) in properties {
      #expect(property["default"] != nil && property["description"]?.string != nil)
    }
    #expect(try Plugin(named: name).instance().created == ASSAY_OK)
  }

  @Test("refuses a config out of range by a sentence that names the key", arguments: plugins)
  func config(name: String, key: String, forbidden: JSON) throws {
    let instance = try Plugin(named: name).instance([key: forbidden])
    #expect(instance.created == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.hasPrefix("config key '\(key)'"))
  }

  @Test("answers ASSAY_E_STATE to predict before fit", arguments: plugins)
  func state(name: String, key: String, forbidden: JSON) throws {
    let instance = try Plugin(named: name).instance()
    let query = Tensor(rows: [[1, 0]])
    let logits = Tensor(rows: [[0, 0]])
    let status = instance.predict(["query.features": query], outputs: ["logits": logits])
    #expect(status == ASSAY_E_STATE)
    #expect(!instance.host.sentence.isEmpty)
  }

  @Test("answers ASSAY_E_CONTRACT where the class count is missing", arguments: plugins)
  func contract(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting()
    setting.fit["class.count"] = nil
    let instance = try Plugin(named: name).instance()
    #expect(instance.fit(setting.fit) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("class.count"))
  }

  @Test("gives the same bytes twice", arguments: plugins)
  func determinism(name: String, key: String, forbidden: JSON) throws {
    #expect(try Setting().logits(of: name) == Setting().logits(of: name))
  }

  @Test("does far better than chance on planted classes", arguments: plugins)
  func planted(name: String, key: String, forbidden: JSON) throws {
    #expect(try Setting().accuracy(of: name) > 0.5)
  }

  @Test(
    "stays finite with one training row, no validation and four classes absent", arguments: plugins)
  func oneRow(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting(validation: 0)
    setting.fit["train.features"] = Tensor(rows: setting.planted.rows(1, seed: 2, unit: true))
    setting.fit["train.labels"] = Tensor(labels: [0])
    let logits = try setting.logits(of: name)
    #expect(logits.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test("stays finite and still ranks the others when a class is absent", arguments: plugins)
  func absentClass(name: String, key: String, forbidden: JSON) throws {
    var setting = Setting()
    let keep = (0..<40).filter { $0 % 5 != 2 }
    let rows = setting.planted.rows(40, seed: 2, unit: true)
    setting.fit["train.features"] = Tensor(rows: keep.map { rows[$0] })
    setting.fit["train.labels"] = Tensor(labels: keep.map { Int32($0 % 5) })
    let logits = try setting.logits(of: name)
    #expect(logits.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(logits.accuracy(setting.queryLabels) > 0.4)
  }

  @Test("answers each row as it would alone", arguments: plugins)
  func rowIndependence(name: String, key: String, forbidden: JSON) throws {
    let setting = Setting()
    let all = try setting.logits(of: name)
    let rows = setting.planted.rows(300, seed: 5, unit: true)
    let single = try Plugin(named: name).instance().logits(
      fit: setting.fit, query: Tensor(rows: [rows[17]]), classCount: 5)
    for (one, other) in zip(single[0], all[17]) { #expect(abs(one - other) < 1e-4 * 100) }
  }

  @Test("takes no query rows as an answer of no rows", arguments: plugins)
  func noQuery(name: String, key: String, forbidden: JSON) throws {
    let logits = try Plugin(named: name).instance().logits(
      fit: Setting().fit, query: Tensor([Float](), shape: [0, 16]), classCount: 5)
    #expect(logits.isEmpty)
  }
}
