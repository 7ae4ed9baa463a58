import CAssay
import Documents
import Foundation
import MethodHarness
import Tensors
import Testing

/// The rounds of ExpoMF written out pair by pair (Liang et al., WWW 2016).
private struct PlainExpoMF {
  let clicked: [[Bool]]
  var users: [[Double]]
  var items: [[Double]]
  var exposure: [Double]
  var precision = 1.0
  /// Whether the density is that of the trainer published with Saito et al., WSDM 2020.
  var isPublished = false

  func seen(_ user: Int, _ item: Int) -> Double {
    if clicked[user][item] { return 1 }
    let mean = zip(users[user], items[item]).reduce(0) { $0 + $1.0 * $1.1 }
    let peak = isPublished ? precision / 2 * .pi : precision / (2 * .pi)
    let density = peak.squareRoot() * exp(-precision * mean * mean / 2) + (isPublished ? 1e-8 : 0)
    return exposure[item] * density / (exposure[item] * density + 1 - exposure[item])
  }

  mutating func round(penalty: Double) {
    for user in users.indices {
      let weights = items.indices.map { seen(user, $0) }
      users[user] = ridge(items, weights, clicked[user], penalty)
    }
    for item in items.indices {
      let weights = users.indices.map { seen($0, item) }
      items[item] = ridge(users, weights, clicked.map { $0[item] }, penalty)
    }
    exposure = items.indices.map { item in
      users.indices.reduce(0) { $0 + seen($1, item) } / Double(users.count)
    }
  }

  /// Solves by elimination, which needs no pivots for a positive definite matrix.
  private func ridge(
    _ rows: [[Double]], _ weights: [Double], _ hits: [Bool], _ penalty: Double
  ) -> [Double] {
    let size = rows[0].count
    var system = [[Double]](
      repeating: [Double](repeating: 0, count: size + 1), count: size)
    for i in 0..<size {
      system[i][i] = penalty
      for (row, weight) in zip(rows, weights) {
        for j in 0..<size { system[i][j] += weight * row[i] * row[j] }
      }
      for (row, isHit) in zip(rows, hits) where isHit { system[i][size] += row[i] }
    }
    for pivot in 0..<size {
      for row in 0..<size where row != pivot {
        let factor = system[row][pivot] / system[pivot][pivot]
        for column in 0...size { system[row][column] -= factor * system[pivot][column] }
      }
    }
    return (0..<size).map { system[$0][size] / system[$0][$0] }
  }
}

@Suite("expo-mf")
struct ExpoMFTests {
  private let world = Exposures(userCount: 8, itemCount: 6)

  /// The factors of users and of items, the exposure of items, and the scores of all pairs.
  private func fitted(
    _ clicks: [Int], _ config: [String: JSON], seed: UInt64 = 7
  ) throws -> (users: [[Double]], items: [[Double]], exposure: [Float], scores: [Float]) {
    let instance = try Plugin(named: "rel-mf").instance(config, method: 1)
    instance.seed = seed
    var inputs = world.inputs(clicks)
    inputs["propensity"] = nil
    guard instance.fit(inputs) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let exposure = Tensor([Float](repeating: .nan, count: 6), shape: [6])
    let scores = Tensor([Float](repeating: .nan, count: 48), shape: [48])
    let status = instance.predict(
      ["query.pairs": world.pairs(Array(0..<48))],
      outputs: ["scores": scores, "item_propensity": exposure],
      dynamic: ["user_factors", "item_factors"])
    guard status == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let factors = try instance.host.factors()
    return (
      factors.users, factors.items, exposure.withElements(of: Float.self) { Array($0) },
      scores.withElements(of: Float.self) { Array($0) }
    )
  }

  /// Origin: `RelMFReference.py`.
  @Test(
    "the posterior written out here is NumPy's, with either constant",
    arguments: [
      (
        false,
        [
          2.077610302764108, 3.329257884027353, 1.6688156479900882, 2.0245107970764447,
          3.4550665863193757,
        ]
      ),
      (
        true,
        [
          2.2253515239049446, 3.8344685311338447, 2.471091993067722, 3.1095308826616694,
          4.514594174409565,
        ]
      ),
    ])
  func reference(isPublished: Bool, wanted: [Double]) {
    func numbers(_ rows: Int, _ start: Double) -> [[Double]] {
      (0..<rows).map { row in (0..<3).map { sin(1.7 * Double(3 * row + $0) + start) } }
    }
    let clicks = [1, 4, 5, 12, 13, 16, 21, 25, 29]
    let plain = PlainExpoMF(
      clicked: (0..<6).map { user in (0..<5).map { clicks.contains(user * 5 + $0) } },
      users: numbers(6, 0.3), items: numbers(5, 1.1),
      exposure: (0..<5).map { 0.1 + 0.15 * Double($0) }, precision: 2, isPublished: isPublished)
    for (item, wanted) in wanted.enumerated() {
      #expect(abs((0..<6).reduce(0) { $0 + plain.seen($1, item) } - wanted) < 1e-12)
    }
  }

  @Test(
    "three rounds end where the equations written out pair by pair end, with either constant",
    arguments: ["normal", "published"])
  func golden(density: String) throws {
    let clicks = world.clicks(seed: 3)
    let config: [String: JSON] = [
      "dim": 2, "l2": 0.1, "initial_exposure": 0.3, "density": .string(density),
    ]
    let start = try fitted(clicks, config.merging(["iterations": 0]) { $1 })
    var plain = PlainExpoMF(
      clicked: (0..<8).map { user in (0..<6).map { clicks.contains(user * 6 + $0) } },
      users: start.users, items: start.items, exposure: [Double](repeating: 0.3, count: 6),
      isPublished: density == "published")
    for _ in 0..<3 { plain.round(penalty: 0.1) }
    let found = try fitted(clicks, config.merging(["iterations": 3]) { $1 })
    for (one, other) in zip(found.users + found.items, plain.users + plain.items) {
      #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    #expect(zip(found.exposure, plain.exposure).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    #expect(plain.users.contains { $0.contains { abs($0) > 0.1 } })
    // The control: the other constant is another model.
    let other: JSON = density == "normal" ? "published" : "normal"
    let turned = try fitted(clicks, config.merging(["iterations": 3, "density": other]) { $1 })
    #expect(zip(found.exposure, turned.exposure).contains { abs($0 - $1) > 1e-3 })
  }

  @Test("scores are the logits of the products, in their order even outside 0...1")
  func scores() throws {
    let found = try fitted(world.clicks(seed: 3), ["dim": 4, "l2": 1])
    let products = found.users.flatMap { user in
      found.items.map { zip(user, $0).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let order = products.indices.sorted { products[$0] < products[$1] }
    let ranked = order.map { found.scores[$0] }
    #expect(zip(ranked.dropFirst(), ranked).allSatisfy { $0 >= $1 - 1e-5 })
    let inner = try #require(products.firstIndex { $0 > 0.2 && $0 < 0.8 })
    #expect(abs(sigmoid(Double(found.scores[inner])) - products[inner]) < 1e-5)
  }

  @Test("learns that what is clicked more was seen more")
  func exposure() throws {
    // Everyone clicked item 0, nobody item 5.
    let clicks = (0..<8).map { $0 * 6 } + [1, 2, 9, 16]
    let exposure = try fitted(clicks, [:]).exposure
    #expect(exposure[0] > 0.9 && exposure[5] < 0.1)
  }

  @Test("finds what is relevant among unseen pairs better than factors that take them for dislike")
  func planted() throws {
    let world = Exposures(userCount: 120, itemCount: 60, seed: 5)
    let clicks = world.clicks(seed: 6)
    let asked = world.relevance.indices.filter { !Set(clicks).contains($0) }
    func auroc(_ config: [String: JSON], method: UInt32) throws -> Double {
      let instance = try Plugin(named: "rel-mf").instance(config, method: method)
      instance.seed = 7
      var inputs = world.inputs(clicks)
      inputs["propensity"] = nil
      guard instance.fit(inputs) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
      let scores = Tensor([Float](repeating: .nan, count: asked.count), shape: [asked.count])
      let status = instance.predict(
        ["query.pairs": world.pairs(asked)], outputs: ["scores": scores])
      guard status == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
      let ranked = zip(scores.withElements(of: Float.self) { Array($0) }, asked)
        .sorted { $0.0 < $1.0 }
      // The share of pairs of a relevant and another one that stand in the right order.
      var (others, right) = (0, 0)
      for (_, pair) in ranked {
        if world.relevance[pair] > 0.5 { right += others } else { others += 1 }
      }
      return Double(right) / Double(others * (asked.count - others))
    }
    let expoMF = try auroc(["dim": 3, "l2": 1], method: 1)
    let naive = try auroc(
      ["estimator": "naive", "loss": "sq", "dim": 3, "steps": 300], method: 0)
    #expect(expoMF > 0.8)
    #expect(expoMF > naive + 0.03)
  }

  @Test("the same seed gives the same bytes, another seed other factors")
  func determinism() throws {
    let clicks = world.clicks(seed: 3)
    let first = try fitted(clicks, [:])
    #expect(try fitted(clicks, [:]).scores == first.scores)
    #expect(try fitted(clicks, [:], seed: 8).users != first.users)
  }

  @Test("users without clicks get factors of 0")
  func noClicks() throws {
    let found = try fitted([0, 1], [:])
    #expect(found.users[7].allSatisfy { $0 == 0 })
  }
}
