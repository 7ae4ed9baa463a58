import Documents
import Glibc
import MethodHarness
import Tensors
import Testing

/// The training of the released code on a graphics processor, written out: rows, text, keys, their
/// gradient and AdamW's two moments are f16, each operation computes in f32 and is rounded.
private struct HalfTraining {
  let rows: [[Float]]
  let labels: [Int]
  let text: [[Float]]
  let alpha: Float = 1.17
  let beta: Float = 1
  var keys: [[Float]]
  /// The share of second moments that are 0 at the end.
  private(set) var vanished = 0.0

  init(rows: [[Float]], labels: [Int], text: [[Float]]) {
    self.rows = rows.map { $0.map(half) }
    self.labels = labels
    self.text = text.map { $0.map(half) }
    keys = self.rows
  }

  func logits(_ row: [Float]) -> [Float] {
    var scores = text.map { half(half(100 * product(row, $0))) }
    for (key, label) in zip(keys, labels) {
      scores[label] += half(alpha * half(exp(half(beta * half(product(row, key)) - beta))))
    }
    return scores.map(half)
  }

  /// The gradient of the mean cross-entropy over all rows.
  private func gradient() -> [[Float]] {
    var sums = keys.map { $0.map { _ in Float(0) } }
    for (row, label) in zip(rows, labels) {
      let scores = logits(row)
      let most = scores.max() ?? 0
      let powers = scores.map { exp($0 - most) }
      let total = powers.reduce(0, +)
      for (place, key) in keys.enumerated() {
        let own = labels[place]
        let slope = half((powers[own] / total - (own == label ? 1 : 0)) / Float(rows.count))
        let affinity = half(exp(half(beta * half(product(row, key)) - beta)))
        let factor = half(half(alpha * slope) * affinity) * beta
        for column in key.indices { sums[place][column] += factor * row[column] }
      }
    }
    return sums.map { $0.map(half) }
  }

  mutating func run(steps: Int) {
    let width = rows[0].count
    var first = keys.map { $0.map { _ in Float(0) } }
    var second = first
    for step in 0..<steps {
      let slopes = gradient()
      let rate = 1e-3 * 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
      let corrections = (1 - pow(0.9, Double(step + 1)), 1 - pow(0.999, Double(step + 1)))
      for place in keys.indices {
        for column in 0..<width {
          let slope = slopes[place][column]
          keys[place][column] = half(keys[place][column] * Float(1 - rate * 0.01))
          first[place][column] = half(first[place][column] + 0.1 * (slope - first[place][column]))
          second[place][column] = half(
            half(0.999 * second[place][column]) + 0.001 * slope * slope)
          let root = half(
            half(half(second[place][column].squareRoot()) / Float(corrections.1.squareRoot()))
              + 1e-4)
          keys[place][column] = half(
            keys[place][column] - Float(rate / corrections.0) * first[place][column] / root)
        }
      }
    }
    let zeros = second.reduce(0) { $0 + $1.count { $0 == 0 } }
    vanished = Double(zeros) / Double(keys.count * width)
  }
}

private func half(_ x: Float) -> Float { Float(Float16(x)) }

private func product(_ one: [Float], _ other: [Float]) -> Float {
  zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite("tip-adapter-f, training in half precision")
struct TipAdapterFHalfTests {
  @Test("a rate of 1 at epsilon 0.1 without decay follows the released code's f16, the default not")
  func imitation() throws {
    let planted = Planted(classCount: 4, width: 16, spread: 1, seed: 31)
    let rows = planted.rows(160, seed: 32, unit: true)
    let text = Planted(classCount: 4, width: 16, spread: 0.5, seed: 31).rows(
      4, seed: 33, unit: true)
    let query = planted.rows(20, seed: 34, unit: true)
    var training = HalfTraining(
      rows: rows, labels: planted.labels(160).map { Int($0) }, text: text)
    training.run(steps: 20)
    let wanted = query.flatMap { training.logits($0) }
    let fit = [
      "train.features": Tensor(rows: rows), "train.labels": Tensor(labels: planted.labels(160)),
      "class.count": Tensor(scalar: 4), "text.class": Tensor(rows: text),
    ]
    /// The mean distance of the logits from those of half precision.
    func distance(_ config: [String: JSON]) throws -> Double {
      let found = try Plugin(named: "tip-adapter-f").instance(config).logits(
        fit: fit, query: Tensor(rows: query), classCount: 4
      ).joined()
      return zip(found, wanted).reduce(0) { $0 + Double(abs($1.0 - $1.1)) } / Double(wanted.count)
    }
    let untrained = try distance(["epochs": 0])
    let plain = try distance([:])
    let imitated = try distance(["rate": 1, "epsilon": 0.1, "weight_decay": 0])
    #expect(training.vanished > 0.9)
    #expect(imitated < plain / 2, "\(imitated) against \(plain), untrained \(untrained)")
    #expect(plain < untrained)
  }
}
