import CAssay
import Documents
import Foundation
import MethodHarness
import Tensors
import Testing

/// What a fitted instance says of itself.
private struct Fitted {
  let instance: Instance
  let exposures: Exposures

  init(
    _ exposures: Exposures, _ inputs: [String: Tensor], _ config: [String: JSON], seed: UInt64 = 7
  ) throws {
    self.exposures = exposures
    instance = try Plugin(named: "rel-mf").instance(config)
    instance.seed = seed
    let status = instance.fit(inputs)
    guard status == ASSAY_OK else { throw HarnessError("fit: \(instance.host.sentence)") }
  }

  var metrics: [String: Double] { instance.host.metrics }

  /// The logits of pairs; of all pairs unless some are named.
  func logits(_ indices: [Int]? = nil) throws -> [Float] {
    let indices = indices ?? Array(exposures.relevance.indices)
    let scores = Tensor([Float](repeating: .nan, count: indices.count), shape: [indices.count])
    let status = instance.predict(
      ["query.pairs": exposures.pairs(indices)], outputs: ["scores": scores])
    guard status == ASSAY_OK else { throw HarnessError("predict: \(instance.host.sentence)") }
    return scores.withElements(of: Float.self) { Array($0) }
  }

  /// Factors of users, of items, biases of users, of items, and the bias of all.
  func parameters() throws -> [Double] {
    var outputs: [String: Tensor] = [:]
    let shapes: [(String, Shape)] = [
      ("scores", [0]), ("user_bias", [exposures.userCount]), ("item_bias", [exposures.itemCount]),
      ("bias", []),
    ]
    for (name, shape) in shapes {
      outputs[name] = Tensor([Float](repeating: .nan, count: shape.count), shape: shape)
    }
    let status = instance.predict(
      ["query.pairs": exposures.pairs([])], outputs: outputs,
      dynamic: ["user_factors", "item_factors"])
    guard status == ASSAY_OK else { throw HarnessError("predict: \(instance.host.sentence)") }
    let factors = try ["user_factors", "item_factors"].map {
      try #require(instance.host.allocated[$0])
    }
    let biases = try ["user_bias", "item_bias", "bias"].map { try #require(outputs[$0]) }
    return (factors + biases).flatMap { tensor in
      tensor.withElements(of: Float.self) { $0.map(Double.init) }
    }
  }
}

@Suite("rel-mf")
struct RelMFTests {
  private let small = Exposures(userCount: 6, itemCount: 5)

  /// The plain factorisation that starts where the plugin starts.
  private func plain(
    _ clicks: [Int], _ config: [String: JSON], loss: String, clip: Double
  ) throws -> PlainFactorisation {
    let start = try Fitted(small, small.inputs(clicks), config.merging(["steps": 0]) { $1 })
    var weights = [Double](repeating: 0, count: small.relevance.count)
    for pair in clicks { weights[pair] = 1 / max(Double(Float(small.propensity[pair])), clip) }
    return PlainFactorisation(
      userCount: 6, itemCount: 5, dimension: 3, loss: loss, penalty: 0.02, weights: weights,
      parameters: try start.parameters())
  }

  @Test(
    "a plain step goes against the gradient that finite differences of the written-out loss give",
    arguments: ["ce", "sq"], ["unbiased", "clipped"])
  func gradient(loss: String, estimator: String) throws {
    let clicks = small.clicks(seed: 3)
    let config: [String: JSON] = [
      "loss": .string(loss), "estimator": .string(estimator), "clip": 0.7, "dim": 3, "l2": 0.02,
      "init_scale": 2, "optimiser": "sgd", "rate": 1, "steps": 1,
    ]
    let reference = try plain(clicks, config, loss: loss, clip: estimator == "clipped" ? 0.7 : 0)
    let stepped = try Fitted(small, small.inputs(clicks), config).parameters()
    let wanted = zip(reference.parameters, reference.gradient()).map { $0 - $1 }
    #expect(clicks.contains { small.propensity[$0] < 0.7 })
    #expect(zip(stepped, wanted).allSatisfy { abs($0 - $1) < 2e-6 })
  }

  @Test("twenty steps of Adam end where a plain double loop ends")
  func adam() throws {
    let clicks = small.clicks(seed: 3)
    let config: [String: JSON] = [
      "estimator": "unbiased", "dim": 3, "l2": 0.02, "rate": 0.05, "steps": 20,
    ]
    var reference = try plain(clicks, config, loss: "ce", clip: 0)
    reference.descend(steps: 20, rate: 0.05)
    let fitted = try Fitted(small, small.inputs(clicks), config)
    let found = try fitted.parameters()
    #expect(zip(found, reference.parameters).allSatisfy { abs($0 - $1) < 1e-4 })
    let logits = try fitted.logits()
    for pair in logits.indices {
      let wanted = reference.logit(pair / 5, pair % 5, reference.parameters)
      #expect(abs(Double(logits[pair]) - wanted) < 1e-3)
    }
  }

  /// 400 draws of what is relevant and what is seen, at the same predictions.
  @Test(
    "over redraws the unbiased loss has the mean and variance of theory, and clipping trades them")
  func estimator() throws {
    let world = Exposures(userCount: 20, itemCount: 15, power: 1.5)
    func losses(_ config: [String: JSON]) throws -> (mean: Double, variance: Double) {
      let fixed: [String: JSON] = ["steps": 0, "init_scale": 6, "init_bias": -1, "dim": 4]
      let values = try (0..<400).map { draw in
        let inputs = world.inputs(world.clicks(seed: UInt64(1000 + draw)))
        return try #require(
          try Fitted(world, inputs, fixed.merging(config) { $1 }).metrics["loss"])
      }
      let mean = values.reduce(0, +) / 400
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399)
    }
    let logits = try Fitted(
      world, world.inputs([]), ["steps": 0, "init_scale": 6, "init_bias": -1, "dim": 4]
    ).logits().map(Double.init)
    let count = Double(logits.count)
    var (ideal, naiveMean, clippedMean, variance) = (0.0, 0.0, 0.0, 0.0)
    for (pair, logit) in logits.enumerated() {
      let (gamma, theta) = (world.relevance[pair], world.propensity[pair])
      let one = localLoss("ce", logit, relevant: true)
      let zero = localLoss("ce", logit, relevant: false)
      ideal += (gamma * one + (1 - gamma) * zero) / count
      naiveMean += (zero + gamma * theta * (one - zero)) / count
      clippedMean += (zero + gamma * theta / max(theta, 0.2) * (one - zero)) / count
      variance += gamma * (1 / theta - gamma) * (one - zero) * (one - zero) / (count * count)
    }
    let error = (variance / 400).squareRoot()
    let unbiased = try losses(["estimator": "unbiased"])
    #expect(abs(unbiased.mean - ideal) < 3 * error)
    // The variance of a sample variance is 2 / 399 of its square for normal numbers.
    #expect(abs(unbiased.variance / variance - 1) < 0.35)
    let naive = try losses(["estimator": "naive"])
    #expect(abs(naive.mean - naiveMean) < 3 * (naive.variance / 400).squareRoot())
    // The control: what is biased would be found.
    #expect(abs(naive.mean - ideal) > 10 * error)
    let clipped = try losses(["estimator": "clipped", "clip": 0.2])
    #expect(abs(clipped.mean - clippedMean) < 3 * (clipped.variance / 400).squareRoot())
    #expect(clipped.variance < unbiased.variance / 2)
  }

  @Test(
    "is naive where every propensity is 1, where WMF weighs all pairs alike, and unclipped at 0")
  func reductions() throws {
    let clicks = small.clicks(seed: 3)
    func logits(_ estimator: JSON, _ more: [String: JSON] = [:], seen: Bool = false) throws
      -> [Float]
    {
      var inputs = small.inputs(clicks)
      if seen {
        inputs["propensity"] = Tensor(
          [Float](repeating: 1, count: clicks.count), shape: [clicks.count])
      }
      let config: [String: JSON] = ["estimator": estimator, "steps": 30]
      return try Fitted(small, inputs, config.merging(more) { $1 }).logits()
    }
    let naive = try logits("naive")
    #expect(try logits("unbiased", seen: true) == naive)
    #expect(try logits("wmf", ["weight": 1]) == naive)
    #expect(try logits("clipped", ["clip": 1]) == naive)
    let unbiased = try logits("unbiased")
    #expect(unbiased != naive)
    #expect(try logits("clipped", ["clip": 0]) == unbiased)
  }

  @Test(
    "held-back pairs leave the training loss, held-back clicks stay in it as pairs without one",
    arguments: ["naive", "unbiased", "wmf"], ["pairs", "clicks"])
  func holdout(estimator: String, holdout: String) throws {
    let clicks = small.clicks(seed: 3)
    let held = Array(clicks.prefix(2))
    let own = Array(clicks.dropFirst(2))
    let config: [String: JSON] = [
      "estimator": .string(estimator), "holdout": .string(holdout), "steps": 0, "init_scale": 5,
    ]
    let fitted = try Fitted(small, small.inputs(own, held: held), config)
    let logits = try fitted.logits().map(Double.init)
    let background = estimator == "wmf" ? 0.1 : 1
    func loss(_ part: [Int], _ share: Double) -> Double {
      let all = logits.reduce(0) { $0 + localLoss("ce", $1, relevant: false) }
      let extra = part.reduce(0.0) { sum, pair in
        let weight = (estimator == "unbiased" ? 1 / Double(Float(small.propensity[pair])) : 1)
        let one = localLoss("ce", logits[pair], relevant: true)
        let zero = localLoss("ce", logits[pair], relevant: false)
        return sum + weight / share * (one - background * zero)
      }
      return (background * all + extra) / Double(logits.count)
    }
    let share = Double(own.count) / Double(clicks.count)
    // The weighted baseline is one for data whose clicks alone are held back.
    let wanted = loss(own, holdout == "pairs" && estimator != "wmf" ? share : 1)
    #expect(abs(try #require(fitted.metrics["loss"]) - wanted) < 1e-5)
    #expect(abs(try #require(fitted.metrics["val_loss"]) - loss(held, 1 - share)) < 1e-5)
  }

  @Test("the library holds rel-mf and expo-mf, and always returns the same table")
  func library() throws {
    let plugin = try Plugin(named: "rel-mf")
    #expect(plugin.library.pointee.method_count == 2)
    #expect(String(cABI: try plugin.method(0).id) == "rel-mf")
    #expect(String(cABI: try plugin.method(1).id) == "expo-mf")
    let entry = try #require(plugin.entry)
    #expect(entry(1, 0) == plugin.library)
    #expect(entry(2, 0) == nil)
    #expect(plugin.library.pointee.method_at(2) == nil)
  }

  @Test("predicts relevance better than the naive loss where exposure depends on popularity")
  func planted() throws {
    let world = Exposures(userCount: 60, itemCount: 40, power: 2, seed: 5)
    let clicks = world.clicks(seed: 6)
    let held = clicks.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
    let inputs = world.inputs(clicks.filter { !Set(held).contains($0) }, held: held)
    let relevant = world.relevant(seed: 8)
    let unseen = world.relevance.indices.filter { !Set(clicks).contains($0) }
    func crossEntropy(_ estimator: JSON) throws -> Double {
      let fitted = try Fitted(world, inputs, ["estimator": estimator, "steps": 150])
      let losses = zip(unseen, try fitted.logits(unseen)).map { pair, logit in
        localLoss("ce", Double(logit), relevant: relevant[pair])
      }
      return losses.reduce(0, +) / Double(losses.count)
    }
    let naive = try crossEntropy("naive")
    #expect(try crossEntropy("unbiased") < naive - 0.1)
    #expect(try crossEntropy("clipped") < naive - 0.1)
  }

  @Test(
    "keeps the step with the lowest validation loss, and the last one without validation clicks")
  func selection() throws {
    let clicks = small.clicks(seed: 3)
    let config: [String: JSON] = ["steps": 200, "rate": 0.1, "l2": 0]
    let inputs = small.inputs(Array(clicks.dropFirst(2)), held: Array(clicks.prefix(2)))
    let fitted = try Fitted(small, inputs, config)
    let none = Tensor([Float](), shape: [0])
    _ = fitted.instance.predict(
      ["query.pairs": small.pairs([])], outputs: ["scores": none],
      dynamic: ["train_loss", "val_loss"])
    let curve = try #require(fitted.instance.host.allocated["val_loss"])
      .withElements(of: Double.self) { Array($0) }
    #expect(curve.count == 201)
    let best = try #require(curve.indices.min { curve[$0] < curve[$1] })
    #expect(best < 200 && fitted.metrics["step"] == Double(best))
    #expect(fitted.metrics["val_loss"] == curve[best])
    let short = try Fitted(small, inputs, config.merging(["steps": .init(best)]) { $1 })
    #expect(try short.logits() == fitted.logits())
    #expect(try Fitted(small, small.inputs(clicks), config).metrics["step"] == 200)
  }

  @Test("plain steps on batches of drawn pairs lead to nearly the loss that all pairs lead to")
  func batches() throws {
    let world = Exposures(userCount: 40, itemCount: 30)
    let inputs = world.inputs(world.clicks(seed: 2))
    func loss(_ more: [String: JSON]) throws -> Double {
      let config: [String: JSON] = [
        "estimator": "unbiased", "optimiser": "sgd", "rate": 10, "steps": 100, "l2": 1e-3,
      ]
      return try #require(
        try Fitted(world, inputs, config.merging(more) { $1 }).metrics["loss"])
    }
    let (start, all, drawn) = (try loss(["steps": 0]), try loss([:]), try loss(["batch": 600]))
    #expect(start - all > 0.5)
    #expect(abs(drawn - all) < 0.15 * (start - all))
  }

  @Test("estimates an item's propensity by the root of its relative frequency")
  func frequencies() throws {
    var inputs = small.inputs([0, 1, 5, 10, 15, 11])
    inputs["propensity"] = nil
    let fitted = try Fitted(small, inputs, [:])
    let propensity = Tensor([Float](repeating: .nan, count: 5), shape: [5])
    _ = fitted.instance.predict(
      ["query.pairs": small.pairs([])],
      outputs: ["scores": Tensor([Float](), shape: [0]), "item_propensity": propensity])
    // Items 0 to 4 have 4, 2, 0, 0 and 0 clicks; no item counts less than one.
    let root = Float(0.5).squareRoot()
    #expect(propensity.withElements(of: Float.self) { Array($0) } == [1, root, 0.5, 0.5, 0.5])
    // The propensity itself is what the estimator takes.
    let given = try Fitted(small, small.inputs([0, 1, 5, 10, 15, 11]), ["propensity": "frequency"])
    #expect(try given.logits() == fitted.logits())
  }

  @Test("the same seed gives the same bytes, another seed other ones")
  func determinism() throws {
    let inputs = small.inputs(small.clicks(seed: 3))
    for config: [String: JSON] in [["steps": 20], ["steps": 20, "batch": 20]] {
      let first = try Fitted(small, inputs, config).logits()
      #expect(try Fitted(small, inputs, config).logits() == first)
      #expect(try Fitted(small, inputs, config, seed: 8).logits() != first)
    }
  }

  @Test("the order of the clicks changes nothing but rounding")
  func order() throws {
    let clicks = small.clicks(seed: 3)
    let one = try Fitted(small, small.inputs(clicks), [:]).logits()
    let other = try Fitted(small, small.inputs(clicks.reversed()), [:]).logits()
    #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test("without clicks every pair is called irrelevant")
  func noClicks() throws {
    let logits = try Fitted(small, small.inputs([]), ["steps": 300]).logits()
    #expect(logits.allSatisfy { $0 < -2 })
  }

  @Test("keeps logits finite where negative weights would drive them without end")
  func unbounded() throws {
    var inputs = small.inputs([0])
    inputs["propensity"] = Tensor([Float(1e-6)], shape: [1])
    let config: [String: JSON] = ["estimator": "unbiased", "steps": 3000, "rate": 1, "l2": 0]
    let logits = try Fitted(small, inputs, config).logits()
    #expect(logits.allSatisfy { $0.isFinite })
    // A step's length beyond the bound: momentum carries it on.
    #expect(logits[0] > 25 && logits[0] < 300)
  }

  @Test("foreign users, impossible propensities and an empty world are refused in words")
  func refusals() throws {
    func sentence(_ change: (inout [String: Tensor]) -> Void) throws -> String {
      var inputs = small.inputs([0, 1])
      change(&inputs)
      let instance = try Plugin(named: "rel-mf").instance()
      #expect(instance.fit(inputs) == ASSAY_E_CONTRACT)
      return instance.host.sentence
    }
    #expect(
      try sentence { $0["interactions"] = Tensor([0, 0, 6, 1] as [Int32], shape: [2, 2]) }
        == "tensor 'interactions' has user 6 in row 1, but there are 6 users")
    #expect(
      try sentence { $0["propensity"] = Tensor([0.5, 0] as [Float], shape: [2]) }
        == "tensor 'propensity' has 0.0 in row 1; the propensity of an interaction is above 0 and "
        + "at most 1")
    #expect(
      try sentence { $0["propensity"] = Tensor([0.5] as [Float], shape: [1]) }
        == "tensor 'propensity' has shape [1], but there are 2 interactions")
    #expect(
      try sentence { $0["item.count"] = Tensor(scalar: 0) }
        == "there are 6 users and 0 items; at least one of each is needed")
  }
}
