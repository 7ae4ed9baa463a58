import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// Two classes: class 0 fills a square, class 1 small islands in it, on a grid of whole sixteenths.
private struct Islands {
  let rows: [[Float]]
  let labels: [Int32]

  init(majority: Int, minority: Int, seed: UInt64) {
    var random = SplitMix64(seed)
    let islands: [[Double]] = [[0.5, 0.5], [-0.5, 0.25], [0, -0.5]]
    rows =
      (0..<majority).map { _ in [Float(2 * random.uniform() - 1), Float(2 * random.uniform() - 1)] }
      + (0..<minority).map { index in
        islands[index % 3].map { Float($0 + 0.35 * (random.uniform() - 0.5)) }
      }
    labels =
      [Int32](repeating: 0, count: majority) + [Int32](repeating: 1, count: minority)
  }

  var fit: [String: Tensor] {
    [
      "train.features": Tensor(rows: rows), "train.labels": Tensor(labels: labels),
      "class.count": Tensor(scalar: 2),
    ]
  }
}

@Suite("smote")
struct SMOTETests {
  private let train = Islands(majority: 600, minority: 30, seed: 1)
  private let test = Islands(majority: 600, minority: 300, seed: 2)

  private func logits(_ config: [String: JSON], seed: UInt64 = 7) throws -> [[Float]] {
    let instance = try Plugin(named: "smote").instance(config)
    instance.seed = seed
    return try instance.logits(fit: train.fit, query: Tensor(rows: test.rows), classCount: 2)
  }

  /// What the method reports of a fit.
  private func reported(_ config: [String: JSON]) throws -> [String: Double] {
    let instance = try Plugin(named: "smote").instance(config)
    _ = try instance.logits(fit: train.fit, query: Tensor(rows: [[0, 0]]), classCount: 2)
    return instance.host.metrics
  }

  /// The mean of both recalls.
  private func balancedAccuracy(_ logits: [[Float]]) -> Double {
    (0...1).reduce(0.0) { sum, label in
      let own = test.labels.indices.filter { test.labels[$0] == Int32(label) }
      let right = own.count { logits[$0][label] > logits[$0][1 - label] }
      return sum + Double(right) / Double(own.count) / 2
    }
  }

  @Test("finds islands of a rare class that a tree on the raw rows misses, and copies find less of")
  func planted() throws {
    var means: [String: Double] = [:]
    for method in ["none", "oversample", "smote"] {
      means[method] = try (1...8 as ClosedRange<UInt64>).reduce(0.0) { sum, seed in
        let config: [String: JSON] = ["method": .string(method), "classifier": "tree"]
        return try sum + balancedAccuracy(logits(config, seed: seed)) / 8
      }
    }
    #expect(try #require(means["smote"]) > #require(means["oversample"]) + 0.02)
    #expect(try #require(means["smote"]) > #require(means["none"]) + 0.05)
  }

  @Test("counts new and removed rows as the paper does")
  func counts() throws {
    let full = try reported(["over_percent": 250, "under_percent": 200])
    #expect(full["new_rows"] == 75 && full["removed_rows"] == 585)
    let half = try reported(["over_percent": 50])
    #expect(half["new_rows"] == 15 && half["removed_rows"] == 0)
    let filled = try reported([:])
    #expect(filled["new_rows"] == 570 && filled["removed_rows"] == 0)
    let under = try reported(["method": "undersample"])
    #expect(under["new_rows"] == 0 && under["removed_rows"] == 570)
    // 30 rows are 5 % of 600, so that nothing has to go.
    #expect(try reported(["method": "undersample", "under_percent": 5])["removed_rows"] == 0)
    // As imbalanced-learn: int(0.3335 * 600) - 30, and nothing where there are more already.
    #expect(try reported(["sampling_strategy": 0.3335])["new_rows"] == 170)
    #expect(try reported(["sampling_strategy": 0.04])["new_rows"] == 0)
    #expect(try reported(["sampling_strategy": 0.5, "over_percent": 100])["new_rows"] == 30)
    let none = try reported(["method": "none", "over_percent": 300, "under_percent": 100])
    #expect(none["new_rows"] == 0 && none["removed_rows"] == 0)
  }

  @Test(
    "is the plain classifier where nothing is to be done",
    arguments: ["logistic", "tree", "bayes"] as [JSON])
  func reduction(classifier: JSON) throws {
    let plain = try logits(["method": "none", "classifier": classifier])
    #expect(try logits(["over_percent": 1, "classifier": classifier]) == plain)
    #expect(
      try logits(["method": "undersample", "under_percent": 5, "classifier": classifier]) == plain)
    #expect(try logits(["classifier": classifier]) != plain)
  }

  @Test("with logistic regression and no resampling is the linear probe")
  func linearProbe() throws {
    let probe = try Plugin(named: "linear-probe").instance(["search": false, "c": 1])
      .logits(fit: train.fit, query: Tensor(rows: test.rows), classCount: 2)
    #expect(try logits(["method": "none"]) == probe)
  }

  @Test("makes new rows within the range of their class, so that copies of one row stay copies")
  func copies() throws {
    var fit = train.fit
    let minority = train.labels.indices.filter { train.labels[$0] == 1 }
    var rows = train.rows
    for row in minority { rows[row] = [0.25, 0.25] }
    fit["train.features"] = Tensor(rows: rows)
    let query = Tensor(rows: test.rows)
    let made = try Plugin(named: "smote").instance(["classifier": "tree"])
      .logits(fit: fit, query: query, classCount: 2)
    let copied = try Plugin(named: "smote").instance([
      "classifier": "tree", "method": "oversample",
    ]).logits(fit: fit, query: query, classCount: 2)
    #expect(made == copied)
  }

  @Test(
    "gives the same answers for a seed and others for another", arguments: ["row", "attribute"])
  func determinism(gap: String) throws {
    let config: [String: JSON] = ["classifier": "tree", "gap": .string(gap), "base": "random"]
    #expect(try logits(config, seed: 1) == logits(config, seed: 1))
    #expect(try logits(config, seed: 1) != logits(config, seed: 2))
  }

  @Test("takes fewer neighbours in a small class, copies a single row, and says so")
  func smallClasses() throws {
    let instance = try Plugin(named: "smote").instance()
    var fit = Islands(majority: 20, minority: 3, seed: 3).fit
    _ = try instance.logits(fit: fit, query: Tensor(rows: [[0, 0]]), classCount: 2)
    #expect(instance.host.notes.contains { $0.contains("k is 2") })
    fit = Islands(majority: 20, minority: 1, seed: 3).fit
    _ = try instance.logits(fit: fit, query: Tensor(rows: [[0, 0]]), classCount: 2)
    #expect(instance.host.notes.contains { $0.contains("copies") })
    #expect(instance.host.metrics["new_rows"] == 19)
  }

  @Test("finds neighbours in deviations when asked, whatever the scale of a column")
  func standardised() throws {
    var stretched = train.fit
    stretched["train.features"] = Tensor(rows: train.rows.map { [$0[0], 4096 * $0[1]] })
    let query = Tensor(rows: test.rows.map { [$0[0], 4096 * $0[1]] })
    let config: [String: JSON] = ["classifier": "tree", "standardise": true]
    let far = try Plugin(named: "smote").instance(config)
      .logits(fit: stretched, query: query, classCount: 2)
    #expect(try logits(config).answers == far.answers)
  }

  @Test("brings new rows to unit length, so that the length of the rows counts for nothing")
  func normalised() throws {
    let setting = Setting()
    var scaled = setting.fit
    let rows = setting.planted.rows(40, seed: 2, unit: true)
    scaled["train.features"] = Tensor(
      rows: rows.enumerated().map { index, row in row.map { $0 * Float(1 << (index % 5)) } })
    scaled["train.labels"] = Tensor(labels: (0..<40).map { $0 < 20 ? 0 : 1 + $0 % 4 })
    var plain = scaled
    plain["train.features"] = Tensor(rows: rows)
    func run(_ fit: [String: Tensor]) throws -> [[Float]] {
      try Plugin(named: "smote").instance(["normalise": true])
        .logits(fit: fit, query: setting.query, classCount: 5)
    }
    for (one, other) in zip(try run(scaled), try run(plain)) {
      for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-3) }
    }
  }

  @Test("gives one-hot columns to nominal ones, of which codes may be swapped")
  func nominal() throws {
    // The code alone decides, and not by its order.
    let codes: [Float] = [3, 1, 2]
    let rows = (0..<90).map { [Float($0 % 7), codes[$0 % 3]] }
    let labels = (0..<90).map { Int32($0 % 3 == 1 && $0 < 40 ? 1 : 0) }
    let fit = [
      "train.features": Tensor(
        rows: rows.indices.filter { $0 < 40 || $0 % 3 != 1 }.map { rows[$0] }),
      "train.labels": Tensor(
        labels: rows.indices.filter { $0 < 40 || $0 % 3 != 1 }.map { labels[$0] }),
      "class.count": Tensor(scalar: 2),
    ]
    let query = Tensor(rows: [[3, 1], [3, 2], [3, 3]])
    let found = try Plugin(named: "smote").instance(["nominal": [1], "c": 100])
      .logits(fit: fit, query: query, classCount: 2)
    #expect(found.answers == [1, 0, 0])
  }

  @Test(
    "refuses nominal columns that are not there, or all of them",
    arguments: [[2], [0, 1]] as [JSON])
  func badNominal(columns: JSON) throws {
    let instance = try Plugin(named: "smote").instance(["nominal": columns])
    #expect(instance.fit(train.fit) == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.hasPrefix("config key 'nominal'"))
  }

  @Test("refuses nominal columns that are not whole numbers before it sees any")
  func fractions() throws {
    #expect(try Plugin(named: "smote").instance(["nominal": [0.5]]).created == ASSAY_E_CONFIG)
  }

  @Test("a tree answers by Laplace's estimate of its leaves, or by their shares")
  func leaves() throws {
    let laplace = try logits(["classifier": "tree"])
    let shares = try logits(["classifier": "tree", "leaves": "frequency"])
    #expect(laplace.answers == shares.answers)
    // Without a limit most leaves are pure: certain by their shares, less so after few rows.
    let margins = shares.map { abs($0[0] - $0[1]) }
    #expect(margins.contains { $0 > 80 })
    #expect(laplace.map { abs($0[0] - $0[1]) }.max() ?? 99 < 10)
  }

  @Test("removes the more the higher the percentage")
  func removal() throws {
    let counts = try [50, 100, 400].map { percent in
      try reported(["method": "undersample", "under_percent": JSON(percent)])["removed_rows"]
    }
    #expect(counts == [540, 570, 592])
  }
}
