internal import Tensors

extension Contract {
  /// `detect-ood` 1.1: tell query rows of the known classes from rows of none of them.
  ///
  /// 1.1 adds `train.captions`, as `classify` 1.2 does.
  package static let detectOOD = Contract(
    task: "detect-ood", version: ContractVersion(1, 1),
    summary: "Score how far each query row is out of the distribution (OOD) of the K classes.",
    fit: classify.fit,
    predict: [
      TensorSpec(
        "query.features", [.f32], ["Q", "D"], domain: .finite,
        "In-distribution (ID) and OOD rows mixed, in an order that tells nothing."),
      TensorSpec(
        "query.aux", [.f32], ["Q", "A"], domain: .finite, optional: true,
        "The same rows in the second feature space."),
    ],
    outputs: [
      TensorSpec(
        "ood_score", [.f32], ["Q"], domain: .finite, "The higher, the more the row is held for OOD."
      ),
      TensorSpec(
        "logits", [.f32], ["Q", "K"], domain: .finite, optional: true,
        "Class scores, higher is better; the host takes the accuracy on ID rows from them."),
    ],
    truth: [
      TensorSpec(
        "labels", [.i32], ["Q"], "The class of each in-distribution row; -1 for an OOD row.")
    ],
    metrics: [
      "auroc", "fpr95_ood_pos", "fpr95_id_pos", "fpr95_interp", "aupr_in", "aupr_out",
      "id_accuracy",
    ])
}
