import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("gda, from base to new classes")
struct GDABaseToNewTests {
  private let planted = Planted(classCount: 4, width: 6, spread: 0.6, seed: 51)

  /// Unit texts of the classes whose centres a seed draws, as in GDAReference.py.
  private func text(_ count: Int, seed: UInt64) -> Tensor {
    let classes = Planted(classCount: count, width: 6, spread: 0, seed: seed)
    return Tensor(rows: classes.rows(count, seed: seed + 1, unit: true))
  }

  private var query: Tensor { Tensor(rows: planted.rows(5, seed: 53, unit: true)) }

  private func setting(rows: Int = 40) -> [String: Tensor] {
    [
      "train.features": Tensor(rows: planted.rows(rows, seed: 52, unit: true)),
      "train.labels": Tensor(labels: planted.labels(rows)), "class.count": Tensor(scalar: 4),
      "class.open": Tensor(scalar: 1), "text.class": text(4, seed: 54),
    ]
  }

  /// The logits of the query rows for the classes of a text.
  private func logits(
    _ config: [String: JSON], fit: [String: Tensor], text: Tensor
  ) throws -> [[Float]] {
    let instance = try Plugin(named: "gda").instance(config)
    #expect(instance.fit(fit) == ASSAY_OK, "\(instance.host.sentence)")
    return try instance.logits(of: query, text: text)
  }

  private func expect(_ logits: [[Float]], are wanted: [[Double]], within share: Double) {
    let size = wanted.joined().map(abs).max() ?? 0
    for (one, other) in zip(logits.joined(), wanted.joined()) {
      #expect(abs(Double(one) - other) < share * size)
    }
  }

  @Test("takes the pseudo-inverse of the mean class covariance, at full rank and below")
  func perClass() throws {
    for (rows, wanted) in [(40, GDAReference.perClass), (8, GDAReference.perClassOfFew)] {
      let logits = try Plugin(named: "gda").instance(["scale": 0, "covariance": "per-class"])
        .logits(fit: setting(rows: rows), query: query, classCount: 4)
      expect(logits, are: wanted, within: 2e-5)
    }
  }

  @Test("leaves classes of one row out of the mean covariance, and says so")
  func singleRows() throws {
    var fit = setting(rows: 9)
    fit["train.labels"] = Tensor(labels: [0, 1, 2, 0, 1, 2, 0, 1, 3])
    let instance = try Plugin(named: "gda").instance(["covariance": "per-class"])
    _ = try instance.logits(fit: fit, query: query, classCount: 4)
    #expect(
      instance.host.notes == [
        "1 of 4 classes have fewer than two training rows, hence no covariance: the mean is over "
          + "the others"
      ])
  }

  @Test("gives new classes the Gaussians of the rows nearest to their text")
  func golden() throws {
    let logits = try logits(
      ["scale": 0, "neighbours": 10], fit: setting(), text: text(3, seed: 56))
    expect(logits, are: GDAReference.new, within: 2e-6)
  }

  @Test("counts each view as a row near the text")
  func views() throws {
    let rows = planted.rows(40, seed: 52, unit: true)
    var fit = setting(rows: 20)
    fit["train.views"] = Tensor(rows.joined().map { $0 }, shape: [2, 20, 6])
    let new = text(3, seed: 56)
    let config: [String: JSON] = ["scale": 0, "neighbours": 10]
    #expect(
      try logits(config, fit: fit, text: new) == logits(config, fit: setting(), text: new))
  }

  @Test("weighs the new Gaussians by the alpha of the base classes")
  func alpha() throws {
    let new = text(3, seed: 56)
    var fit = setting()
    fit["val.features"] = fit["train.features"]
    fit["val.labels"] = fit["train.labels"]
    let alone = try logits(["scale": 0, "search": false], fit: fit, text: new)
    let chosen = try logits(["scale": 0, "alphas": [10]], fit: fit, text: new)
    for (one, other) in zip(alone.joined(), chosen.joined()) {
      #expect(abs(10 * one - other) < 1e-4)
    }
  }

  @Test("is zero-shot on new classes at alpha 0, without neighbours and without a covariance")
  func reduction() throws {
    let new = text(3, seed: 56)
    let zeroShot = try Plugin(named: "zero-shot").instance()
    #expect(zeroShot.fit(setting()) == ASSAY_OK)
    let wanted = try zeroShot.logits(of: query, text: new)
    #expect(try logits(["neighbours": 0], fit: setting(), text: new) == wanted)
    #expect(try logits([:], fit: setting(rows: 4), text: new) == wanted)
    let weightless = try logits(["alpha": 0], fit: setting(), text: new)
    for (one, other) in zip(weightless.joined(), wanted.joined()) {
      #expect(abs(one - other) < 1e-4)
    }
  }

  @Test("answers classes of fit that are asked by their text as it does without text")
  func known() throws {
    let instance = try Plugin(named: "gda").instance()
    let plain = try instance.logits(fit: setting(), query: query, classCount: 4)
    let all = text(4, seed: 54)
    #expect(try instance.logits(of: query, text: all) == plain)
    let some = try instance.logits(of: query, text: Tensor(rows: rows(of: all, [2, 0])))
    for (some, plain) in zip(some, plain) {
      #expect(abs(some[0] - plain[2]) < 1e-4 && abs(some[1] - plain[0]) < 1e-4)
    }
  }

  /// The rows of a text, some of them.
  private func rows(of text: Tensor, _ chosen: [Int]) -> [[Float]] {
    text.withElements(of: Float.self) { numbers in
      chosen.map { row in (0..<6).map { numbers[6 * row + $0] } }
    }
  }

  @Test("knows a class of fit again whose text was rounded to half precision and scaled")
  func rounded() throws {
    let instance = try Plugin(named: "gda").instance()
    let plain = try instance.logits(fit: setting(), query: query, classCount: 4)
    let text = rows(of: text(4, seed: 54), [3, 1]).map { $0.map { 3 * Float(Float16($0)) } }
    let some = try instance.logits(of: query, text: Tensor(rows: text))
    for (some, plain) in zip(some, plain) {
      #expect(some == [plain[3], plain[1]])
    }
  }

  @Test("decides class by class: known ones keep their Gaussians, new ones get theirs")
  func mixed() throws {
    let instance = try Plugin(named: "gda").instance(["neighbours": 10])
    let plain = try instance.logits(fit: setting(), query: query, classCount: 4)
    let new = rows(of: text(3, seed: 56), [0, 2])
    let alone = try instance.logits(of: query, text: Tensor(rows: new))
    let both = try instance.logits(
      of: query, text: Tensor(rows: [new[0]] + rows(of: text(4, seed: 54), [2]) + [new[1]]))
    for (both, (plain, alone)) in zip(both, zip(plain, alone)) {
      #expect(abs(both[1] - plain[2]) < 1e-4)
      // The prior is 1/4, as for the classes of fit, in place of 1/2.
      #expect(abs(both[0] - alone[0] + logf(2)) < 1e-4)
      #expect(abs(both[2] - alone[1] + logf(2)) < 1e-4)
    }
  }

  @Test("takes the call's word for which classes are known, whatever their text")
  func named() throws {
    let instance = try Plugin(named: "gda").instance(["neighbours": 10])
    let plain = try instance.logits(fit: setting(), query: query, classCount: 4)
    let own = text(4, seed: 54)
    let known = try instance.logits(
      of: query, text: text(3, seed: 56), known: [1, 0, 3])
    for (known, plain) in zip(known, plain) {
      #expect(known == [plain[1], plain[0], plain[3]])
    }
    // Texts of fit that are said to be of other classes get Gaussians of neighbours.
    let new = try instance.logits(of: query, text: own, known: [-1, -1, -1, -1])
    #expect(new != plain)
    #expect(try instance.logits(of: query, text: own, known: [4, 7, -9, 4]) == new)
    let status = instance.predict(
      [
        "query.features": query, "query.text": own, "query.known": Tensor(labels: [0, 1, 2]),
      ],
      outputs: ["logits": Tensor([Float](repeating: 0, count: 20), shape: [5, 4])])
    #expect(status == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("query.known"))
  }

  @Test("keeps no rows where no call brings classes: they are zero-shot then, and a note says so")
  func closed() throws {
    var fit = setting()
    fit["class.open"] = nil
    let new = text(3, seed: 56)
    let zeroShot = try Plugin(named: "zero-shot").instance()
    #expect(zeroShot.fit(fit) == ASSAY_OK)
    let wanted = try zeroShot.logits(of: query, text: new)
    let instance = try Plugin(named: "gda").instance()
    #expect(instance.fit(fit) == ASSAY_OK)
    #expect(try instance.logits(of: query, text: new) == wanted)
    #expect(instance.host.notes.contains { $0.contains("no training rows were kept") })
    fit["class.open"] = Tensor(scalar: 0)
    #expect(try logits([:], fit: fit, text: new) == wanted)
  }

  @Test("refuses text of another width")
  func width() throws {
    let instance = try Plugin(named: "gda").instance()
    #expect(instance.fit(setting()) == ASSAY_OK)
    let status = instance.predict(
      ["query.features": query, "query.text": Tensor(rows: [[1, 0], [0, 1]])],
      outputs: ["logits": Tensor([Float](repeating: 0, count: 10), shape: [5, 2])])
    #expect(status == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("query.text"))
  }
}

extension Instance {
  /// The logits of query rows for the classes of a text, of an instance that was fitted.
  fileprivate func logits(
    of query: Tensor, text: Tensor, known: [Int32]? = nil
  ) throws -> [[Float]] {
    let (rows, classes) = (query.shape[0], text.shape[0])
    let logits = Tensor([Float](repeating: .nan, count: rows * classes), shape: [rows, classes])
    var inputs = ["query.features": query, "query.text": text]
    inputs["query.known"] = known.map { Tensor(labels: $0) }
    let status = predict(inputs, outputs: ["logits": logits])
    guard status == ASSAY_OK else { throw HarnessError("predict: \(status): \(host.sentence)") }
    return logits.withElements(of: Float.self) { numbers in
      (0..<rows).map { Array(numbers[$0 * classes..<($0 + 1) * classes]) }
    }
  }
}
