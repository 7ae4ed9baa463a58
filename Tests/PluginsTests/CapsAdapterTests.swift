import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("caps-adapter")
struct CapsAdapterTests {
  /// The setting of every method, with a caption for each training row.
  private func setting(shots: Int = 4, validation: Int = 35) -> Setting {
    var setting = Setting(shots: shots, validation: validation)
    let captions = Planted(classCount: 5, width: 16, spread: 1.2, seed: 1)
    setting.fit["train.captions"] = Tensor(rows: captions.rows(5 * shots, seed: 9, unit: false))
    return setting
  }

  /// Fixed constants, as in the reference.
  private let constants: [String: JSON] = [
    "search": "none", "alpha": 1.5, "beta": 3, "gamma": 2, "delta": 0.3,
  ]

  private func logits(
    _ setting: Setting, _ config: [String: JSON], query: Tensor? = nil
  ) throws -> [[Float]] {
    try Plugin(named: "caps-adapter").instance(config).logits(
      fit: setting.fit, query: query ?? setting.query, classCount: 5)
  }

  private func isClose(_ found: [[Float]], _ wanted: [Double], within tolerance: Double) -> Bool {
    let found = found.flatMap { $0.map(Double.init) }
    return found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < tolerance }
  }

  private var sixRows: Tensor {
    Tensor(rows: setting().planted.rows(6, seed: 5, unit: true))
  }

  // MARK: Reference

  @Test("gives the logits of the worked example")
  func card() throws {
    let fit = [
      "train.features": Tensor(rows: [[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]]),
      "train.captions": Tensor(rows: [[1, 0], [1, 0], [0, 1], [0, 1]]),
      "train.labels": Tensor(labels: [0, 0, 1, 1]), "class.count": Tensor(scalar: 2),
      "text.class": Tensor(rows: [[1, 0], [0, 1]]),
    ]
    let found = try Plugin(named: "caps-adapter").instance([
      "search": "none", "alpha": 1, "beta": 2, "gamma": 1, "delta": 0.25,
    ]).logits(fit: fit, query: Tensor(rows: [[0.6, 0.8], [1, 0]]), classCount: 2)
    #expect(isClose(found, CapsAdapterReference.card, within: 2e-5))
  }

  @Test(
    "agrees with NumPy in either space of the signatures",
    arguments: [
      ("class", CapsAdapterReference.classSpace), ("feature", CapsAdapterReference.featureSpace),
    ])
  func spaces(space: String, wanted: [Double]) throws {
    let config = constants.merging(["kl_space": .string(space)]) { $1 }
    #expect(isClose(try logits(setting(), config, query: sixRows), wanted, within: 1e-4))
  }

  @Test("agrees with NumPy on classes of unequal size, added up and averaged")
  func uneven() throws {
    var setting = setting()
    let few = [0, 1, 2, 3, 4, 5, 6, 10]
    for name in ["train.features", "train.captions"] {
      let all = try #require(setting.fit[name]).withElements(of: Float.self) { Array($0) }
      setting.fit[name] = Tensor(rows: few.map { Array(all[$0 * 16..<($0 + 1) * 16]) })
    }
    setting.fit["train.labels"] = Tensor(labels: few.map { Int32($0 % 5) })
    let added = try logits(setting, constants, query: sixRows)
    #expect(isClose(added, CapsAdapterReference.uneven, within: 1e-4))
    let averaged = try logits(
      setting, constants.merging(["balance": true]) { $1 }, query: sixRows)
    #expect(isClose(averaged, CapsAdapterReference.balanced, within: 1e-4))
  }

  @Test("agrees with NumPy with the extremes of the validation rows")
  func frozen() throws {
    let config = constants.merging(["kl_scale": "frozen"]) { $1 }
    let found = try logits(setting(), config, query: sixRows)
    #expect(isClose(found, CapsAdapterReference.frozen, within: 1e-4))
  }

  @Test("finds the constants of a plain search: alpha, beta, delta, gamma, the first best")
  func search() throws {
    let instance = try Plugin(named: "caps-adapter").instance([
      "alphas": [0.5, 2, 9], "betas": [1.5, 4, 11], "deltas": [0, 0.4, 0.8, 1],
      "gammas": [0, 0.7, 5, 20],
    ])
    let setting = setting()
    _ = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
    let found = try ["alpha", "beta", "gamma", "delta", "val_accuracy"].map {
      try #require(instance.host.metrics[$0])
    }
    #expect(isClose([found.map { Float($0) }], CapsAdapterReference.search, within: 1e-6))
  }

  /// What a search reports on validation rows that are harder than the training rows.
  private func searched(
    _ config: [String: JSON], rows: Int, seed: UInt64
  ) throws -> (found: [Double], notes: [String]) {
    var setting = setting()
    let hard = Planted(classCount: 5, width: 16, spread: 1.6, seed: 1)
    setting.fit["val.features"] = Tensor(rows: hard.rows(rows, seed: seed, unit: true))
    setting.fit["val.labels"] = Tensor(labels: hard.labels(rows))
    let instance = try Plugin(named: "caps-adapter").instance(config)
    #expect(instance.fit(setting.fit) == ASSAY_OK, "\(instance.host.sentence)")
    let found = try ["alpha", "beta", "gamma", "delta", "val_accuracy"].map {
      try #require(instance.host.metrics[$0])
    }
    return (found, instance.host.notes)
  }

  @Test(
    "the full search finds what NumPy finds on each axis of the released grid",
    arguments: [
      (
        ["betas": [1.5], "deltas": [1], "gammas": [5]], "20 alphas, 1 betas, 1 deltas and 1 gammas",
        CapsAdapterReference.alphasOfFull
      ),
      (
        ["alphas": [20], "deltas": [0.3], "gammas": [5]],
        "1 alphas, 200 betas, 1 deltas and 1 gammas", CapsAdapterReference.betasOfFull
      ),
      (
        ["alphas": [20], "betas": [4], "gammas": [5]], "1 alphas, 1 betas, 11 deltas and 1 gammas",
        CapsAdapterReference.deltasOfFull
      ),
      (
        ["alphas": [40], "betas": [4], "deltas": [0]], "1 alphas, 1 betas, 1 deltas and 50 gammas",
        CapsAdapterReference.gammasOfFull
      ),
    ] as [([String: JSON], String, [Double])])
  func fullGrid(given: [String: JSON], sizes: String, wanted: [Double]) throws {
    let (found, notes) = try searched(
      given.merging(["search": "full"]) { $1 }, rows: 10, seed: 4)
    #expect(isClose([found.map { Float($0) }], wanted, within: 1e-5), "\(found)")
    #expect(notes.contains { $0.contains("the full grid of \(sizes) on 10 validation rows.") })
  }

  @Test("the coarse search goes on to the neighbours of the best, a step of the full grid away")
  func refinement() throws {
    let found = try searched([:], rows: 25, seed: 65).found
    #expect(isClose([found.map { Float($0) }], CapsAdapterReference.refined, within: 1e-5))
    // Every constant moved: nothing of it is the coarse grid's own.
    for (one, other) in zip(found, CapsAdapterReference.coarse) { #expect(abs(one - other) > 0.01) }
  }

  // MARK: Reductions

  @Test("is the zero-shot classifier without its two terms")
  func zeroShot() throws {
    let setting = setting()
    let found = try logits(setting, ["search": "none", "alpha": 0, "gamma": 0])
    #expect(found == (try setting.logits(of: "zero-shot")))
  }

  @Test("counts a tie at gamma 0 for the lower class, as it answers it")
  func tieAtZero() throws {
    // Classes 1 and 2 have one text; only the latter has a row, which speaks through gamma alone.
    let fit = [
      "class.count": Tensor(scalar: 3), "text.class": Tensor(rows: [[1, 0], [0, 1], [0, 1]]),
      "train.features": Tensor(rows: [[1, 0], [0.6, 0.8]]), "train.labels": Tensor(labels: [0, 2]),
      "train.captions": Tensor(rows: [[1, 0], [0.6, 0.8]]),
      "val.features": Tensor(rows: [[0, 1], [0.1, 1]]), "val.labels": Tensor(labels: [1, 1]),
    ]
    for gammas in [[0], [0, 1e-3]] as [JSON] {
      let instance = try Plugin(named: "caps-adapter").instance([
        "alphas": [0], "betas": [1], "deltas": [0], "gammas": gammas,
      ])
      let found = try instance.logits(fit: fit, query: Tensor(rows: [[0, 1]]), classCount: 3)
      #expect(instance.host.metrics["val_accuracy"] == 1)
      #expect(instance.host.metrics["gamma"] == 0)
      #expect(found.answers == [1])
    }
  }

  @Test("finds the same constants without divergences as beside a gamma that never wins")
  func zeroGammaAlone() throws {
    let setting = setting()
    func found(_ gammas: JSON) throws -> [String: Double] {
      let instance = try Plugin(named: "caps-adapter").instance([
        "alphas": [0.5, 2, 9], "betas": [1.5, 4, 11], "deltas": [0, 0.4, 1], "gammas": gammas,
      ])
      _ = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
      return instance.host.metrics
    }
    #expect(try found([0]) == found([0, 1000]))
  }

  @Test("is Tip-Adapter without captions and divergences")
  func tipAdapter() throws {
    let setting = setting()
    let found = try logits(setting, constants.merging(["gamma": 0, "delta": 0]) { $1 })
    let tip = try setting.logits(of: "tip-adapter", ["search": false, "alpha": 1.5, "beta": 3])
    for (one, other) in zip(found, tip) {
      for (x, y) in zip(one, other) { #expect(abs(x - y) < 1e-4) }
    }
  }

  @Test("with captions equal to the images is the same at every delta")
  func equalKeys() throws {
    var setting = setting()
    setting.fit["train.captions"] = setting.fit["train.features"]
    let (none, all) = (
      try logits(setting, constants.merging(["delta": 0]) { $1 }),
      try logits(setting, constants.merging(["delta": 1]) { $1 })
    )
    for (one, other) in zip(none, all) {
      for (x, y) in zip(one, other) { #expect(abs(x - y) < 1e-3) }
    }
  }

  @Test("averages the views as they are before it brings the keys to unit length")
  func views() throws {
    // The mean of (3, 0) and (0, 1) points along (3, 1); unit rows first would give (1, 1).
    func answer(_ extra: [String: Tensor], _ row: [Float]) throws -> [[Float]] {
      let fit = [
        "train.features": Tensor(rows: [row, [0, -1]]), "train.labels": Tensor(labels: [0, 1]),
        "train.captions": Tensor(rows: [[1, 0], [0, 1]]), "class.count": Tensor(scalar: 2),
        "text.class": Tensor(rows: [[1, 0], [0, 1]]),
      ]
      return try Plugin(named: "caps-adapter").instance(constants).logits(
        fit: fit.merging(extra) { $1 }, query: Tensor(rows: [[1, 0], [0, 1]]), classCount: 2)
    }
    let views = Tensor([3, 0, 0, -1, 0, 1, 0, -1] as [Float], shape: [2, 2, 2])
    #expect(try answer(["train.views": views], [1, 1]) == answer([:], [3, 1]))
  }

  // MARK: Behaviour

  @Test("with frozen extremes answers each row as it would alone")
  func rowIndependence() throws {
    let setting = setting()
    let rows = setting.planted.rows(300, seed: 5, unit: true)
    let config: [String: JSON] = ["kl_scale": "frozen", "gammas": [5]]
    let all = try logits(setting, config)
    let single = try logits(setting, config, query: Tensor(rows: [rows[17]]))
    for (x, y) in zip(single[0], all[17]) { #expect(abs(x - y) < 1e-3) }
  }

  @Test("gives the same bytes for every seed")
  func determinism() throws {
    let setting = setting()
    let (one, two) = (
      try Plugin(named: "caps-adapter").instance(), try Plugin(named: "caps-adapter").instance()
    )
    two.seed = 99
    let first = try one.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(try two.logits(fit: setting.fit, query: setting.query, classCount: 5) == first)
  }

  @Test("wins over image keys alone where captions say what images lack")
  func planted() throws {
    var setting = setting(shots: 8, validation: 50)
    // Images of classes 0 to 3 look alike in training; their captions tell them apart.
    let labels = setting.planted.labels(40)
    let alike = Planted(classCount: 5, width: 16, spread: 1.0, seed: 77).rows(
      40, seed: 78, unit: true)
    let rows = setting.planted.rows(40, seed: 2, unit: true)
    setting.fit["train.features"] = Tensor(
      rows: labels.indices.map { labels[$0] < 4 ? alike[$0 / 5 * 5] : rows[$0] })
    let both = try Plugin(named: "caps-adapter").instance(["gammas": [0]])
    let found = try both.logits(fit: setting.fit, query: setting.query, classCount: 5)
    let alone = try logits(setting, ["gammas": [0], "deltas": [0]])
    #expect(try #require(both.host.metrics["delta"]) > 0)
    #expect(found.accuracy(setting.queryLabels) > alone.accuracy(setting.queryLabels) + 0.05)
  }

  @Test("searches the first rows of each class where told so")
  func validationRows() throws {
    var setting = setting()
    let config: [String: JSON] = ["gammas": [0, 1], "betas": [2, 5]]
    let whole = try Plugin(named: "caps-adapter").instance(
      config.merging(["val_per_class": 3]) { $1 })
    _ = try whole.logits(fit: setting.fit, query: setting.query, classCount: 5)
    setting.fit["val.features"] = Tensor(rows: setting.planted.rows(15, seed: 4, unit: true))
    setting.fit["val.labels"] = Tensor(labels: setting.planted.labels(15))
    let part = try Plugin(named: "caps-adapter").instance(config)
    _ = try part.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(whole.host.metrics == part.host.metrics)
  }

  @Test("stays finite with one training row, with equal rows and with rows of zeros")
  func degenerate() throws {
    var setting = setting(validation: 0)
    setting.fit["train.features"] = Tensor(rows: setting.planted.rows(1, seed: 2, unit: true))
    setting.fit["train.captions"] = Tensor(rows: setting.planted.rows(1, seed: 3, unit: true))
    setting.fit["train.labels"] = Tensor(labels: [0])
    #expect(try logits(setting, [:]).allSatisfy { $0.allSatisfy(\.isFinite) })
    let zeros = Tensor(rows: [[Float]](repeating: [Float](repeating: 0, count: 16), count: 3))
    #expect(try logits(setting, [:], query: zeros).allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(try logits(setting, [:], query: Tensor([Float](), shape: [0, 16])).isEmpty)
  }

  @Test("refuses captions of another number of rows by a sentence that names them")
  func captionRows() throws {
    var setting = setting()
    setting.fit["train.captions"] = Tensor(rows: setting.planted.rows(3, seed: 9, unit: true))
    let instance = try Plugin(named: "caps-adapter").instance()
    #expect(instance.fit(setting.fit) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("train.captions"))
  }
}
