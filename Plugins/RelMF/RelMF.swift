public import AssayKit
internal import Random

/// Matrix factorisation that learns relevance, not clicks, from clicks and exposure probabilities.
///
/// Saito, Yaginuma, Nishino, Sakata and Nakata, "Unbiased Recommender Learning from
/// Missing-Not-At-Random Implicit Feedback", WSDM 2020. A click means seen and relevant; items are
/// seen with propensity θ. The logit of a pair is `p·q + b + c + b0`, and the loss over all pairs is
///
///     mean of c Y δ1 + a (1 - c Y) δ0
///
/// with `c = 1, a = 1` (naive), `c = 1 / θ` (unbiased), `c = 1 / max(θ, clip)` (clipped), and
/// `c = 1, a = weight` for the weighted baseline (WMF). Weights `1 - c` below 0 are kept as they are.
/// The published trainer for real data sets one click against one other pair; see ``Scheme``.
public struct RelMF: Method {
  /// What the loss makes of clicks and their propensities.
  enum Estimator: String, CaseIterable, Sendable {
    case naive, unbiased, clipped
    case weighted = "wmf"

    var usesPropensity: Bool { self == .unbiased || self == .clipped }
  }

  /// What was held back for validation.
  enum Holdout: String, CaseIterable, Sendable {
    /// Pairs, drawn by chance: the training loss is a mean over the others, as with the
    /// semi-synthetic data of the paper.
    case pairs
    /// Clicks alone, which training takes for pairs without one, as with its real data.
    case clicks
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var estimator = Estimator.clipped
    var clip = 0.1
    var weight = 0.1
    var loss = LocalLoss.crossEntropy
    var scheme = Scheme.exact
    var propensity = PropensitySource.offered
    var propensityPower = 0.5
    var dimension = 10
    var biases = true
    var holdout = Holdout.pairs
    var initialScale = 1.0
    var initialBias = 1e-3
    var penalty = 1e-5
    var optimiser = Descent.adam
    var rate = 0.01
    var steps = 500
    var batch = 0
    var selection = Selection.validation

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "estimator", \.estimator, "How clicks count: as they are, over their propensity, or WMF."),
      .number("clip", \.clip, 0...1, "With 'clipped', propensities below this count as this."),
      .number("weight", \.weight, 0...1, "With 'wmf', the weight of a pair without a click."),
      .choice("loss", \.loss, "Cross-entropy or squares of the sigmoid."),
      .choice(
        "objective", \.scheme,
        "The mean over all pairs, or the published trainer's: as many clicks as other pairs."),
      .choice(
        "propensity", \.propensity,
        "Take the propensities that the setting offers, or estimate them from item frequencies."),
      .number(
        "propensity_power", \.propensityPower, 0...4,
        "The power of an item's relative frequency that estimates its propensity."),
      .integer("dim", \.dimension, 1...1024, "The number of factors."),
      .flag("biases", \.biases, "Give users, items and all pairs a bias."),
      .choice(
        "holdout", \.holdout,
        "Validation holds back pairs, so that the other clicks stand for all, or clicks alone."),
      .number("init_scale", \.initialScale, 0...100, "The initial factors, in Glorot's limits."),
      .number("init_bias", \.initialBias, -30...30, "The initial bias of all pairs."),
      .number("l2", \.penalty, 0...10, "The weight of half the squared factors and biases."),
      .choice("optimiser", \.optimiser, "Adam, or plain steps along the gradient."),
      .number("rate", \.rate, 0...1000, "The length of a step."),
      .integer("steps", \.steps, 0...50_000, "The number of steps."),
      .integer(
        "batch", \.batch, 0...(1 << 24),
        "Pairs drawn for a step, half of them clicks; 0, or as many as there are, takes all."),
      .choice(
        "select", \.selection,
        "Answer with the step of the lowest loss on validation clicks, where offered, or the last."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "rel-mf", version: "1.1.0",
    summary: "Learns relevance from clicks by inverse-propensity weighted matrix factorisation.",
    references: "arXiv:1909.03601", traits: [.rowIndependent],
    claims: [
      Claim(
        task: "recommend",
        inputs: [
          "interactions", .optional("propensity"), .optional("val.interactions"),
          .optional("val.propensity"), "user.count", "item.count", "query.pairs",
        ])
    ])

  /// Learns the factors; with validation clicks, those of the best step.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> FactorModel {
    let (userCount, itemCount) = try worldSize(inputs)
    func pairs(_ name: String) throws(MethodError) -> Pairs {
      try Pairs(inputs, name, userCount: userCount, itemCount: itemCount)
    }
    let interactions = try pairs("interactions")
    let held = inputs.has("val.interactions") ? try pairs("val.interactions") : nil
    let exposure = Exposure(interactions, itemCount: itemCount, config: config)
    let total = Double(interactions.count + (held?.count ?? 0))
    func clicks(
      _ pairs: Pairs, _ name: String, standingForAll: Bool
    ) throws(MethodError) -> Clicks {
      let propensities = try exposure.propensities(of: pairs, inputs, name)
      let share = standingForAll ? Double(pairs.count) / total : 1
      let weights = exposure.weights(of: propensities, share: share)
      return Clicks(pairs, weights: weights, userCount: userCount)
    }
    func balance(_ clicks: Clicks) -> Balance {
      Balance(
        config.scheme, weight: config.estimator == .weighted ? config.weight : 1,
        clickCount: clicks.pairs.count, pairCount: userCount * itemCount)
    }
    // The published loss is a mean over clicks and one over other pairs: nothing stands for more.
    let isExact = config.scheme == .exact
    let own = try clicks(
      interactions, "propensity",
      standingForAll: isExact && config.holdout == .pairs && config.estimator != .weighted)
    let objective = Objective(
      loss: config.loss, clicks: own, balance: balance(own),
      validation: try held.flatMap { held throws(MethodError) in
        guard held.count > 0 else { return nil }
        let clicks = try clicks(held, "val.propensity", standingForAll: isExact)
        return (clicks, balance(clicks))
      }, blanks: isExact ? nil : Blanks(own, itemCount: itemCount),
      penalty: Float(config.penalty), userCount: userCount, itemCount: itemCount)
    var random = Philox(key: context.seed, stream: context.stream)
    let start = Factors(
      userCount: userCount, itemCount: itemCount, config: config, random: &random)
    let result = try Training(objective: objective, config: config)
      .run(from: start, random: &random, context)
    context.metric("step", Double(result.step))
    if let loss = result.best?.train { context.metric("loss", loss) }
    if let loss = result.best?.validation { context.metric("val_loss", loss) }
    return FactorModel(
      factors: result.factors, itemPropensity: exposure.ofItems,
      trainLosses: result.losses.map(\.train),
      validationLosses: result.losses.compactMap(\.validation))
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export([RelMF.self, ExpoMF.self], major, minor)
}
