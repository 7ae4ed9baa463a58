public import AssayKit
public import CacheModel
internal import Glibc
internal import Learners
internal import LinearAlgebra

/// Tip-Adapter with its keys trained by gradient descent, everything else frozen.
///
/// Zhang et al., "Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification", 2022,
/// section 3.3. The keys start as the training rows and are trained by cross-entropy at the α and β
/// of the config; then both are searched on the validation rows. The keys of the last epoch are
/// taken, whatever their validation accuracy.
public struct TipAdapterF: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.17
    var beta = 1.0
    var epochs = 20
    var batch = 256
    var rate = 1e-3
    var epsilon = 1e-4
    var weightDecay = 0.01
    var search = true
    var alphaMaximum = 10.0
    var betaMaximum = 12.0
    var scale = 100.0

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e3, "Weight of the cache in training and without a search."),
      .number("beta", \.beta, 0...1e3, "Sharpness in training and without a search."),
      .integer("epochs", \.epochs, 0...10_000, "Walks over the training rows; 0 trains nothing."),
      .integer("batch", \.batch, 1...1_000_000, "Rows in one step of the optimiser."),
      .number("rate", \.rate, 0...1, "The first learning rate; it falls to 0 along a cosine."),
      .number("epsilon", \.epsilon, 0...1e6, "What AdamW adds to the root of the mean square."),
      .number("weight_decay", \.weightDecay, 0...10, "The decay of the keys in AdamW."),
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
    id: "tip-adapter-f", version: "1.0.0",
    summary: "Trains the keys of Tip-Adapter's cache by cross-entropy.",
    references: "arXiv:2207.09519", traits: [.rowIndependent],
    claims: Claim.either(
      .classText, task: "classify",
      inputs: [
        "train.features", "train.labels", .optional("train.views"), .optional("val.features"),
        .optional("val.labels"), "class.count", "query.features",
      ]))

  /// Builds the cache, trains its keys, then chooses α and β.
  public static func fit(
    _ inputs: Inputs, config: Config, context: Context
  ) throws -> KeyValueCache {
    var cache = try KeyValueCache(
      inputs, scale: config.scale, alpha: config.alpha, beta: config.beta)
    try KeyTraining(inputs, config).run(on: &cache, context)
    if config.search {
      let search = CacheSearch(
        alphaMaximum: config.alphaMaximum, betaMaximum: config.betaMaximum)
      try search.run(on: &cache, inputs, context)
    }
    try requireFinite(cache)
    context.metric("alpha", Double(cache.alpha))
    context.metric("beta", Double(cache.beta))
    return cache
  }

  /// Refuses keys so long that the sum of their affinities to some unit row could leave f32.
  private static func requireFinite(_ cache: KeyValueCache) throws(MethodError) {
    var length: Float = 0
    for row in 0..<cache.keys.rows {
      let square = cache.keys.view.withRow(row) { dot($0, $0) }
      length = max(length, square.isNaN ? .infinity : square.squareRoot())
    }
    let weight = cache.alpha * Float(cache.keys.rows)
    guard weight == 0 || log(weight) + cache.beta * (length - 1) < 85 else {
      throw .numeric(
        "the trained keys are up to \(length) long, so that the cache can leave f32 at alpha "
          + "\(cache.alpha) and beta \(cache.beta); lower 'rate', 'alpha' or 'beta'")
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(TipAdapterF.self, major, minor)
}
