public import AssayKit

extension GDA {
  /// The class priors π.
  enum Prior: String, CaseIterable, Sendable {
    case uniform, empirical
  }

  /// The precision that labelled rows give.
  enum Covariance: String, CaseIterable, Sendable {
    /// Of all rows around their class means, with Kubokawa and Srivastava's ridge.
    case pooled
    /// The pseudo-inverse of the mean of the class covariances.
    case perClass = "per-class"
    /// The identity, whose classifier is the nearest class mean.
    case identity
  }

  /// The precision that rows without labels give, in each step and at the end.
  enum MixturePrecision: String, CaseIterable, Sendable {
    /// That of `pooled`. Its λ tempers the class probabilities, which become equal when N is far
    /// above D.
    case ks
    /// That of `pooled`, times λ⁻¹ = (N - 1 + D) / D: the inverse of the shrunk covariance.
    case shrunk
    /// The pseudo-inverse of the covariance.
    case inverse
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.0
    var search = true
    var alphas = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]
    var prior = Prior.uniform
    var covariance = Covariance.pooled
    var scale = 100.0
    var neighbours = 64
    var mixturePrecision = MixturePrecision.ks
    var mixtureSearch = false
    var mixtureIterations = 10
    var mixtureTolerance = 1e-4

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e4, "Weight of the Gaussian term.")
        .only("with class text, and without a search or validation rows to search on") {
          $1.offersText && !$0.searches($1)
        },
      .flag("search", \.search, "With labels: choose alpha on validation rows where offered.")
        .only("with class text and labelled rows") { $1.offersText && $1.isLabelled },
      .numbers("alphas", \.alphas, 0...1e4, "The grid of the search; taken in ascending order.")
        .only("in a search on validation rows") { $0.searches($1) },
      .choice("prior", \.prior, "Class priors: equal, or the shares of the training rows.")
        .only("with labelled rows") { $1.isLabelled },
      .choice(
        "covariance", \.covariance,
        "Of all rows with a ridge; the mean of the class covariances without one; or none."
      ).only("with labelled rows") { $1.isLabelled },
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP.")
        .only("with class text") { $1.offersText },
      .integer(
        "neighbours", \.neighbours, 0...1_000_000,
        "Training rows behind each class of query.text; below 2 such calls are zero-shot."
      ).only("with labelled rows, where calls may bring classes of their own") {
        $1.isLabelled && $1.has("class.open")
      },
      .choice(
        "em_precision", \.mixturePrecision,
        "That of pooled; the inverse of the shrunk covariance; or the pseudo-inverse."
      ).only(unlabelled) { !$1.isLabelled },
      .flag(
        "em_search", \.mixtureSearch, "Choose alpha on labelled validation rows all the same."
      ).only(unlabelled) { !$1.isLabelled },
      .integer("em_iterations", \.mixtureIterations, 0...10_000, "Steps at most.")
        .only(unlabelled) { !$1.isLabelled },
      .number(
        "em_tolerance", \.mixtureTolerance, 0...1,
        "Mean change of a class probability at which the steps end."
      ).only(unlabelled) { !$1.isLabelled },
    ]
    private static let unlabelled = "without labelled rows"

    private func searches(_ inputs: Inputs) -> Bool {
      inputs.offersText && inputs.offersValidation
        && (inputs.isLabelled ? search : mixtureSearch)
    }

    /// The defaults.
    public init() {}
  }
}

extension Inputs {
  /// Whether there is text of the classes.
  fileprivate var offersText: Bool { has("text.class") || has("text.prompts") }
  /// Whether training rows have labels.
  fileprivate var isLabelled: Bool { has("train.features") && has("train.labels") }
}
