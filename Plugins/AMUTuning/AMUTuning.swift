public import AssayKit
internal import Learners
internal import LinearAlgebra

/// A linear classifier of a second feature space, trained to be a bias of the zero-shot logits.
///
/// Tang et al., "AMU-Tuning: Effective Logit Bias for CLIP-based Few-shot Learning", CVPR 2024.
/// With z = scale · x tᵀ, u = a Vᵀ of an auxiliary row a `[A]` and weights V `[K, A]`:
///
///     ũ = (u - mean u) / std u,   logits s = z + α κ(z) ũ
///     loss = λ CE(s, y) + (1 - λ) CE(ũ, y)
///
/// κ damps the bias where the zero-shot classifier is sure; V starts at the class means. With
/// augmented views in both spaces every step draws one for each row.
public struct AMUTuning: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var preset = Preset.paper
    var alpha = 0.5
    var lambda = 0.35
    var search = false
    var alphas = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2]
    var lambdas = [0, 0.2, 0.35, 0.5, 0.8, 1]
    var uncertainty = Uncertainty.Kind.moment
    var power = 0.4
    var kurtosisReference = 0.0
    var start = Start.means
    var biasRows = BiasRows.aux
    var selection = Selection.last
    var epochs = 50
    var batch = 8
    var rate = 1e-3
    var weightDecay = 0.01
    var epsilon = 1e-4
    var scale = 100.0

    private static let withSearch = "in a search on validation rows of both spaces"
    private static let withoutSearch = "without a search on validation rows of both spaces"

    private func searches(_ inputs: Inputs) -> Bool { search && inputs.offersAuxiliaryValidation }

    /// What the preset leaves of the choice.
    var usedUncertainty: Uncertainty.Kind { preset == .release ? .none : uncertainty }

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "preset", \.preset,
        "'release' takes uncertainty 'none', which the released code runs with, whatever is set."),
      .number("alpha", \.alpha, 0...1e3, "Weight of the bias.")
        .only(withoutSearch) { !$0.searches($1) },
      .number("lambda", \.lambda, 0...1, "Share of the fused logits in the loss.")
        .only(withoutSearch) { !$0.searches($1) },
      .flag("search", \.search, "Train with each alpha and lambda; the validation rows choose.")
        .only("with validation rows in both spaces") { $1.offersAuxiliaryValidation },
      .numbers("alphas", \.alphas, 0...1e3, "The alphas of the search, in this order.")
        .only(withSearch) { $0.searches($1) },
      .numbers("lambdas", \.lambdas, 0...1, "The lambdas of the search, in this order.")
        .only(withSearch) { $0.searches($1) },
      .choice(
        "uncertainty", \.uncertainty,
        "What scales the bias of a row; 'moment' is that of the paper."
      ).only("with preset 'paper'") { config, _ in config.preset == .paper },
      .number("power", \.power, 0...10, "The exponent of the uncertainty.")
        .only("where the uncertainty that is used has one: not 'none', not 'var'") { config, _ in
          ![.none, .var].contains(config.usedUncertainty)
        },
      .number(
        "kurtosis_ref", \.kurtosisReference, 0...1e9,
        "The fourth moment at which the factor is 1; 0 stands for K / 4, which is 250 at K = 1000."
      ).only("where the uncertainty that is used is 'moment'") { config, _ in
        config.usedUncertainty == .moment
      },
      .choice("init", \.start, "Where the weights start: class means, or random ones."),
      .choice(
        "bias_features", \.biasRows,
        "What the classifier sees: the second feature space, or the first for comparison."),
      .choice("select", \.selection, "The last epoch, or the first best on the validation rows.")
        .only("with validation rows in both spaces") { $1.offersAuxiliaryValidation },
      .integer("epochs", \.epochs, 0...10_000, "Passes over the training rows."),
      .integer("batch", \.batch, 1...1_000_000, "Rows of a step."),
      .number("rate", \.rate, 0...10, "The learning rate, which falls to 0 along a cosine."),
      .number("weight_decay", \.weightDecay, 0...10, "The decoupled weight decay of AdamW."),
      .number("epsilon", \.epsilon, 1e-12...1, "The term that AdamW adds to its denominator."),
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP."),
    ]
    /// The defaults.
    public init() {}
  }

  /// Whose settings are taken where paper and code differ.
  enum Preset: String, CaseIterable, Sendable {
    case paper, release
  }

  /// Where the weights start.
  enum Start: String, CaseIterable, Sendable {
    case means, random
  }

  /// The rows that the bias is computed from.
  enum BiasRows: String, CaseIterable, Sendable {
    case aux, features
  }

  /// Which epoch's weights are kept.
  enum Selection: String, CaseIterable, Sendable {
    case last, val
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "amu-tuning", version: "1.1.0",
    summary: "Trains a bias of the zero-shot logits on a second feature space.",
    references: "arXiv:2404.08958", traits: [.rowIndependent],
    claims: Claim.either(
      .classText, task: "classify", minor: 3,
      inputs: [
        "train.features", "train.labels", "train.aux", .optional("train.views"),
        .optional("train.aux_views"), .optional("val.features"), .optional("val.labels"),
        .optional("val.aux"), "class.count", "query.features", "query.aux",
      ]))

  /// Trains the classifier, once or for each α and λ.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let text = try inputs.classText()
    guard text.rows >= 3 else {
      throw MethodError.unsupported(
        "amu-tuning standardises its bias over the classes, which needs 3 at least; the setting "
          + "has \(text.rows)")
    }
    let kind = config.usedUncertainty
    if kind == .top5 && text.rows < 5 {
      throw MethodError.config(
        "config key 'uncertainty' is 'top5', which needs 5 classes, but the setting has "
          + "\(text.rows)")
    }
    let uncertainty = Uncertainty(
      kind: kind, power: config.power,
      reference: config.kurtosisReference > 0
        ? config.kurtosisReference : Double(text.rows) / 4)
    let encoder = Encoder(text: text, scale: Float(config.scale), uncertainty: uncertainty)
    let auxiliary = try inputs.matrix("train.aux")
    let shots = try inputs.matrix("train.features", rows: auxiliary.rows, columns: text.columns)
    let labels = try inputs.labels("train.labels", below: text.rows, count: shots.rows)
    guard !labels.isEmpty else {
      throw MethodError.contract("tensor 'train.features' has no rows to train on")
    }
    let usesAux = config.biasRows == .aux
    let train = try TrainingViews(
      inputs, encoder, shots: shots, auxiliary: auxiliary, labels: labels, usesAux: usesAux)
    context.note(
      train.count == 1
        ? "Trained on stored features of one view; the paper augments anew at every step."
        : "Trained on \(train.count) stored views of each row, one drawn at random in each step; the "
          + "paper augments anew.")
    var validation: LabelledRows?
    if inputs.has("val.labels"), inputs.has("val.aux"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: text.columns), rows.rows > 0
    {
      let other = try inputs.matrix("val.aux", rows: rows.rows, columns: auxiliary.columns)
      validation = LabelledRows(
        rows: encoder.encode(rows, bias: usesAux ? other : rows),
        labels: try inputs.labels("val.labels", below: text.rows, count: rows.rows))
    }
    let trainer = Trainer(train: train, validation: validation, config: config, context: context)
    let best = try trainer.best()
    context.metric("alpha", best.alpha)
    context.metric("lambda", best.lambda)
    context.metric("loss", best.loss)
    if let accuracy = best.accuracy { context.metric("val_accuracy", accuracy) }
    if config.selection == .val { context.metric("epoch", Double(best.epoch)) }
    return Model(
      encoder: encoder, weights: best.weights, alpha: Float(best.alpha), usesAux: usesAux,
      auxWidth: auxiliary.columns)
  }

  /// The trained weights, ready to score.
  public struct Model: FittedMethod {
    let encoder: Encoder
    let weights: Matrix<Float>
    let alpha: Float
    let usesAux: Bool
    let auxWidth: Int

    /// Writes the fused logits.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: encoder.text.columns)
      let auxiliary = try inputs.matrix("query.aux", rows: queries.rows, columns: auxWidth)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: weights.rows)
      let height = 4096
      for start in stride(from: 0, to: queries.rows, by: height) {
        try context.checkCancellation()
        let range = start..<min(start + height, queries.rows)
        let rows = encoder.encode(
          queries.rows(range), bias: (usesAux ? auxiliary : queries).rows(range))
        logits.rows(range).copy(rows.fused(weights, alpha: alpha).view)
      }
    }
  }
}

extension Inputs {
  /// Whether validation rows are there in both feature spaces.
  fileprivate var offersAuxiliaryValidation: Bool { offersValidation && has("val.aux") }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(AMUTuning.self, major, minor)
}
