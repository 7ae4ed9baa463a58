public import AssayKit
internal import LinearAlgebra

/// A cache with two keys for each training row, its image and its caption; nothing is trained.
///
/// Wang et al., "CapS-Adapter: Caption-based MultiModal Adapter in Zero-Shot Classification", 2024.
/// Keys F `[N, D]` are the training rows (the mean over their views), G `[N, D]` the features of
/// their captions, s(x) = softmax(x tᵀ / τ) is the signature of a row, L `[N, K]` the labels:
///
///     A = (1 - δ) x Fᵀ + δ x Gᵀ,   R = KL(s(x) ‖ s(F)), brought to the range of A
///     logits = scale · x tᵀ + α · exp(-β (1 - A)) L - γ · R L
///
/// At δ = 0 this is TIP-X (Udandarao et al., "SuS-X", 2023), at δ = γ = 0 Tip-Adapter.
public struct CapsAdapter: Method {
  /// Which constants are tried on the validation rows.
  enum SearchGrid: String, CaseIterable, Sendable {
    case none, coarse, full
  }

  /// What the divergence between two rows is taken over.
  enum SignatureSpace: String, CaseIterable, Sendable {
    case `class`, feature
  }

  /// The rows whose extremes bring the divergences to the range of the affinities.
  enum Rescaling: String, CaseIterable, Sendable {
    case block, frozen
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.0
    var beta = 5.5
    var gamma = 0.1
    var delta = 0.5
    var search = SearchGrid.coarse
    var alphas: [Double] = []
    var betas: [Double] = []
    var gammas: [Double] = []
    var deltas: [Double] = []
    var validationRows = 0
    var signatures = SignatureSpace.class
    var temperature = 0.5
    var rescaling = Rescaling.block
    var balance = false
    var scale = 100.0

    private static let withSearch = "in a search on validation rows"
    private static let withoutSearch = "without a search, or without validation rows to search on"

    private func searches(_ inputs: Inputs) -> Bool { search != .none && inputs.offersValidation }

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e3, "Weight of the cache.")
        .only(withoutSearch) { !$0.searches($1) },
      .number("beta", \.beta, 0...1e3, "Sharpness of the affinities.")
        .only(withoutSearch) { !$0.searches($1) },
      .number("gamma", \.gamma, 0...1e3, "Weight of the divergences.")
        .only(withoutSearch) { !$0.searches($1) },
      .number("delta", \.delta, 0...1, "Share of the caption keys.")
        .only(withoutSearch) { !$0.searches($1) },
      .choice(
        "search", \.search,
        "Constants tried on the validation rows: none, 1,764 with a refinement, or 2.2 million."),
      .numbers("alphas", \.alphas, 0...1e3, count: 0...1000, "Takes the place of the grid's.")
        .only(withSearch) { $0.searches($1) },
      .numbers("betas", \.betas, 0...1e3, count: 0...1000, "Takes the place of the grid's.")
        .only(withSearch) { $0.searches($1) },
      .numbers("gammas", \.gammas, 0...1e3, count: 0...1000, "Takes the place of the grid's.")
        .only(withSearch) { $0.searches($1) },
      .numbers("deltas", \.deltas, 0...1, count: 0...1000, "Takes the place of the grid's.")
        .only(withSearch) { $0.searches($1) },
      .integer(
        "val_per_class", \.validationRows, 0...1_000_000,
        "Validation rows of each class in the search; 0 takes all rows."
      ).only("where validation rows are used, in a search or by kl_scale 'frozen'") {
        $0.searches($1) || ($0.rescaling == .frozen && $1.offersValidation)
      },
      .choice(
        "kl_space", \.signatures,
        "Signatures over classes, or over feature coordinates as the released code has them."),
      .number("temperature", \.temperature, 1e-3...1e3, "The temperature of the signatures."),
      .choice(
        "kl_scale", \.rescaling,
        "Extremes of all query rows of a call, or of the validation rows once and for all."),
      .flag("balance", \.balance, "Average over the rows of a class instead of adding them up."),
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "caps-adapter", version: "1.0.1",
    summary: "Adds a cache keyed by training images and their captions to zero-shot.",
    references: "arXiv:2405.16591, arXiv:2211.16198", traits: [.deterministic],
    claims: Claim.either(
      .classText, task: "classify", minor: 2,
      inputs: [
        "train.features", "train.labels", .optional("train.views"), "train.captions",
        .optional("val.features"), .optional("val.labels"), "class.count", "query.features",
      ]))

  /// Builds the cache, then chooses α, β, γ and δ.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let text = try inputs.classText()
    let rows = try inputs.matrix("train.features", columns: text.columns)
    let labels = try inputs.labels("train.labels", below: text.rows, count: rows.rows)
    let captions = try inputs.matrix("train.captions", rows: rows.rows, columns: text.columns)
    // The mean is of the views as they are; only then is it brought to unit length.
    let views = try inputs.matrices(
      ifOffered: "train.views", rows: rows.rows, columns: text.columns)
    let support = Support(
      text: text, images: views?.mean().view ?? rows, captions: captions, labels: labels,
      config: config)
    context.note("Uses a caption of each training row (train.captions).")
    if !support.isBalanced && !config.balance {
      context.note(
        "The classes have unequal numbers of training rows: divergences add up, so the term of "
          + "gamma favours small classes; 'balance' averages instead")
    }
    let validation = try Validation(inputs, classCount: text.rows, width: text.columns, config)
    var constants = Constants(
      alpha: Float(config.alpha), beta: Float(config.beta), gamma: Float(config.gamma),
      delta: Float(config.delta))
    if config.search != .none, let validation {
      let best = try Search(support: support, validation: validation, config: config).run(context)
      if let best {
        constants = best.constants
        context.metric("val_accuracy", Double(best.correct) / Double(validation.labels.count))
      }
    }
    context.metric("alpha", Double(constants.alpha))
    context.metric("beta", Double(constants.beta))
    context.metric("gamma", Double(constants.gamma))
    context.metric("delta", Double(constants.delta))
    var extremes: Extremes?
    if config.rescaling == .frozen && constants.gamma != 0 {
      extremes = try support.extremes(
        of: validation?.rows.view ?? rows, deltas: [constants.delta], context)
    }
    return Model(support: support, constants: constants, frozen: extremes)
  }

  /// The cache, ready to score.
  public struct Model: FittedMethod {
    let support: Support
    let constants: Constants
    /// The extremes of the validation rows; nil to take those of each call's rows.
    let frozen: Extremes?

    /// Writes the logits, a block of rows at a time so that the affinities stay small.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let text = support.text
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: text.rows)
      gemm(queries, text.view.transposed, into: logits, scale: support.scale)
      logits.scaleRows(by: queries.inverseRowNorms())
      let (alpha, gamma) = (constants.alpha, constants.gamma)
      if alpha == 0 && gamma == 0 { return }
      let needsExtremes = frozen == nil && gamma != 0
      let found =
        needsExtremes
        ? try support.extremes(of: queries, deltas: [constants.delta], context) : frozen
      for range in support.blocks(of: queries.rows) {
        try context.checkCancellation()
        let block = support.block(queries.rows(range))
        let affinities = block.affinities(delta: constants.delta)
        let cache = support.cache(affinities, beta: constants.beta).view
        let term = found.map { support.divergenceTerm(block, $0, place: 0).view }
        for row in 0..<range.count {
          let scores = logits.row(range.lowerBound + row)
          for label in scores.indices {
            scores[label] += alpha * cache[label, row] + gamma * (term?[label, row] ?? 0)
          }
        }
      }
    }
  }
}

/// What the search chooses.
struct Constants: Sendable {
  var alpha: Float
  var beta: Float
  var gamma: Float
  var delta: Float
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(CapsAdapter.self, major, minor)
}
