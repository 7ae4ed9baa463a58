import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("amu-tuning")
struct AMUTuningTests {
  /// The setting of every method, with a second feature space of eight coordinates.
  private struct Auxiliary {
    var base: Setting
    let planted: Planted
    var query: Tensor

    init(shots: Int = 4, validation: Int = 0, spread: Double = 0.8) {
      planted = Planted(classCount: 5, width: 8, spread: spread, seed: 21)
      base = Setting(shots: shots, validation: validation)
      query = Tensor(rows: planted.rows(300, seed: 25, unit: false))
      base.fit["train.aux"] = Tensor(rows: planted.rows(5 * shots, seed: 22, unit: false))
      if validation > 0 {
        base.fit["val.aux"] = Tensor(rows: planted.rows(validation, seed: 24, unit: false))
      }
    }

    /// The first rows of the query alone.
    func prefix(_ count: Int) -> Auxiliary {
      var copy = self
      let rows = planted.rows(count, seed: 25, unit: false)
      copy.query = Tensor(rows: rows)
      copy.features = Tensor(rows: base.planted.rows(count, seed: 5, unit: true))
      return copy
    }

    var features: Tensor?
  }

  private func logits(
    _ setting: Auxiliary, _ config: [String: JSON] = [:], seed: UInt64 = 7
  ) throws -> [[Float]] {
    let instance = try Plugin(named: "amu-tuning").instance(config)
    instance.seed = seed
    return try logits(
      instance, fit: setting.base.fit, features: setting.features ?? setting.base.query,
      aux: setting.query, classCount: 5)
  }

  private func logits(
    _ instance: Instance, fit: [String: Tensor], features: Tensor, aux: Tensor, classCount: Int
  ) throws -> [[Float]] {
    guard instance.fit(fit) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let count = features.shape[0]
    let logits = Tensor(
      [Float](repeating: .nan, count: count * classCount), shape: [count, classCount])
    let status = instance.predict(
      ["query.features": features, "query.aux": aux], outputs: ["logits": logits])
    guard status == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    return logits.withElements(of: Float.self) { numbers in
      (0..<count).map { Array(numbers[$0 * classCount..<($0 + 1) * classCount]) }
    }
  }

  private func isClose(_ found: [[Float]], _ wanted: [Double], within tolerance: Double) -> Bool {
    let found = found.flatMap { $0.map(Double.init) }
    return found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < tolerance }
  }

  // MARK: Reference

  @Test("gives the fused logits and the loss of the worked example")
  func card() throws {
    let squares: [Float] = [0.2, 0.9, 0.4, 0.1]
    let root = Float(6).squareRoot()
    let text: [[Float]] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    // One auxiliary row a class, along the axes, makes the start the identity.
    let instance = try Plugin(named: "amu-tuning").instance([
      "scale": .init(Double(root)), "epochs": 0,
    ])
    let found = try logits(
      instance,
      fit: [
        "train.features": Tensor(rows: text), "train.aux": Tensor(rows: text),
        "train.labels": Tensor(labels: [0, 1, 2, 3]), "text.class": Tensor(rows: text),
        "class.count": Tensor(scalar: 4),
      ], features: Tensor(rows: [[2, 1, 0, -1]]), aux: Tensor(rows: [squares]), classCount: 4)
    #expect(isClose(found, Array(AMUTuningReference.card.prefix(4)), within: 2e-6))
  }

  @Test(
    "agrees with NumPy for each uncertainty",
    arguments: [
      ("none", AMUTuningReference.none), ("moment", AMUTuningReference.moment),
      ("entropy", AMUTuningReference.entropy), ("max", AMUTuningReference.max),
      ("max-min", AMUTuningReference.maxMin), ("top5", AMUTuningReference.top5),
      ("var", AMUTuningReference.deviation), ("energy", AMUTuningReference.energy),
    ])
  func uncertainty(kind: String, wanted: [Double]) throws {
    let found = try logits(
      Auxiliary().prefix(4), ["uncertainty": .string(kind), "epochs": 0])
    #expect(isClose(found, wanted, within: 1e-4))
  }

  @Test(
    "takes the steps of NumPy, whose gradients are finite differences",
    arguments: [
      (["epochs": 1, "batch": 20], AMUTuningReference.trained1),
      (["epochs": 5, "batch": 20], AMUTuningReference.trained5),
      (
        [
          "epochs": 5, "batch": 20, "alpha": 2, "lambda": 1, "rate": 0.1, "weight_decay": 0.5,
        ], AMUTuningReference.fast
      ),
    ] as [([String: JSON], [Double])])
  func training(config: [String: JSON], wanted: [Double]) throws {
    let setting = Auxiliary().prefix(4)
    let instance = try Plugin(named: "amu-tuning").instance(config)
    let found = try logits(
      instance, fit: setting.base.fit, features: #require(setting.features), aux: setting.query,
      classCount: 5)
    #expect(isClose(found, wanted.dropLast(), within: 2e-4))
    let loss = try #require(instance.host.metrics["loss"])
    #expect(abs(loss - (try #require(wanted.last))) < 1e-5)
  }

  // MARK: Views

  /// Gives every training row views in both spaces.
  private func withViews(
    _ setting: Auxiliary, _ seeds: [UInt64]
  ) -> Auxiliary {
    var setting = setting
    let (first, second) = (setting.base.planted, setting.planted)
    let features = seeds.flatMap { first.rows(20, seed: $0, unit: true).joined() }
    let aux = seeds.flatMap { second.rows(20, seed: 20 + $0, unit: false).joined() }
    setting.base.fit["train.views"] = Tensor(features, shape: [seeds.count, 20, 16])
    setting.base.fit["train.aux_views"] = Tensor(aux, shape: [seeds.count, 20, 8])
    return setting
  }

  @Test("starts from the means of the views as they are")
  func meansOfViews() throws {
    var means = Auxiliary()
    let views = [22, 23, 29].map { means.planted.rows(20, seed: $0, unit: false) }
    means.base.fit["train.aux"] = Tensor(
      rows: (0..<20).map { row in (0..<8).map { at in views.reduce(0) { $0 + $1[row][at] } / 3 } })
    let found = try logits(withViews(Auxiliary(), [2, 3, 9]), ["epochs": 0])
    let wanted = try logits(means, ["epochs": 0])
    for (x, y) in zip(found.joined(), wanted.joined()) { #expect(abs(x - y) < 1e-3) }
  }

  @Test("views that are the rows themselves train as the rows do")
  func equalViews() throws {
    let setting = Auxiliary()
    let config: [String: JSON] = ["epochs": 5, "batch": 20]
    let plain = try logits(setting, config)
    let found = try logits(withViews(setting, [2, 2]), config)
    for (x, y) in zip(found.joined(), plain.joined()) { #expect(abs(x - y) < 1e-3) }
  }

  @Test("draws other views for another seed, and says how many there are")
  func drawnViews() throws {
    let setting = withViews(Auxiliary(), [2, 3])
    let instance = try Plugin(named: "amu-tuning").instance()
    let first = try logits(
      instance, fit: setting.base.fit, features: setting.base.query, aux: setting.query,
      classCount: 5)
    #expect(instance.host.notes.contains { $0.contains("2 stored views") })
    #expect(first == (try logits(setting)))
    #expect(first != (try logits(setting, seed: 8)))
  }

  @Test("the preset of the release takes no uncertainty, whatever is set")
  func release() throws {
    let setting = Auxiliary()
    let released = try logits(setting, ["preset": "release", "epochs": 2, "uncertainty": "max"])
    #expect(released == (try logits(setting, ["uncertainty": "none", "epochs": 2])))
    #expect(released != (try logits(setting, ["epochs": 2])))
  }

  // MARK: Reductions

  @Test("is the zero-shot classifier at alpha 0")
  func zeroShot() throws {
    let setting = Auxiliary()
    #expect(try logits(setting, ["alpha": 0]) == setting.base.logits(of: "zero-shot"))
  }

  @Test("at lambda 0 trains the same weights whatever alpha is")
  func separateBranch() throws {
    let setting = Auxiliary()
    func bias(_ alpha: Double) throws -> [[Float]] {
      try logits(
        setting, ["alpha": .init(alpha), "lambda": 0, "scale": 0, "uncertainty": "none"])
    }
    for (one, other) in zip(try bias(0.5), try bias(1)) {
      for (x, y) in zip(one, other) { #expect(abs(2 * x - y) < 1e-5) }
    }
  }

  @Test("on the first feature space alone does not read the second")
  func firstSpace() throws {
    var setting = Auxiliary()
    let first = try logits(setting, ["bias_features": "features", "epochs": 2])
    setting.query = Tensor(rows: setting.planted.rows(300, seed: 26, unit: false))
    setting.base.fit["train.aux"] = Tensor(rows: setting.planted.rows(20, seed: 27, unit: false))
    #expect(try logits(setting, ["bias_features": "features", "epochs": 2]) == first)
    #expect(try logits(setting, ["epochs": 2]) != first)
  }

  // MARK: Behaviour

  @Test("gives the same bytes for one seed, and other batches for another")
  func determinism() throws {
    let setting = Auxiliary()
    let first = try logits(setting, ["epochs": 3])
    #expect(try logits(setting, ["epochs": 3]) == first)
    #expect(try logits(setting, ["epochs": 3], seed: 8) != first)
  }

  @Test("beats zero-shot and the probe of the first space where the second knows more")
  func planted() throws {
    let setting = Auxiliary(shots: 8, spread: 0.4)
    let labels = setting.base.queryLabels
    let both = try logits(setting, ["scale": 10]).accuracy(labels)
    let zeroShot = try setting.base.accuracy(of: "zero-shot")
    let first = try logits(setting, ["bias_features": "features", "scale": 10]).accuracy(labels)
    #expect(both > zeroShot && both > first, "\(both) \(zeroShot) \(first)")
  }

  /// The accuracy on the validation rows, which the method is asked for like any others.
  private func validationAccuracy(_ instance: Instance, _ setting: Auxiliary) throws -> Double {
    let fit = setting.base.fit
    return try logits(
      instance, fit: fit, features: #require(fit["val.features"]), aux: #require(fit["val.aux"]),
      classCount: 5
    ).accuracy(setting.planted.labels(50))
  }

  @Test("chooses alpha and lambda by the validation rows, the first best in order")
  func search() throws {
    let setting = Auxiliary(validation: 50)
    let instance = try Plugin(named: "amu-tuning").instance([
      "search": true, "alphas": [0, 40, 25], "lambdas": [0.9, 0.1], "epochs": 2, "batch": 20,
    ])
    let accuracy = try validationAccuracy(instance, setting)
    // NumPy has four equal bests, of which alpha 40 with lambda 0.9 comes first.
    let wanted = AMUTuningReference.search
    let best = try #require(wanted.max())
    #expect(wanted.count { $0 == best } == 4 && wanted.firstIndex(of: best) == 2)
    #expect(instance.host.metrics["alpha"] == 40)
    #expect(instance.host.metrics["lambda"] == 0.9)
    #expect(instance.host.metrics["val_accuracy"] == accuracy)
    #expect(abs(accuracy - best) < 1e-9)
    // What is kept are the weights of that pair.
    let alone: [String: JSON] = ["alpha": 40, "lambda": 0.9, "epochs": 2, "batch": 20]
    let kept = try logits(
      instance, fit: setting.base.fit, features: setting.base.query, aux: setting.query,
      classCount: 5)
    #expect(kept == (try logits(setting, alone)))
  }

  @Test("keeps the first best epoch where the validation rows select")
  func selection() throws {
    let setting = Auxiliary(validation: 50)
    func fitted(_ selection: JSON) throws -> (host: [String: Double], accuracy: Double) {
      let instance = try Plugin(named: "amu-tuning").instance([
        "select": selection, "epochs": 6, "batch": 20, "alpha": 20, "lambda": 1, "rate": 0.1,
      ])
      let accuracy = try validationAccuracy(instance, setting)
      return (instance.host.metrics, accuracy)
    }
    // In NumPy epochs 2 and 3 are equally good and better than the last.
    let wanted = AMUTuningReference.selection
    let best = try #require(wanted.max())
    #expect(wanted[1] == best && wanted[2] == best && wanted[0] < best && wanted[5] < best)
    let first = try fitted("val")
    #expect(first.host["epoch"] == 2)
    #expect(first.host["val_accuracy"] == first.accuracy)
    #expect(abs(first.accuracy - best) < 1e-9)
    #expect(abs(try fitted("last").accuracy - wanted[5]) < 1e-9)
  }

  @Test("answers each row as it would alone")
  func rowIndependence() throws {
    let all = try logits(Auxiliary(), ["epochs": 2])
    let few = try logits(Auxiliary().prefix(2), ["epochs": 2])
    for (one, other) in zip(few, all) {
      for (x, y) in zip(one, other) { #expect(abs(x - y) < 1e-3) }
    }
  }

  @Test("stays finite with classes absent, with rows of zeros and with equal class scores")
  func degenerate() throws {
    var setting = Auxiliary()
    setting.base.fit["train.labels"] = Tensor(labels: [Int32](repeating: 1, count: 20))
    setting.query = Tensor(rows: [[Float]](repeating: [Float](repeating: 0, count: 8), count: 300))
    for kind in ["none", "moment", "entropy", "max", "max-min", "top5", "var", "energy"] {
      let config: [String: JSON] = ["uncertainty": .string(kind), "epochs": 1, "scale": 0]
      let found = try logits(setting, config)
      #expect(found.allSatisfy { $0.allSatisfy(\.isFinite) }, "\(kind)")
    }
  }

  @Test("refuses two classes, and top5 among fewer than five, by a sentence")
  func tooFewClasses() throws {
    func status(_ count: Int, _ config: [String: JSON]) throws -> (assay_status, String) {
      let rows = (0..<count).map { row in (0..<count).map { Float($0 == row ? 1 : 0) } }
      let instance = try Plugin(named: "amu-tuning").instance(config)
      let status = instance.fit([
        "train.features": Tensor(rows: rows), "train.aux": Tensor(rows: rows),
        "train.labels": Tensor(labels: (0..<Int32(count)).map { $0 }),
        "text.class": Tensor(rows: rows), "class.count": Tensor(scalar: count),
      ])
      return (status, instance.host.sentence)
    }
    let two = try status(2, [:])
    #expect(two.0 == ASSAY_E_UNSUPPORTED && two.1.contains("the setting has 2"))
    let four = try status(4, ["uncertainty": "top5"])
    #expect(four.0 == ASSAY_E_CONFIG && four.1.contains("top5"))
    #expect(try status(3, [:]).0 == ASSAY_OK)
  }
}
