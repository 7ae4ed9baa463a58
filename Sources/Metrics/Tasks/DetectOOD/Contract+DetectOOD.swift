package import Contracts
internal import Tensors

extension Contract {
  /// `detect-ood` 1.2: tell query rows of the known classes from rows of none of them.
  ///
  /// 1.1 adds what detectors bring along that were made elsewhere: texts that deny a class, pairs
  /// to learn such texts from, a linear probe, and the logits of a network of its own; and
  /// `train.captions`, as `classify` 1.2 does. 1.2 adds decisions that need no threshold, `is_ood`,
  /// the probabilities `p_no` that texts deny a class, and `train.aux_views`.
  package static let detectOOD = Contract(
    task: "detect-ood", version: ContractVersion(1, 2),
    summary: "Score how far each query row is out of the distribution (OOD) of the K classes.",
    fit: Contract.learned + [
      TensorSpec(
        "text.no", [.f32], ["K", "D"], domain: .finite, optional: true,
        "One text feature per class of a text that denies it, such as 'a photo of no cat'."),
      TensorSpec(
        "pairs.image", [.f32], ["R", "D"], domain: .finite, optional: true,
        "Image features of pairs of images and texts about anything."),
      TensorSpec(
        "pairs.text", [.f32], ["R", "D"], domain: .finite, optional: true,
        "Text features of the same pairs, row by row."),
      TensorSpec(
        "probe.weights", [.f32], ["K", "D"], domain: .finite, optional: true,
        "A linear classifier that was trained elsewhere on rows of this feature space."),
      TensorSpec(
        "probe.bias", [.f32], ["K"], domain: .finite, optional: true,
        "Its intercepts; absent: zeros."),
    ],
    predict: [
      TensorSpec(
        "query.features", [.f32], ["Q", "D"], domain: .finite,
        "In-distribution (ID) and OOD rows mixed, in an order that tells nothing."),
      TensorSpec(
        "query.aux", [.f32], ["Q", "A"], domain: .finite, optional: true,
        "The same rows in the second feature space."),
      TensorSpec(
        "query.logits", [.f32], ["Q", "K"], domain: .finite, optional: true,
        "The logits that a network trained for the K classes alone gives the same rows."),
    ],
    outputs: [
      TensorSpec(
        "ood_score", [.f32], ["Q"], domain: .finite, "The higher, the more the row is held for OOD."
      ),
      TensorSpec(
        "logits", [.f32], ["Q", "K"], domain: .finite, optional: true,
        "Class scores, higher is better; the host takes the accuracy on ID rows from them."),
      TensorSpec(
        "is_ood", [.i32], ["Q"], domain: .range(0...1), optional: true,
        "1 where the method itself, by a rule without a threshold, holds the row for OOD."),
      TensorSpec(
        "p_no", [.f32], ["Q", "K"], domain: .unitInterval, optional: true,
        "The probability that the denying text of each class fits the row better than its own."),
    ],
    coordinates: ["D", "A"], unlabelled: ["U"],
    truth: [
      TensorSpec(
        "labels", [.i32], ["Q"], "The class of each in-distribution row; -1 for an OOD row.")
    ])
}
