public import AssayKit
internal import Numerics

/// A cache of the training rows, added to the zero-shot classifier; nothing is trained.
///
/// Zhang et al., "Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification", 2022.
/// Keys F `[M, D]` are the training rows (the mean over their views), their values the classes:
///
///     logits = scale · x tᵀ + α · exp(-β (1 - x Fᵀ)) onehot(labels)
///
/// With validation rows, α and β are searched on all of them: β outer, α inner, the first best wins.
public struct TipAdapter: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.0
    var beta = 5.5
    var search = true
    var alphaMaximum = 10.0
    var betaMaximum = 12.0
    var scale = 100.0

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e3, "Weight of the cache without a search."),
      .number("beta", \.beta, 0...1e3, "Sharpness of the affinities without a search."),
      .flag("search", \.search, "Choose alpha and beta on the validation rows where offered."),
      .number("alpha_max", \.alphaMaximum, 0.1...1e3, "20 values from 0.1 towards this are tried."),
      .number("beta_max", \.betaMaximum, 0.1...1e3, "200 values from 0.1 towards this are tried."),
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "tip-adapter", version: "1.0.0",
    summary: "Adds a key-value cache of the training rows to the zero-shot classifier.",
    references: "arXiv:2207.09519", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: [
          "train.features", "train.labels", .optional("train.views"), .optional("val.features"),
          .optional("val.labels"), .optional("text.class"), .optional("text.prompts"),
          "class.count", "query.features",
        ])
    ])

  /// Builds the cache, then chooses α and β.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let text = try inputs.classText()
    let shots = try inputs.matrix("train.features", columns: text.columns)
    let labels = try inputs.labels("train.labels", below: text.rows, count: shots.rows)
    // The mean is of the views as they are; only then is it brought to unit length.
    var keys =
      try inputs.matrices(ifOffered: "train.views", rows: shots.rows, columns: text.columns)?
      .mean() ?? Matrix(copying: shots)
    keys.withMutableView { $0.normaliseRows() }
    var model = Model(
      text: text, keys: keys, labels: labels, scale: Float(config.scale),
      alpha: Float(config.alpha), beta: Float(config.beta))
    if config.search, inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: text.columns), rows.rows > 0
    {
      let truth = try inputs.labels("val.labels", below: text.rows, count: rows.rows)
      let grid = Grid(
        alphas: Grid.values(upTo: config.alphaMaximum, count: 20),
        betas: Grid.values(upTo: config.betaMaximum, count: 200))
      if let best = try grid.search(model, rows, truth, context) {
        (model.alpha, model.beta) = (best.alpha, best.beta)
        context.metric("val_accuracy", best.accuracy)
      }
    }
    context.metric("alpha", Double(model.alpha))
    context.metric("beta", Double(model.beta))
    return model
  }

  /// The cache, ready to score.
  public struct Model: FittedMethod {
    let text: Matrix<Float>
    let keys: Matrix<Float>
    let labels: [Int32]
    let scale: Float
    var alpha: Float
    var beta: Float

    /// Writes the logits, a block of rows at a time so that the affinities stay small.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: text.rows)
      let factors = queries.inverseRowNorms()
      gemm(queries, text.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: factors)
      let height = max(1, (1 << 20) / max(keys.rows, 1))
      for start in stride(from: 0, to: queries.rows, by: height) {
        try context.checkCancellation()
        let range = start..<min(start + height, queries.rows)
        var affinities = gemm(queries.rows(range), keys.view.transposed)
        affinities.withMutableView { affinities in
          for row in range {
            let affinity = affinities.row(row - start)
            exponentiate(affinity, scale: beta * factors[row], shift: -beta)
            let scores = logits.row(row)
            for (key, label) in labels.enumerated() { scores[Int(label)] += alpha * affinity[key] }
          }
        }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(TipAdapter.self, major, minor)
}
