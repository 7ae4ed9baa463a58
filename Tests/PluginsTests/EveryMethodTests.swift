import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// A method of a library, with a config key and a value that its schema forbids.
struct Shipped: CustomTestStringConvertible, Sendable {
  let library: String
  let index: UInt32
  let id: String
  let key: String
  let forbidden: JSON
  var testDescription: String { id }

  init(
    _ id: String, _ key: String, _ forbidden: JSON, library: String? = nil, index: UInt32 = 0
  ) {
    (self.library, self.index, self.id) = (library ?? id, index, id)
    (self.key, self.forbidden) = (key, forbidden)
  }

  /// The methods of task `detect-ood`.
  static let detectors: [Shipped] =
    [
      ("msp", "scale"), ("max-logit", "scale"), ("energy", "temperature"), ("mcm", "temperature"),
      ("entropy", "scale"), ("variance", "temperature"),
    ].enumerated().map { place, method in
      Shipped(method.0, method.1, 0, library: "ood-scores", index: UInt32(place))
    } + [Shipped("clipn", "score", "best"), Shipped("cooked", "norm", -1)]

  /// Every method of every plugin.
  static let all: [Shipped] =
    classifiers.map { Shipped($0.name, $0.key, $0.forbidden) } + detectors + [
      Shipped("metaclip", "p", 1.5), Shipped("rel-mf", "clip", 2), Shipped("cutmix", "prob", 2),
      Shipped("sophia", "k", 0),
      Shipped("expo-mf", "dim", 0, library: "rel-mf", index: 1),
      Shipped("schur-entropy", "rcond", 2), Shipped("sliced-wasserstein", "order", 0.5),
      Shipped("cosine", "centred", "maybe"),
    ]
}

@Suite("Every method of every plugin")
struct EveryMethodTests {
  @Test(
    "has the name that is listed here, in a library whose table never moves", arguments: Shipped.all
  )
  func library(shipped: Shipped) throws {
    let plugin = try Plugin(named: shipped.library)
    let count = UInt32(Shipped.all.count { $0.library == shipped.library })
    #expect(plugin.library.pointee.method_count == count)
    #expect(String(cABI: try plugin.method(shipped.index).id) == shipped.id)
    let entry = try #require(plugin.entry)
    #expect(entry(1, 0) == plugin.library)
    #expect(entry(2, 0) == nil)
    #expect(plugin.library.pointee.method_at(count) == nil)
  }

  @Test("has a schema with a default and a description for each property", arguments: Shipped.all)
  func schema(shipped: Shipped) throws {
    let method = try Plugin(named: shipped.library).method(shipped.index)
    let schema = try JSON(parsing: String(cABI: method.config_schema))
    let properties = try #require(schema["properties"]?.object)
    for (_, property) in properties {
      #expect(property["default"] != nil && property["description"]?.string != nil)
    }
    let instance = try Plugin(named: shipped.library).instance(method: shipped.index)
    #expect(instance.created == ASSAY_OK)
  }

  // The host refuses such a config first, which a plugin in C may rely on; AssayKit looks again.
  @Test(
    "refuses a config out of range by a sentence that names the key",
    arguments: Shipped.all.filter { $0.library != "nearest-mean-c" })
  func config(shipped: Shipped) throws {
    let instance = try Plugin(named: shipped.library).instance(
      [shipped.key: shipped.forbidden], method: shipped.index)
    #expect(instance.created == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.hasPrefix("config key '\(shipped.key)'"))
  }

  @Test("answers ASSAY_E_STATE to predict before fit", arguments: Shipped.all)
  func state(shipped: Shipped) throws {
    let plugin = try Plugin(named: shipped.library)
    #expect(try plugin.method(shipped.index).flags & UInt32(ASSAY_METHOD_NEEDS_FIT) != 0)
    let instance = try plugin.instance(method: shipped.index)
    let query = Tensor(rows: [[1, 0]])
    let logits = Tensor(rows: [[0, 0]])
    let status = instance.predict(["query.features": query], outputs: ["logits": logits])
    #expect(status == ASSAY_E_STATE)
    #expect(!instance.host.sentence.isEmpty)
  }
}

@Suite("Every method of task detect-ood")
struct EveryDetectorTests {
  /// What a `detect-ood` setting offers: 60 known rows, then 60 rows of unseen classes.
  private struct World {
    var setting = Setting.complete()
    var query: [String: Tensor]
    let known: [[Float]]
    let unknown: [[Float]]

    init() {
      known = Array(setting.planted.rows(300, seed: 5, unit: true).prefix(60))
      unknown = Planted(classCount: 60, width: 16, spread: 0.2, seed: 41).rows(
        60, seed: 42, unit: true)
      query = ["query.features": Tensor(rows: known + unknown)]
      // Pairs of concepts that are not among the classes.
      let concepts = Planted(classCount: 200, width: 16, spread: 0.5, seed: 43)
      setting.fit["pairs.image"] = Tensor(rows: concepts.rows(400, seed: 44, unit: true))
      setting.fit["pairs.text"] = Tensor(rows: concepts.rows(400, seed: 45, unit: true))
      setting.fit["text.class"] = Tensor(
        rows: setting.planted.centres.map { $0.map { Float($0) } })
    }

    func scores(_ shipped: Shipped, rows: [[Float]]? = nil) throws -> [Float] {
      var query = query
      if let rows { query["query.features"] = Tensor(rows: rows) }
      return try Detection(
        shipped.library, method: shipped.index, fit: setting.fit, query: query, classCount: 5
      ).scores
    }
  }

  @Test("answers ASSAY_E_CONTRACT where the class count is missing", arguments: Shipped.detectors)
  func contract(shipped: Shipped) throws {
    var world = World()
    world.setting.fit["class.count"] = nil
    let instance = try Plugin(named: shipped.library).instance(method: shipped.index)
    #expect(instance.fit(world.setting.fit) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("class.count"))
  }

  @Test("gives the same bytes twice", arguments: Shipped.detectors)
  func determinism(shipped: Shipped) throws {
    #expect(try World().scores(shipped) == World().scores(shipped))
  }

  @Test("tells rows of unseen classes better than chance", arguments: Shipped.detectors)
  func planted(shipped: Shipped) throws {
    let scores = try World().scores(shipped)
    #expect(auroc(known: Array(scores[..<60]), unknown: Array(scores[60...])) > 0.6)
  }

  @Test("stays finite where a class has no training row", arguments: Shipped.detectors)
  func absentClass(shipped: Shipped) throws {
    var world = World()
    world.setting.keepTraining((0..<40).filter { $0 % 5 != 2 })
    #expect(try world.scores(shipped).allSatisfy(\.isFinite))
  }

  @Test("answers each row as it would alone", arguments: Shipped.detectors)
  func rowIndependence(shipped: Shipped) throws {
    let world = World()
    let all = try world.scores(shipped)
    let single = try world.scores(shipped, rows: [world.known[17]])
    #expect(abs(single[0] - all[17]) < 1e-4 * max(1, abs(all[17])))
  }
}
