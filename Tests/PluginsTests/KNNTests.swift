import CAssay
import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("knn")
struct KNNTests {
  /// The data of `reference.py`, which linear-probe shares.
  private let planted = Planted(classCount: 5, width: 12, spread: 2.0, seed: 21)

  private func logits(_ config: [String: JSON], queries: Int = 400) throws -> [[Float]] {
    let fit = [
      "train.features": Tensor(rows: planted.rows(100, seed: 22, unit: false)),
      "train.labels": Tensor(labels: planted.labels(100)), "class.count": Tensor(scalar: 5),
    ]
    let query = Tensor(rows: planted.rows(queries, seed: 23, unit: false))
    return try Plugin(named: "knn").instance(config).logits(fit: fit, query: query, classCount: 5)
  }

  @Test("gives scikit-learn's answers, equal votes and ties included")
  func uniform() throws {
    let answers = try logits(["k": 7, "weights": "uniform"]).answers
    #expect(answers == Reference.neighbourAnswers.compactMap { Int32(String($0)) })
  }

  @Test("shares the weighted votes as scikit-learn does")
  func weighted() throws {
    let logits = try logits(["k": 7], queries: 10)
    for (row, logits) in logits.enumerated() {
      let votes = logits.map { exp(Double($0)) - 0.2 }
      let sum = votes.reduce(0, +)
      for (label, vote) in votes.enumerated() {
        #expect(abs(vote / sum - Reference.neighbourShares[5 * row + label]) < 1e-5)
      }
    }
  }

  @Test("is the nearest row at k 1, whatever the weights and the lengths")
  func reduction() throws {
    let fit = [
      "train.features": Tensor(rows: [[10, 0], [0, 0.1], [-1, 1]]),
      "train.labels": Tensor(labels: [2, 0, 1]), "class.count": Tensor(scalar: 4),
    ]
    for weights in ["softmax", "uniform"] {
      let logits = try Plugin(named: "knn").instance(["k": 1, "weights": .string(weights)]).logits(
        fit: fit, query: Tensor(rows: [[5, 4], [-0.2, 1]]), classCount: 4)
      #expect(logits.answers == [2, 0])
      // One vote, and a share of 1/4 for each class.
      #expect(abs(logits[0][2] - logf(1.25)) < 1e-6 && abs(logits[0][1] - logf(0.25)) < 1e-6)
    }
  }

  @Test("asks all rows when there are fewer than k, and a cold vote follows the nearest")
  func fewRows() throws {
    let fit = [
      "train.features": Tensor(rows: [[1, 0], [0.9, 0.5], [0.9, 0.6]]),
      "train.labels": Tensor(labels: [0, 1, 1]), "class.count": Tensor(scalar: 2),
    ]
    let query = Tensor(rows: [[1, 0.1]])
    let plugin = try Plugin(named: "knn")
    let equal = try plugin.instance(["weights": "uniform"]).logits(
      fit: fit, query: query, classCount: 2)
    #expect(equal.answers == [1])
    let cold = try plugin.instance(["temperature": 1e-4]).logits(
      fit: fit, query: query, classCount: 2)
    #expect(cold.answers == [0])
  }

  @Test("chooses the smallest k of the best validation accuracy")
  func search() throws {
    // A mislabelled row beside the rows of its neighbours: k 1 fails, 2 ties, 4 outvotes it.
    let fit = [
      "train.features": Tensor(
        rows: [
          [1, 0], [1, 0.2], [1, -0.21], [1, 0.22], [0, 1], [0.1, 1], [0, 1.1], [-0.1, 1],
        ]),
      "train.labels": Tensor(labels: [1, 0, 0, 0, 1, 1, 1, 1]), "class.count": Tensor(scalar: 2),
      "val.features": Tensor(rows: [[1, 0.01], [1, -0.01], [0, 1]]),
      "val.labels": Tensor(labels: [0, 0, 1]),
    ]
    let instance = try Plugin(named: "knn").instance(["weights": "uniform"])
    _ = try instance.logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)
    #expect(instance.host.metrics["k"] == 2 && instance.host.metrics["val_accuracy"] == 1)
    let fixed = try Plugin(named: "knn").instance(["search": false, "k": 3])
    _ = try fixed.logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)
    #expect(fixed.host.metrics["k"] == 3)
  }

  @Test("tries the candidates alone, keeps to the rows there are, and can choose by the area")
  func candidates() throws {
    // By accuracy k 1 and 3 are equal; only 3 ranks all rows of class 1 above those of class 0.
    let fit = [
      "train.features": Tensor(rows: [
        [1, 0], [1, 0.3], [1, -0.3], [0, 1], [0.3, 1], [-0.3, 1],
      ]),
      "train.labels": Tensor(labels: [0, 0, 1, 1, 1, 1]), "class.count": Tensor(scalar: 2),
      "val.features": Tensor(rows: [[1, 0.05], [1, -0.4], [0, 1], [0.1, 1]]),
      "val.labels": Tensor(labels: [0, 0, 1, 1]),
    ]
    func host(_ config: [String: JSON]) throws -> TestHost {
      let instance = try Plugin(named: "knn").instance(
        ["weights": "uniform"].merging(config) { $1 })
      _ = try instance.logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)
      return instance.host
    }
    let area = try host(["candidates": [3, 1], "select": "auroc"])
    #expect(area.metrics["k"] == 3 && area.metrics["val_auroc"] == 1)
    #expect(area.metrics["val_accuracy"] == nil)
    let none = try host(["candidates": [7, 9]])
    #expect(none.metrics["k"] == 6 && none.notes.count == 1)
    let broken = try Plugin(named: "knn").instance(["candidates": [1.5]])
    #expect(broken.created == ASSAY_E_CONFIG && broken.host.sentence.contains("candidates"))
  }

  @Test("lets the validation rows be neighbours too when asked")
  func refit() throws {
    let fit = [
      "train.features": Tensor(rows: [[1, 0], [0, 1]]), "train.labels": Tensor(labels: [0, 1]),
      "val.features": Tensor(rows: [[1, 1]]), "val.labels": Tensor(labels: [2]),
      "class.count": Tensor(scalar: 3),
    ]
    let query = Tensor(rows: [[1, 0.9]])
    func answers(_ refit: Bool) throws -> [Int32] {
      try Plugin(named: "knn").instance(["candidates": [1], "refit": .bool(refit)]).logits(
        fit: fit, query: query, classCount: 3
      ).answers
    }
    #expect(try answers(false) == [0])
    #expect(try answers(true) == [2])
  }

  @Test("votes alike by either distance on unit rows, and by length on others")
  func distance() throws {
    let setting = Setting(validation: 0)
    let cosine = try setting.logits(of: "knn")
    let euclidean = try setting.logits(of: "knn", ["distance": "euclidean"])
    for (one, other) in zip(cosine.joined(), euclidean.joined()) {
      #expect(abs(one - other) < 1e-5)
    }
    let fit = [
      "train.features": Tensor(rows: [[1, 0], [5, 1]]), "train.labels": Tensor(labels: [0, 1]),
      "class.count": Tensor(scalar: 2),
    ]
    let query = Tensor(rows: [[4, 0]])
    func answers(_ distance: JSON) throws -> [Int32] {
      try Plugin(named: "knn").instance(["k": 1, "distance": distance]).logits(
        fit: fit, query: query, classCount: 2
      ).answers
    }
    #expect(try answers("cosine") == [0] && answers("euclidean") == [1])
  }

  @Test("wins over the class mean where a class lies in two places")
  func twoPlaces() throws {
    // Four places on the circle; opposite ones are of one class, so that both means are near 0.
    var random = SplitMix64(5)
    func rows(_ count: Int) -> Tensor {
      Tensor(
        rows: (0..<count).map { index in
          let angle = Double.pi / 2 * Double(index % 4) + 0.6 * (random.uniform() - 0.5)
          return [Float(cos(angle)), Float(sin(angle))]
        })
    }
    let labels = (0..<400).map { Int32($0 % 2) }
    let fit = [
      "train.features": rows(40), "train.labels": Tensor(labels: Array(labels[..<40])),
      "class.count": Tensor(scalar: 2),
    ]
    let query = rows(400)
    func accuracy(_ name: String) throws -> Double {
      try Plugin(named: name).instance().logits(fit: fit, query: query, classCount: 2)
        .accuracy(labels)
    }
    #expect(try accuracy("knn") == 1)
    #expect(try accuracy("nearest-mean") < 0.8)
  }

  @Test("refuses to fit to no rows")
  func empty() throws {
    let instance = try Plugin(named: "knn").instance()
    let status = instance.fit([
      "train.features": Tensor([Float](), shape: [0, 3]), "train.labels": Tensor(labels: []),
      "class.count": Tensor(scalar: 2),
    ])
    #expect(status == 4 && instance.host.sentence.contains("no rows"))
  }
}
