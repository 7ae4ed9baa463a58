public import AssayKit
internal import Learners
internal import LinearAlgebra

/// Detects rows of unknown classes by texts that deny the classes.
///
/// CLIPN, ICCV 2023, arXiv:2308.12213. Each class has a text t and a text t̄ that denies it; with
/// z = scale · x tᵀ and z̄ = scale · x t̄ᵀ of unit rows, class k is denied with the probability
/// σ(z̄ₖ - zₖ). Where t̄ comes from:
///
///     feature-space   learned: g(t) = unit(t + W₂ GELU(W₁ (t + q))), trained on pairs of images
///                     and texts with the paper's two losses; see ``NoEncoder``
///     given           `text.no`, such as the feature of 'a photo of no {}'
///
/// The paper copies and trains the whole text encoder; the copy's negations of single words are
/// what `feature-space` cannot have.
public struct CLIPN: Method {
  /// Where the denying texts come from.
  enum Realisation: String, CaseIterable, Sendable {
    case featureSpace = "feature-space"
    case given
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var realisation = Realisation.featureSpace
    var score = Rule.agreeingToDiffer
    var scale = 100.0
    var recipe = Recipe()

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "realisation", \.realisation, "Denying texts: learned from pairs, or taken as given."),
      .choice("score", \.score, "The rule: agreeing-to-differ, or competing-to-win."),
      .number("scale", \.scale, 1e-3...1e4, "What cosines are multiplied by, 100 in CLIP."),
      .integer("prompts", \.recipe.prompts, 1...256, "Learned prompts, whose mean is used."),
      .integer("hidden", \.recipe.hidden, 1...16, "Width of the hidden layer, times D."),
      .integer("epochs", \.recipe.epochs, 0...1000, "Passes over the pairs."),
      .integer("batch", \.recipe.batch, 2...65_536, "Pairs of one step."),
      .number("rate", \.recipe.rate, 1e-6...1, "The first learning rate, which falls to 0."),
      .number("weight_decay", \.recipe.weightDecay, 0...1, "Weight decay of AdamW."),
      .numbers(
        "loss_weights", \.recipe.weights, 0...100, count: 3...3,
        "Weights of: yes for the own text, no for the others, distance of yes and no text."),
      .flag(
        "mask_duplicate_captions", \.recipe.masksDuplicates,
        "Leave out of the second loss what has the same text."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "clipn", version: "1.2.0",
    summary: "Scores a row by texts that deny the classes, learned from pairs or given.",
    references: "arXiv:2308.12213", traits: [.rowIndependent],
    claims: Claim.either(
      [[String]].classText.map { $0 + ["pairs.image", "pairs.text"] }
        + [[String]].classText.map { $0 + ["text.no"] },
      task: "detect-ood", minor: 2, inputs: ["class.count", "query.features"]))

  /// Takes or learns the denying texts.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    var realisation = config.realisation
    let hasPairs = inputs.has("pairs.image") && inputs.has("pairs.text")
    if realisation == .featureSpace, !hasPairs, inputs.has("text.no") {
      context.note("the setting has no pairs to learn from: the given 'text.no' takes their place")
      realisation = .given
    }
    // Both encoders see the same templates.
    let text = try inputs.classText(preferringPrompts: realisation == .featureSpace)
    let denying: Matrix<Float>
    switch realisation {
    case .given:
      guard
        let given = try inputs.matrix(
          ifOffered: "text.no", rows: text.rows, columns: text.columns)
      else {
        throw MethodError.unsupported(
          "the setting offers no 'text.no'; set 'realisation' to 'feature-space' to learn it")
      }
      denying = given.unitRows()
    case .featureSpace:
      guard inputs.has("pairs.image") && inputs.has("pairs.text") else {
        throw MethodError.unsupported(
          "the setting offers no 'pairs.image' and 'pairs.text' to learn denying texts from; set "
            + "'realisation' to 'given' where it offers 'text.no'")
      }
      let images = try inputs.matrix("pairs.image", columns: text.columns)
      let texts = try inputs.matrix("pairs.text", rows: images.rows, columns: text.columns)
      var training = Training(
        images: images.unitRows(), texts: texts.unitRows(), scale: Float(config.scale),
        recipe: config.recipe, context: context)
      denying = try training.run().denying(inputs, text)
    }
    return Model(text: text.doubled, denying: denying.doubled, config: config)
  }

  /// The two texts of each class `[K, D]`, of unit length, ready to score.
  public struct Model: FittedMethod {
    let text: Matrix<Double>
    let denying: Matrix<Double>
    let config: Config

    /// Writes scores and, where wanted, decisions, z and denials; a block of rows at a time.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let scores = try outputs.elements("ood_score", of: Float.self, shape: [queries.rows])
      let logits =
        try outputs.wants("logits")
        ? outputs.matrix("logits", rows: queries.rows, columns: text.rows) : nil
      let denials =
        try outputs.wants("p_no")
        ? outputs.matrix("p_no", rows: queries.rows, columns: text.rows) : nil
      let decisions =
        try outputs.wants("is_ood")
        ? outputs.elements("is_ood", of: Int32.self, shape: [queries.rows]) : nil
      for start in stride(from: 0, to: queries.rows, by: 1024) {
        try context.checkCancellation()
        let range = start..<min(start + 1024, queries.rows)
        let rows = queries.rows(range).unitDoubles()
        let yes = gemm(rows.view, text.view.transposed, scale: config.scale)
        let no = gemm(rows.view, denying.view.transposed, scale: config.scale)
        for row in range {
          yes.view.withRow(row - start) { yes in
            no.view.withRow(row - start) { no in
              let answer = config.score(yes, no)
              scores[row] = Float(answer.score)
              if let decisions { decisions[row] = answer.isOOD ? 1 : 0 }
              for label in yes.indices {
                logits?[row, label] = Float(yes[label])
                denials?[row, label] = denial(of: yes[label], by: no[label])
              }
            }
          }
        }
      }
    }
  }
}

extension NoEncoder {
  /// The denying text of each class `[K, D]`: the unit mean over `text.prompts`, each encoded by
  /// itself, or where there are none that of `text`.
  fileprivate func denying(_ inputs: Inputs, _ text: Matrix<Float>) throws -> Matrix<Float> {
    guard inputs.has("text.prompts") else { return encode(text) }
    let prompts = try inputs.matrices("text.prompts", count: text.rows)
    let labels = (0..<prompts.count).flatMap { [Int32](repeating: Int32($0), count: prompts.rows) }
    let encoded = encode(prompts.flattened.unitRows())
    return ClassStatistics(
      rows: encoded.view, labels: labels, classCount: prompts.count, unitRows: true
    ).means.view.unitRows()
  }
}

extension Matrix<Float> {
  /// The numbers in double precision: sigmoids of differences times 100 keep six digits.
  fileprivate var doubled: Matrix<Double> {
    Matrix<Double>(numbers.map { Double($0) }, rows: rows, columns: columns)
  }
}

extension MatrixView<Float> {
  /// A copy in double precision with rows of unit length; a row of zeros stays.
  fileprivate func unitDoubles() -> Matrix<Double> {
    Matrix<Double>(rows: rows, columns: columns) { copy in
      for row in 0..<rows {
        let target = copy.row(row)
        withRow(row) { source in
          let square = source.reduce(0.0) { $0 + Double($1) * Double($1) }
          let factor = square > 0 ? 1 / square.squareRoot() : 0
          for column in source.indices { target[column] = Double(source[column]) * factor }
        }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(CLIPN.self, major, minor)
}
