public import AssayKit

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
  var nominal: [Double] = []
  var standardise = false
  var normalise = false
  var classifier = Classifier.logistic
  var c = 1.0
  var tolerance = 1e-4
  var maximumIterations = 1000
  var minimumLeaf = 2
  var maximumDepth = 0

  /// Every parameter.
  public static let parameters: [Parameter<SMOTEConfig>] = [
    .choice(
      "method", \.method,
      "How class sizes are brought closer: not at all, by copies, by removal, or by new rows."),
    .integer("k", \.k, 1...1000, "Neighbours within the class that new rows lie towards."),
    .number(
      "over_percent", \.overPercent, 0...1e5,
      "New rows of each class but the largest, in percent of its rows; 0: see sampling_strategy."),
    .number(
      "sampling_strategy", \.samplingStrategy, 0.001...1,
      "Without over_percent, the share of the largest class that the others are filled up to."),
    .number(
      "under_percent", \.underPercent, 0...1e6,
      "Size of the smallest class in percent of what is kept of each other class; 0 keeps all, "
        + "but counts as 100 with the method undersample."),
    .choice("base", \.base, "New rows start from each row in turn, or from rows drawn at random."),
    .choice("gap", \.gap, "One random place for a new row, or one for each of its columns."),
    .numbers(
      "nominal", \.nominal, 0...1e6, count: 0...1_000_000,
      "Columns that hold codes of categories, counted from 0; SMOTE-NC and one-hot columns."),
    .flag("standardise", \.standardise, "Divide columns by their deviation to find neighbours."),
    .flag("normalise", \.normalise, "Bring rows, new rows and queries to unit length."),
    .choice("classifier", \.classifier, "What is fitted to the resampled rows."),
    .number("c", \.c, 1e-8...1e8, "Logistic regression: weight of the loss against the penalty."),
    .number("tolerance", \.tolerance, 1e-10...1, "Logistic regression: largest final gradient."),
    .integer(
      "max_iterations", \.maximumIterations, 1...100_000,
      "Logistic regression: steps of L-BFGS at most."),
    .integer("min_leaf", \.minimumLeaf, 1...1_000_000, "Tree: rows that every leaf keeps."),
    .integer("max_depth", \.maximumDepth, 0...1_000_000, "Tree: depth at most; 0 sets no limit."),
  ]

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
