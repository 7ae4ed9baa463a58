import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("gda, without labels")
struct GDAUnsupervisedTests {
  private let planted = Planted(classCount: 4, width: 6, spread: 0.6, seed: 51)

  private var text: Tensor {
    let classes = Planted(classCount: 4, width: 6, spread: 0, seed: 54)
    return Tensor(rows: classes.rows(4, seed: 55, unit: true))
  }

  private var query: Tensor { Tensor(rows: planted.rows(5, seed: 53, unit: true)) }

  private var setting: [String: Tensor] {
    [
      "unlabelled.features": Tensor(rows: planted.rows(60, seed: 58, unit: true)),
      "class.count": Tensor(scalar: 4), "text.class": text,
    ]
  }

  @Test(
    "gives the reference's logits and steps with every precision",
    arguments: [
      ("shrunk", GDAReference.mixtureShrunk, 10), ("ks", GDAReference.mixtureKS, 5),
      ("inverse", GDAReference.mixtureInverse, 10),
    ])
  func golden(precision: String, wanted: [[Double]], steps: Double) throws {
    let instance = try Plugin(named: "gda").instance([
      "scale": 10, "em_precision": .string(precision),
    ])
    let logits = try instance.logits(fit: setting, query: query, classCount: 4)
    let size = wanted.joined().map(abs).max() ?? 0
    for (one, other) in zip(logits.joined(), wanted.joined()) {
      #expect(abs(Double(one) - other) < 2e-5 * size)
    }
    #expect(instance.host.metrics["em_iterations"] == steps)
    #expect(instance.host.metrics["alpha"] == 1)
  }

  @Test("is the labelled classifier where the zero-shot probabilities are certain and right")
  func reduction() throws {
    let axes = (0..<4).map { label in (0..<6).map { $0 == label ? 1 as Float : 0 } }
    let tight = Planted(classCount: 4, width: 6, spread: 0.3, seed: 61)
    let rows = zip(tight.rows(40, seed: 62, unit: true), tight.labels(40)).map { row, label in
      row.indices.map { 0.2 * row[$0] + axes[Int(label)][$0] }
    }
    let common = ["class.count": Tensor(scalar: 4), "text.class": Tensor(rows: axes)]
    let labelled = try Plugin(named: "gda").instance(["scale": 1000]).logits(
      fit: common.merging([
        "train.features": Tensor(rows: rows), "train.labels": Tensor(labels: tight.labels(40)),
      ]) { $1 }, query: query, classCount: 4)
    let unlabelled = try Plugin(named: "gda").instance([
      "scale": 1000, "em_iterations": 0, "em_precision": "ks",
    ]).logits(
      fit: common.merging(["unlabelled.features": Tensor(rows: rows)]) { $1 }, query: query,
      classCount: 4)
    let size = labelled.joined().map(abs).max() ?? 0
    for (one, other) in zip(labelled.joined(), unlabelled.joined()) {
      #expect(abs(one - other) < 1e-4 * size)
    }
  }

  @Test(
    "beats the zero-shot classifier on planted classes without a label, and warns when it tempers")
  func plantedClasses() throws {
    var setting = Setting(validation: 0)
    let zeroShot = try setting.accuracy(of: "zero-shot")
    setting.fit["train.features"] = nil
    setting.fit["train.labels"] = nil
    setting.fit["unlabelled.features"] = Tensor(
      rows: setting.planted.rows(500, seed: 6, unit: true))
    #expect(try setting.accuracy(of: "gda", ["em_precision": "shrunk"]) > zeroShot + 0.05)
    let tempered = try Plugin(named: "gda").instance()
    _ = try tempered.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(tempered.host.warnings.contains { $0.contains("about equally probable") })
  }

  @Test("takes the paper's precision where nothing is said")
  func defaults() throws {
    let gda = try Plugin(named: "gda")
    let plain = try gda.instance(["scale": 10]).logits(fit: setting, query: query, classCount: 4)
    let named = try gda.instance(["scale": 10, "em_precision": "ks"]).logits(
      fit: setting, query: query, classCount: 4)
    #expect(plain == named)
  }

  @Test("uses labels of validation rows only when asked to")
  func search() throws {
    var fit = setting
    fit["val.features"] = Tensor(rows: planted.rows(40, seed: 59, unit: true))
    fit["val.labels"] = Tensor(labels: planted.labels(40))
    let gda = try Plugin(named: "gda")
    let plain = try gda.instance(["alphas": [0.5]])
    let blind = try plain.logits(fit: fit, query: query, classCount: 4)
    #expect(plain.host.metrics["alpha"] == 1 && plain.host.metrics["val_accuracy"] == nil)
    #expect(try gda.instance().logits(fit: setting, query: query, classCount: 4) == blind)
    let asked = try gda.instance(["alphas": [0.5], "em_search": true])
    _ = try asked.logits(fit: fit, query: query, classCount: 4)
    #expect(asked.host.metrics["alpha"] == 0.5 && asked.host.metrics["val_accuracy"] != nil)
  }

  @Test("gives the same bytes twice")
  func determinism() throws {
    func logits() throws -> [[Float]] {
      try Plugin(named: "gda").instance().logits(fit: setting, query: query, classCount: 4)
    }
    #expect(try logits() == logits())
  }

  @Test("leaves rows without labels aside where there are labelled ones")
  func labelled() throws {
    var both = setting
    both["train.features"] = Tensor(rows: planted.rows(40, seed: 52, unit: true))
    both["train.labels"] = Tensor(labels: planted.labels(40))
    var alone = both
    alone["unlabelled.features"] = nil
    let gda = try Plugin(named: "gda")
    #expect(
      try gda.instance().logits(fit: both, query: query, classCount: 4)
        == gda.instance().logits(fit: alone, query: query, classCount: 4))
  }

  @Test("is the zero-shot classifier of equal rows, and says so")
  func equalRows() throws {
    var fit = setting
    fit["unlabelled.features"] = Tensor(
      rows: [[Float]](repeating: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], count: 9))
    let instance = try Plugin(named: "gda").instance()
    let logits = try instance.logits(fit: fit, query: query, classCount: 4)
    #expect(
      logits
        == (try Plugin(named: "zero-shot").instance().logits(
          fit: fit, query: query, classCount: 4)))
    #expect(instance.host.notes.contains { $0.contains("the result is the zero-shot classifier") })
  }

  @Test("says what is missing where there is nothing to learn from")
  func nothing() throws {
    var fit = setting
    fit["unlabelled.features"] = nil
    let instance = try Plugin(named: "gda").instance()
    #expect(instance.fit(fit) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("unlabelled.features"))
  }
}
