import Documents
import Foundation
import MethodHarness
import Tensors
import Testing

@Suite("caps-adapter, precision")
struct CapsAdapterPrecisionTests {
  /// Rows that share most of their direction, as those of CLIP do: divergences are about 1e-3.
  private func rows(_ count: Int, seed: UInt64) -> [[Float]] {
    Planted(classCount: 200, width: 32, spread: 1, seed: 4).rows(count, seed: seed, unit: false)
      .map { $0 + [16] }
  }

  private func unit(_ rows: [[Float]]) -> [[Double]] {
    rows.map { row in
      let row = row.map(Double.init)
      let norm = dot(row, row).squareRoot()
      return row.map { $0 / norm }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The inter-modal term of the card, `-R L`, and the zero-shot term, in f64.
  private func expected(
    _ images: [[Float]], _ labels: [Int32], _ text: [[Float]], _ query: [[Float]]
  ) -> [[Double]] {
    let (images, text, query) = (unit(images), unit(text), unit(query))
    func logs(_ row: [Double]) -> [Double] {
      let scores = text.map { dot(row, $0) / 0.5 }
      let sum = log(scores.reduce(0) { $0 + exp($1) })
      return scores.map { $0 - sum }
    }
    let keys = images.map(logs)
    let divergences = query.map { row in
      let own = logs(row)
      return keys.map { key in zip(own, key).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) } }
    }
    let affinities = query.map { row in images.map { dot(row, $0) } }
    let (from, to) = (divergences.flatMap(\.self), affinities.flatMap(\.self))
    let (low, high) = (from.min() ?? 0, from.max() ?? 1)
    let (bottom, top) = (to.min() ?? 0, to.max() ?? 1)
    return zip(query, divergences).map { row, divergences in
      var logits = text.map { 100 * dot(row, $0) }
      for (label, divergence) in zip(labels, divergences) {
        logits[Int(label)] -= (divergence - low) / (high - low) * (top - bottom) + bottom
      }
      return logits
    }
  }

  @Test("the divergences of many classes keep four digits after rescaling")
  func manyClasses() throws {
    let text = rows(200, seed: 1)
    let images = rows(400, seed: 2)
    let query = rows(6, seed: 3)
    let labels = (0..<400).map { Int32($0 % 200) }
    let found = try Plugin(named: "caps-adapter").instance([
      "search": "none", "alpha": 0, "gamma": 1, "delta": 0,
    ]).logits(
      fit: [
        "train.features": Tensor(rows: images), "train.captions": Tensor(rows: images),
        "train.labels": Tensor(labels: labels), "class.count": Tensor(scalar: 200),
        "text.class": Tensor(rows: text),
      ], query: Tensor(rows: query), classCount: 200)
    for (row, wanted) in zip(found, expected(images, labels, text, query)) {
      let zeroShot = zip(row, wanted).map { Double($0) - $1 }
      #expect(zeroShot.map(abs).max() ?? 1 < 2e-4)
    }
  }
}
