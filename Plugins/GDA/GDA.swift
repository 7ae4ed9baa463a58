public import AssayKit
internal import LinearAlgebra

/// Gaussian discriminant analysis with one shared covariance, added to the zero-shot classifier.
///
/// Wang et al., "A Hard-to-Beat Baseline for Training-free CLIP-based Adaptation", ICLR 2024.
/// With class means μ `[K, D]` and a precision P `[D, D]` of unit rows:
///
///     W = P μᵀ,  b = log π - ½ diag(μ P μᵀ)
///     logits = scale · x tᵀ + α (x W + b)
///
/// Labelled rows give μ and P at once, rows without labels by expectation maximisation, which starts
/// from the text. Without text, labelled rows give the Gaussian term alone. Classes that a call
/// brings as text take theirs from the training rows nearest to it.
public struct GDA: Method {
  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "gda", version: "1.3.0",
    summary: "Adds a shared-covariance Gaussian classifier to the zero-shot classifier.",
    references: "arXiv:2402.04087", traits: [.deterministic, .rowIndependent],
    claims: Claim.either(
      [["train.features", "train.labels"]]
        + [[String]].classText.map { ["unlabelled.features"] + $0 },
      task: "classify", minor: 3,
      inputs: [
        .optional("train.views"), .optional("val.features"), .optional("val.labels"),
        "class.count", .optional("class.open"), "query.features", .optional("query.text"),
        .optional("query.known"),
      ]))

  /// Estimates the Gaussians, then α.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    guard inputs.has("text.class") || inputs.has("text.prompts") else {
      return try fitRowsAlone(inputs, config, context)
    }
    let text = try inputs.classText()
    let zeroShot = LinearClassifier(zeroShot: text, scale: Float(config.scale))
    let labelled = try LabelledRows(inputs, classCount: text.rows, width: text.columns)
    let rows: MatrixView<Float>
    let gaussians: LinearClassifier?
    if let labelled {
      rows = labelled.rows
      gaussians = try labelled.gaussians(config, context)
    } else if let unlabelled = try inputs.matrix(
      ifOffered: "unlabelled.features", columns: text.columns)
    {
      rows = unlabelled
      gaussians = try Mixture(rows: unlabelled, config: config).gaussians(from: zeroShot, context)
    } else {
      throw MethodError.contract(
        "rows to learn from are needed, but the setting offers neither 'train.features' with "
          + "'train.labels' nor 'unlabelled.features'")
    }
    guard let gaussians else {
      context.note(
        "the covariance of \(rows.rows) training rows is zero, so its pseudo-inverse makes the "
          + "Gaussian term vanish: the result is the zero-shot classifier")
      return Model(text: text, scale: zeroShot.scale, alpha: 0, classifier: zeroShot)
    }
    let alpha = Float(
      try AlphaSearch(config: config).choose(
        inputs, zeroShot, gaussians, isLabelled: labelled != nil, context))
    // Only classes without rows of their own ever need the rows again.
    let isOpen = try inputs.has("class.open") && inputs.integer("class.open") == 1
    return Model(
      text: text, scale: zeroShot.scale, alpha: alpha,
      classifier: zeroShot.adding(gaussians, times: alpha),
      synthesis: isOpen && labelled != nil
        ? Synthesis(rows: rows, neighbours: config.neighbours) : nil)
  }

  /// The Gaussian term alone, whose weight changes no answer and no confidence: it is 1.
  private static func fitRowsAlone(
    _ inputs: Inputs, _ config: Config, _ context: Context
  ) throws -> Model {
    let rows = try inputs.matrix("train.features")
    let classCount = try inputs.integer("class.count")
    guard let labelled = try LabelledRows(inputs, classCount: classCount, width: rows.columns)
    else {
      throw MethodError.contract(
        "without class text labelled rows are needed, but the setting offers no 'train.labels'")
    }
    context.note("the setting has no class text: the Gaussian term stands alone, with alpha 1")
    let gaussians =
      try labelled.gaussians(config, context)
      ?? labelled.nearestMeans(config.prior, context)
    context.metric("alpha", 1)
    return Model(
      text: Matrix(rows: classCount, columns: rows.columns), hasText: false, scale: 0, alpha: 1,
      classifier: gaussians)
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(GDA.self, major, minor)
}
