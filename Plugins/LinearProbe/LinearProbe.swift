public import AssayKit
internal import Glibc
internal import Learners
internal import LinearAlgebra

/// Multinomial logistic regression on the features, its C tuned on few validation rows.
///
/// The linear probe of CLIP (Radford et al., 2021) as CoOp tunes it for few shots: seven powers of
/// ten, then eight rounds, of which seven follow a halving in log C, on min(shots, 4) validation rows
/// of each class. Each fit ends within `tolerance` of the least ½‖w‖² + C Σᵢ CEᵢ, scikit-learn's
/// objective, also for two classes; one that does not is a warning.
/// A class without training rows gets 1 / (N + 1) of what the others have together, after the rule
/// of succession.
///
/// With the prior `text` the weights start at CLIP's classifier and the penalty pulls them to it:
/// unit rows, no intercepts, ½‖w - scale · t‖² + C Σᵢ CEᵢ. That is the zero-shot classifier as C
/// falls to 0, and C takes the part of the number of steps in a probe that starts from text.
public struct LinearProbe: Method {
  /// What the penalty pulls the weights to.
  enum Prior: String, CaseIterable, Sendable {
    case zero, text
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var c = 0.316
    var search = true
    var validationRows = 4
    var normalise = false
    var prior = Prior.zero
    var scale = 100.0
    var tolerance = 1e-6
    var maximumIterations = 1000

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("c", \.c, 1e-8...1e8, "Weight of the loss against the penalty, scikit-learn's C.")
        .only("without a search, or without validation rows to search on") {
          !$0.search || !$1.offersValidation
        },
      .flag("search", \.search, "Choose C on the validation rows where there are any."),
      .integer(
        "val_per_class", \.validationRows, 0...1_000_000,
        "Validation rows of each class in the search, at most the shots; 0 takes all rows."
      ).only("in a search on validation rows") { $0.search && $1.offersValidation },
      .flag("normalise", \.normalise, "Bring every row to unit length first.")
        .only("with prior 'zero'; the other always does") { config, _ in config.prior == .zero },
      .choice(
        "prior", \.prior, "What the penalty pulls the weights to: zero, or scale times the text."),
      .number("scale", \.scale, 0...1e4, "The logit scale of the text prior, 100 in CLIP.")
        .only("with prior 'text'") { config, _ in config.prior == .text },
      .number(
        "tolerance", \.tolerance, 1e-10...1,
        "A fit ends so near to the least objective, as a share of it; estimated."),
      .integer("max_iterations", \.maximumIterations, 1...100_000, "Newton's steps at most."),
    ]
    /// The defaults.
    public init() {}

    /// Text features have unit length, so that rows have to have it too.
    var takesUnitRows: Bool { normalise || prior == .text }
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "linear-probe", version: "2.0.0",
    summary: "Fits a multinomial logistic regression to the features.",
    references: "arXiv:2103.00020, arXiv:2109.01134", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: [
          "train.features", "train.labels", .optional("val.features"), .optional("val.labels"),
          .optional("text.class"), .optional("text.prompts"), "class.count", "query.features",
        ])
    ])

  /// Chooses C, then fits.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    if config.prior == .text, !inputs.has("text.class"), !inputs.has("text.prompts") {
      throw MethodError.unsupported(
        "prior 'text' needs text, but the setting offers neither 'text.class' nor 'text.prompts'")
    }
    var text = config.prior == .text ? try inputs.classText() : nil
    text?.scale(by: Float(config.scale))
    let features = try inputs.matrix("train.features", columns: text?.columns)
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: features.rows)
    guard features.rows > 0 else {
      throw MethodError.contract("tensor 'train.features' has no rows to fit a probe to")
    }
    // With the text prior a class without rows keeps weights near its text.
    let present = config.prior == .text ? Array(0..<Int32(classCount)) : Set(labels).sorted()
    if present.count < classCount {
      context.note(
        "\(classCount - present.count) of \(classCount) classes have no training row: they get "
          + "1 / (N + 1) of the probability of the others")
    }
    // Only classes with rows are fitted: the intercept of another would run to minus infinity.
    var places = [Int32](repeating: -1, count: classCount)
    for (place, label) in present.enumerated() { places[Int(label)] = Int32(place) }
    let unit = config.takesUnitRows ? features.unitRows() : nil
    let probe = LogisticRegression(
      rows: unit?.view ?? features, labels: labels.map { places[Int($0)] },
      classCount: present.count, prior: text?.view)
    var search = Search(probe: probe, config: config, context: context, present: present)
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    let shots = counts.max() ?? 0
    let validation = try config.search ? Validation(inputs, classCount, shots, config) : nil
    let fitted = try validation.map { try search.run($0) } ?? search.fit(config.c, from: nil)
    search.reportUnfinished()
    context.metric("c", fitted.c)
    context.metric("objective", fitted.result.objective)
    context.metric("objective_gap", fitted.result.gap)
    context.metric("iterations", Double(fitted.result.iterations))
    context.metric("passes", Double(fitted.result.passes))
    return Model(
      parameters: probe.parameters(of: fitted.result), present: present, classCount: classCount,
      width: features.columns, rows: features.rows, takesUnitRows: config.takesUnitRows)
  }

  /// The weights, ready to score.
  public struct Model: FittedMethod {
    let parameters: [Double]
    let present: [Int32]
    let classCount: Int
    let width: Int
    let rows: Int
    let takesUnitRows: Bool

    /// Writes the logits.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: width)
      let result = try outputs.matrix("logits", rows: queries.rows, columns: classCount)
      let unit = takesUnitRows ? queries.unitRows() : nil
      let logits = LogisticRegression.logits(
        unit?.view ?? queries, parameters, classCount: present.count)
      guard present.count < classCount else { return result.copy(logits.view) }
      let normalisers = logits.view.logSumExpRows()
      for row in 0..<queries.rows {
        let absent = Float(normalisers[row] - log(Double(rows + 1)))
        result.row(row).update(repeating: absent)
        for (place, label) in present.enumerated() {
          result[row, Int(label)] = logits[row, place]
        }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(LinearProbe.self, major, minor)
}
