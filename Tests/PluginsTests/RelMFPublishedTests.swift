import CAssay
import Documents
import Foundation
import MethodHarness
import Tensors
import Testing

/// The loss of the published trainer in expectation over its batches, pair by pair.
private struct PublishedLoss {
  let userCount: Int
  let itemCount: Int
  /// The weight of relevance, `1 / s`, of each clicked pair by its number.
  let clicks: [Int: Double]
  let weight: Double
  var kind = "sq"
  var penalty = 0.0

  func value(_ users: [[Double]], _ items: [[Double]]) -> Double {
    var (clicked, blank) = (0.0, 0.0)
    for user in 0..<userCount {
      for item in 0..<itemCount {
        let logit = zip(users[user], items[item]).reduce(0) { $0 + $1.0 * $1.1 }
        let one = localLoss(kind, logit, relevant: true)
        let zero = localLoss(kind, logit, relevant: false)
        if let click = clicks[user * itemCount + item] {
          clicked += click * one + weight * (1 - click) * zero
        } else {
          blank += weight * zero
        }
      }
    }
    let (n, m) = (Double(clicks.count), Double(userCount * itemCount - clicks.count))
    let squares = (users + items).joined().reduce(0) { $0 + $1 * $1 }
    return (clicked / n + blank / m) / (1 + weight) + penalty / 2 * squares
  }

  /// Central differences, users first.
  func gradient(_ users: [[Double]], _ items: [[Double]]) -> [Double] {
    let d = users[0].count
    return (0..<(userCount + itemCount) * d).map { index in
      func moved(_ step: Double) -> Double {
        var (users, items) = (users, items)
        let (row, column) = (index / d, index % d)
        if row < userCount {
          users[row][column] += step
        } else {
          items[row - userCount][column] += step
        }
        return value(users, items)
      }
      return (moved(1e-5) - moved(-1e-5)) / 2e-5
    }
  }
}

/// Factors of a fitted instance, and what it reports.
private struct Fitted {
  let users: [[Double]]
  let items: [[Double]]
  let metrics: [String: Double]

  init(
    _ world: Exposures, _ inputs: [String: Tensor], _ config: [String: JSON], seed: UInt64 = 7
  ) throws {
    let instance = try Plugin(named: "rel-mf").instance(
      config.merging(["biases": false, "objective": "published"]) { one, _ in one })
    instance.seed = seed
    guard instance.fit(inputs) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let status = instance.predict(
      ["query.pairs": world.pairs([])],
      outputs: ["scores": Tensor([Float](), shape: [0])],
      dynamic: ["user_factors", "item_factors"])
    guard status == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    (users, items) = try instance.host.factors()
    metrics = instance.host.metrics
  }

  func logit(_ pair: Int) -> Double {
    zip(users[pair / items.count], items[pair % items.count]).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

@Suite("rel-mf, the published objective")
struct RelMFPublishedTests {
  private let small = Exposures(userCount: 6, itemCount: 5)

  /// Origin: `RelMFReference.py`.
  @Test(
    "the loss written out here is that of the authors' trainer in NumPy",
    arguments: [
      (
        false, 0.977,
        [0.43004271713967995, -0.013471755017091525, -0.0011722079973353061, 0.01745119831975117]
      ),
      (
        true, 1.0,
        [0.42779027056330327, -0.045387123948081864, -0.01892358289512508, 0.07052351527758738]
      ),
    ])
  func reference(weighted: Bool, weight: Double, wanted: [Double]) {
    let clicks = [1, 4, 5, 12, 13, 16, 21, 25, 29]
    let scores = [0.9, 0.4, 0.7, 0.25, 1.0, 0.4, 0.35, 0.7, 0.4].map { weighted ? max($0, 0.3) : 1 }
    func numbers(_ rows: Int, _ start: Double) -> [[Double]] {
      (0..<rows).map { row in (0..<3).map { sin(1.7 * Double(3 * row + $0) + start) } }
    }
    let loss = PublishedLoss(
      userCount: 6, itemCount: 5,
      clicks: Dictionary(uniqueKeysWithValues: zip(clicks, scores.map { 1 / $0 })),
      weight: weight, penalty: 0.02)
    let (users, items) = (numbers(6, 0.3), numbers(5, 1.1))
    #expect(abs(loss.value(users, items) - wanted[0]) < 1e-12)
    let slopes = loss.gradient(users, items)
    let found = [slopes.reduce(0, +), slopes.first ?? 0, slopes.last ?? 0]
    #expect(zip(found, wanted.dropFirst()).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test(
    "a plain step over all pairs goes against its gradient, and the loss reported is it",
    arguments: ["sq", "ce"], ["wmf", "clipped", "naive"])
  func gradient(kind: String, estimator: String) throws {
    let clicks = small.clicks(seed: 3)
    let config: [String: JSON] = [
      "loss": .string(kind), "estimator": .string(estimator), "clip": 0.7, "weight": 0.6, "dim": 3,
      "l2": 0.02, "init_scale": 2, "optimiser": "sgd", "rate": 1,
    ]
    let inputs = small.inputs(clicks)
    let start = try Fitted(small, inputs, config.merging(["steps": 0]) { $1 })
    let stepped = try Fitted(small, inputs, config.merging(["steps": 1]) { $1 })
    let weights = clicks.map { pair in
      estimator == "clipped" ? 1 / max(Double(Float(small.propensity[pair])), 0.7) : 1
    }
    var loss = PublishedLoss(
      userCount: 6, itemCount: 5,
      clicks: Dictionary(uniqueKeysWithValues: zip(clicks, weights)),
      weight: estimator == "wmf" ? 0.6 : 1, kind: kind)
    #expect(
      abs(try #require(start.metrics["loss"]) - loss.value(start.users, start.items)) < 1e-6)
    loss.penalty = 0.02
    let wanted = zip((start.users + start.items).joined(), loss.gradient(start.users, start.items))
    for (found, (before, slope)) in zip((stepped.users + stepped.items).joined(), wanted) {
      #expect(abs(found - (before - slope)) < 2e-6)
    }
  }

  @Test("where as many pairs are clicked as not it is the mean over all pairs")
  func even() throws {
    let clicks = (0..<30).filter { $0 % 2 == 0 }
    let config: [String: JSON] = ["estimator": "unbiased", "steps": 30]
    let published = try Fitted(small, small.inputs(clicks), config)
    let exact = try Fitted(
      small, small.inputs(clicks), config.merging(["objective": "exact"]) { $1 })
    #expect(published.users == exact.users && published.items == exact.items)
    let uneven = Array(clicks.dropLast(5))
    let other = try Fitted(small, small.inputs(uneven), config)
    #expect(
      try Fitted(small, small.inputs(uneven), config.merging(["objective": "exact"]) { $1 }).users
        != other.users)
  }

  @Test("over all pairs WMF's published weight is that weight times clicks over other pairs")
  func weight() throws {
    let clicks = small.clicks(seed: 3)
    let share = Double(clicks.count) / Double(30 - clicks.count)
    // Half a click's loss is what is left of the divisor; without a penalty only the direction counts.
    let config: [String: JSON] = [
      "estimator": "wmf", "weight": 0.5, "l2": 0, "optimiser": "sgd", "rate": 1, "steps": 1,
    ]
    let inputs = small.inputs(clicks)
    let start = try Fitted(small, inputs, config.merging(["steps": 0]) { $1 })
    let published = try Fitted(small, inputs, config)
    let factor = 30 / (Double(clicks.count) * 1.5)
    let exact = try Fitted(
      small, inputs,
      config.merging([
        "objective": "exact", "weight": .init(0.5 * share), "rate": .init(factor),
      ]) { $1 })
    #expect(published.users != start.users)
    for (one, other) in zip(published.users.joined(), exact.users.joined()) {
      #expect(abs(one - other) < 1e-5)
    }
  }

  @Test("batches of half clicks and half other pairs lead to where all pairs lead")
  func batches() throws {
    let world = Exposures(userCount: 40, itemCount: 30)
    // So many clicks that other pairs would hardly be drawn if any pair could be.
    let blank = Set((0..<1200).filter { $0 % 12 == 5 })
    let inputs = world.inputs((0..<1200).filter { !blank.contains($0) })
    func fitted(_ batch: Int) throws -> Fitted {
      try Fitted(
        world, inputs,
        [
          "estimator": "naive", "loss": "sq", "dim": 8, "rate": 0.05, "steps": 150, "l2": 1e-4,
          "batch": .init(batch),
        ])
    }
    let (all, drawn) = (try fitted(0), try fitted(400))
    func mean(_ fitted: Fitted) -> Double {
      blank.reduce(0) { $0 + sigmoid(fitted.logit($1)) } / Double(blank.count)
    }
    #expect(mean(all) < 0.3)
    #expect(abs(mean(all) - mean(drawn)) < 0.05)
    let (one, other) = (try #require(all.metrics["loss"]), try #require(drawn.metrics["loss"]))
    #expect(abs(one - other) < 0.02)
  }

  @Test("worlds without a click and without another pair are fitted too", arguments: [0, 20])
  func degenerate(batch: Int) throws {
    for clicks in [[], Array(0..<30)] {
      let fitted = try Fitted(
        small, small.inputs(clicks), ["steps": 200, "rate": 0.05, "batch": .init(batch)])
      let sign: Double = clicks.isEmpty ? -1 : 1
      let logits = (0..<30).map { fitted.logit($0) * sign }
      #expect(logits.allSatisfy { $0.isFinite })
      #expect(logits.reduce(0, +) > 0)
    }
  }

  @Test("'select' last answers with the last step, as the published trainer does")
  func selection() throws {
    let clicks = small.clicks(seed: 3)
    let inputs = small.inputs(Array(clicks.dropFirst(2)), held: Array(clicks.prefix(2)))
    let config: [String: JSON] = ["steps": 200, "rate": 0.1, "l2": 0]
    let best = try Fitted(small, inputs, config)
    let last = try Fitted(small, inputs, config.merging(["select": "last"]) { $1 })
    #expect(try #require(best.metrics["step"]) < 200)
    #expect(last.metrics["step"] == 200)
    #expect(
      try #require(best.metrics["val_loss"]) < (try #require(last.metrics["val_loss"])))
  }
}
