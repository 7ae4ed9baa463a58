import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("linear-probe")
struct LinearProbeTests {
  private let planted = Planted(classCount: 5, width: 12, spread: 2.0, seed: 21)

  private func fit(_ count: Int = 100) -> [String: Tensor] {
    [
      "train.features": Tensor(rows: planted.rows(count, seed: 22, unit: false)),
      "train.labels": Tensor(labels: planted.labels(count)), "class.count": Tensor(scalar: 5),
    ]
  }

  @Test("reaches scikit-learn's objective to 1e-4 and its answers to 99.5 %")
  func oracle() throws {
    let instance = try Plugin(named: "linear-probe").instance(["c": 10])
    let query = Tensor(rows: planted.rows(400, seed: 23, unit: false))
    let answers = try instance.logits(fit: fit(), query: query, classCount: 5).answers
    let wanted = Reference.probeAnswers.compactMap { Int32(String($0)) }
    #expect(zip(answers, wanted).count { $0 == $1 } >= 398)
    let objective = try #require(instance.host.metrics["objective"])
    #expect(abs(objective / Reference.probeObjective - 1) < 1e-4)
    #expect(try #require(instance.host.metrics["objective_gap"]) <= 1e-6)
  }

  @Test("the search ends with the weights of its C, as a fit with that C alone does")
  func searchConverges() throws {
    let setting = Setting(shots: 4, validation: 100)
    let searched = try Plugin(named: "linear-probe").instance(["val_per_class": 0])
    let found = try searched.logits(fit: setting.fit, query: setting.query, classCount: 5)
    let c = try #require(searched.host.metrics["c"])
    let alone = try Plugin(named: "linear-probe").instance(["search": false, "c": .number(c)])
    let wanted = try alone.logits(fit: setting.fit, query: setting.query, classCount: 5)
    let objectives = [searched, alone].compactMap { $0.host.metrics["objective"] }
    #expect(abs(objectives[0] / objectives[1] - 1) < 1e-5)
    #expect(zip(found.answers, wanted.answers).count { $0 != $1 } <= 1)
    #expect(searched.host.warnings.isEmpty)
  }

  @Test("warns where a fit ends far from its minimum")
  func unfinished() throws {
    let instance = try Plugin(named: "linear-probe").instance(["c": 1e6, "max_iterations": 2])
    _ = try instance.logits(
      fit: fit(), query: Tensor(rows: planted.rows(4, seed: 9, unit: false)), classCount: 5)
    #expect(instance.host.warnings.contains { $0.contains("above its minimum") })
  }

  @Test("answers by the class shares alone when C is tiny")
  func reduction() throws {
    var inputs = fit(6)
    inputs["train.labels"] = Tensor(labels: [0, 0, 0, 1, 1, 2])
    inputs["class.count"] = Tensor(scalar: 3)
    let logits = try Plugin(named: "linear-probe").instance(["c": 1e-8, "tolerance": 1e-9]).logits(
      fit: inputs, query: Tensor(rows: planted.rows(4, seed: 9, unit: false)), classCount: 3)
    for row in logits {
      #expect(abs(row[0] - row[1] - 0.4054651) < 1e-3)
      #expect(abs(row[1] - row[2] - 0.6931472) < 1e-3)
    }
  }

  @Test("gives an absent class the probability 1 / (N + 1) of the rest, and says so")
  func absent() throws {
    var inputs = fit(10)
    inputs["class.count"] = Tensor(scalar: 6)
    let instance = try Plugin(named: "linear-probe").instance()
    let logits = try instance.logits(
      fit: inputs, query: Tensor(rows: planted.rows(4, seed: 9, unit: false)), classCount: 6)
    for row in logits {
      let shift = row.max() ?? 0
      let sum = row[..<5].reduce(0) { $0 + expf($1 - shift) }
      #expect(abs(expf(row[5] - shift) / sum - 1 / 11) < 1e-5)
    }
    #expect(instance.host.notes.contains { $0.hasPrefix("1 of 6 classes have no training row") })
  }

  @Test("searches C on at most min(shots, 4) validation rows of each class")
  func search() throws {
    let setting = Setting(shots: 2, validation: 200)
    let instance = try Plugin(named: "linear-probe").instance()
    let logits = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(instance.host.metrics["val_budget"] == 10)
    #expect(logits.accuracy(setting.queryLabels) > 0.5)
    let all = try Plugin(named: "linear-probe").instance(["val_per_class": 0])
    _ = try all.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(all.host.metrics["val_budget"] == 200)
    #expect(all.host.metrics["val_accuracy"] ?? 0 > 0.5)
  }

  @Test("chooses the C of CoOp's script: seven powers, then eight rounds of two ends")
  func script() throws {
    // Classes that overlap, so that every C has one optimum however it is reached.
    let planted = Planted(classCount: 5, width: 8, spread: 2.5, seed: 31)
    let rows = Tensor(rows: planted.rows(300, seed: 33, unit: true))
    let labels = planted.labels(300)
    let fit = [
      "train.features": Tensor(rows: planted.rows(200, seed: 32, unit: true)),
      "train.labels": Tensor(labels: planted.labels(200)), "class.count": Tensor(scalar: 5),
      "val.features": rows, "val.labels": Tensor(labels: labels),
    ]
    let exact: [String: JSON] = ["tolerance": 1e-8, "max_iterations": 1000, "val_per_class": 0]
    func accuracy(_ exponent: Double) throws -> Double {
      let config = exact.merging(["search": false, "c": .number(pow(10, exponent))]) { $1 }
      return try Plugin(named: "linear-probe").instance(config)
        .logits(fit: fit, query: rows, classCount: 5).accuracy(labels)
    }
    let powers = try [6, 4, 2, 0, -2, -4, -6].map {
      (exponent: Double($0), right: try accuracy($0))
    }
    let most = powers.map(\.right).max() ?? 0
    let start = try #require(powers.first { $0.right == most }).exponent
    var (low, high, final) = (start - 1, start + 1, start)
    for _ in 1...8 {
      let lowWins = try accuracy(low) >= accuracy(high)
      final = lowWins ? low : high
      let middle = (low + high) / 2
      if lowWins { high = middle } else { low = middle }
    }
    let searched = try Plugin(named: "linear-probe").instance(exact)
    _ = try searched.logits(fit: fit, query: rows, classCount: 5)
    let found = try #require(searched.host.metrics["c"])
    #expect(abs(log10(found) - final) < 1e-9)
  }

  @Test("gains from normalisation only what unit rows give")
  func normalisation() throws {
    let setting = Setting(validation: 0)
    let plain = try setting.logits(of: "linear-probe", ["c": 10])
    let unit = try setting.logits(of: "linear-probe", ["c": 10, "normalise": true])
    for (one, other) in zip(plain.joined(), unit.joined()) { #expect(abs(one - other) < 0.02) }
  }

  @Test("reaches SciPy's objective with the text prior, and its answers to 99.5 %")
  func textOracle() throws {
    var inputs = fit()
    let text = Planted(classCount: 5, width: 12, spread: 3.0, seed: 21)
    inputs["text.class"] = Tensor(rows: text.rows(5, seed: 24, unit: true))
    let instance = try Plugin(named: "linear-probe").instance(["prior": "text", "c": 10])
    let query = Tensor(rows: planted.rows(400, seed: 23, unit: false))
    let answers = try instance.logits(fit: inputs, query: query, classCount: 5).answers
    let wanted = Reference.textProbeAnswers.compactMap { Int32(String($0)) }
    #expect(zip(answers, wanted).count { $0 == $1 } >= 398)
    let objective = try #require(instance.host.metrics["objective"])
    #expect(abs(objective / Reference.textProbeObjective - 1) < 1e-4)
  }

  @Test("is the zero-shot classifier with the text prior at a tiny C")
  func textReduction() throws {
    let setting = Setting(validation: 0)
    let probe = try setting.logits(of: "linear-probe", ["prior": "text", "c": 1e-8])
    let zeroShot = try setting.logits(of: "zero-shot")
    for (one, other) in zip(probe.joined(), zeroShot.joined()) { #expect(abs(one - other) < 1e-3) }
  }

  @Test("beats both the zero-shot classifier and the plain probe from few rows and rough text")
  func textPlanted() throws {
    let setting = Setting(shots: 1, validation: 100)
    let config: [String: JSON] = ["prior": "text", "scale": 5, "val_per_class": 0]
    let prior = try setting.accuracy(of: "linear-probe", config)
    let plain = try setting.accuracy(of: "linear-probe", ["val_per_class": 0])
    let zeroShot = try setting.accuracy(of: "zero-shot")
    #expect(prior > zeroShot && prior > plain, "\(prior) \(zeroShot) \(plain)")
  }

  @Test("needs text features for the text prior alone")
  func textMissing() throws {
    let instance = try Plugin(named: "linear-probe").instance(["prior": "text"])
    #expect(instance.fit(fit()) == ASSAY_E_UNSUPPORTED)
    #expect(instance.host.sentence.contains("'text.class' nor 'text.prompts'"))
  }

  @Test("refuses to fit to no rows")
  func empty() throws {
    let instance = try Plugin(named: "linear-probe").instance()
    let status = instance.fit([
      "train.features": Tensor([Float](), shape: [0, 3]), "train.labels": Tensor(labels: []),
      "class.count": Tensor(scalar: 2),
    ])
    #expect(status == 4 && instance.host.sentence.contains("no rows"))
  }
}
