import Documents
import MethodHarness
import Tensors
import Testing

@Suite("gda")
struct GDATests {
  private let shots = [
    "train.features": Tensor(rows: [
      [1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1], [-0.6, 0.8], [0, 1],
    ]),
    "train.labels": Tensor(labels: [0, 0, 0, 1, 1, 1]), "class.count": Tensor(scalar: 2),
    "text.class": Tensor(rows: [[1, 0], [0, 1]]),
  ]

  @Test("gives the card's golden logits")
  func golden() throws {
    let query = Tensor(rows: [[0.6, 0.8]])
    let total = try Plugin(named: "gda").instance().logits(fit: shots, query: query, classCount: 2)[
      0]
    #expect(abs(total[0] - 61.468892) < 1e-5 && abs(total[1] - 80.339518) < 1e-5)
    let alone = try Plugin(named: "gda").instance(["scale": 0]).logits(
      fit: shots, query: query, classCount: 2)[0]
    #expect(abs(alone[0] - 1.468892) < 1e-6 && abs(alone[1] - 0.339518) < 1e-6)
  }

  @Test("without text it is the Gaussian term alone, and says so")
  func rowsAlone() throws {
    var images = shots
    images["text.class"] = nil
    let query = Tensor(rows: [[0.6, 0.8], [1, 0]])
    let instance = try Plugin(named: "gda").instance()
    let alone = try instance.logits(fit: images, query: query, classCount: 2)
    #expect(abs(alone[0][0] - 1.468892) < 1e-6 && abs(alone[0][1] - 0.339518) < 1e-6)
    #expect(instance.host.metrics["alpha"] == 1)
    #expect(instance.host.notes.contains { $0.contains("no class text") })
    // No weight changes it, and a setting that wants another one is told so.
    let heavy = try Plugin(named: "gda").instance(["alpha": 9, "scale": 3])
    #expect(try heavy.logits(fit: images, query: query, classCount: 2) == alone)
    #expect(heavy.host.warnings.count == 2)
  }

  @Test("one row of each class and no text leave the nearest class mean")
  func single() throws {
    let fit = [
      "train.features": Tensor(rows: [[1, 0], [0, 1]]), "train.labels": Tensor(labels: [0, 1]),
      "class.count": Tensor(scalar: 2),
    ]
    let query = Tensor(rows: [[0.8, 0.6], [0.6, 0.8]])
    let instance = try Plugin(named: "gda").instance()
    #expect(try instance.logits(fit: fit, query: query, classCount: 2).answers == [0, 1])
    #expect(instance.host.notes.contains { $0.contains("nearest class mean") })
  }

  @Test("gives the card's weights and bias on the axes")
  func goldenWeights() throws {
    let axes = Tensor(rows: [[1, 0], [-1, 0], [0, 1], [0, -1]])
    let logits = try Plugin(named: "gda").instance(["scale": 0]).logits(
      fit: shots, query: axes, classCount: 2)
    for (label, wanted) in [(3.912962, 2.434317, -2.826339), (-0.242809, 3.607894, -2.401112)]
      .enumerated()
    {
      let column = logits.map { Double($0[label]) }
      #expect(abs((column[0] - column[1]) / 2 - wanted.0) < 2e-6)
      #expect(abs((column[2] - column[3]) / 2 - wanted.1) < 2e-6)
      #expect(abs((column[0] + column[1]) / 2 - wanted.2) < 2e-6)
    }
  }

  @Test("has the weights of scikit-learn's shrunk LDA to 1e-5 relative")
  func oracle() throws {
    let planted = Planted(classCount: 4, width: 6, spread: 0.6, seed: 11)
    let axes = (0..<12).map { index in
      (0..<6).map { $0 == index / 2 ? (index % 2 == 0 ? 1 : -1) as Float : 0 }
    }
    let fit = [
      "train.features": Tensor(rows: planted.rows(40, seed: 12, unit: true)),
      "train.labels": Tensor(labels: planted.labels(40)), "class.count": Tensor(scalar: 4),
      "text.class": Tensor(rows: planted.centres.map { $0.map { Float($0) } }),
    ]
    // The logits are affine in x and the zero-shot scale is 0: opposite axes give W and b.
    let logits = try Plugin(named: "gda").instance(["scale": 0]).logits(
      fit: fit, query: Tensor(rows: axes), classCount: 4)
    let size = Reference.gdaWeights.map(abs).max() ?? 0
    for label in 0..<4 {
      for axis in 0..<6 {
        let (up, down) = (Double(logits[2 * axis][label]), Double(logits[2 * axis + 1][label]))
        #expect(abs((up - down) / 2 - Reference.gdaWeights[6 * label + axis]) < 1e-5 * size)
        #expect(abs((up + down) / 2 - Reference.gdaBias[label]) < 1e-5 * size)
      }
    }
  }

  @Test("is the zero-shot classifier at alpha 0")
  func reduction() throws {
    let setting = Setting(validation: 0)
    let gda = try setting.logits(of: "gda", ["alpha": 0])
    let zeroShot = try setting.logits(of: "zero-shot")
    for (one, other) in zip(gda.joined(), zeroShot.joined()) { #expect(abs(one - other) < 1e-4) }
  }

  @Test("is the zero-shot classifier at one shot of one view, and says so")
  func oneShot() throws {
    let setting = Setting(shots: 1)
    let instance = try Plugin(named: "gda").instance()
    let logits = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(logits == (try setting.logits(of: "zero-shot")))
    #expect(instance.host.notes.contains { $0.contains("the result is the zero-shot classifier") })
  }

  @Test("beats the zero-shot classifier and the nearest mean on planted correlated classes")
  func planted() throws {
    let setting = Setting(shots: 16)
    let gda = try setting.accuracy(of: "gda")
    #expect(gda > (try setting.accuracy(of: "zero-shot")) + 0.05)
    #expect(gda >= (try setting.accuracy(of: "nearest-mean")) - 0.02)
  }

  @Test("takes the smallest alpha among equally good ones")
  func ties() throws {
    var fit = shots
    fit["val.features"] = Tensor(rows: [[1, 0], [0, 1]])
    fit["val.labels"] = Tensor(labels: [0, 1])
    let instance = try Plugin(named: "gda").instance(["alphas": [10, 1, 0.5]])
    _ = try instance.logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)
    #expect(instance.host.metrics["alpha"] == 0.5)
    #expect(instance.host.metrics["val_accuracy"] == 1)
  }

  @Test("keeps alpha 0.1 when no alpha answers any validation row")
  func hopeless() throws {
    var fit = shots
    fit["val.features"] = Tensor(rows: [[1, 0], [0, 1]])
    fit["val.labels"] = Tensor(labels: [1, 0])
    let instance = try Plugin(named: "gda").instance(["alphas": [1]])
    _ = try instance.logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)
    #expect(instance.host.metrics["alpha"] == 0.1)
    #expect(instance.host.metrics["val_accuracy"] == 0)
  }

  @Test("counts views as rows of their own")
  func views() throws {
    let planted = Planted(classCount: 3, width: 8, spread: 0.8, seed: 31)
    let first = planted.rows(6, seed: 32, unit: true)
    let second = planted.rows(6, seed: 33, unit: true)
    let common = [
      "class.count": Tensor(scalar: 3),
      "text.class": Tensor(rows: planted.centres.map { $0.map { Float($0) } }),
    ]
    let query = Tensor(rows: planted.rows(20, seed: 34, unit: true))
    let views = try Plugin(named: "gda").instance().logits(
      fit: common.merging([
        "train.features": Tensor(rows: first), "train.labels": Tensor(labels: planted.labels(6)),
        "train.views": Tensor((first + second).flatMap { $0 }, shape: [2, 6, 8]),
      ]) { $1 }, query: query, classCount: 3)
    let rows = try Plugin(named: "gda").instance().logits(
      fit: common.merging([
        "train.features": Tensor(rows: first + second),
        "train.labels": Tensor(labels: planted.labels(6) + planted.labels(6)),
      ]) { $1 }, query: query, classCount: 3)
    #expect(views == rows)
  }

  @Test("weighs the classes by their rows with empirical priors")
  func priors() throws {
    var fit = shots
    fit["train.labels"] = Tensor(labels: [0, 0, 0, 0, 1, 1])
    let query = Tensor(rows: [[0.6, 0.8]])
    let uniform = try Plugin(named: "gda").instance(["scale": 0]).logits(
      fit: fit, query: query, classCount: 2)[0]
    let empirical = try Plugin(named: "gda").instance(["scale": 0, "prior": "empirical"]).logits(
      fit: fit, query: query, classCount: 2)[0]
    #expect(abs(empirical[0] - uniform[0] - 0.2876821) < 1e-5)
    #expect(abs(empirical[1] - uniform[1] + 0.4054651) < 1e-5)
  }
  @Test("is the nearest class mean with the precision of the identity")
  func identity() throws {
    let setting = Setting(validation: 0)
    let gda = try setting.logits(of: "gda", ["scale": 0, "covariance": "identity"])
    let rows = setting.planted.rows(40, seed: 2, unit: true)
    let means = (0..<5).map { label in
      (0..<16).map { column in
        stride(from: label, to: 40, by: 5).reduce(0.0) { $0 + Double(rows[$1][column]) } / 8
      }
    }
    let distances = setting.planted.rows(300, seed: 5, unit: true).map { row in
      means.map { mean in
        -zip(row, mean).reduce(Float(0)) { $0 + (($1.0 - Float($1.1)) * ($1.0 - Float($1.1))) }
      }
    }
    #expect(gda.answers == distances.answers)
  }
}
