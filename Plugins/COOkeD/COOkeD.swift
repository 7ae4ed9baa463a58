public import AssayKit
internal import LinearAlgebra

/// Averages the probabilities of three unlike classifiers and scores the mean.
///
/// COOkeD, ICCV 2025 workshops, arXiv:2507.22576. With x̂ the unit row and p̄ the mean over those
/// members that the setting offers something for,
///
///     clip        softmax(scale · x̂ tᵀ)                text of the classes
///     probe       softmax(x Aᵀ + a)                    given, or trained on the labelled rows
///     classifier  softmax(query.logits)                a network of its own; else a linear head
///                                                      that is trained on the second feature space
///
/// the OOD score is the entropy of p̄, or -log max p̄, and the logits are log p̄. The rows x of the
/// probe are as they come, or brought to the length `norm` where only unit rows are stored. Nothing
/// stands in for a missing network: a head on the features of the probe would err as that does.
public struct COOkeD: Method {
  /// What is made of the mean probabilities.
  enum Score: String, CaseIterable, Sendable {
    case entropy, msp
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var clip = true
    var probe = true
    var classifier = true
    var score = Score.entropy
    var scale = 100.0
    var norm = 0.0
    var recipe = Recipe()

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .flag("clip", \.clip, "Let the text of the classes be a member."),
      .flag("probe", \.probe, "Let a linear probe on the features be a member."),
      .flag("classifier", \.classifier, "Let the network's logits, or aux features, be a member."),
      .choice("score", \.score, "The score of the mean: entropy, or maximum probability."),
      .number("scale", \.scale, 1e-3...1e4, "The logit scale of the text member, 100 in CLIP."),
      .number(
        "norm", \.norm, 0...1e3,
        "The length that rows are brought to for the linear members; 0 leaves them, as the paper."),
      .integer("epochs", \.recipe.epochs, 1...1000, "Passes over the training rows."),
      .integer("batch", \.recipe.batch, 1...65_536, "Rows of one step."),
      .number("rate", \.recipe.rate, 1e-6...10, "The first learning rate, which falls to 0."),
      .number("momentum", \.recipe.momentum, 0...0.999, "Momentum of the descent."),
      .number("weight_decay", \.recipe.weightDecay, 0...1, "Weight of the L2 penalty."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "cooked", version: "1.1.0",
    summary: "Scores the mean of the probabilities of text, probe and a network of its own.",
    references: "arXiv:2507.22576", traits: [.rowIndependent],
    claims: Claim.either(
      [[String]].classText + [
        ["train.features", "train.labels"], ["probe.weights", "probe.bias"], ["query.logits"],
      ],
      task: "detect-ood", minor: 1,
      inputs: [
        "class.count", .optional("train.aux"), "query.features", .optional("query.aux"),
      ]))

  /// Takes or trains each member that the config asks for and the setting has something for.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let classCount = try inputs.integer("class.count")
    var model = Model(
      classCount: classCount, config: config, text: nil, probe: nil, head: nil)
    if config.clip {
      if inputs.has("text.class") || inputs.has("text.prompts") {
        model.text = try inputs.classText()
      } else {
        leaveOut("clip", "neither 'text.class' nor 'text.prompts'", context)
      }
    }
    if config.probe {
      if let weights = try inputs.matrix(ifOffered: "probe.weights", rows: classCount) {
        model.probe = LinearHead(
          weights: Matrix(copying: weights), bias: try inputs.bias(classCount))
      } else if inputs.has("train.features") && inputs.has("train.labels") {
        model.probe = try trained("probe", on: "train.features", inputs, config, context)
      } else {
        leaveOut("probe", "neither 'probe.weights' nor labelled 'train.features'", context)
      }
    }
    if config.classifier && inputs.has("train.aux") && inputs.has("train.labels") {
      model.head = try trained("classifier", on: "train.aux", inputs, config, context)
    }
    return model
  }

  private static func trained(
    _ member: String, on name: String, _ inputs: Inputs, _ config: Config, _ context: Context
  ) throws -> LinearHead {
    let rows = try inputs.matrix(name)
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: rows.rows)
    guard rows.rows > 0 else {
      throw MethodError.contract("tensor '\(name)' has no rows to train the \(member) on")
    }
    if config.norm == 0 && rows.hasUnitRows {
      context.note(
        "the rows of '\(name)' are of unit length, on which \(config.recipe.epochs) epochs leave a linear "
          + "head far from its optimum; 'norm' brings them to a length such as CLIP's 10")
    }
    let (head, loss) = try LinearHead.trained(
      rows: rows.brought(toLength: config.norm), labels: labels, classCount: classCount,
      recipe: config.recipe, stream: member == "probe" ? 0 : 1, context)
    context.metric("\(member)_loss", loss)
    return head
  }

  static func leaveOut(_ member: String, _ missing: String, _ context: Context) {
    context.note("the member '\(member)' is left out: the setting offers \(missing)")
  }
}

extension Inputs {
  /// The intercepts of the given probe `[K]`, zeros where there are none.
  fileprivate func bias(_ classCount: Int) throws -> [Float] {
    guard let bias = tensor(ifOffered: "probe.bias") else {
      return [Float](repeating: 0, count: classCount)
    }
    guard bias.shape == [classCount] else {
      throw MethodError.contract(
        "tensor 'probe.bias' has shape \(bias.shape), but there are \(classCount) classes")
    }
    return Array(try bias.elements(of: Float.self))
  }
}

extension MatrixView<Float> {
  /// A copy with rows of the given length, which stay as they are where it is 0.
  fileprivate func brought(toLength length: Double) -> Matrix<Float> {
    var copy = Matrix(copying: self)
    let factors = rowFactors(toLength: length)
    copy.withMutableView { $0.scaleRows(by: factors) }
    return copy
  }

  /// Whether every row is of length 1, as far as half precision keeps it.
  fileprivate var hasUnitRows: Bool { inverseRowNorms().allSatisfy { abs($0 - 1) < 1e-3 } }

  /// For each row the factor that brings it to the given length; 1 where that is 0.
  func rowFactors(toLength length: Double) -> [Float] {
    length == 0
      ? [Float](repeating: 1, count: rows) : inverseRowNorms().map { $0 * Float(length) }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(COOkeD.self, major, minor)
}
