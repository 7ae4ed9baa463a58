import Documents
import MethodHarness
import Tensors
import Testing

@Suite("The baselines of task classify")
struct BaselinePlantedTests {
  @Test("zero-shot is a hundred times the cosine to the class text")
  func zeroShotClosedForm() throws {
    let (rows, text) = (uniformRows(20, 9, seed: 1), uniformRows(4, 9, seed: 2))
    let found = try Plugin(named: "zero-shot").instance().logits(
      fit: ["class.count": Tensor(scalar: 4), "text.class": Tensor(rows: text)],
      query: Tensor(rows: rows), classCount: 4)
    func dot(_ x: [Float], _ y: [Float]) -> Double {
      zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for (found, row) in zip(found, rows) {
      for (logit, text) in zip(found, text) {
        let cosine = dot(row, text) / (dot(row, row) * dot(text, text)).squareRoot()
        #expect(abs(Double(logit) - 100 * cosine) < 2e-5)
      }
    }
  }

  @Test("the nearest mean of one row a class is the nearest row", arguments: [false, true])
  func nearestMeanIsNearestRow(unit: Bool) throws {
    let planted = Planted(classCount: 7, width: 12, spread: 1.0, seed: 81)
    let fit = [
      "class.count": Tensor(scalar: 7), "train.labels": Tensor(labels: planted.labels(7)),
      "train.features": Tensor(rows: planted.rows(7, seed: 82, unit: unit)),
    ]
    let query = Tensor(rows: planted.rows(200, seed: 83, unit: unit))
    let means = try Plugin(named: "nearest-mean").instance().logits(
      fit: fit, query: query, classCount: 7)
    let nearest = try Plugin(named: "knn").instance(["k": 1, "search": false]).logits(
      fit: fit, query: query, classCount: 7)
    #expect(means.answers == nearest.answers)
  }

  @Test("zero-shot wins where text is exact and rows are few and noisy")
  func zeroShotWins() throws {
    let planted = Planted(classCount: 8, width: 24, spread: 2.5, seed: 84)
    let fit = [
      "class.count": Tensor(scalar: 8), "train.labels": Tensor(labels: planted.labels(8)),
      "train.features": Tensor(rows: planted.rows(8, seed: 85, unit: true)),
      "text.class": Tensor(rows: planted.centres.map { $0.map { Float($0) } }),
    ]
    let query = (planted.rows(400, seed: 86, unit: true), planted.labels(400))
    func value(_ name: String) throws -> Double { try accuracy(of: name, fit, query) }
    let zeroShot = try value("zero-shot")
    for other in ["nearest-mean", "linear-probe", "knn"] {
      #expect(zeroShot > (try value(other)) + 0.02, "\(other)")
    }
  }

  @Test("the nearest mean wins where classes are round and single rows are noisy")
  func nearestMeanWins() throws {
    // Text that has nothing to do with the rows, and seven rows a class around its centre.
    let planted = Planted(classCount: 8, width: 48, spread: 3.5, seed: 87)
    let fit = [
      "class.count": Tensor(scalar: 8), "train.labels": Tensor(labels: planted.labels(56)),
      "train.features": Tensor(rows: planted.rows(56, seed: 88, unit: true)),
      "text.class": Tensor(rows: uniformRows(8, 48, seed: 89)),
    ]
    let query = (planted.rows(800, seed: 90, unit: true), planted.labels(800))
    let mean = try accuracy(of: "nearest-mean", fit, query)
    #expect(mean > (try accuracy(of: "zero-shot", fit, query)) + 0.2)
    #expect(mean > (try accuracy(of: "knn", fit, query, config: ["k": 1, "search": false])) + 0.05)
  }

  @Test("the linear probe wins where what tells classes apart is small beside what does not")
  func linearProbeWins() throws {
    // Coordinate 0 is ±0.3 by class and exact to 0.1; the others are 3 times a uniform number.
    func rows(_ count: Int, seed: UInt64) -> [[Float]] {
      var noise = SplitMix64(seed)
      return (0..<count).map { index in
        let side: Double = index % 2 == 0 ? 0.3 : -0.3
        return [Float(side + 0.2 * (noise.uniform() - 0.5))]
          + (0..<6).map { _ in Float(3 * (2 * noise.uniform() - 1)) }
      }
    }
    let fit = [
      "class.count": Tensor(scalar: 2), "train.labels": Tensor(labels: (0..<80).map { $0 % 2 }),
      "train.features": Tensor(rows: rows(80, seed: 91)),
      "text.class": Tensor(rows: uniformRows(2, 7, seed: 92)),
    ]
    let query = (rows(400, seed: 93), (0..<400).map { Int32($0 % 2) })
    let probe = try accuracy(of: "linear-probe", fit, query, config: ["prior": "zero", "c": 100])
    #expect(probe > 0.97)
    for other in ["nearest-mean", "knn", "zero-shot", "tip-adapter"] {
      #expect(probe > (try accuracy(of: other, fit, query)) + 0.15, "\(other)")
    }
  }

  /// The accuracy of a plugin on query rows.
  private func accuracy(
    of name: String, _ fit: [String: Tensor], _ query: (rows: [[Float]], labels: [Int32]),
    config: [String: JSON] = [:]
  ) throws -> Double {
    let classCount = try #require(fit["text.class"]).shape[0]
    return try Plugin(named: name).instance(config).logits(
      fit: fit, query: Tensor(rows: query.rows), classCount: classCount
    ).accuracy(query.labels)
  }
}
