public import AssayKit
internal import Learners
internal import LinearAlgebra

/// A network with one hidden layer of rectified units, its width chosen on the validation rows.
///
/// The probe of Sourget et al., "Fairness and Robustness of CLIP-Based Models for Chest X-rays"
/// (2025), which is scikit-learn's `MLPClassifier`: cross-entropy, Adam, batches of 200, an L2 penalty
/// of α / 2 divided by the rows of the batch, and an end where the loss stops falling. Without hidden
/// units it is multinomial logistic regression.
public struct MLPProbe: Method {
  /// What the validation rows choose the width by.
  enum Criterion: String, CaseIterable, Sendable {
    case auroc, accuracy
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var hidden = 128
    var search = true
    var widths = [128, 256, 512, 1024]
    var criterion = Criterion.auroc
    var refit = false
    var alpha = 1e-4
    var rate = 1e-3
    var batch = 200
    var epochs = 500
    var tolerance = 1e-4
    var patience = 10

    private static let withSearch = "in a search on validation rows"

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .integer("hidden", \.hidden, 0...16_384, "Hidden units; 0 is linear.")
        .only("without a search, or without validation rows to search on") {
          !$0.search || !$1.offersValidation
        },
      .flag("search", \.search, "Choose the hidden units on the validation rows if offered."),
      .integers("widths", \.widths, 0...16_384, "The hidden units of the search, in this order.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .choice("select", \.criterion, "What the search maximises; of equal ones the first wins.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .flag("refit", \.refit, "Train again on training and validation rows after the search.")
        .only(withSearch) { $0.search && $1.offersValidation },
      .number("alpha", \.alpha, 0...1e6, "Weight of the penalty, divided by the rows of a batch."),
      .number("rate", \.rate, 1e-8...10, "The learning rate of Adam."),
      .integer("batch", \.batch, 1...1_000_000, "Rows of a step, at most the training rows."),
      .integer("epochs", \.epochs, 0...100_000, "Passes over the training rows at most."),
      .number("tolerance", \.tolerance, 0...1, "The fall of the loss that counts as one."),
      .integer("patience", \.patience, 1...100_000, "Epochs without a fall before the end."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "mlp-probe", version: "1.0.0",
    summary: "Trains a network with one hidden layer on the features.",
    references: "doi:10.1007/978-3-642-35289-8_26, arXiv:1412.6980", traits: [.rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: [
          "train.features", "train.labels", .optional("val.features"), .optional("val.labels"),
          "class.count", "query.features",
        ])
    ])

  /// Chooses the width, then trains.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let features = try inputs.matrix("train.features")
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: features.rows)
    guard features.rows > 0 else {
      throw MethodError.contract("tensor 'train.features' has no rows to train on")
    }
    let classes = PresentClasses(labels: labels, classCount: classCount)
    if classes.count < classCount {
      context.note(
        "\(classCount - classes.count) of \(classCount) classes have no training row: they get "
          + "the probability 1 / (N + 1)")
    }
    guard classes.count > 1 else {
      return Model(network: nil, classes: classes, width: features.columns)
    }
    let trainer = Trainer(config: config, classCount: classes.count, context: context)
    let train = LabelledRows(rows: Matrix(copying: features), labels: classes.renumbered(labels))
    let validation = try validationRows(inputs, classes, width: features.columns)
    let fitted: Trainer.Trained
    let hidden: Int
    if config.search, let validation {
      (hidden, fitted) = try search(trainer, train, validation)
    } else {
      hidden = config.hidden
      fitted = try trainer.train(train, hidden: hidden, progress: (0, 1))
    }
    if !fitted.hasConverged {
      context.warn("the loss still fell after all \(config.epochs) epochs")
    }
    context.metric("hidden", Double(hidden))
    context.metric("epochs", Double(fitted.epochs))
    context.metric("loss", fitted.loss)
    return Model(network: fitted.network, classes: classes, width: features.columns)
  }

  /// The validation rows of classes that have training rows; nil where there are none.
  private static func validationRows(
    _ inputs: Inputs, _ classes: PresentClasses, width: Int
  ) throws -> LabelledRows? {
    guard inputs.has("val.labels"),
      let all = try inputs.matrix(ifOffered: "val.features", columns: width), all.rows > 0
    else { return nil }
    let labels = classes.renumbered(
      try inputs.labels("val.labels", below: classes.classCount, count: all.rows))
    let known = labels.indices.filter { labels[$0] >= 0 }
    guard !known.isEmpty else { return nil }
    return LabelledRows(
      rows: Matrix(rows: known.count, columns: width) { copy in
        for (place, row) in known.enumerated() {
          all.withRow(row) { _ = copy.row(place).update(fromContentsOf: $0) }
        }
      }, labels: known.map { labels[$0] })
  }

  private static func search(
    _ trainer: Trainer, _ train: LabelledRows, _ validation: LabelledRows
  ) throws -> (hidden: Int, Trainer.Trained) {
    let (config, context) = (trainer.config, trainer.context)
    var criterion = config.criterion
    if criterion == .auroc, Set(validation.labels).count < 2 {
      context.note("The validation rows are of one class: accuracy chooses the hidden units.")
      criterion = .accuracy
    }
    // One more training where the winner is trained again.
    let count = Double(config.widths.count + (config.refit ? 1 : 0))
    var best: (hidden: Int, trained: Trainer.Trained, value: Double)?
    // From the last on, by default the widest: the others fit into the memory that it leaves.
    for (place, width) in config.widths.reversed().enumerated() {
      let trained = try trainer.train(
        train, hidden: width, progress: (Double(place) / count, Double(place + 1) / count))
      let logits = trained.network.logits(validation.rows.view)
      let value =
        switch criterion {
        case .auroc: areaUnderROC(logits: logits.view, labels: validation.labels)
        case .accuracy:
          Double(zip(logits.view.argmaxRows(), validation.labels).count { $0 == $1 })
            / Double(validation.labels.count)
        }
      if value >= best?.value ?? -1 { best = (width, trained, value) }
    }
    guard var best else { throw MethodError.internal("the search for the width tried nothing") }
    context.metric("val_\(criterion.rawValue)", best.value)
    if config.refit {
      let all = Matrix(
        train.rows.numbers + validation.rows.numbers,
        rows: train.labels.count + validation.labels.count, columns: train.rows.columns)
      best.trained = try trainer.train(
        LabelledRows(rows: all, labels: train.labels + validation.labels), hidden: best.hidden,
        progress: ((count - 1) / count, 1))
    }
    return (best.hidden, best.trained)
  }

  /// The network, ready to score.
  public struct Model: FittedMethod {
    /// Nil where only one class has training rows.
    let network: Network<Float>?
    let classes: PresentClasses
    let width: Int

    /// Writes the logits.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: width)
      let result = try outputs.matrix("logits", rows: queries.rows, columns: classes.classCount)
      let logits = network?.logits(queries) ?? Matrix(rows: queries.rows, columns: classes.count)
      classes.spread(logits, into: result)
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(MLPProbe.self, major, minor)
}
