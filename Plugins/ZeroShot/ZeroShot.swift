public import AssayKit
internal import LinearAlgebra

/// Cosine to each class's text feature, times CLIP's logit scale.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021.
/// Queries `[Q, D]` and texts `[K, D]` are brought to unit length; logits = scale · x tᵀ.
public struct ZeroShot: Method {
  /// Where the class features come from.
  enum Text: String, CaseIterable, Sendable {
    case `class`, prompts
  }

  /// What is averaged over the prompts of a class.
  enum Ensemble: String, CaseIterable, Sendable {
    case feature, logit
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var scale = 100.0
    var text = Text.class
    var ensemble = Ensemble.feature

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("scale", \.scale, 1e-3...1e4, "The logit scale, 100 in CLIP."),
      .choice(
        "text", \.text, "Class features, or prompt features ensembled here; used where offered."
      ).only("where the setting offers both") { _, inputs in
        inputs.has("text.class") && inputs.has("text.prompts")
      },
      .choice(
        "ensemble", \.ensemble, "What is averaged over the prompts: unit features or logits."
      ).only("where prompts are what is scored with") { config, inputs in
        inputs.has("text.prompts") && (config.text == .prompts || !inputs.has("text.class"))
      },
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "zero-shot", version: "1.0.0",
    summary: "Scores each class by the cosine to its text feature.",
    references: "arXiv:2103.00020", traits: [.deterministic, .rowIndependent],
    claims: Claim.either(
      .classText, task: "classify", minor: 1,
      inputs: ["class.count", "query.features", .optional("query.text")]))

  /// Ensembles the prompts where there are any.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let wantsPrompts = config.text == .prompts || !inputs.has("text.class")
    if wantsPrompts && inputs.has("text.prompts") && config.ensemble == .logit {
      return Model(text: try inputs.promptMeans(), scale: Float(config.scale))
    }
    let text = try inputs.classText(preferringPrompts: config.text == .prompts)
    return Model(text: text, scale: Float(config.scale))
  }

  /// The class features, ready to score.
  public struct Model: FittedMethod {
    let text: Matrix<Float>
    let scale: Float

    /// Writes scale times cosine, to the classes of `query.text` where the call brings its own.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let own = try inputs.matrix(ifOffered: "query.text", columns: text.columns)
      let text = own?.unitRows() ?? text
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: text.rows)
      gemm(queries, text.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: queries.inverseRowNorms())
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(ZeroShot.self, major, minor)
}
