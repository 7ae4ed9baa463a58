import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("tip-adapter-f")
struct TipAdapterFTests {
  /// The setting of `reference.py`: 4 classes, 8 columns, 24 training rows, 5 queries.
  private let planted = Planted(classCount: 4, width: 8, spread: 0.8, seed: 31)
  private let config: [String: JSON] = [
    "alpha": 1.5, "beta": 2, "scale": 10, "rate": 0.02, "weight_decay": 0.1,
  ]
  private var fit: [String: Tensor] {
    let text = Planted(classCount: 4, width: 8, spread: 2, seed: 31)
    return [
      "train.features": Tensor(rows: planted.rows(24, seed: 32, unit: true)),
      "train.labels": Tensor(labels: planted.labels(24)), "class.count": Tensor(scalar: 4),
      "text.class": Tensor(rows: text.rows(4, seed: 33, unit: true)),
    ]
  }
  private var query: Tensor { Tensor(rows: planted.rows(5, seed: 34, unit: true)) }

  @Test("trains as NumPy does with a gradient proven by finite differences")
  func reference() throws {
    let logits = try Plugin(named: "tip-adapter-f").instance(config).logits(
      fit: fit, query: query, classCount: 4)
    for (found, wanted) in zip(logits.joined(), Reference.trainedLogits) {
      #expect(abs(Double(found) - wanted) < 1e-4)
    }
    let moved = zip(Reference.trainedLogits, Reference.untrainedLogits).map { abs($0 - $1) }
    #expect(moved.max() ?? 0 > 1)
  }

  @Test(
    "is tip-adapter without epochs, and at a learning rate of 0", arguments: ["epochs", "rate"])
  func reduction(key: String) throws {
    let setting = Setting()
    let grid: [String: JSON] = ["alpha_max": 8, "beta_max": 9]
    let tip = try setting.logits(of: "tip-adapter", grid)
    #expect(tip == (try setting.logits(of: "tip-adapter-f", grid.merging([key: 0]) { $1 })))
  }

  @Test("keeps its sharpness and weight where there are no validation rows")
  func withoutValidation() throws {
    let instance = try Plugin(named: "tip-adapter-f").instance(["alpha": 2, "beta": 3])
    _ = try instance.logits(fit: fit, query: query, classCount: 4)
    #expect(instance.host.metrics["alpha"] == 2 && instance.host.metrics["beta"] == 3)
    #expect(instance.host.metrics["val_accuracy"] == nil)
  }

  @Test("lowers the loss of the training rows, and reports it")
  func loss() throws {
    func loss(epochs: Int) throws -> Double {
      let instance = try Plugin(named: "tip-adapter-f").instance(
        config.merging(["epochs": JSON(epochs)]) { $1 })
      _ = try instance.logits(fit: fit, query: query, classCount: 4)
      return try #require(instance.host.metrics["train_loss"])
    }
    // One epoch of one batch: the loss is that of the untrained keys.
    #expect(try loss(epochs: 40) < 0.5 * loss(epochs: 1))
  }

  @Test("draws batches and views from the seed alone")
  func seeds() throws {
    var inputs = fit
    let rows = planted.rows(72, seed: 35, unit: true)
    inputs["train.views"] = Tensor(rows.flatMap { $0 }, shape: [3, 24, 8])
    func logits(seed: UInt64) throws -> [[Float]] {
      let instance = try Plugin(named: "tip-adapter-f").instance(
        config.merging(["batch": 7]) { $1 })
      instance.seed = seed
      return try instance.logits(fit: inputs, query: query, classCount: 4)
    }
    let first = try logits(seed: 1)
    #expect(try logits(seed: 1) == first)
    #expect(try logits(seed: 2) != first)
  }

  @Test("says that rows without views are trained against their own keys")
  func note() throws {
    let instance = try Plugin(named: "tip-adapter-f").instance(config)
    _ = try instance.logits(fit: fit, query: query, classCount: 4)
    #expect(instance.host.notes.contains { $0.contains("its own key") })
  }

  @Test("gives up in the middle of the training when asked to")
  func cancellation() throws {
    let instance = try Plugin(named: "tip-adapter-f").instance(config)
    instance.host.isCancelled = true
    #expect(instance.fit(fit) != 0)
  }

  @Test("refuses a training that drives the keys out of range, and says what to lower")
  func divergence() throws {
    let instance = try Plugin(named: "tip-adapter-f").instance(
      config.merging(["rate": 1, "beta": 60]) { $1 })
    #expect(instance.fit(fit) == ASSAY_E_NUMERIC)
    #expect(instance.host.sentence.contains("lower 'rate'"))
  }

  @Test("beats tip-adapter and the class mean where a few directions without meaning are strong")
  func nuisance() throws {
    let setting = NuisanceSetting(shots: 16)
    let search: [String: JSON] = ["scale": 10, "alpha_max": 50]
    let training = search.merging(["rate": 0.01, "epochs": 100]) { $1 }
    let trained = try setting.accuracy(of: "tip-adapter-f", training)
    let tip = try setting.accuracy(of: "tip-adapter", search)
    let mean = try setting.accuracy(of: "nearest-mean")
    #expect(trained > tip + 0.05 && trained > mean + 0.05, "\(trained) \(tip) \(mean)")
  }
}

/// Four classes that differ in 6 of 24 columns; 3 of the others vary twice as much within a class.
private struct NuisanceSetting {
  let fit: [String: Tensor]
  let query: Tensor
  let queryLabels: [Int32]

  init(shots: Int) {
    let planted = Planted(classCount: 4, width: 6, spread: 0.4, seed: 41)
    func noise(_ count: Int, _ size: Double, _ random: inout SplitMix64) -> [Float] {
      (0..<count).map { _ in
        Float(size * (random.uniform() + random.uniform() + random.uniform() - 1.5))
      }
    }
    func rows(_ count: Int, seed: UInt64) -> Tensor {
      var random = SplitMix64(seed + 100)
      return Tensor(
        rows: planted.rows(count, seed: seed, unit: false).map { row in
          row + noise(3, 2.4, &random) + noise(15, 0.4, &random)
        })
    }
    var random = SplitMix64(40)
    let text = planted.centres.map { centre in
      zip(centre.map { Float($0) } + [Float](repeating: 0, count: 18), noise(24, 2, &random))
        .map { $0 + $1 }
    }
    fit = [
      "train.features": rows(4 * shots, seed: 42),
      "train.labels": Tensor(labels: planted.labels(4 * shots)), "class.count": Tensor(scalar: 4),
      "text.class": Tensor(rows: text), "val.features": rows(100, seed: 43),
      "val.labels": Tensor(labels: planted.labels(100)),
    ]
    query = rows(400, seed: 44)
    queryLabels = planted.labels(400)
  }

  func accuracy(of name: String, _ config: [String: JSON] = [:]) throws -> Double {
    try Plugin(named: name).instance(config).logits(fit: fit, query: query, classCount: 4)
      .accuracy(queryLabels)
  }
}
