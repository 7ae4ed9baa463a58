public import AssayKit
internal import Neighbours
internal import SMOTELearning

/// The parameters of the method.
public struct SMOTEConfig: MethodConfig {
  /// How class sizes are brought closer.
  enum Resampler: String, CaseIterable, Sendable {
    case none, oversample, undersample, smote
  }

  /// The rows that new rows start from.
  enum Base: String, CaseIterable, Sendable {
    /// Every row in turn, as in the paper; what is left over goes to rows drawn without replacement.
    case cycle
    /// Rows drawn with replacement, as in imbalanced-learn.
    case random
  }

  /// The random numbers of a new row.
  enum Gap: String, CaseIterable, Sendable {
    case row, attribute
  }

  /// What is fitted to the resampled rows.
  enum Classifier: String, CaseIterable, Sendable {
    case logistic, tree, bayes
  }

  var method = Resampler.smote
  var k = 5
  var overPercent = 0.0
  var samplingStrategy = 1.0
  var underPercent = 0.0
  var base = Base.cycle
  var gap = Gap.row
  var nominal: [Int] = []
  var standardise = false
  var normalise = false
  var classifier = Classifier.logistic
  var c = 1.0
  var tolerance = 1e-6
  var maximumIterations = 1000
  var minimumLeaf = 2
  var maximumDepth = 0
  var leaves = DecisionTree.LeafEstimate.laplace

  /// Every parameter.
  public static let parameters: [Parameter<SMOTEConfig>] = [
    .choice(
      "method", \.method,
      "How class sizes are brought closer: not at all, by copies, by removal, or by new rows."),
    .integer("k", \.k, 1...1000, "Neighbours within the class that new rows lie towards.")
      .only(withNewRows) { config, _ in config.method == .smote },
    .number(
      "over_percent", \.overPercent, 0...1e5,
      "New rows of each class but the largest, in percent of its rows; 0: see sampling_strategy."
    ).only("with methods 'smote' and 'oversample'") { config, _ in config.addsRows },
    .number(
      "sampling_strategy", \.samplingStrategy, 0.001...1,
      "The share of the largest class that the others are filled up to."
    ).only("with methods 'smote' and 'oversample', and without over_percent") { config, _ in
      config.addsRows && config.overPercent == 0
    },
    .number(
      "under_percent", \.underPercent, 0...1e6,
      "Size of the smallest class in percent of what is kept of each other class; 0 keeps all, "
        + "but counts as 100 with the method undersample."
    ).only("where something is to be done: not with method 'none'") { config, _ in
      config.method != .none
    },
    .choice("base", \.base, "New rows start from each row in turn, or from rows drawn at random.")
      .only("with methods 'smote' and 'oversample'") { config, _ in config.addsRows },
    .choice("gap", \.gap, "One random place for a new row, or one for each of its columns.")
      .only(withNewRows) { config, _ in config.method == .smote },
    .integers(
      "nominal", \.nominal, 0...1_000_000, count: 0...1_000_000,
      "Columns that hold codes of categories, counted from 0; SMOTE-NC and one-hot columns."),
    .flag("standardise", \.standardise, "Divide columns by their deviation to find neighbours.")
      .only(withNewRows) { config, _ in config.method == .smote },
    .flag("normalise", \.normalise, "Bring rows, new rows and queries to unit length."),
    .choice("classifier", \.classifier, "What is fitted to the resampled rows."),
    .number("c", \.c, 1e-8...1e8, "Weight of the loss against the penalty, scikit-learn's C.")
      .only(withLogistic) { config, _ in config.classifier == .logistic },
    .number(
      "tolerance", \.tolerance, 1e-10...1,
      "A fit ends so near to the least objective, as a share of it; estimated."
    ).only(withLogistic) { config, _ in config.classifier == .logistic },
    .integer(
      "max_iterations", \.maximumIterations, 1...100_000, "Newton's steps at most."
    ).only(withLogistic) { config, _ in config.classifier == .logistic },
    .integer("min_leaf", \.minimumLeaf, 1...1_000_000, "Rows that every leaf keeps.")
      .only(withTree) { config, _ in config.classifier == .tree },
    .integer("max_depth", \.maximumDepth, 0...1_000_000, "Depth at most; 0 sets no limit.")
      .only(withTree) { config, _ in config.classifier == .tree },
    .choice(
      "leaves", \.leaves,
      "The estimate of a leaf: Laplace's (n_c + 1) / (n + K), or the frequency n_c / n."
    ).only(withTree) { config, _ in config.classifier == .tree },
  ]
  private static let withNewRows = "with method 'smote'"
  private static let withLogistic = "with classifier 'logistic'"
  private static let withTree = "with classifier 'tree'"

  /// Codes would change with the length of their row.
  public static let exclusive = [("nominal", "normalise")]

  private var addsRows: Bool { method == .smote || method == .oversample }

  /// The defaults.
  public init() {}

  /// The size of the smallest class over that of the others; nil where nothing is removed.
  var underShare: Double? {
    switch method {
    case .none: nil
    case .undersample: (underPercent == 0 ? 100 : underPercent) / 100
    case .oversample, .smote: underPercent == 0 ? nil : underPercent / 100
    }
  }
}
