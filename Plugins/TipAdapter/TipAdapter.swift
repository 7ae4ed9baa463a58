public import AssayKit
public import CacheModel

/// A cache of the training rows, added to the zero-shot classifier; nothing is trained.
///
/// Zhang et al., "Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification", 2022.
/// With validation rows, α and β are searched on all of them. Classes that a call brings as
/// `query.text` have no keys, so that the method does not claim it.
public struct TipAdapter: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.17
    var beta = 1.0
    var search = true
    var alphaMaximum = 10.0
    var betaMaximum = 12.0
    var scale = 100.0

    private static let withSearch = "in a search on validation rows"
    private static let withoutSearch = "without a search, or without validation rows to search on"

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e3, "Weight of the cache.")
        .only(withoutSearch) { !$0.search || !$1.offersValidation },
      .number("beta", \.beta, 0...1e3, "Sharpness of the affinities.")
        .only(withoutSearch) { !$0.search || !$1.offersValidation },
      .flag("search", \.search, "Choose alpha and beta on the validation rows where offered."),
      .number("alpha_max", \.alphaMaximum, 0.1...1e3, "20 values from 0.1 towards this are tried.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .number("beta_max", \.betaMaximum, 0.1...1e3, "200 values from 0.1 towards this are tried.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "tip-adapter", version: "1.1.0",
    summary: "Adds a key-value cache of the training rows to the zero-shot classifier.",
    references: "arXiv:2207.09519", traits: [.deterministic, .rowIndependent],
    claims: Claim.either(
      .classText, task: "classify",
      inputs: [
        "train.features", "train.labels", .optional("train.views"), .optional("val.features"),
        .optional("val.labels"), "class.count", "query.features",
      ]))

  /// Builds the cache, then chooses α and β.
  public static func fit(
    _ inputs: Inputs, config: Config, context: Context
  ) throws -> KeyValueCache {
    var cache = try KeyValueCache(
      inputs, scale: config.scale, alpha: config.alpha, beta: config.beta)
    if config.search {
      let search = CacheSearch(
        alphaMaximum: config.alphaMaximum, betaMaximum: config.betaMaximum)
      try search.run(on: &cache, inputs, context)
    }
    context.metric("alpha", Double(cache.alpha))
    context.metric("beta", Double(cache.beta))
    return cache
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(TipAdapter.self, major, minor)
}
