package import Contracts
internal import Tensors

extension Contract {
  /// `recommend` 1.0: score pairs of users and items by their relevance, from clicks alone.
  ///
  /// The host keeps the relevance of the pairs to itself. Interactions are sparse: what is not listed
  /// is unlabelled, which is not the same as irrelevant. An estimator weighted by exposure needs the
  /// propensities of the listed pairs only, so that nothing here is of the size of users times items.
  package static let recommend = Contract(
    task: "recommend", version: ContractVersion(1, 0),
    summary: "Score pairs of users and items by relevance, from clicks that depend on exposure.",
    fit: [
      TensorSpec(
        "interactions", [.i32], ["M", 2], domain: .indices(below: ["U", "I"]),
        "User and item of each click, no pair twice; all other pairs are unlabelled."),
      TensorSpec(
        "propensity", [.f32], ["M"], domain: .unitInterval, optional: true,
        "The probability, above 0, that the item of each interaction was shown to its user."),
      TensorSpec(
        "val.interactions", [.i32], ["V", 2], domain: .indices(below: ["U", "I"]), optional: true,
        "Clicks held back from interactions by chance: the only ones that a method may tune on."),
      TensorSpec(
        "val.propensity", [.f32], ["V"], domain: .unitInterval, optional: true,
        "The same probability of each validation interaction."),
      TensorSpec(
        "user.count", [.i32], [], domain: .extent(of: "U"), "The number of users, U."),
      TensorSpec(
        "item.count", [.i32], [], domain: .extent(of: "I"), "The number of items, I."),
    ],
    predict: [
      TensorSpec(
        "query.pairs", [.i32], ["Q", 2], domain: .indices(below: ["U", "I"]),
        "User and item of each pair to score; the pairs of one user are the list that is ranked.")
    ],
    outputs: [
      TensorSpec(
        "scores", [.f32], ["Q"], domain: .finite,
        "Logits of relevance, higher is better: the host takes 1 / (1 + exp(-score)) as the "
          + "probability, and every order of equal scores for as likely."),
      TensorSpec(
        "user_factors", [.f32], ["U", "F"], domain: .finite, optional: true,
        "The factors of each user."),
      TensorSpec(
        "item_factors", [.f32], ["I", "F"], domain: .finite, optional: true,
        "The factors of each item."),
      TensorSpec(
        "user_bias", [.f32], ["U"], domain: .finite, optional: true, "The bias of each user."),
      TensorSpec(
        "item_bias", [.f32], ["I"], domain: .finite, optional: true, "The bias of each item."),
      TensorSpec(
        "bias", [.f32], [], domain: .finite, optional: true, "The bias of all pairs."),
      TensorSpec(
        "item_propensity", [.f32], ["I"], domain: .unitInterval, optional: true,
        "The probability of exposure that the method estimates for each item."),
      TensorSpec(
        "train_loss", [.f64], ["T"], domain: .finite, optional: true,
        "The training loss at the times at which the method looked, first to last."),
      TensorSpec(
        "val_loss", [.f64], ["T"], domain: .finite, optional: true,
        "The validation loss at the same times."),
    ],
    coordinates: [],
    truth: [
      TensorSpec(
        "relevance", [.f32], ["Q"], domain: .notNegative,
        "How relevant the item of each pair is to its user, a probability or a grade such as 0 to "
          + "5; it counts as relevant above 1/2."),
      TensorSpec(
        "exposure", [.f32], ["Q"], domain: .unitInterval, optional: true,
        "The probability, above 0, that the item was shown: where relevance is that of clicks, for "
          + "the metrics ips_ and snips_."),
    ])
}
