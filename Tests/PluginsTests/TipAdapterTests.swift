import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

@Suite("tip-adapter")
struct TipAdapterTests {
  private let cache = [
    "train.features": Tensor(rows: [[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]]),
    "train.labels": Tensor(labels: [0, 0, 1, 1]), "class.count": Tensor(scalar: 2),
    "text.class": Tensor(rows: [[1, 0], [0, 1]]),
  ]

  @Test("gives the card's golden logits")
  func golden() throws {
    let logits = try Plugin(named: "tip-adapter").instance(["alpha": 1, "beta": 2]).logits(
      fit: cache, query: Tensor(rows: [[0.6, 0.8]]), classCount: 2)[0]
    #expect(abs(logits[0] - 61.372445) < 1e-5 && abs(logits[1] - 80.907248) < 1e-5)
  }

  @Test("starts where the authors do: alpha 1.17, beta 1")
  func defaults() throws {
    let setting = Setting(validation: 0)
    let instance = try Plugin(named: "tip-adapter").instance()
    let plain = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
    #expect(abs(try #require(instance.host.metrics["alpha"]) - 1.17) < 1e-6)
    #expect(instance.host.metrics["beta"] == 1)
    #expect(plain == (try setting.logits(of: "tip-adapter", ["alpha": 1.17, "beta": 1])))
  }

  @Test("is the zero-shot classifier at alpha 0")
  func reduction() throws {
    let setting = Setting(validation: 0)
    let tip = try setting.logits(of: "tip-adapter", ["alpha": 0])
    #expect(tip == (try setting.logits(of: "zero-shot")))
  }

  @Test("averages the views as they are before it brings the keys to unit length")
  func views() throws {
    var fit = cache
    // The mean of (3, 0) and (0, 1) points along (3, 1); unit rows first would give (1, 1).
    fit["train.views"] = Tensor(
      [3, 0, 0.8, 0.6, 0, 1, -0.6, 0.8, 0, 1, 0.8, 0.6, 0, 1, -0.6, 0.8] as [Float],
      shape: [2, 4, 2])
    let logits = try Plugin(named: "tip-adapter").instance([
      "alpha": 1, "beta": 2, "scale": 0,
    ]).logits(fit: fit, query: Tensor(rows: [[1, 0]]), classCount: 2)[0]
    let wanted = exp(-2 * (1 - 3 / 10.0.squareRoot())) + exp(-2 * (1 - 0.8))
    #expect(abs(Double(logits[0]) - wanted) < 1e-6)
  }

  @Test("finds the pair that a plain search finds: beta outer, alpha inner, the first best")
  func search() throws {
    let setting = Setting(shots: 4, validation: 130)
    let instance = try Plugin(named: "tip-adapter").instance(["alpha_max": 5, "beta_max": 8])
    _ = try instance.logits(fit: setting.fit, query: setting.query, classCount: 5)
    let best = plainSearch(setting, alphaMaximum: 5, betaMaximum: 8)
    let found = instance.host.metrics
    #expect(abs(try #require(found["alpha"]) - best.alpha) < 1e-5)
    #expect(abs(try #require(found["beta"]) - best.beta) < 1e-5)
    #expect(abs(try #require(found["val_accuracy"]) - best.accuracy) < 1e-9)
  }

  /// Section B of the card, step by step in f64.
  private func plainSearch(
    _ setting: Setting, alphaMaximum: Double, betaMaximum: Double
  ) -> (alpha: Double, beta: Double, accuracy: Double) {
    func matrix(_ name: String, _ width: Int) -> [[Double]] {
      guard let tensor = setting.fit[name] else { return [] }
      return tensor.withElements(of: Float.self) { numbers in
        (0..<tensor.shape[0]).map { row in
          let values = (0..<width).map { Double(numbers[row * width + $0]) }
          let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return values.map { $0 / norm }
        }
      }
    }
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let (keys, text) = (matrix("train.features", 16), matrix("text.class", 16))
    let rows = matrix("val.features", 16)
    let base = rows.map { row in text.map { 100 * dot(row, $0) } }
    let cosines = rows.map { row in keys.map { dot(row, $0) } }
    var best = (alpha: 0.0, beta: 0.0, accuracy: 0.0)
    for j in 0..<200 {
      let beta = 0.1 + Double(j) * (betaMaximum - 0.1) / 200
      let caches = cosines.map { row in
        (0..<5).map { label in
          stride(from: label, to: row.count, by: 5).reduce(0) { $0 + exp(-beta * (1 - row[$1])) }
        }
      }
      for i in 0..<20 {
        let alpha = 0.1 + Double(i) * (alphaMaximum - 0.1) / 20
        let right = rows.indices.count { row in
          let scores = (0..<5).map { base[row][$0] + alpha * caches[row][$0] }
          return scores.indices.max { scores[$0] < scores[$1] } == row % 5
        }
        let accuracy = Double(right) / Double(rows.count)
        if accuracy > best.accuracy { best = (alpha, beta, accuracy) }
      }
    }
    return best
  }

  @Test("beats the zero-shot classifier on planted classes")
  func planted() throws {
    let setting = Setting(shots: 16)
    let zeroShot = try setting.accuracy(of: "zero-shot")
    #expect(try setting.accuracy(of: "tip-adapter", ["alpha_max": 50]) > zeroShot + 0.03)
  }
}
