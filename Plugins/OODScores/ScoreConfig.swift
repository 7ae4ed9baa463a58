public import AssayKit

/// What the methods of this library share: class vectors, their cosines times a scale, a score.
public protocol ScoreConfig: MethodConfig {
  /// What the method is called and where it comes from.
  static var identity: (id: String, summary: String, references: String) { get }
  /// What a cosine is multiplied by to make a logit.
  var scale: Double { get }
  /// Where the class vectors come from.
  var classes: ClassVectors { get }
  /// The score of a row of logits.
  var score: Score { get }
}

/// Where the class vectors come from.
public enum ClassVectors: String, CaseIterable, Sendable {
  /// Text features.
  case text
  /// The unit mean of each class's unit training rows.
  case means
}

extension Parameter {
  fileprivate static func classVectors(_ field: Field<ClassVectors>) -> Parameter {
    .choice(
      "classes", field,
      "Class vectors: text features (means where there are none), or means of the training rows.")
  }

  fileprivate static func logitScale(_ field: Field<Double>) -> Parameter {
    .number("scale", field, 1e-3...1e4, "What the cosine is multiplied by, 100 in CLIP.")
  }
}

/// Maximum softmax probability at CLIP's logit scale.
public struct MaximumProbability: ScoreConfig {
  /// The name, and Hendrycks and Gimpel, ICLR 2017.
  public static let identity = (
    id: "msp", summary: "Scores a row by the greatest softmax probability.",
    references: "arXiv:1610.02136"
  )
  /// What a cosine is multiplied by.
  public var scale = 100.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// The greatest probability.
  public var score: Score { .maximumProbability }
  /// Every parameter.
  public static let parameters: [Parameter<MaximumProbability>] = [
    .logitScale(\.scale), .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}

/// Maximum logit; the scale does not change the ranking.
public struct MaximumLogit: ScoreConfig {
  /// The name, and Hendrycks et al., ICML 2022.
  public static let identity = (
    id: "max-logit", summary: "Scores a row by the greatest logit.", references: "arXiv:1911.11132"
  )
  /// What a cosine is multiplied by.
  public var scale = 100.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// The greatest logit.
  public var score: Score { .maximumLogit }
  /// Every parameter.
  public static let parameters: [Parameter<MaximumLogit>] = [
    .logitScale(\.scale), .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}

/// Negative free energy.
public struct Energy: ScoreConfig {
  /// The name, and Liu et al., NeurIPS 2020.
  public static let identity = (
    id: "energy", summary: "Scores a row by the log-sum-exp of its logits.",
    references: "arXiv:2010.03759"
  )
  /// What a cosine is multiplied by.
  public var scale = 100.0
  /// What logits are divided by inside the exponential.
  public var temperature = 1.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// The energy at the temperature.
  public var score: Score { .energy(temperature: temperature) }
  /// Every parameter.
  public static let parameters: [Parameter<Energy>] = [
    .logitScale(\.scale),
    .number("temperature", \.temperature, 1e-3...1e4, "Divides the logits in the exponential."),
    .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}

/// Maximum concept matching: the greatest softmax probability of plain cosines.
public struct ConceptMatching: ScoreConfig {
  /// The name, and Ming et al., NeurIPS 2022.
  public static let identity = (
    id: "mcm", summary: "Scores a row by the greatest softmax probability of bare cosines.",
    references: "arXiv:2211.13445"
  )
  /// What cosines are divided by.
  public var temperature = 1.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// One over the temperature.
  public var scale: Double { 1 / temperature }
  /// The greatest probability.
  public var score: Score { .maximumProbability }
  /// Every parameter.
  public static let parameters: [Parameter<ConceptMatching>] = [
    .number("temperature", \.temperature, 1e-3...1e3, "What the cosines are divided by."),
    .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}

/// Entropy of the softmax.
public struct Entropy: ScoreConfig {
  /// The name, and Shannon's entropy as a detector, as in Chan et al., ICCV 2021.
  public static let identity = (
    id: "entropy", summary: "Scores a row by the entropy of its softmax.",
    references: "arXiv:2012.06575"
  )
  /// What a cosine is multiplied by.
  public var scale = 100.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// The entropy, negated.
  public var score: Score { .negativeEntropy }
  /// Every parameter.
  public static let parameters: [Parameter<Entropy>] = [
    .logitScale(\.scale), .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}

/// Variance of the softmax of plain cosines over the classes.
public struct Variance: ScoreConfig {
  /// The name, and Ming et al., NeurIPS 2022, whose code offers it beside MCM.
  public static let identity = (
    id: "variance", summary: "Scores a row by the variance of its softmax of bare cosines.",
    references: "arXiv:2211.13445"
  )
  /// What cosines are divided by.
  public var temperature = 1.0
  /// Where the class vectors come from.
  public var classes = ClassVectors.text
  /// One over the temperature.
  public var scale: Double { 1 / temperature }
  /// The variance over the classes.
  public var score: Score { .variance }
  /// Every parameter.
  public static let parameters: [Parameter<Variance>] = [
    .number("temperature", \.temperature, 1e-3...1e3, "What the cosines are divided by."),
    .classVectors(\.classes),
  ]
  /// The defaults.
  public init() {}
}
